"""Writes a folder of inputs that no article can be read from: broken, empty, encrypted, binary, enormous, misnamed."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path

from docx import Document
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

__all__ = ["REASON_BY_NAME", "write_bad_inputs"]

SENTENCE = "The frigate left the harbour before dawn, and nobody on the quay could say where it was bound. "
MENU = "".join(f'<li><a href="/{number}">Section {number}</a></li>' for number in range(40))

# Each file, and words of the reason for which it must be listed as failed.
REASON_BY_NAME = {
    "empty.txt": "is empty",
    "empty.pdf": "is empty",
    "empty.html": "is empty",
    "empty.jsonl": "is empty",
    "spaces.txt": "nothing but spaces",
    "no_break_spaces.txt": "no article text",
    "zero_bytes.txt": "binary",
    "zero_bytes.md": "binary",
    "byte_order_mark.txt": "nothing but spaces",
    "punctuation.txt": "no article text",
    "only_adverts.txt": "no article text",
    "long_text.txt": "split it",
    "enormous_line.txt": "larger than 50 MB",
    "picture.txt": "PNG image",
    "picture.html": "JPEG image",
    "picture.md": "GIF image",
    "compressed.jsonl": "gzip",
    "program.txt": "a program",
    "database.md": "SQLite",
    "rich_text.txt": "RTF",
    "random.txt": "binary",
    "random.html": "binary",
    "random.pdf": "binary",
    "random.docx": "binary",
    "text.pdf": "holds plain text",
    "text.docx": "holds plain text",
    "header_only.pdf": "broken PDF",
    "truncated.pdf": "PDF",
    "garbled.pdf": "PDF",
    "encrypted.pdf": "encrypted",
    "no_pages.pdf": "without text",
    "scanned.pdf": "without text",
    "truncated.docx": "broken Word file",
    "no_document.docx": "broken Word file",
    "broken_xml.docx": "broken Word file",
    "no_text.docx": "no article text",
    "bomb.docx": "unpacks to",
    "old_office.docx": "old Office file",
    "encrypted_office.docx": "encrypted Office file",
    "workbook.docx": "Excel",
    "book.txt": "EPUB",
    "archive.txt": "ZIP archive",
    "no_article.html": "without an article",
    "no_article_called.txt": "without an article",
    "front_page.html": "without an article",
    "script_only.html": "without an article",
    "nested.html": "without an article",
    "no_element.html": "empty HTML page",
    "not_json.jsonl": "is not JSON",
    "array.jsonl": "own line",
    "indented.jsonl": "own line",
    "no_text.jsonl": "has no text",
    "numbers.jsonl": "not an object",
    "nested.jsonl": "nested too deeply",
    "endless_line.jsonl": "longer than 20 MB",
    "surrogates.jsonl": "no article text",
    "no_entries.xml": "without entries",
    "truncated_feed.xml": "feed",
    "laughs.xml": "feed",
    "picture.xml": "neither RSS nor Atom",
    "text.rss": "neither RSS nor Atom",
    "front_matter_only.md": "no article text",
    "pictures_only.md": "no article text",
    "broken_link.txt": "does not exist",
    "pipe.txt": "named pipe",
}


def write_bad_inputs(folder: Path) -> None:
    """Writes every file of `REASON_BY_NAME` into `folder`; some need 50 MB of disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**_texts(), **_binaries(), **_pdfs(), **_packages(), **_pages(), **_lines(), **_feeds()}.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    (folder / "broken_link.txt").symlink_to(folder / "gone.txt")
    os.mkfifo(folder / "pipe.txt")
    written = {path.name for path in folder.iterdir()}
    assert written == set(REASON_BY_NAME), written ^ set(REASON_BY_NAME)


def _texts() -> dict[str, str | bytes]:
    return {
        "empty.txt": "",
        "empty.pdf": "",
        "empty.html": "",
        "empty.jsonl": "",
        "spaces.txt": " \t\r\n \n",
        "no_break_spaces.txt": "\u00a0\n\u202f\n\u200b\n",
        "zero_bytes.txt": b"\x00" * 4096,
        "zero_bytes.md": b"\x00\x00",
        "byte_order_mark.txt": b"\xef\xbb\xbf",
        "punctuation.txt": "?!… --- 123 456\n***\n",
        "only_adverts.txt": "Publicité\n\nAdvertisement\n\nShare on Facebook\n\nTous droits réservés\n",
        "long_text.txt": "\n\n".join([SENTENCE * 20] * 3000),
        "enormous_line.txt": b"mot " * 12_750_000,
        "front_matter_only.md": "---\ntitle: A title and nothing else\ndate: 2016-07-13\n---\n",
        "pictures_only.md": "![a ship](ship.jpg)\n\n![another](other.png)\n",
        "rich_text.txt": r"{\rtf1\ansi The frigate left.}",
        "text.pdf": SENTENCE,
        "text.docx": SENTENCE,
    }


