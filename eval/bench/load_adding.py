"""Articles are added to an archive while readers ask it → whether anybody saw more or less than one of its states.

    python -m eval.bench.load_adding ARCHIVE COUNT

adds so many made-up articles, as `gazette add` does, and prints a line of JSON for each state that it brought to
disk. They are sentences of the archive's own articles in a new order, so that they are found beside them and a
search that saw a half of one would show it. Who watches asks for the number of articles, which must be that of such
a state and never fall, and searches: what is found must stand in an article that is there.
"""
# ruff: noqa: T201

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import cycle, pairwise
from pathlib import Path

from eval.bench.load_readers import ANSWER_SECONDS, ReaderLog, ShownArticles
from eval.bench.load_server import ServedArchive, send
from rag import Archive
from rag.records import Article
from rag.sentences import split_sentences
from rag.writing import Progress

__all__ = ["AddedBeside", "AddingWatch", "adding", "counts_out_of_place", "main", "rearranged"]

SENTENCES = 8
SENTENCES_IN_PARAGRAPH = 2
LOOK_SECONDS = 0.1
# Longer than adding takes that has not failed.
ADD_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class AddedBeside:
    """What was added, in how many states and seconds, and what who watched has seen: `faults` are what nobody may.

    `looks` are the times that the articles were counted, `citations_checked` the passages held against articles.
    """

    articles: int
    states: int
    seconds: float
    looks: int
    citations_checked: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class AddingWatch:
    """What was seen while it went on; `added` is there when the block of `adding` has ended."""

    totals: list[int] = field(default_factory=list)
    log: ReaderLog = field(default_factory=ReaderLog)
    added: AddedBeside | None = None


@contextmanager
def adding(archive: Path, count: int, served: ServedArchive, questions: Sequence[str]) -> Iterator[AddingWatch]:
    """Adds beside what the block does, and watches; waits for the end of both."""
    watch, ended, states = AddingWatch(), threading.Event(), [_total(served)]
    command = [sys.executable, "-m", "eval.bench.load_adding", str(archive), str(count)]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watchers = [
            threading.Thread(target=_count, args=(served, ended, watch)),
            threading.Thread(target=_search, args=(served, questions, ended, watch)),
        ]
        for watcher in watchers:
            watcher.start()
        try:
            yield watch
            written, _ = process.communicate(timeout=ADD_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
            ended.set()
            for watcher in watchers:
                watcher.join()
    states += [json.loads(line)["articles"] for line in written.splitlines()]
    faults = [*watch.log.faults, *counts_out_of_place(watch.totals, states)]
    if process.returncode != 0 or states[-1] != states[0] + count:
        faults.append(f"{states[-1] - states[0]} of {count} articles were added (exit status {process.returncode})")
    watch.added = AddedBeside(
        states[-1] - states[0],
        len(set(states)) - 1,
        time.monotonic() - began,
        len(watch.totals),
        watch.log.citations_checked,
        tuple(faults),
    )


def counts_out_of_place(seen: Sequence[int], states: Sequence[int]) -> list[str]:
    """What is wrong with the numbers of articles that were seen one after the other, given those of the states.

    >>> counts_out_of_place([10, 10, 14, 20], [10, 14, 20])
    []
    >>> counts_out_of_place([10, 20, 14, 17], [10, 14, 20])
    ['14 articles were seen after 20', '17 articles were seen, which no state had']
    """
    fallen = [f"{now} articles were seen after {before}" for before, now in pairwise(seen) if now < before]
    return fallen + [f"{count} articles were seen, which no state had" for count in sorted(set(seen) - set(states))]


def rearranged(articles: Sequence[Article], count: int, seed: int = 0) -> list[Article]:
    """So many new articles of the sentences of these, in one language each; the same for the same seed."""
    sentences: dict[str | None, list[str]] = {}
    for article in articles:
        spans = split_sentences(article.text, article.language)
        sentences.setdefault(article.language, []).extend(article.text[span.start : span.end] for span in spans)
    languages = sorted(sentences, key=str)
    return [_rearranged(sentences, languages[number % len(languages)], number, seed) for number in range(count)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Adds what the command line asks for."""
    folder, count = arguments or sys.argv[1:]

    def tell(progress: Progress) -> None:
        if progress.stage == "saved":
            print(json.dumps({"articles": archive.info().articles}), flush=True)

    with Archive.open(folder, create=False) as archive:
        archive.add(rearranged(archive.articles(), int(count)), progress=tell)


def _rearranged(sentences: dict[str | None, list[str]], language: str | None, number: int, seed: int) -> Article:
    chance = random.Random(f"{seed}/{number}")
    chosen = chance.choices(sentences[language], k=SENTENCES)
    paragraphs = [
        " ".join(chosen[start : start + SENTENCES_IN_PARAGRAPH])
        for start in range(0, SENTENCES, SENTENCES_IN_PARAGRAPH)
    ]
    return Article(
        f"rearranged-{seed}-{number}",
        f"{number}: {chosen[0][:80]}",
        "\n\n".join(paragraphs),
        source="The Rearranged Courier",
        language=language,
    )


def _count(served: ServedArchive, ended: threading.Event, watch: AddingWatch) -> None:
    while not ended.wait(LOOK_SECONDS):
        try:
            watch.totals.append(_total(served))
        except (OSError, HTTPException) as error:
            watch.log.faults.append(f"the articles could not be counted: {type(error).__name__}")


def _search(served: ServedArchive, questions: Sequence[str], ended: threading.Event, watch: AddingWatch) -> None:
    """Searches in turn with the readers, and so more seldom than it counts."""
    line, shown = served.connect(ANSWER_SECONDS), ShownArticles()
    for question in cycle(questions):
        if ended.wait(LOOK_SECONDS):
            break
        try:
            found = send(line, "POST", "/api/search", {"question": question, "limit": 20})
            if found.status == 200:
                watch.log.check(json.loads(found.body)["passages"], "text", line, shown)
            elif found.status != 429:
                watch.log.faults.append(f"a search was answered with status {found.status}")
        except (OSError, HTTPException) as error:
            watch.log.faults.append(f"a search failed: {type(error).__name__}")
            line.close()
    line.close()


def _total(served: ServedArchive) -> int:
    line = served.connect(ANSWER_SECONDS)
    try:
        return int(json.loads(send(line, "GET", "/api/articles?limit=1").body)["total"])
    finally:
        line.close()


if __name__ == "__main__":
    main()
