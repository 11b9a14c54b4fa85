from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.chunking import split_article
from rag.errors import ArchiveError
from rag.records import Article
from rag.store import Store
from rag.store_writer import content_hash
from tests.rag.invented import articles

ONE = Article("one", "One", "The ferry sailed. It came back.", language="en", source="Tyne  Observer")
TWO = Article("two", "Two", "Le blé a baissé.", language="fr")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "gazette.db")
    store.create(None)
    with store.write() as writer:
        for article in (ONE, TWO):
            writer.insert_chunks(writer.insert_article(article, None), split_article(article))
    return store


def test_a_reader_keeps_its_state_while_another_writes(store: Store) -> None:
    with store.read() as view:
        assert view.counts() == (2, 2)
        with store.write() as writer:
            writer.delete_articles(list(writer.numbers(["one"]).values()))
        assert view.counts() == (2, 2)
        assert view.article("one") == ONE
    with store.read() as view:
        assert view.counts() == (1, 1)


def test_a_transaction_that_raises_is_undone(store: Store) -> None:
    def fail() -> None:
        with store.write() as writer:
            writer.insert_article(articles(1)[0], None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as view:
        assert view.counts() == (2, 2)


def test_deleting_an_article_deletes_all_that_hangs_on_it(store: Store) -> None:
    with store.write() as writer:
        encoder = writer.register_encoder("e", "e", 2)
        ids = writer.chunk_ids().tolist()
        writer.insert_vectors(encoder, ids, np.ones((2, 2), np.float32))
        writer.insert_sentences(encoder, ids, [b"kept", b"kept too"])
        one, two = writer.numbers(["one", "two"]).values()
        writer.insert_near_copy_keys(one, [1, 2, 3])
        writer.insert_twins(one, [two])
        gone = writer.delete_articles([one])
        assert len(gone) == 1
        for table in ("texts", "chunks", "vectors", "sentences"):
            assert writer.query(f"SELECT count(*) FROM {table}") == [(1,)]
        for table in ("near_copies", "near_copy_keys"):
            assert writer.query(f"SELECT count(*) FROM {table}") == [(0,)]


def test_the_same_chunk_has_the_same_id_in_every_archive(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other.db")
    other.create(None)
    with other.write() as writer:
        writer.insert_chunks(writer.insert_article(TWO, "elsewhere"), split_article(TWO))
    with store.read() as view, other.read() as other_view:
        assert set(other_view.chunk_ids().tolist()) < set(view.chunk_ids().tolist())


def test_the_content_hash_changes_with_everything_but_the_path() -> None:
    assert content_hash(replace(ONE, path="/elsewhere")) == content_hash(ONE)
    others = [
        replace(ONE, id="x"),
        replace(ONE, title="x"),
        replace(ONE, text="x"),
        replace(ONE, url="x"),
        replace(ONE, source=None),
        replace(ONE, authors=("x",)),
        replace(ONE, published=date(2020, 1, 1)),
        replace(ONE, language="fr"),
    ]
    assert len({content_hash(article) for article in [ONE, *others]}) == 9


def test_unknown_ids_are_left_out(store: Store) -> None:
    with store.read() as view:
        known = view.chunk_ids().tolist()
        assert set(view.chunks([*known, 12345])) == set(known)
        assert view.passing_chunk_ids([*known, 12345]) == set(known)
        assert view.numbers(["one", "nobody"]).keys() == {"one"}
        assert view.article("nobody") is None
        assert view.chunks([]) == {}


def test_many_threads_read_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                with store.read() as view, store.read() as second:
                    assert view.counts() == second.counts() == (2, 2)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_closed_store_opens_again(store: Store) -> None:
    store.close()
    with store.read() as view:
        assert view.counts() == (2, 2)
    store.close()
    assert not Path(f"{store.path}-wal").exists()


def test_a_full_disk_is_a_clear_error(store: Store) -> None:
    def fill() -> None:
        with store.write() as writer:
            writer.query("PRAGMA max_page_count = 1")
            for article in articles(300):
                writer.insert_article(article, None)

    with pytest.raises(ArchiveError, match="if the disk is full"):
        fill()
    with store.read() as view:
        assert view.counts() == (2, 2)