def _binaries() -> dict[str, bytes]:
    noise = random.Random(7).randbytes(20_000)
    return {
        "picture.txt": _png(),
        "picture.html": b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise,
        "picture.md": b"GIF89a" + noise,
        "compressed.jsonl": gzip.compress(json.dumps({"text": SENTENCE}).encode()),
        "program.txt": b"\x7fELF\x02\x01\x01" + noise,
        "database.md": _database(),
        "random.txt": b"\x07" + noise,
        "random.html": b"\x07" + noise,
        "random.pdf": b"\x07" + noise,
        "random.docx": b"\x07" + noise,
    }


def _pdfs() -> dict[str, bytes]:
    pdf = _pdf(SENTENCE[:80])
    encrypted = PdfWriter(clone_from=io.BytesIO(pdf))
    encrypted.encrypt("secret", algorithm="RC4-128")
    no_pages = PdfWriter()
    return {
        "header_only.pdf": b"%PDF-1.7\n",
        "truncated.pdf": pdf[: len(pdf) // 3],
        "garbled.pdf": b"%PDF-1.4\n" + random.Random(3).randbytes(5000) + b"\nstartxref\n9\n%%EOF",
        "encrypted.pdf": _bytes_of(encrypted),
        "no_pages.pdf": _bytes_of(no_pages),
        "scanned.pdf": _pdf(""),
    }


def _packages() -> dict[str, bytes]:
    document = Document()
    document.add_paragraph(SENTENCE)
    stream = io.BytesIO()
    document.save(stream)
    whole = stream.getvalue()
    without_text = io.BytesIO()
    Document().save(without_text)
    return {
        "truncated.docx": whole[: len(whole) // 2],
        "no_document.docx": _zip({"word/other.xml": b"<a/>"}),
        "broken_xml.docx": _with_part(whole, "word/document.xml", b"<w:document><w:body><unclosed"),
        "no_text.docx": without_text.getvalue(),
        "bomb.docx": _with_part(whole, "word/document.xml", b"<a>" + b" " * 80_000_000 + b"</a>"),
        "old_office.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "encrypted_office.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(512)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(900),
        "workbook.docx": _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
        "book.txt": _zip({"mimetype": b"application/epub+zip", "book.html": b"<html/>"}),
        "archive.txt": _zip({"article.txt": SENTENCE.encode()}),
    }


def _pages() -> dict[str, str]:
    teasers = "".join(
        f'<div><h2><a href="/{n}">Story number {n} of today</a></h2><p>Two ships met.</p></div>' for n in range(12)
    )
    return {
        "no_article.html": f"<!DOCTYPE html><html><head><title>Home</title></head><body><ul>{MENU}</ul></body></html>",
        "no_article_called.txt": f"<!DOCTYPE html><html><body><nav>{MENU}</nav></body></html>",
        "front_page.html": f"<html><body><h1>Today</h1>{teasers}</body></html>",
        "script_only.html": f"<html><head><script>var text = '{SENTENCE * 5}';</script></head><body></body></html>",
        "nested.html": "<html><body>" + "<div>" * 100_000 + SENTENCE + "</div>" * 100_000,
        "no_element.html": "<!-- nothing here -->",
    }


def _lines() -> dict[str, str]:
    return {
        "not_json.jsonl": "this is not JSON\n",
        "array.jsonl": json.dumps([{"text": SENTENCE}]),
        "indented.jsonl": json.dumps({"text": SENTENCE}, indent=2),
        "no_text.jsonl": json.dumps({"id": "1", "title": "A title alone"}) + "\n",
        "numbers.jsonl": "12\n",
        "nested.jsonl": '{"text": ' + "[" * 200_000 + "]" * 200_000 + "}\n",
        "endless_line.jsonl": '{"text": "' + "a" * 21_000_000,
        "surrogates.jsonl": '{"text": "\\ud800\\udfff\\ud800", "title": "\\udc00"}\n',
    }


def _feeds() -> dict[str, str]:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return {
        "no_entries.xml": '<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title></channel></rss>',
        "truncated_feed.xml": '<?xml version="1.0"?><rss version="2.0"><channel><title>Cut',
        "laughs.xml": f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss><channel>&a11;</channel></rss>',
        "picture.xml": '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>A ship</text></svg>',
        "text.rss": SENTENCE,
    }


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00\x00\x00"))
        + chunk(b"IEND", b"")
    )


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE articles (text TEXT)")
    data = connection.serialize()
    connection.close()
    return data


def _pdf(text: str) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 700, text)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _bytes_of(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _zip(data_by_name: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in data_by_name.items():
            # An EPUB names its type uncompressed, at the start, where it can be seen.
            package.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def _with_part(package: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as original:
        parts = {info.filename: original.read(info) for info in original.infolist()}
    return _zip({**parts, name: data})
