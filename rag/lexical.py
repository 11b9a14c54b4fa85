"""Words in, chunk ids out: BM25 over stems, each language with its own.

tantivy keeps the postings and picks candidates; the scores are computed here. Its own would drift with an
archive's history (deleted chunks count in its statistics until segments merge) and take one average length
for all languages, so that an archive built bit by bit would rank otherwise than one built at once. The text
is analysed here too, by the language of the article, and handed over as terms divided by spaces.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embeddings import Hit, in_english
from rag.analysis import terms
from rag.errors import ArchiveError

__all__ = ["LexicalEntry", "LexicalIndex", "LexicalTerms", "lexical_terms"]

# Robertson and Zaragoza 2009, «The Probabilistic Relevance Framework: BM25 and Beyond»; the usual values.
K1 = 1.2
B = 0.75
# English and the gloss of French, so that either language's questions find both; French; all other languages.
Field = Literal["en", "fr", "other"]
FIELDS: tuple[Field, ...] = ("en", "fr", "other")
# Candidates taken from tantivy beyond the hits wanted, because its order is not quite ours: a quarter. At a million
# chunks as many again change none of the first ten passages of a hundred questions.
SPARE_CANDIDATES = 4
# Up to so many allowed ids go into the query; of more, hits are filtered afterwards.
QUERIED_IDS = 2_000
# How often a term occurs is kept for so many, 10 MB: a question asks for each of its words four times, and questions
# share theirs. What comes beyond is counted each time.
COUNTED_TERMS = 50_000
# tantivy takes no less; one thread, because a writer shares the machine with an encoder.
WRITER_BYTES = 15_000_000


@dataclass(frozen=True, slots=True)
class LexicalTerms:
    """The terms of a chunk in one field, each between spaces of its own, and how many they are."""

    spaced: str
    count: int


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What the index is given for a chunk: its `lexical_terms`."""

    id: int
    terms: Mapping[Field, LexicalTerms]


def lexical_terms(text: str, language: str | None) -> dict[Field, LexicalTerms]:
    """The terms of a text in the field of its language, an ISO 639-1 code or None, and French in English as well."""
    texts: dict[Field, str]
    match language:
        case "en":
            texts = {"en": text}
        case "fr":
            texts = {"fr": text, "en": in_english(text, "fr")}
        case _:
            texts = {"other": text}
    found = {field: terms(of_field, _analyser(field)) for field, of_field in texts.items()}
    return {field: LexicalTerms("".join(map(_spaced, of_field)), len(of_field)) for field, of_field in found.items()}


