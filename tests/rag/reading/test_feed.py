"""RSS and Atom feeds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.errors import ReadingError
from rag.reading import Input, read_input
from rag.reading.feed import read_feed
from rag.records import Article, Record

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Baltic Watch</title><link>https://watch.example/</link><language>en-GB</language>
<item><title>Mine hunters leave Zeebrugge &amp; Ostend</title>
<link>https://watch.example/2015/mine-hunters?utm_source=rss</link><guid isPermaLink="false">bw-4411</guid>
<pubDate>Tue, 03 Mar 2015 23:30:00 -0500</pubDate><dc:creator>Ann Carver</dc:creator>
<description>Short summary.</description>
<content:encoded><![CDATA[<p>Two mine hunters left Zeebrugge on Tuesday for the Baltic.</p>
<figure><img src="x"/><figcaption>Photo: Navy</figcaption></figure>
<p>They will clear <b>wartime mines</b> off Estonia until May.</p><script>alert(1)</script>
<p>Read also: <a href="x">Old mines, new ships</a></p>
<p>The post <a>Mine hunters</a> appeared first on <a>Baltic Watch</a>.</p>]]></content:encoded></item>
<item><title>Harbour master resigns</title><link>https://watch.example/2</link>
<description>&lt;p&gt;The harbour master resigned on Monday.&lt;/p&gt;</description></item>
<item><title>Empty one</title><guid>e3</guid></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Le Courrier</title>
<entry><id>tag:courrier.example,2016:1</id><title type="html">L&#39;escadre &lt;em&gt;rentre&lt;/em&gt;</title>
<link href="https://courrier.example/escadre"/><updated>2016-05-06T00:30:00+02:00</updated>
<author><name>Yann Le Goff</name></author>
<summary>Les trois navires rentrent dimanche à Brest. Ils étaient partis en janvier.</summary></entry></feed>"""


def read(path: Path, text: str) -> list[Article | Record]:
    path.write_text(text, encoding="utf-8")
    return list(read_input(Input("feed.xml", path)))


def test_rss_entry_gives_its_full_content_without_clutter(tmp_path: Path) -> None:
    article = read(tmp_path / "feed.xml", RSS)[0]
    assert isinstance(article, Article)
    assert article.text == (
        "Two mine hunters left Zeebrugge on Tuesday for the Baltic.\n\n"
        "They will clear wartime mines off Estonia until May."
    )
    assert (article.id, article.title) == ("bw-4411", "Mine hunters leave Zeebrugge & Ostend")
    assert (article.url, article.source) == ("https://watch.example/2015/mine-hunters", "Baltic Watch")
    assert (article.authors, article.published, article.language) == (("Ann Carver",), date(2015, 3, 3), "en")


def test_rss_entry_without_content_gives_its_summary(tmp_path: Path) -> None:
    article = read(tmp_path / "feed.rss", RSS)[1]
    assert isinstance(article, Article)
    assert article.text == "The harbour master resigned on Monday."
    assert article.published is None


def test_entry_without_any_text_fails_alone(tmp_path: Path) -> None:
    record = read(tmp_path / "feed.xml", RSS)[2]
    assert isinstance(record, Record)
    assert (record.origin, record.reason) == ("feed.xml#entry 3", "has neither content nor summary")


def test_atom_feed_is_read_whatever_its_files_name(tmp_path: Path) -> None:
    (article,) = read(tmp_path / "feed.txt", ATOM)
    assert isinstance(article, Article)
    assert (article.id, article.title) == ("tag:courrier.example,2016:1", "L'escadre rentre")
    assert (article.published, article.language) == (date(2016, 5, 6), "fr")


def test_feed_bytes_are_never_taken_for_a_path_or_an_address() -> None:
    for data in (b"/etc/passwd", b"http://127.0.0.1:9/", b"file:///etc/passwd"):
        with pytest.raises(ReadingError):
            list(read_feed(data))


def test_external_entities_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret", encoding="utf-8")
    evil = RSS.replace("<rss ", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><rss ', 1)
    results = read(
        tmp_path / "feed.xml", evil.replace("Short summary.", "&x;").replace("resigned on", "&x; resigned on")
    )
    assert "the secret" not in repr(results)


def test_what_the_outlet_says_of_itself_is_left_out(tmp_path: Path) -> None:
    sentence = "The harbour master resigned on Monday, after eleven winters and one summer that he called the worst. "
    boilerplate = "&lt;p&gt;Baltic Watch is a magazine of the coast.&lt;/p&gt;"
    feed = RSS.replace(
        "&lt;p&gt;The harbour master resigned on Monday.&lt;/p&gt;", f"&lt;p&gt;{sentence * 3}&lt;/p&gt;{boilerplate}"
    )
    article = read(tmp_path / "feed.xml", feed)[1]
    assert isinstance(article, Article)
    assert article.text == (sentence * 3).strip()


def test_language_is_the_texts_not_the_feeds(tmp_path: Path) -> None:
    (article,) = read(tmp_path / "feed.xml", ATOM.replace("<title>Le", '<title xml:lang="en">Le', 1))
    assert isinstance(article, Article)
    assert article.language == "fr"
