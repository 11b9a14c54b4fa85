"""Good files with bytes cut out, doubled and overwritten: read or refused with a reason, never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rag.reading import find_inputs, read_input
from rag.records import Article, Record
from rag.sample import sample_folder

MANGLINGS = 12
INSERTED = (b"\x00", b"<", b"&#xd800;", b"<![CDATA[", b"\xff\xfe", b"\n\n", b"%%EOF", b"PK\x03\x04", b"]]>", b"\xc3")
FILES = sorted(path.name for path in sample_folder().iterdir())


@pytest.mark.parametrize("name", FILES)
def test_mangled_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    source = random.Random(name)
    good = (sample_folder() / name).read_bytes()
    for _ in range(MANGLINGS):
        (tmp_path / name).write_bytes(mangled(good, source))
        for item in find_inputs([tmp_path / name]):
            for result in [item] if isinstance(item, Record) else read_input(item):
                repr(result).encode()
                if isinstance(result, Article):
                    assert result.text
                    assert result.title
                else:
                    assert result.reason
                    assert "\n" not in result.reason


def mangled(data: bytes, source: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(source.choice((1, 3, 20))):
        place, other = sorted((source.randrange(len(changed) + 1), source.randrange(len(changed) + 1)))
        end = min(other, place + 300)
        match source.randrange(4):
            case 0:
                del changed[place:end]
            case 1:
                changed[other:other] = changed[place:end]
            case 2:
                changed[place:end] = source.randbytes(end - place)
            case _:
                changed[place:place] = source.choice(INSERTED)
    return bytes(changed)
