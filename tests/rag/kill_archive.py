"""Kills processes that write to an archive, at random moments, and checks what is left.

    python -m tests.rag.kill_archive --kills 100
    python -m tests.rag.kill_archive --kills 100 --large-from 100

Each round starts a child that adds, changes, removes or reindexes, and kills it with SIGKILL. Then the archive
must open, `verify` must find nothing, all that the child reported done must be there, and nothing half done;
the same command, repeated, must complete; and the result must equal an archive that was never killed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rag.archive import Archive
from rag.errors import ArchiveError
from rag.indexes import DEFAULT_SIZES, IndexSizes
from rag.locking import is_unfinished
from rag.records import Article
from rag.writing import Progress, ProgressCallback
from tests.rag.comparing import contents, findings
from tests.rag.invented import articles, changed

ENCODERS = ("hashing-64", "hashing-32")
# Short, so that one command has many commits to be killed in.
COMMIT_SECONDS = 0.05
# How often a child that was killed is followed by another of the same command, killed too, before anyone looks:
# so that the repair is interrupted as well.
AGAIN = 0.3


@dataclass(frozen=True, slots=True)
class Command:
    """What a child does: `numbers` are of invented articles, `seed` above 0 asks for their changed versions."""

    kind: str
    numbers: tuple[int, ...] = ()
    seed: int = 0
    encoder: str = ENCODERS[0]

    def words(self) -> list[str]:
        return [self.kind, ",".join(map(str, self.numbers)), str(self.seed), self.encoder]

    @classmethod
    def from_words(cls, words: list[str]) -> Command:
        kind, numbers, seed, encoder = words
        return cls(kind, tuple(int(number) for number in numbers.split(",") if number), int(seed), encoder)

    def articles(self, pool: list[Article]) -> list[Article]:
        chosen = [pool[number] for number in self.numbers]
        return [changed(article, self.seed) for article in chosen] if self.seed else chosen

    def run(self, archive: Archive, pool: list[Article], progress: ProgressCallback | None = None) -> None:
        if self.kind == "add":
            archive.add(self.articles(pool), progress=progress, commit_seconds=COMMIT_SECONDS)
        elif self.kind == "remove":
            archive.remove([pool[number].id for number in self.numbers])
        else:
            archive.reindex(encoder=self.encoder)


@dataclass(slots=True)
class Tally:
    """What happened over all rounds; `saved` counts commands by how much of them was on disk after the kill."""

    kills: Counter[str] = field(default_factory=Counter)
    saved: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    finished_before: int = 0


def kill_rounds(folder: Path, *, kills: int, article_count: int, seed: int, sizes: IndexSizes = DEFAULT_SIZES) -> Tally:
    """Runs until so many children were killed. Raises `AssertionError` when an archive was harmed."""
    chance = random.Random(seed)
    pool = articles(article_count)
    tally = Tally()
    expected: dict[str, Article] = {}
    encoder = ENCODERS[0]
    seconds = {"add": 1.0, "remove": 0.3, "reindex": 0.5}  # how long a command may run until it is killed
    path = folder / "archive"
    Archive.open(path, encoder=encoder).close()
    while tally.kills.total() < kills:
        command = _draw(chance, pool, expected, encoder)
        before, after = expected, _applied(command, pool, expected)
        reported = 0
        is_again = True
        while is_again:
            child = _Child(path, command, article_count, sizes)
            time.sleep(chance.uniform(0, seconds[command.kind]))
            was_killed = child.kill()
            reported = max(reported, child.saved)
            tally.kills[command.kind] += was_killed
            tally.finished_before += not was_killed
            tally.unfinished += is_unfinished(path)
            seconds[command.kind] *= 1.1 if was_killed else 0.6  # settles where one in six comes too late
            is_again = was_killed and command.kind != "remove" and chance.random() < AGAIN
        with Archive.open(path, index_sizes=sizes) as archive:
            assert archive.verify() == []
            tally.saved[_check_survivor(archive, command, before, after, reported)] += 1
            _repeat(archive, command, pool)
            encoder = command.encoder if command.kind == "reindex" else encoder
            expected = after
            assert archive.verify() == []
            assert not is_unfinished(path)
            _check_equals_unkilled(archive, expected, encoder, folder / "unkilled")
    return tally


class _Child:
    """A process that runs one command; `saved` is how many articles it said last were safe."""

    def __init__(self, path: Path, command: Command, article_count: int, sizes: IndexSizes) -> None:
        numbers = [str(number) for number in (article_count, sizes.large_from, sizes.loose_chunks)]
        arguments = [sys.executable, "-m", "tests.rag.kill_archive", "--child", str(path), *numbers]
        self._process = subprocess.Popen([*arguments, *command.words()], stdout=subprocess.PIPE, text=True)
        self.saved = 0
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "begin\n"
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def kill(self) -> bool:
        """Kills it; False where it had come to its end before."""
        self._process.send_signal(signal.SIGKILL)
        status = self._process.wait()
        self._listener.join()
        assert status in (0, -signal.SIGKILL), f"the child failed with status {status}"
        return status != 0

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, _, number = line.strip().partition(" ")
            if word == "saved" and line.endswith("\n"):  # the kill may cut a line off
                self.saved = int(number)
        self._process.stdout.close()


def _draw(chance: random.Random, pool: list[Article], expected: dict[str, Article], encoder: str) -> Command:
    present = [number for number, article in enumerate(pool) if article.id in expected]
    absent = [number for number, article in enumerate(pool) if article.id not in expected]
    kinds = ["add", "add", "change", "remove", "reindex", "switch"] if len(present) > len(pool) // 3 else ["add"]
    kind = chance.choice(kinds)
    if kind == "add" and absent:
        return Command("add", _sample(chance, absent, len(pool) // 3))
    if kind == "remove":
        return Command("remove", _sample(chance, present, len(pool) // 6))
    if kind in ("reindex", "switch"):
        other = ENCODERS[1 - ENCODERS.index(encoder)]
        return Command("reindex", encoder=other if kind == "switch" else encoder)
    # Some that are there in another version, some that are not there at all.
    numbers = _sample(chance, present, len(pool) // 5) + _sample(chance, absent, len(pool) // 10)
    return Command("add", numbers, seed=chance.randint(1, 1_000_000))


def _sample(chance: random.Random, numbers: list[int], most: int) -> tuple[int, ...]:
    return tuple(chance.sample(numbers, min(len(numbers), chance.randint(1, max(1, most)))))


def _applied(command: Command, pool: list[Article], expected: dict[str, Article]) -> dict[str, Article]:
    if command.kind == "add":
        return expected | {article.id: article for article in command.articles(pool)}
    gone = {pool[number].id for number in command.numbers} if command.kind == "remove" else set()
    return {id_: article for id_, article in expected.items() if id_ not in gone}


def _check_survivor(
    archive: Archive, command: Command, before: dict[str, Article], after: dict[str, Article], reported: int
) -> str:
    """The archive holds the first so many of the command's changes, whole, and at least those reported."""
    found = {article.id: article for article in archive.articles()}
    findings(archive)  # searching works
    if command.kind == "reindex":
        assert found == before
        return "reindex"
    changes = [f"article-0-{number}" for number in command.numbers]
    done = sum(found.get(id_) == after.get(id_) for id_ in changes)
    expected = dict(before)
    for id_ in changes[:done]:
        expected.pop(id_, None)
        expected |= {id_: after[id_]} if id_ in after else {}
    assert found == expected
    assert done >= reported, f"{reported} were reported, {done} are there"
    assert command.kind == "add" or done in (0, len(changes)), "a removal was done in part"
    return "all" if done == len(changes) else "part" if done else "nothing"


