"""Articles and failures, as they are read → an `AddReport`, with everything reported safely on disk.

An article that comes in is told from those in the archive by id, URL or the file it came from: unknown, it is
added; with the same content, left alone; with other content, put in the place of the old one. Outcomes are
reported in the order of reading, a batch at a time, when the batch is committed. While a batch is written, the encoder
is busy with the beginning of the next one, so that neither waits for the other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal

from embeddings import Encoder
from rag.chunking import split_article
from rag.encoding_ahead import WINDOWS_AHEAD, EncodingAhead
from rag.indexes import terms_of
from rag.kept_sentences import ReadChunks
from rag.lexical import Field, LexicalTerms
from rag.near_copies import near_copy_keys, shingles
from rag.reading import Input, read_input
from rag.reasons import Reason, reason
from rag.records import AddReport, Article, Chunk, Record
from rag.store import Store
from rag.store_view import StoredArticle
from rag.store_writer import content_hash
from rag.writing import COMMIT_SECONDS, BatchWriter, Change, Progress, ProgressCallback

__all__ = ["AddRun"]

# Chunks given to the encoder at once: enough for it to sort by length, and about a second of work.
ENCODE_CHUNKS = 128
# A batch is committed when it is `COMMIT_SECONDS` old or this big. A kill costs at most one batch; a commit may
# rewrite the dense file, so on a large archive a batch also lasts ten times as long as the commit before it took.
BATCH_CHUNKS = 2_000
BATCH_SECONDS_PER_COMMIT_SECOND = 10.0

# Files that hold any number of articles, even where it is one today.
SEVERAL_ARTICLES = frozenset({".jsonl", ".ndjson", ".json", ".rss", ".atom", ".xml"})

Outcome = Literal["added", "updated", "unchanged", "failed"]


@dataclass(slots=True)
class _Batch:
    """What was read since the last batch, in order; chunks are `waiting` until they are given to the encoder.

    `inputs_done` is how many inputs had been read when it was closed.
    """

    outcomes: list[tuple[Outcome, Record]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    chunk_count: int = 0
    waiting: list[Chunk] = field(default_factory=list)
    read: list[Future[ReadChunks]] = field(default_factory=list)
    terms: list[Mapping[Field, LexicalTerms]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    inputs_done: int = 0


class AddRun:
    """One call of `Archive.add`: takes what is read, in order, and fills a report. For the lock's holder.

    At most two batches are held: one that is being read, and the one before it, closed, whose commit waits until the
    encoder has enough to do meanwhile.
    """

    def __init__(
        self,
        store: Store,
        writer: BatchWriter,
        encoding: EncodingAhead,
        encoder: Encoder,
        *,
        progress: ProgressCallback | None = None,
        commit_seconds: float = COMMIT_SECONDS,
    ) -> None:
        self.report = AddReport()
        self._store = store
        self._writer = writer
        self._encoding = encoding
        self._encoder = encoder
        self._progress = progress
        self._commit_every_seconds = commit_seconds
        self._batch = _Batch()
        self._closed: _Batch | None = None
        self._commit_seconds = 0.0
        self._spent = {"read": 0.0, "compare": 0.0, "split": 0.0, "index": 0.0}
        self._computed_before = time.process_time()
        self._inputs_done = 0
        self._inputs_total: int | None = None
        self._seen: dict[str, tuple[str, str]] = {}  # content hash and origin by id, of this run
        self._replaced: set[int] = set()

    def take_all(
        self, inputs: Sequence[Input | Record], articles: Sequence[Article], *, allow_private_addresses: bool
    ) -> None:
        """Reads the inputs, one after the other, and takes what is in them; then the articles given as such."""
        self._inputs_total = len(inputs) + len(articles)
        for item in inputs:
            if isinstance(item, Record):
                self._take(item, item.origin)
            else:
                self._take_input(item, allow_private_addresses)
            self._input_done()
        for article in articles:
            self._take(article, article.path or article.url or article.id)
            self._input_done()

    def commit(self) -> None:
        """Brings all that was taken to disk, and its outcomes into the report."""
        self._close_batch()
        self._commit_closed()
        if self._progress is not None:
            spent = {**self._spent, "gloss": self._encoding.gloss_seconds}
            computed = time.process_time() - self._computed_before
            spent["embed"] = max(0.0, computed - sum(spent.values()))
            done, total = self._inputs_done, self._inputs_total
            self._progress(Progress("spent", done, total, "inputs", seconds_by_stage=spent))

    def _close_batch(self) -> None:
        """Gives the rest of the batch to the encoder, and begins the next one."""
        self._commit_closed()
        self._encode()
        self._batch.inputs_done = self._inputs_done
        self._closed, self._batch = self._batch, _Batch()

    def _commit_closed(self) -> None:
        """Brings the closed batch to disk, if there is one, and its outcomes into the report."""
        batch, self._closed = self._closed, None
        if batch is None:
            return
        twins = {}
        if batch.changes:
            read = ReadChunks.joined([future.result() for future in batch.read])
            started = time.monotonic()
            with self._counted("index"):
                nearest = self._writer.commit(batch.changes, read, batch.terms, self._encoder)
            self._commit_seconds = time.monotonic() - started
            twins = dict(zip((change.article.id for change in batch.changes), nearest, strict=True))
        for outcome, record in batch.outcomes:
            is_stored = outcome in ("added", "updated")
            _enter(self.report, outcome, record, twins[record.article_id or ""] if is_stored else None)
        self._tell("saved", batch.inputs_done)
        if self._writer.is_outgrown:
            self._tell("indexing", batch.inputs_done)
        with self._counted("index"):
            self._writer.tend()

    def _take_input(self, item: Input, allow_private_addresses: bool) -> None:
        entries = self._read(item, allow_private_addresses)
        first_two = list(islice(entries, 2))
        is_alone = len(first_two) == 1 and (item.path is None or item.path.suffix.lower() not in SEVERAL_ARTICLES)
        for number, entry in enumerate(chain(first_two, entries), start=1):
            if isinstance(entry, Record):
                self._take(entry, entry.origin)
            else:
                self._take(
                    entry, item.origin if is_alone else f"{item.origin}#{number}", entry.path if is_alone else None
                )

    def _read(self, item: Input, allow_private_addresses: bool) -> Iterator[Article | Record]:
        """As `read_input`, its time counted."""
        entries = read_input(item, allow_private_addresses=allow_private_addresses)
        while True:
            with self._counted("read"):
                entry = next(entries, None)
            if entry is None:
                return
            yield entry

    def _take(self, item: Article | Record, origin: str, file: str | None = None) -> None:
        """Takes one article, or one failure, read at `origin`.

        `file` is given where a file holds this one article, so that whatever is read there next takes its place;
        the entries of a feed or a JSONL file are told apart by id and URL only.
        """
        if isinstance(item, Record):
            self._batch.outcomes.append(("failed", item))
        else:
            self._take_article(item, origin, file)
        if len(self._batch.waiting) >= ENCODE_CHUNKS:
            self._encode()
        self._commit_if_due()

    def _input_done(self) -> None:
        self._inputs_done += 1
        self._tell("adding", self._inputs_done)
        self._commit_if_due()

    def _take_article(self, article: Article, origin: str, file: str | None) -> None:
        record = Record(origin, article.id, article.title)
        with self._counted("compare"):
            digest = content_hash(article)
        if article.id in self._seen:
            self._take_again(record, digest)
            return
        problem = _problem(article)
        if problem:
            self._batch.outcomes.append(("failed", replace(record, why=problem)))
            return
        self._seen[article.id] = (digest, origin)
        with self._counted("compare"):
            same = self._same_articles(article, file)
        if len(same) == 1 and same[0].content_hash == digest:
            self._note_place(article, same[0], file)
            self._batch.outcomes.append(("unchanged", record))
            return
        with self._counted("compare"):
            keys = tuple(near_copy_keys(shingles(article.text)))
        with self._counted("split"):
            chunks = split_article(article)
        numbers = tuple(stored.number for stored in same)
        self._replaced.update(numbers)
        self._batch.changes.append(Change(article, file, tuple(chunks), keys, numbers))
        self._batch.chunk_count += len(chunks)
        self._batch.waiting.extend(chunks)
        self._batch.outcomes.append(("updated" if same else "added", record))

    def _take_again(self, record: Record, digest: str) -> None:
        """Takes an article whose id was met in this run already."""
        seen_digest, seen_origin = self._seen[record.article_id or ""]
        if seen_digest == digest:
            again = replace(record, why=reason("same_article", origin=seen_origin))
            self._batch.outcomes.append(("unchanged", again))
        else:
            other = replace(record, why=reason("id_taken", origin=seen_origin, id=str(record.article_id)))
            self._batch.outcomes.append(("failed", other))

    def _same_articles(self, article: Article, file: str | None) -> list[StoredArticle]:
        """What the article takes the place of: its own id and its file, or where the id is new, its URL.

        Articles that this run has met under their own id stay.
        """
        with self._store.read() as view:
            found = view.same_articles(article, file)
        return [
            stored
            for stored in found
            if stored.number not in self._replaced and (stored.id == article.id or stored.id not in self._seen)
        ]

    def _note_place(self, article: Article, stored: StoredArticle, file: str | None) -> None:
        if stored.path != article.path:
            with self._store.write() as writer:
                writer.move_article(stored.number, article.path, file)

    def _encode(self) -> None:
        batch = self._batch
        if batch.waiting:
            batch.read.append(self._encoding.begin(batch.waiting))
            with self._counted("index"):  # while they are encoded, so that the commit needn't
                batch.terms += map(terms_of, batch.waiting)
            batch.waiting = []

    def _commit_if_due(self) -> None:
        """Closes the batch when it is old or big; commits the closed one when the encoder won't run dry meanwhile."""
        age = time.monotonic() - self._batch.started
        if self._closed is not None and (
            len(self._batch.read) >= WINDOWS_AHEAD - 1 or age >= self._commit_every_seconds
        ):
            self._commit_closed()
        patience = max(self._commit_every_seconds, BATCH_SECONDS_PER_COMMIT_SECOND * self._commit_seconds)
        if age >= patience or self._batch.chunk_count >= BATCH_CHUNKS:
            self._close_batch()

    def _tell(self, stage: str, inputs_done: int) -> None:
        if self._progress is not None:
            self._progress(Progress(stage, inputs_done, self._inputs_total, "inputs"))

    @contextmanager
    def _counted(self, stage: str) -> Iterator[None]:
        """Counts the processor time of this thread as the stage's."""
        started = time.thread_time()
        try:
            yield
        finally:
            self._spent[stage] += time.thread_time() - started


def _problem(article: Article) -> Reason | None:
    """Why an article can't be kept; None when it can."""
    if not article.id.strip():
        return reason("no_id")
    if not any(character.isalnum() for character in article.text):
        return reason("no_text")
    try:
        for value in (article.id, article.title, article.text, article.url, article.source, *article.authors):
            (value or "").encode()
    except UnicodeEncodeError:
        return reason("half_surrogate")
    return None


def _enter(report: AddReport, outcome: Outcome, record: Record, twin: Article | None) -> None:
    """Puts a record in its list; a new article that is a near copy goes to the duplicates."""
    if twin is not None:
        outlet = f" ({twin.source})" if twin.source else ""
        record = replace(record, why=reason("near_copy", title=twin.title, outlet=outlet))
    if outcome == "added" and twin is not None:
        report.duplicates.append(record)
    else:
        getattr(report, outcome).append(record)
