"""The door of the web chat: who is let in, which addresses exist, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.ui.serving import ServedChat
from ui.server.web_guard import RESPONSE_HEADERS


@pytest.fixture(scope="module")
def client(empty_chat: ServedChat) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=empty_chat.address, timeout=30, trust_env=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/fr/",
        "/fr/config",
        "/look/chat.js",
        "/look/none.css",
        "/source?article=x",
        "/icon.svg",
        "/nothing",
    ],
)
def test_every_answer_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in RESPONSE_HEADERS} == RESPONSE_HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example:80", ""]
)
def test_a_foreign_name_is_refused_with_the_reason(client: httpx.Client, host: str) -> None:
    response = client.get("/en/", headers={"Host": host})
    assert response.status_code == 403
    assert "use http://127.0.0.1" in response.text
    assert "content-security-policy" in response.headers


def test_localhost_under_any_port_is_our_own_name(client: httpx.Client) -> None:
    # A forwarded port arrives under the port it was forwarded from.
    assert client.get("/en/", headers={"Host": "localhost:9999"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1:1", "file://"])
def test_another_origin_can_neither_ask_nor_read(client: httpx.Client, origin: str) -> None:
    headers = {"Origin": origin}
    assert client.post("/en/gradio_api/queue/join", json={}, headers=headers).status_code == 403
    assert client.get("/source?article=x", headers=headers).status_code == 403
    assert client.post(f"/conversations/{'a' * 32}/delete", json={}, headers=headers).status_code == 403


def test_our_own_origin_is_let_in(client: httpx.Client, empty_chat: ServedChat) -> None:
    assert client.get("/en/", headers={"Origin": empty_chat.address}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/en/gradio_api/file=/etc/passwd",
        "/gradio_api/file=/etc/passwd",
        "/en/file=/etc/passwd",
        "/en/gradio_api/file=http://attacker.example/",
        "/en/gradio_api/file/etc/passwd",
        "/en/gradio_api/proxy=http://attacker.example/",
        "/en/static/../../../../etc/passwd",
        "/en/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/en/assets/..%2f..%2f..%2fetc/passwd",
        "/en/static//etc/passwd",
        "/en/svelte/x.js",
        "/en/gradio_api/upload_progress?upload_id=x",
        "/en/gradio_api/runs",
        "/en/gradio_api/call/ask/0123456789abcdef",  # tells what was answered to whoever knows the event's id
        "/en/gradio_api/deep_link?session_hash=x",
        "/en/monitoring",
        "/en/login",
        "/en/gradio_api/openapi.json",
        "/en/gradio_api/dev/reload",
        "/en/gradio_api/vibe-code",
        "/docs",
        "/openapi.json",
        "/conversations/../../etc/passwd",
        "/conversations/0123/export.md",
        "/conversations/0123456789abcdef0123456789abcdef/export.sqlite3",
        "/look/../chat.py",
        "/look/icon.py",
    ],
)
def test_no_file_of_the_disk_and_none_of_gradios_other_routes_is_served(client: httpx.Client, path: str) -> None:
    response = client.send(client.build_request("GET", httpx.URL(client.base_url, raw_path=path.encode())))
    assert response.status_code in (403, 404)
    assert "root:" not in response.text


@pytest.mark.parametrize("path", ["/en/gradio_api/upload", "/en/gradio_api/component_server", "/en/login"])
def test_nothing_can_be_uploaded(client: httpx.Client, path: str) -> None:
    assert client.post(path, files={"files": b"x"}).status_code == 404


def test_a_request_of_unreasonable_length_is_refused_unread(client: httpx.Client) -> None:
    response = client.post("/en/gradio_api/queue/join", content=b"x" * 3_000_000)
    assert response.status_code == 413


def test_a_request_that_hides_its_length_is_refused(client: httpx.Client) -> None:
    response = client.post("/en/gradio_api/queue/join", content=iter([b"x"]))
    assert response.status_code == 411


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_taken(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/en/").status_code == 405


@pytest.mark.parametrize(("accepted", "path"), [("fr-FR,fr", "/fr/"), ("en", "/en/"), ("de", "/en/"), ("", "/en/")])
def test_the_root_leads_to_the_page_in_the_browsers_language(client: httpx.Client, accepted: str, path: str) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert response.status_code == 307
    assert urlsplit(response.headers["location"]).path == path
    assert "accept-language" in response.headers["vary"].lower()


def test_the_page_names_no_foreign_address_to_load_from(client: httpx.Client) -> None:
    for path in ("/en/", "/fr/", "/look/chat.css", "/look/chat.js", "/en/theme.css"):
        markup = client.get(path).text
        assert "fonts.googleapis" not in markup
        assert "cdn" not in markup.lower()