def _repeat(archive: Archive, command: Command, pool: list[Article]) -> None:
    """Runs the command again; a removal that was done to its end has nothing left to remove, and says so."""
    try:
        command.run(archive, pool)
    except ArchiveError:
        if command.kind != "remove" or any(archive.article(pool[number].id) for number in command.numbers):
            raise


def _check_equals_unkilled(archive: Archive, expected: dict[str, Article], encoder: str, path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    with Archive.open(path, encoder=encoder) as unkilled:
        unkilled.add(expected.values())
        assert contents(archive) == contents(unkilled)
        assert findings(archive) == findings(unkilled)


def _print_saved(step: Progress) -> None:
    if step.stage == "saved":
        print("saved", step.done, flush=True)


def _run_child(path: str, article_count: str, large_from: str, loose_chunks: str, *words: str) -> None:
    pool = articles(int(article_count))
    command = Command.from_words(list(words))
    print("begin", flush=True)
    sizes = IndexSizes(int(large_from), int(loose_chunks))
    command.run(Archive.open(path, index_sizes=sizes), pool, _print_saved)
    if command.kind == "remove":
        print("saved", len(command.numbers), flush=True)


def main() -> None:
    """Runs the rounds and prints what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--large-from", type=int, default=DEFAULT_SIZES.large_from, help="chunks of a large archive")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _run_child(*options.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        sizes = IndexSizes(options.large_from, options.large_from // 3)
        tally = kill_rounds(
            Path(folder), kills=options.kills, article_count=options.articles, seed=options.seed, sizes=sizes
        )
        print(f"{tally.kills.total()} kills in {time.monotonic() - started:.0f} s: {dict(tally.kills)}")
        print(f"left unfinished: {tally.unfinished}; children that finished before the kill: {tally.finished_before}")
        print(f"commands by how much of them was saved: {dict(tally.saved)}")
        print("Every archive was sound, lost nothing reported, and came to equal one never killed.")


if __name__ == "__main__":
    main()
