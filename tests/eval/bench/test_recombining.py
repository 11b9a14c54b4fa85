from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from embeddings import encoder_from
from eval.bench.archives import benchmark_archive, benchmark_articles
from eval.bench.recombining import Recombiner
from eval.bench.vectors import RecombinedVectors, templates_of
from rag import Archive
from rag.chunking import chunk_as_read, group_sentences
from rag.near_copies import shingles, similarity


def test_an_article_is_the_same_whenever_it_is_made_and_another_for_another_seed() -> None:
    article = Recombiner().article(5)
    assert article == Recombiner().article(5)
    assert Recombiner(1).article(5).article.text != article.article.text


def test_every_sentence_of_an_article_lies_where_it_is_said_to() -> None:
    for made in islice(Recombiner().articles(), 50):
        sentences = [made.article.text[one.start : one.end] for one in made.sentences]
        assert " ".join(sentences) == " ".join(made.article.text.split("\n\n"))


def test_the_vocabulary_grows_with_the_archive_and_articles_are_no_near_copies() -> None:
    made = [one.article.text for one in islice(Recombiner().articles(), 300)]
    words = [set(" ".join(made[:count]).split()) for count in (30, 100, 300)]
    assert len(words[0]) * 1.5 < len(words[1])
    assert len(words[1]) * 1.5 < len(words[2])
    runs = [shingles(text) for text in made[:100]]
    assert max(similarity(one, other) for place, one in enumerate(runs) for other in runs[:place]) < 0.3


def test_drawn_vectors_lie_as_real_ones_do_near_their_own_chunk_s_and_as_far_from_each_other() -> None:
    encoder, recombiner = encoder_from(), Recombiner()
    chunks, templates = [], []
    for made in islice(recombiner.articles(), 30):
        of_article = group_sentences(made.article, made.sentences)
        chunks += of_article
        templates += templates_of(made, of_article)
    real = encoder.encode_passages([chunk_as_read(chunk, encoder).text for chunk in chunks])
    drawn = RecombinedVectors(recombiner, encoder).draw(templates)
    of_others = ~np.eye(len(chunks), dtype=bool)
    among_real, among_drawn = (real @ real.T)[of_others], (drawn @ drawn.T)[of_others]
    assert (real * drawn).sum(axis=1).mean() > among_real.mean() + 0.1
    assert abs(among_real.mean() - among_drawn.mean()) < 0.05
    assert abs(among_real.std() - among_drawn.std()) < 0.03


def test_an_archive_filled_in_bulk_is_sound_and_found_again(tmp_path: Path) -> None:
    path = benchmark_archive(300, tmp_path, encoded_up_to=0)
    with Archive.open(path) as archive:
        info = archive.info()
        assert 300 <= info.chunks < 400
        assert info.encoder == encoder_from().name
        assert archive.verify() == []
        article = benchmark_articles(300)[3]
        assert archive.article(article.id) == article
        assert archive.search(article.text.split(".")[0])
    made = (path / "gazette.db").stat().st_mtime_ns
    assert benchmark_archive(300, tmp_path) == path
    assert (path / "gazette.db").stat().st_mtime_ns == made