class LexicalIndex:
    """A tantivy folder that finds chunks by the question's words.

    Opened, it shows the state of that moment and keeps showing it; a writer sees what it adds after the next
    `open`. Searching is safe from several threads; writing is for one thread of one process.

    Example:
        >>> index = LexicalIndex.create(folder)
        >>> index.add([LexicalEntry(1, lexical_terms("The treaty was signed in Paris.", "en"))])
        >>> index.commit()
        >>> [hit.id for hit in LexicalIndex.open(folder).search("Who signed treaties?", 10, "en")]
        [1]
    """

    def __init__(self, folder: Path, index: Any) -> None:
        self._folder = folder
        self._index = index
        self._writer: Any = None
        self._index.config_reader("manual")
        self._index.register_tokenizer("terms", _space_tokenizer())
        self._index.reload()
        self._searcher = self._index.searcher()
        self._statistics = _field_statistics(self._searcher)
        self._count_by_term: dict[tuple[str, str], int] = {}

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """A new, empty index in `folder`; what stood there is removed."""
        import tantivy

        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return cls(folder, tantivy.Index(_schema(), str(folder)))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index in `folder` as last committed, also where the folder can't be written to.

        Raises `FileNotFoundError` where there is none, `ArchiveError` where it is damaged or unreadable.
        """
        import tantivy

        if not (folder / "meta.json").exists():
            raise FileNotFoundError(folder)
        is_writable = os.access(folder, os.W_OK)
        try:
            opened = folder if is_writable else _linked_copy(folder)
            index = cls(folder, tantivy.Index.open(str(opened)))
        except (ValueError, OSError) as error:  # tantivy reports damage and missing files as ValueError
            raise ArchiveError(
                f"The lexical index '{folder}' can't be opened ({error}): run `gazette reindex`."
            ) from error
        if not is_writable:
            weakref.finalize(index, shutil.rmtree, opened, ignore_errors=True)
        return index

    @property
    def folder(self) -> Path:
        return self._folder

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def ids(self) -> NDArray[np.int64]:
        """All ids, ascending."""
        import tantivy

        if not len(self):
            return np.zeros(0, np.int64)
        hits = self._searcher.search(tantivy.Query.all_query(), limit=len(self), count=False).hits
        return np.sort(np.asarray(self._ids_of(hits), np.int64))

    def add(self, entries: Iterable[LexicalEntry]) -> None:
        """Adds chunks, in the place of any with the same ids; they are there after `commit`."""
        import tantivy

        writer = self._writing()
        for entry in entries:
            self.remove((entry.id,))
            document = tantivy.Document()
            document.add_text("id", str(entry.id))
            document.add_unsigned("number", entry.id)
            for field, found in entry.terms.items():
                document.add_text(f"terms_{field}", found.spaced)
                document.add_unsigned(f"length_{field}", found.count)
            writer.add_document(document)

    def remove(self, ids: Iterable[int]) -> None:
        """Removes chunks; they are gone after `commit`. Unknown ids are passed over."""
        writer = self._writing()
        for id_ in ids:
            # By the text field: tantivy's delete by a number field does nothing, without a word.
            writer.delete_documents_by_term("id", str(int(id_)))

    def commit(self) -> None:
        """Brings what was added and removed to disk, whole or not at all. Raises `ArchiveError` where it can't."""
        try:
            self._writing().commit()
        except (ValueError, OSError) as error:  # tantivy reports a full disk as ValueError
            raise ArchiveError(
                f"The lexical index '{self._folder}' can't be written ({error}): free some space on the disk, and run "
                "the command again."
            ) from error
        _share(self._folder)

    def close(self) -> None:
        """Ends writing; waits for merges under way, and gives up what was not committed."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.wait_merging_threads()
            _share(self._folder)

    def search(
        self,
        query: str,
        limit: int,
        field: Field,
        allowed_ids: NDArray[np.int64] | None = None,
        passing: Callable[[list[int]], Collection[int]] | None = None,
    ) -> list[Hit]:
        """The chunks whose text in `field` shares words with a query in its language, best first, at most `limit`.

        Only those of `allowed_ids` count, if given, and only those that `passing` returns of the ids it is asked about.

        A score is the share of the query's BM25 weight that the chunk holds, 0 to 1, words that no chunk holds
        counting as the rarest: so the scores of two fields can be compared. Ties: lower id first.
        """
        if limit < 1 or (allowed_ids is not None and not len(allowed_ids)):
            return []
        statistics = self._statistics[field]
        query_terms = sorted(set(terms(query, _analyser(field))))
        weights = {term: statistics.weight(self._chunk_count(field, term)) for term in query_terms}
        if not statistics.chunk_count or not weights:
            return []
        index_query = self._query(field, query_terms, allowed_ids)
        allowed = None if allowed_ids is None else frozenset(allowed_ids.tolist())

        def counting(ids: list[int]) -> Collection[int]:
            kept = ids if allowed is None else [id_ for id_ in ids if id_ in allowed]
            return kept if passing is None else passing(kept)

        wanted = limit + limit // SPARE_CANDIDATES + 1
        while True:
            candidates = self._searcher.search(index_query, limit=wanted, count=False).hits
            scores = self._scores(field, candidates, weights, counting)
            if len(scores) >= limit or len(candidates) < wanted:
                return sorted(scores, key=lambda hit: (-hit.score, hit.id))[:limit]
            wanted *= 4

    def _query(self, field: str, query_terms: list[str], allowed_ids: NDArray[np.int64] | None) -> Any:
        from tantivy import Occur, Query

        schema = self._index.schema
        any_term = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, f"terms_{field}", term, "freq")) for term in query_terms]
        )
        if allowed_ids is None or len(allowed_ids) > QUERIED_IDS:
            return any_term
        allowed = Query.term_set_query(schema, "id", [str(id_) for id_ in allowed_ids.tolist()])
        return Query.boolean_query([(Occur.Must, any_term), (Occur.Must, Query.const_score_query(allowed, 0.0))])

    def _scores(
        self,
        field: str,
        candidates: list[Any],
        weights: dict[str, float],
        counting: Callable[[list[int]], Collection[int]],
    ) -> list[Hit]:
        """BM25 of each candidate that counts, as a share of the most that the question's terms could give."""
        average = self._statistics[field].average_length or 1.0
        most = sum(weights.values()) * (K1 + 1)
        spaced_weights = [(_spaced(term), weight) for term, weight in weights.items()]
        addresses = [address for _, address in candidates]
        lengths = self._searcher.fast_field_values(f"length_{field}", addresses)
        ids = self._ids_of(candidates)
        counted = frozenset(counting(ids))
        text_field, text_of = f"terms_{field}", self._searcher.doc
        hits: list[Hit] = []
        for id_, address, length in zip(ids, addresses, lengths, strict=True):
            if id_ not in counted:  # before its text is fetched, which takes ten times as long as to ask
                continue
            text = text_of(address).get_first(text_field)
            damping = K1 * (1 - B + B * length / average)
            score = 0.0
            for term, weight in spaced_weights:
                count = text.count(term)
                if count:
                    score += weight * count / (count + damping)
            hits.append(Hit(id_, (K1 + 1) * score / most))
        return hits

    def _ids_of(self, hits: list[Any]) -> list[int]:
        return [int(value) for value in self._searcher.fast_field_values("number", [address for _, address in hits])]

    def _chunk_count(self, field: str, term: str) -> int:
        """How many chunks hold a term; tantivy's own figure would count deleted ones."""
        from tantivy import Query

        count = self._count_by_term.get((field, term))
        if count is None:
            query = Query.term_query(self._index.schema, f"terms_{field}", term, "freq")
            count = int(self._searcher.search(query, limit=1).count)
            if len(self._count_by_term) < COUNTED_TERMS:
                self._count_by_term[field, term] = count
        return count

    def _writing(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(WRITER_BYTES, 1)
            # A writer that was killed leaves files that tantivy would meet again under the same names.
            self._writer.garbage_collect_files()
        return self._writer


@dataclass(frozen=True, slots=True)
class _FieldStatistics:
    """Of the chunks in one field: how many, and how many terms they have on average."""

    chunk_count: int
    average_length: float

    def weight(self, chunks_with_term: int) -> float:
        """Inverse document frequency, in the form that is never negative."""
        return math.log1p((self.chunk_count - chunks_with_term + 0.5) / (chunks_with_term + 0.5))


def _field_statistics(searcher: Any) -> dict[str, _FieldStatistics]:
    import tantivy

    asked = {
        f"{kind}_{field}": {kind: {"field": f"length_{field}"}} for kind in ("value_count", "avg") for field in FIELDS
    }
    found = searcher.aggregate(tantivy.Query.all_query(), asked)
    return {
        field: _FieldStatistics(
            int(found[f"value_count_{field}"]["value"] or 0), float(found[f"avg_{field}"]["value"] or 0.0)
        )
        for field in FIELDS
    }


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", fast=True)
    for field in FIELDS:
        builder.add_text_field(f"terms_{field}", stored=True, tokenizer_name="terms", index_option="freq")
        builder.add_unsigned_field(f"length_{field}", fast=True)
    return builder.build()


def _space_tokenizer() -> Any:
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _spaced(term: str) -> str:
    """A term as it is stored, between spaces of its own, so that counting it in a text finds whole terms only."""
    return f" {term} "


def _analyser(field: Field) -> str | None:
    return None if field == "other" else field


def _linked_copy(folder: Path) -> Path:
    """A folder of links to the index's files, because tantivy makes a lock file beside what it reads."""
    links = Path(tempfile.mkdtemp(prefix="gazette-"))
    shutil.copyfile(folder / "meta.json", links / "meta.json")
    for path in folder.iterdir():
        if path.suffix not in (".lock", ".json"):
            (links / path.name).symlink_to(path.resolve())
    return links


def _share(folder: Path) -> None:
    """Gives tantivy's two private files the permissions of the others, for readers under another account."""
    mode = folder.stat().st_mode & 0o666
    for name in ("meta.json", ".managed.json"):
        (folder / name).chmod(mode)
