"""Articles looked through: searched, narrowed, ordered, counted and paged as one would by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import HashingEncoder
from rag import Archive, Article, Filters
from rag.browsing import PAGE_ARTICLES, ArchiveView, Wanted
from rag.words import fold, searchable

ARTICLES = (
    Article("b", "École d’Évry", "Un.", source="Le Môle", language="fr", published=date(2016, 1, 1)),
    Article("a", "Title a", "One.", source="The Quay", authors=("Ann Lee",), language="en", published=date(2014, 5, 1)),
    Article("c", "Title c", "Two.", language=None),
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path, encoder=HashingEncoder(32)) as made:
        made.add(ARTICLES)
        yield made


def ids(archive: Archive, **wanted: object) -> list[str]:
    return [found.id for found in archive.browse(Wanted(**wanted)).articles]  # type: ignore[arg-type]


def test_articles_are_searched_by_title_outlet_and_author_without_accents_or_case(archive: Archive) -> None:
    assert ids(archive, words="ecole EVRY") == ["b"]
    assert ids(archive, words="lee") == ["a"]
    assert ids(archive, words="mole d'evry") == ["b"]
    assert ids(archive, words="quay nothing") == []
    assert ids(archive, words="\ud800 l\u200bee") == ["a"]
    assert ids(archive, words="%") == []
    assert ids(archive, words=" ".join(map(str, range(3_000)))) == []


def test_ids_are_found_by_their_beginning(tmp_path: Path) -> None:
    with Archive.open(tmp_path, encoder=HashingEncoder(32)) as archive:
        archive.add([Article(id_, "Title", f"Text {id_}.") for id_ in ("ab", "abc", "ab%", "b", "a\U0010fffd", "é")])
        assert archive.ids_beginning("ab") == ["ab", "ab%", "abc"]
        assert archive.ids_beginning("a") == ["ab", "ab%", "abc", "a\U0010fffd"]
        assert archive.ids_beginning("ab_") == archive.ids_beginning("\udcff") == []
        assert len(archive.ids_beginning("")) == 6


def test_half_a_character_is_asked_for_in_vain(archive: Archive) -> None:
    assert archive.article("a\udcff") is None
    assert archive.summaries(Filters(source="The Quay\udcff")) == []
    assert archive.summaries(Filters(language="\udcff")) == []
    assert archive.search("Title", source="\udcff") == []


def test_articles_are_narrowed_and_ordered_those_without_a_date_last(archive: Archive) -> None:
    assert ids(archive) == ["b", "a", "c"]
    assert ids(archive, order="oldest") == ["a", "b", "c"]
    assert ids(archive, order="title") == ["b", "a", "c"]
    assert ids(archive, order="outlet") == ["b", "a", "c"]
    assert ids(archive, order="by magic") == ids(archive)
    assert ids(archive, source="The Quay") == ["a"]
    assert ids(archive, source="the quay \udfff") == []
    assert ids(archive, language="fr") == ["b"]
    assert ids(archive, year=2014) == ["a"]
    assert ids(archive, year=1_000_000) == []


def test_what_is_found_is_counted_and_paged(tmp_path: Path) -> None:
    with Archive.open(tmp_path, encoder=HashingEncoder(32)) as archive:
        assert archive.browse(Wanted()) == ArchiveView((), 0, 1, 1, Counter(), Counter(), Counter())
        archive.add(
            [
                Article(f"{n:03}", f"Title {n}", f"Text {n}.", published=date(2014, 5, 1))
                for n in range(PAGE_ARTICLES + 1)
            ]
        )
        view = archive.browse(Wanted(page=99))
        assert (view.total, view.page, view.page_count, len(view.articles)) == (PAGE_ARTICLES + 1, 2, 2, 1)
        assert view.count_by_year == {2014: PAGE_ARTICLES + 1}


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["Été", "ete b", "a", "Zoo"]),
            st.sampled_from([None, "", "Le Môle", "quay", "Écho"]),
            st.sampled_from([(), ("Ann Lee",), ("É. Zola", "Lee")]),
            st.sampled_from([None, date(2014, 5, 1), date(2014, 12, 31), date(2016, 1, 1)]),
            st.sampled_from([None, "en", "fr"]),
        ),
        max_size=12,
    ),
    wanted=st.builds(
        Wanted,
        words=st.sampled_from(["", "ete", "LEE zola", "mole"]),
        source=st.sampled_from(["", "Le Môle", "quay"]),
        language=st.sampled_from(["", "en"]),
        year=st.sampled_from([0, 2014, 2016]),
        order=st.sampled_from(["newest", "oldest", "title", "outlet"]),
    ),
)
def test_any_articles_are_found_ordered_and_counted_as_by_hand(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str | None, tuple[str, ...], date | None, str]],
    wanted: Wanted,
) -> None:
    articles = [
        Article(str(n), title, f"Text {n}.", source=source, authors=authors, published=published, language=language)
        for n, (title, source, authors, published, language) in enumerate(rows)
    ]
    with Archive.open(tmp_path_factory.mktemp("any"), encoder=HashingEncoder(16)) as archive:
        archive.add(articles)
        view = archive.browse(wanted)
    expected = _by_hand(articles, wanted)
    assert [found.id for found in view.articles] == [found.id for found in expected]
    assert view.total == len(expected)
    assert view.count_by_source == Counter(found.source for found in expected if found.source)
    assert view.count_by_language == Counter(found.language for found in expected if found.language)
    assert view.count_by_year == Counter(found.published.year for found in expected if found.published)


def _by_hand(articles: Sequence[Article], wanted: Wanted) -> list[Article]:
    def fits(one: Article) -> bool:
        said = searchable(" ".join((one.title, one.source or "", *one.authors)))
        return (
            all(word in said for word in searchable(wanted.words).split())
            and wanted.source in ("", one.source)
            and wanted.language in ("", one.language)
            and (not wanted.year or (one.published is not None and one.published.year == wanted.year))
        )

    found = sorted(filter(fits, articles), key=lambda one: fold(one.title))
    if wanted.order == "outlet":
        return sorted(found, key=lambda one: (not one.source, fold(one.source or "")))
    if wanted.order == "title":
        return found
    dated = [one for one in found if one.published]
    undated = [one for one in found if not one.published]
    return sorted(dated, key=lambda one: one.published or date.min, reverse=wanted.order == "newest") + undated
