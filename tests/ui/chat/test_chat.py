"""The server of the web chat: it starts at once, tells its address, gives out articles, and ends when told to."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from rag import Archive
from rag.errors import GazetteError
from tests.ui.serving import ServedChat, serve_chat
from ui.chat.application import run_chat
from ui.rendering.article_html import quote_check
from ui.server.running import ServerSettings


def source(chat: ServedChat, **query: object) -> httpx.Response:
    return httpx.get(f"{chat.address}/source?{urlencode(query)}", timeout=30, trust_env=False)


def test_an_article_comes_whole_with_the_quote_marked(sample_chat: ServedChat, sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        article = archive.articles()[0]
    quote = article.text[10:60]
    response = source(sample_chat, article=article.id, start=10, end=60, check=quote_check(quote), language="en")
    assert response.status_code == 200
    assert response.text.count("<mark>") == 1
    assert article.source is not None
    assert article.source in response.text


def test_a_quote_that_the_article_no_longer_holds_is_not_marked(sample_chat: ServedChat, sample_archive: Path) -> None:
    with Archive.open(sample_archive) as archive:
        article = archive.articles()[0]
    response = source(sample_chat, article=article.id, start=10, end=60, check=quote_check("other"), language="fr")
    assert "<mark>" not in response.text
    assert "Cet article a changé" in response.text


def test_an_article_that_is_gone_is_said_to_be_gone(sample_chat: ServedChat) -> None:
    response = source(sample_chat, article="no such", language="en")
    assert response.status_code == 404
    assert "no longer in the archive" in response.text


@pytest.mark.parametrize("query", [{"article": "x" * 5000}, {"article": "x", "start": "y"}, {}])
def test_a_malformed_request_is_refused(sample_chat: ServedChat, query: dict[str, str]) -> None:
    assert source(sample_chat, **query).status_code == 422


def test_it_ends_soon_after_sigterm_while_a_page_is_open(sample_archive: Path) -> None:
    with (
        serve_chat(sample_archive) as chat,
        httpx.stream("GET", f"{chat.address}/en/gradio_api/heartbeat/abc", timeout=30, trust_env=False) as open_tab,
    ):
        next(open_tab.iter_raw())
        chat.process.send_signal(signal.SIGTERM)
        # Five seconds are promised; the rest is for a machine that does other things.
        assert chat.process.wait(timeout=10) in (0, -signal.SIGTERM)


def test_a_port_that_is_taken_is_an_error_that_names_the_way_out(sample_archive: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(GazetteError, match="--port"):
        run_chat(sample_archive, server=ServerSettings(port=taken.getsockname()[1]))
