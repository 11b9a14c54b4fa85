"""What is kept of sentences when they are added, and what comes of it when there is nothing, or it is damaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder, GlossingEncoder, HashingEncoder, ReadText, ShippedEncoder, encoder_from
from rag import Archive, Article, Assistant
from rag.alignment import how_well_met, read_sentences
from rag.chunking import chunk_as_read, split_article
from rag.kept_sentences import is_sound, read_chunks
from rag.records import Chunk, Span
from rag.sentences import split_sentences
from rag.store import STORE_FILE, Store
from tests.rag.newsroom import ARTICLES

ENCODER = encoder_from(None)
QUESTION = "How much will the bridge cost?"


class Recording(ShippedEncoder):
    """Notes the texts that it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        return super().encode_passages(texts)

    def encode_words(self, texts: Sequence[str]) -> list[ReadText]:
        self.read += texts
        return super().encode_words(texts)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive.open(tmp_path / "archive")
    archive.add(ARTICLES)
    return archive


def _chunks() -> list[Chunk]:
    return [chunk for article in ARTICLES for chunk in split_article(article)]


def test_a_chunk_has_the_vector_that_it_has_when_it_is_encoded_alone() -> None:
    read = read_chunks(_chunks(), ENCODER)
    texts = [chunk_as_read(chunk, ENCODER).text for chunk in _chunks()]
    np.testing.assert_allclose(read.vectors, ENCODER.encode_passages(texts), atol=1e-5)


def test_a_chunk_is_read_with_its_title_if_it_is_the_first_and_each_sentence_lies_where_it_is_said_to() -> None:
    for chunk in _chunks():
        as_read = chunk_as_read(chunk, ENCODER)
        assert as_read.is_gloss == (chunk.article.language == "fr")
        assert [span for span, _ in as_read.sentences] == split_sentences(chunk.text, chunk.article.language)
        for span, place in as_read.sentences:
            sentence = chunk.text[span.start : span.end]
            assert as_read.text[place.start : place.end] == ENCODER.as_read(sentence, chunk.article.language)
        if chunk.article.language == "en":
            title = f"{chunk.article.title}\n" if chunk.position == 0 else ""
            assert as_read.text == title + chunk.text


def test_an_archive_keeps_where_the_sentences_of_passages_lie_and_how_they_were_read(archive: Archive) -> None:
    passages = archive.search(QUESTION)
    kept = archive.kept_sentences(passages)
    assert len(kept.spans) == len(passages)
    for passage in passages:
        spans = kept.spans[passage.article.id, passage.start, passage.end]
        found = split_sentences(passage.text, passage.article.language)
        assert spans == tuple(Span(passage.start + one.start, passage.start + one.end) for one in found)
        assert all((passage.article.id, span.start, span.end) in kept.read for span in spans)


def test_all_sentences_of_an_article_are_told_from_what_is_kept(archive: Archive) -> None:
    for article in ARTICLES:
        assert archive.kept_spans(article) == tuple(split_sentences(article.text, article.language))
    assert archive.kept_spans(replace(ARTICLES[0], text=f"News. {ARTICLES[0].text}")) == ()


@pytest.mark.parametrize("question", [QUESTION, "Combien coûtera le pont ?"])
def test_a_sentence_kept_meets_a_question_s_words_as_one_read_now_does(archive: Archive, question: str) -> None:
    (asked,) = read_sentences(ENCODER, [(question, "fr" if "pont" in question else "en")])
    kept = archive.kept_sentences(archive.search(question))
    bridge = ARTICLES[0]
    start = bridge.text.index("The bridge will cost")
    end = bridge.text.index("said.", start) + len("said.")
    (now,) = read_sentences(ENCODER, [(bridge.text[start:end], "en")])
    met = how_well_met(asked, [kept.read["bridge", start, end], now])
    assert np.abs(met[:, 0] - met[:, 1]).max() < 0.2
    others = [one for place, one in kept.read.items() if place != ("bridge", start, end)]
    assert met[:, 0].mean() > how_well_met(asked, others).mean(axis=0).max()


def test_an_answer_reads_nothing_but_the_question(tmp_path: Path) -> None:
    recording = Recording()
    with Archive.open(tmp_path, encoder=GlossingEncoder(recording)) as archive:
        archive.add(ARTICLES)
        recording.read.clear()
        answer = Assistant(archive).ask("How much will the bridge over the Tarn cost?")
    assert "4,000 crowns" in answer.text
    assert set(recording.read) == {"How much will the bridge over the Tarn cost?"}


