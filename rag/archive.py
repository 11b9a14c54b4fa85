"""The archive: a folder on disk that articles go into and passages come out of.

    gazette.db         SQLite, the truth                         rag.store
    dense-N.faiss      vectors of generation N                   embeddings.dense_index
    dense-N/           the same of a large archive               embeddings.clustered_index
    lexical-N/         words                                     rag.lexical
    write.lock         held by the one process that writes       rag.locking
    writing            who that is; left behind, that it died    rag.locking

Any number of processes and threads read while one writes; each search sees the last complete state.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from embeddings import Encoder, encoder_from
from embeddings.errors import EncoderError
from rag.archive_info import ArchiveInfo, describe
from rag.errors import ArchiveError, ArchiveLocked, EncoderMismatch, GazetteError
from rag.indexes import DEFAULT_SIZES, IndexSizes, is_index_name, reconcile
from rag.kept_sentences import KeptSentences, sentences_of, spans_of
from rag.locking import LOCK_FILE, WRITING_FILE, clear_writing, is_unfinished, mark_writing
from rag.periods import TimePreference
from rag.records import AddReport, Article, Filters, Passage, Record, Span
from rag.retrieval import SearchSettings, find_passages
from rag.snapshot import Snapshots
from rag.store import STORE_FILE, Store
from rag.store_view import FORMAT_WITH_SENTENCES, ArchiveState, ArticleSummary, StoredEncoder, SummaryPage
from rag.writing import COMMIT_SECONDS, BatchWriter, ProgressCallback, locked, writing

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from rag.browsing import ArchiveView, Wanted

__all__ = ["Archive", "ArchiveInfo"]

LOCK_TIMEOUT_SECONDS = 60.0
# More than an answer looks at.
KEPT_SENTENCES = 48


class Archive:
    """A collection of articles on disk. Safe to use from several threads.

    Example:
        >>> with Archive.open(folder, encoder="hashing-64") as archive:
        ...     report = archive.add(Article("a1", "A treaty", "The treaty was signed in Paris."))
        ...     archive.search("Where was the treaty signed?")[0].text
        'The treaty was signed in Paris.'
    """

    def __init__(
        self, folder: Path, encoder: str | Embeddings | None, lock_timeout_seconds: float, index_sizes: IndexSizes
    ) -> None:
        """Not for callers: use `Archive.open`."""
        self._index_sizes = index_sizes
        self._folder = folder
        self._asked_encoder = encoder
        self._lock_timeout_seconds = lock_timeout_seconds
        self._store = Store(folder / STORE_FILE)
        self._snapshots = Snapshots(folder, self._store)
        self._encoders: dict[str | None, Encoder] = {}

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        encoder: str | Embeddings | None = None,
        create: bool = True,
        lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS,
        index_sizes: IndexSizes = DEFAULT_SIZES,
    ) -> Archive:
        """The archive in `folder`, made when missing unless `create` is false.

        `encoder` is a name, a folder or a LangChain `Embeddings`; None means the archive's own, and for a new
        one the shipped one. No model is loaded before it is needed. What a writer that died has left is put in
        order. `lock_timeout_seconds` is how long `add`, `remove` and `reindex` wait for another writer, and
        `index_sizes` from what size on they give the archive a dense index for large ones.

        Raises:
            ArchiveError: the folder holds something else, is damaged, or there is none and `create` is false.
            EncoderMismatch: the archive was built with another encoder.
        """
        archive = cls(Path(folder), encoder, lock_timeout_seconds, index_sizes)
        try:
            archive._prepare(create)
            archive._store.require_ours()
            archive._repair_if_free()
            if encoder is not None:
                archive._encoder_for(archive._state())
        except BaseException:
            archive.close()
            raise
        return archive

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def encoder(self) -> Encoder:
        """What the archive's texts are encoded by; its model is loaded by the first text.

        Raises `EncoderMismatch` when it is not the one that the archive was built with.
        """
        return self._encoder_for(self._state())

    def prepare(self) -> None:
        """Begins to load what a question needs, the model and the indexes beside each other, and returns at once.

        What goes wrong is told to whoever asks. Raises `EncoderMismatch` as `encoder` does.
        """
        if self._state().encoder is not None:
            self.encoder.prepare()
            threading.Thread(target=self._open_indexes, name="open-indexes", daemon=True).start()

    def close(self) -> None:
        """Lets go of the files. The archive opens them again when it is used again."""
        self._store.close()

    def add(
        self,
        sources: str | Path | Article | Iterable[str | Path | Article],
        *,
        progress: ProgressCallback | None = None,
        allow_private_addresses: bool = False,
        commit_seconds: float = COMMIT_SECONDS,
    ) -> AddReport:
        """Reads files, folders, page and feed addresses, or takes articles, and keeps them.

        What can't be read is listed as failed with the reason, and the rest is kept. Whatever `progress` was
        told is saved stays, should the process be killed; it loses the work of about `commit_seconds`. Near copies
        are kept and listed as duplicates.

        Raises:
            ArchiveLocked: another process was writing for too long.
            ArchiveError: the folder can't be written to.
        """
        from rag.adding import AddRun  # what reads is for those who add: a question is answered without
        from rag.encoding_ahead import EncodingAhead
        from rag.reading import find_inputs

        items = [sources] if isinstance(sources, str | Path | Article) else list(sources)
        with locked(self._folder, self._lock_timeout_seconds, progress), self._writing() as writer:
            encoder = self._encoder_for(self._state())
            inputs = find_inputs(item for item in items if not isinstance(item, Article))
            articles = [item for item in items if isinstance(item, Article)]
            with EncodingAhead(encoder) as encoding:
                run = AddRun(self._store, writer, encoding, encoder, progress=progress, commit_seconds=commit_seconds)
                run.take_all(inputs, articles, allow_private_addresses=allow_private_addresses)
                run.commit()
        return run.report

    def remove(self, article_ids: str | Iterable[str]) -> list[Record]:
        """Removes articles and every trace of them; returns what was removed, in the order given.

        Raises:
            ArchiveError: an id is not in the archive; then nothing is removed.
            ArchiveLocked: another process was writing for too long.
        """
        asked = [article_ids] if isinstance(article_ids, str) else list(dict.fromkeys(article_ids))
        with locked(self._folder, self._lock_timeout_seconds), self._writing() as writer:
            with self._store.read() as view:
                numbers = view.numbers(asked)
                unknown = [id_ for id_ in asked if id_ not in numbers]
                if unknown:
                    raise ArchiveError(
                        f"No article has the id «{unknown[0]}», so nothing was removed: see `gazette list` for the ids."
                    )
                records = [_removed(view.article_by_number(numbers[id_])) for id_ in asked]
            if numbers:
                writer.remove(list(numbers.values()))
        return records

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or None."""
        with self._store.read() as view:
            return view.article(article_id)

    def articles(self, filters: Filters | None = None) -> list[Article]:
        """The articles that pass the filters, in the order they were added, with their texts."""
        with self._store.read() as view:
            return list(view.articles(filters))

    def summaries(self, filters: Filters | None = None) -> list[ArticleSummary]:
        """As `articles`, without the texts: cheap on an archive of any size."""
        with self._store.read() as view:
            return view.summaries(filters)

    def summary_page(self, filters: Filters | None = None, *, offset: int = 0, limit: int = 50) -> SummaryPage:
        """The summaries from the `offset` on, at most `limit`, and how many there are in the same state."""
        with self._store.read() as view:
            return SummaryPage(view.article_count(filters), view.summaries(filters, offset=offset, limit=limit))

    def browse(self, wanted: Wanted) -> ArchiveView:
        """A page of the articles wanted, and all of them counted: cheap on an archive of any size."""
        from rag.browsing import browse

        with self._store.read() as view:
            return browse(view, wanted)

    def ids_beginning(self, start: str) -> list[str]:
        """The articles' ids that begin so, ascending."""
        with self._store.read() as view:
            return view.ids_beginning(start)

    def latest(self, limit: int) -> list[ArticleSummary]:
        """The articles last published, at most so many, the newest first: cheap on an archive of any size."""
        with self._store.read() as view:
            return view.latest(limit)

    def has_file_in(self, folder: Path) -> bool:
        """Whether an article came from a file of its own somewhere below the folder, which is given as it was added."""
        with self._store.read() as view:
            return view.has_file_in(str(folder))

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        language: str | None = None,
        source: str | None = None,
        since: date | None = None,
        until: date | None = None,
        settings: SearchSettings | None = None,
        time: TimePreference | None = None,
    ) -> list[Passage]:
        """The passages nearest to a question, best first, from the articles that pass the filters.

        `settings` leave one kind of evidence out; None means all of it. `time` prefers articles by their day, and
        leaves none out.

        Raises:
            QuestionError: the question is empty, too long, or not text.
            ArchiveError: an index is missing or damaged.
        """
        filters = Filters(language, source, since, until)
        if self._state().encoder is None:
            return []
        self.encoder.prepare()  # the model comes while the indexes are opened
        with self._snapshots.current() as snapshot:
            return find_passages(
                snapshot,
                self._encoder_for(snapshot.state),
                question,
                limit=limit,
                filters=filters,
                settings=settings or SearchSettings(),
                time=time,
            )

    def kept_sentences(self, passages: Iterable[Passage], *, limit: int = KEPT_SENTENCES) -> KeptSentences:
        """Where the passages' sentences lie, and what the encoder made of them when they were added.

        Nothing of those added by an earlier version, nor where the encoder would have had to read every sentence once
        more. Once `limit` sentences are known, no further passages are looked at.
        """
        with self._store.read() as view:
            state = view.state()
            if state.encoder is None or state.format < FORMAT_WITH_SENTENCES:
                return KeptSentences()
            return sentences_of(view, state.encoder, passages, limit)

    def kept_spans(self, article: Article) -> tuple[Span, ...]:
        """Where the article's sentences lie in its text, as they were found when it was added.

        None of one added by an earlier version, nor where `kept_sentences` has nothing.
        """
        with self._store.read() as view:
            state = view.state()
            if state.encoder is None or state.format < FORMAT_WITH_SENTENCES:
                return ()
            return spans_of(view, state.encoder, article)

    def info(self) -> ArchiveInfo:
        """What is in the archive, and how much room it takes."""
        return describe(self._folder, self._store)

    def verify(self) -> list[str]:
        """What is wrong with the archive, in one line each, found by checking the three stores against each other.

        An empty list says that all is well.
        """
        from rag.verifying import find_problems

        return find_problems(self._folder, self._store)

    def reindex(self, *, encoder: str | Embeddings | None = None, progress: ProgressCallback | None = None) -> None:
        """Builds both indexes anew from SQLite and swaps them in at once; also the way to another encoder.

        Given an `encoder`, the chunks are encoded by it, and the archive is its from then on. Readers see the
        old indexes until the swap. Killed on the way, it goes on from there when it is called again.

        Raises `ArchiveLocked` when another process was writing for too long.
        """
        from rag.reindexing import rebuild_indexes

        with locked(self._folder, self._lock_timeout_seconds, progress):
            chosen = encoder_from(encoder) if encoder is not None else self._encoder_for_missing()
            rebuild_indexes(self._folder, self._store, chosen, progress, self._index_sizes)
        if encoder is not None:
            self._asked_encoder = encoder
            self._encoders.clear()

    def _writing(self) -> AbstractContextManager[BatchWriter]:
        return writing(self._folder, self._store, self._index_sizes)

    def _open_indexes(self) -> None:
        with suppress(GazetteError), self._snapshots.current():
            pass

    def _state(self) -> ArchiveState:
        with self._store.read() as view:
            return view.state()

    def _prepare(self, create: bool) -> None:
        """Sees to it that there is a store in the folder."""
        if self._folder.exists() and not self._folder.is_dir():
            raise ArchiveError(f"'{self._folder}' is a file, not an archive: give a folder.")
        if self._store.path.exists() and self._store.is_made():
            return
        if not create:
            raise ArchiveError(
                f"There is no archive in '{self._folder}': make one with `gazette add`, or give its folder."
            )
        if self._folder.exists() and any(not _is_ours(path.name) for path in self._folder.iterdir()):
            raise ArchiveError(
                f"The folder '{self._folder}' holds other files and no archive: give an empty or a new folder."
            )
        wanted = encoder_from(self._asked_encoder).name if self._asked_encoder is not None else None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(
                f"The folder '{self._folder}' can't be made ({error.strerror}): give one where you may write."
            ) from error
        with locked(self._folder, self._lock_timeout_seconds):
            self._store.create(wanted)

    def _repair_if_free(self) -> None:
        """Reconciles what a writer that died has left, unless another is at work or the folder is read-only."""
        if not is_unfinished(self._folder) or not os.access(self._folder, os.W_OK):
            return
        with suppress(ArchiveLocked), locked(self._folder, 0):
            if is_unfinished(self._folder):
                mark_writing(self._folder)
                reconcile(self._folder, self._store, self._index_sizes)
                clear_writing(self._folder)

    def _encoder_for(self, state: ArchiveState) -> Encoder:
        """The encoder to use with the archive as it stands; its model is not loaded yet.

        Raises `EncoderMismatch` when it is not the one that the archive was built with.
        """
        stored = state.encoder
        asked = self._asked_encoder
        if asked is None:
            asked = stored.name if stored else state.wanted_encoder
        key = asked if isinstance(asked, str) else None  # else the one object given, or the shipped encoder
        encoder = self._encoders.get(key) or self._encoders.setdefault(key, encoder_from(asked))
        if stored is not None and stored.fingerprint != encoder.fingerprint:
            raise EncoderMismatch(_mismatch(stored, encoder))
        return encoder

    def _encoder_for_missing(self) -> Encoder | None:
        """The archive's own encoder if a chunk lacks its vector, or what else it makes of it, else None.

        For the latter alone an encoder that can't be had is not asked: the indexes can be built without.
        """
        with self._store.read() as view:
            state = view.state()
            if state.encoder is None:
                return None
            lacks_vectors = len(view.chunk_ids_without_vector(state.encoder)) > 0
            lacks_sentences = len(view.chunk_ids_without_sentences(state.encoder)) > 0
        if not (lacks_vectors or lacks_sentences):
            return None
        try:
            encoder = self._encoder_for(state)
            return encoder if lacks_vectors or encoder.reads_in_context else None
        except (EncoderError, EncoderMismatch):
            if lacks_vectors:
                raise
            return None


def _mismatch(stored: StoredEncoder, encoder: Encoder) -> str:
    if stored.name == encoder.name:
        return (
            f"The archive was built with other weights of '{stored.name}' (fingerprint {stored.fingerprint}, now "
            f"{encoder.fingerprint}): run `gazette reindex --encoder {stored.name}`, or bring the old weights back."
        )
    return (
        f"The archive was built with encoder '{stored.name}' ({stored.dimension} dimensions), but '{encoder.name}' "
        f"({encoder.dimension}) was asked for: run `gazette reindex --encoder {encoder.name}`, or leave the option out."
    )


def _removed(article: Article | None) -> Record:
    assert article is not None  # its number was read in the same transaction
    return Record(article.path or article.url or article.id, article.id, article.title)


def _is_ours(name: str) -> bool:
    """Whether a file may lie in the folder of an archive that is yet to be made."""
    return name.startswith((STORE_FILE, LOCK_FILE, WRITING_FILE)) or is_index_name(name)
