"""Files with one JSON object a line."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadingError
from rag.reading import Input, read_input
from rag.reading.drafts import finish_article
from rag.reading.jsonl import read_jsonl
from rag.records import Article, Record


def read_lines(path: Path, *records: object) -> list[Article | Record]:
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join(lines), encoding="utf-8")
    return list(read_input(Input("news.jsonl", path)))


def read_one(path: Path, record: object) -> Article:
    (article,) = read_lines(path, record)
    assert isinstance(article, Article), article
    return article


def test_all_fields_are_read_under_their_usual_names(tmp_path: Path) -> None:
    article = read_one(
        tmp_path / "a.jsonl",
        {
            "id": "x-7",
            "title": "Ships meet",
            "body": "One.\nTwo.",
            "url": "https://post.example/a#top",
            "outlet": {"name": "Skagerrak Post"},
            "author": ["Ann Carver", {"name": "Bo Lind"}],
            "date": "2016-07-13T22:00:00-05:00",
            "language": "FR-fr",
        },
    )
    assert (article.id, article.title, article.text) == ("x-7", "Ships meet", "One.\n\nTwo.")
    assert (article.url, article.source) == ("https://post.example/a", "Skagerrak Post")
    assert article.authors == ("Ann Carver", "Bo Lind")
    assert (article.published, article.language) == (date(2016, 7, 13), "fr")


def test_fields_in_a_metadata_object_are_read(tmp_path: Path) -> None:
    metadata = {"language": "fr", "source": "rt.example", "published": 1468427760}
    article = read_one(
        tmp_path / "a.jsonl", {"_id": 12, "title": "", "text": "Un texte court.", "metadata": metadata, "source": ""}
    )
    assert (article.id, article.language, article.source) == ("12", "fr", "rt.example")
    assert article.published == date(2016, 7, 13)
    assert article.title == "Un texte court."


def test_text_is_kept_whole_whatever_it_looks_like(tmp_path: Path) -> None:
    lines = [
        "Publicité",
        "Read also: this line",
        "13 juil. 2016, 18:36",
        "3 comments",
        "A sentence\u2028with a separator.",
        "Comments closed.",
    ]
    article = read_one(tmp_path / "a.jsonl", {"title": "Publicité", "text": "\n".join(lines)})
    assert article.text.split("\n\n") == [*lines[:4], "A sentence", "with a separator.", lines[5]]


def test_markup_in_a_text_becomes_paragraphs(tmp_path: Path) -> None:
    article = read_one(tmp_path / "a.jsonl", {"text": "<p>Un <b>texte</b>.</p><p>Deux&nbsp;: la suite.</p>"})
    assert article.text == "Un texte.\n\nDeux\u00a0: la suite."


def test_a_bad_line_fails_alone_with_its_number(tmp_path: Path) -> None:
    results = read_lines(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "First."},
        "",
        "nonsense",
        {"id": "2"},
        {"id": "1", "text": "Again."},
        {"id": "3", "text": "Last."},
    )
    assert [result.id for result in results if isinstance(result, Article)] == ["1", "3"]
    failures = {result.origin: result.reason for result in results if isinstance(result, Record)}
    assert set(failures) == {"news.jsonl#line 3", "news.jsonl#line 4", "news.jsonl#line 5"}
    assert "not JSON" in failures["news.jsonl#line 3"]
    assert "no text" in failures["news.jsonl#line 4"]
    assert "id '1' of line 1" in failures["news.jsonl#line 5"]


def test_records_without_id_keep_theirs_when_lines_move(tmp_path: Path) -> None:
    first, second = {"title": "A", "text": "First text."}, {"title": "B", "text": "Second text."}
    before = read_lines(tmp_path / "a.jsonl", first, second, second)
    after = read_lines(tmp_path / "a.jsonl", second, first, second)
    ids_before = [article.id for article in before if isinstance(article, Article)]
    ids_after = [article.id for article in after if isinstance(article, Article)]
    assert len(set(ids_before)) == 3
    assert [ids_after[1], ids_after[0], ids_after[2]] == ids_before


def test_ids_that_cannot_be_shown_are_replaced(tmp_path: Path) -> None:
    for own_id in ("a\nb", "x" * 201, "\u202eabc"):
        assert len(read_one(tmp_path / "a.jsonl", {"id": own_id, "text": "Words."}).id) == 12


def test_jsonl_under_another_name_is_known_by_its_first_line(tmp_path: Path) -> None:
    results = read_lines(tmp_path / "a.txt", {"id": "1", "text": "First."}, {"id": "2", "text": "Second."})
    assert [result.id for result in results if isinstance(result, Article)] == ["1", "2"]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_leaves=6,
)
FIELDS = "id title text body url source author authors date published language metadata".split()


@given(record=st.dictionaries(st.sampled_from(FIELDS), JSON_VALUES))
def test_any_record_gives_an_article_or_a_reason(record: dict[str, object]) -> None:
    (entry,) = read_jsonl(BytesIO(json.dumps(record).encode() + b"\n"))
    reason, article = entry.why_not.said() if entry.why_not else "", None
    try:
        article = finish_article(entry.draft, "key") if entry.draft else None
    except ReadingError as error:
        reason = str(error)
    assert bool(reason) != bool(article)
    if article:
        assert article.text
        assert article.title
        repr(article).encode()