def test_no_further_passages_are_looked_at_once_there_are_sentences_enough(archive: Archive) -> None:
    passages = archive.search(QUESTION)
    assert len(passages) > 1
    assert list(archive.kept_sentences(passages, limit=1).spans) == [
        (passages[0].article.id, passages[0].start, passages[0].end)
    ]
    assert archive.kept_sentences([]).spans == {}


def test_what_the_encoder_did_not_reach_is_known_and_read_when_it_is_asked_for(tmp_path: Path) -> None:
    text = f"The mill has {'antidisestablishmentarianism and ' * 50}a roof. The bridge will cost 4,000 crowns."
    article = Article("long", "News", text, language="en")
    with Archive.open(tmp_path) as archive:
        archive.add(article)
        (passage,) = archive.search(QUESTION)
        kept = archive.kept_sentences([passage])
        (spans,) = kept.spans.values()
        assert [text[span.start : span.end][-13:] for span in spans][-1] == "4,000 crowns."
        assert ("long", spans[-1].start, spans[-1].end) not in kept.read
        assert "4,000 crowns" in Assistant(archive).ask(QUESTION).text


def test_an_encoder_that_reads_words_alone_keeps_nothing_and_answers(tmp_path: Path) -> None:
    encoder: Encoder = HashingEncoder(256)
    assert read_chunks(_chunks(), encoder).sentences == (None,) * len(_chunks())
    with Archive.open(tmp_path, encoder=encoder) as archive:
        archive.add(ARTICLES)
        passages = archive.search(QUESTION)
        kept = archive.kept_sentences(passages)
        assert (dict(kept.spans), dict(kept.read)) == ({}, {})
        assert archive.kept_spans(ARTICLES[0]) == ()
        assert archive.verify() == []
        assert Assistant(archive).ask(QUESTION).passages == tuple(passages)


def test_a_changed_article_s_sentences_are_not_taken_for_the_old_one_s(archive: Archive) -> None:
    passages = [passage for passage in archive.search(QUESTION) if passage.article.id == "bridge"]
    archive.add(Article("bridge", "A bridge", f"News. {ARTICLES[0].text}", language="en"))
    assert archive.kept_sentences(passages).spans == {}


def test_an_archive_of_the_first_format_is_read_as_it_is_upgraded_by_who_writes_and_filled_by_reindex(
    archive: Archive,
) -> None:
    answer = Assistant(archive).ask(QUESTION)
    store = Store(archive.folder / STORE_FILE)
    with store.write() as writer:
        writer.query("DROP TABLE sentences")
        writer.query("UPDATE state SET format = 1")
    with Archive.open(archive.folder) as old:
        assert old.kept_sentences(old.search(QUESTION)).spans == {}
        assert old.kept_spans(ARTICLES[0]) == ()
        assert Assistant(old).ask(QUESTION).citations == answer.citations
        assert old.verify() == []
        assert (old.info().format, old.info().chunks_with_sentences) == (1, 0)
        old.add(Article("new", "A mill", "The mill has a new wheel.", language="en"))
        assert (old.info().format, old.info().chunks_with_sentences) == (2, 1)
        assert [problem.split(":")[0] for problem in old.verify()] == [
            f"of {len(_chunks())} chunks no sentences are kept"
        ]
        old.reindex()
        assert old.verify() == []
        assert old.info().chunks_with_sentences == old.info().chunks == len(_chunks()) + 1
        assert len(old.kept_sentences(old.search(QUESTION)).spans) > 1


def test_what_is_damaged_is_told_and_passed_over(archive: Archive) -> None:
    answer = Assistant(archive).ask(QUESTION)
    store = Store(archive.folder / STORE_FILE)
    with store.write() as writer:
        writer.query("UPDATE sentences SET kept = substr(kept, 1, length(kept) - 1)")
    assert archive.kept_sentences(archive.search(QUESTION)).spans == {}
    assert archive.kept_spans(ARTICLES[0]) == ()
    assert Assistant(archive).ask(QUESTION).citations == answer.citations
    (problem,) = archive.verify()
    assert problem.startswith(f"what is kept of the sentences of {len(_chunks())} chunks is damaged: ")


def test_only_what_was_kept_is_sound() -> None:
    (kept, *_) = read_chunks(_chunks(), ENCODER).sentences
    assert kept is not None
    assert is_sound(kept, 384)
    for damaged in (b"", kept[:3], kept[:7], kept[:-1], kept + b"\0", b"\xff\xff\xff\x7f" + kept[4:]):
        assert not is_sound(damaged, 384)
    assert not is_sound(kept, 385 * 4)
