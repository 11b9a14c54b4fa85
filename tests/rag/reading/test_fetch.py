"""Addresses, fetched from a real server on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.errors import ReadingError
from rag.reading import Input, read_input
from rag.reading.addresses import any_address, is_public_address
from rag.reading.fetch import FetchLimits, fetch
from rag.records import Article, Record
from tests.rag.reading.pages import NEWSPAPER
from tests.rag.reading.test_feed import RSS

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A server, what it answers by path, and the paths asked for."""

    port: int
    answers: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, body: bytes | str, content_type: str, **headers: str) -> str:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": content_type, **headers}, data)
        return self.url(path)

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        self.answers[path] = (status, {"Location": location}, b"")
        return self.url(path)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            answer = served.answers.get(self.path, (404, {}, b""))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_request: object) -> None:
            """A client that hangs up early is what several tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    served = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()


def read(url: str, *, allow: bool = True) -> list[Article | Record]:
    return list(read_input(Input(url, url=url), allow_private_addresses=allow))


def reason(url: str, *, allow: bool = True) -> str:
    (record,) = read(url, allow=allow)
    assert isinstance(record, Record)
    assert record.origin == url
    return record.reason


def test_page_is_read_where_private_addresses_are_allowed(site: Site) -> None:
    (article,) = read(site.put("/story", NEWSPAPER, "text/html; charset=utf-8"))
    assert isinstance(article, Article)
    assert article.title == "La flotte du Nord manœuvre au large de Mourmansk"
    assert article.url == site.url("/story")
    assert article.path is None


def test_page_on_a_private_address_is_refused_unasked(site: Site) -> None:
    url = site.put("/story", NEWSPAPER, "text/html")
    assert "address of a private network" in reason(url, allow=False)
    assert "address of a private network" in reason(site.url("/story", "localhost"), allow=False)
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f.0.0.1", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_other_spellings_of_loopback_are_refused(site: Site, host: str) -> None:
    text = reason(site.url("/story", host), allow=False)
    assert "private network" in text or "not found" in text or "could not be fetched" in text
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("255.255.255.255", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001::1"),
    ],
)
def test_address_that_is_not_of_the_public_internet_is_known(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_public_address_is_known(address: str) -> None:
    assert is_public_address(address)


def test_redirects_are_followed_and_the_last_address_kept(site: Site) -> None:
    site.put("/new/story", NEWSPAPER, "text/html")
    url = site.redirect("/old", "new/story", 301)
    (article,) = read(url)
    assert isinstance(article, Article)
    assert article.url == site.url("/new/story")


def test_redirect_from_an_allowed_to_a_refused_address_is_refused(site: Site) -> None:
    url = site.redirect("/go", site.url("/secret", "127.0.0.2"))
    with pytest.raises(ReadingError, match=r"127\.0\.0\.2"):
        fetch(url, may_connect=lambda address: address == "127.0.0.1")
    assert site.asked == ["/go"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "http://user:word@127.0.0.1/"]
)
def test_redirect_to_another_kind_of_address_is_refused(site: Site, location: str) -> None:
    text = reason(site.redirect("/go", location))
    assert any(words in text for words in ("only http and https", "user name or password", "could not be fetched"))
    assert site.asked == ["/go"]


def test_redirects_in_a_ring_end(site: Site) -> None:
    assert "redirected more than 5 times" in reason(site.redirect("/ring", "/ring"))
    assert len(site.asked) == 6


def test_the_address_checked_is_the_one_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers with another address the second time gains nothing."""
    answers = iter(["127.0.0.1", "10.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def rebinding(host: str | bytes | None, *arguments: object, **options: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        return real(next(answers) if name == "rebind.example" else host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    site.put("/story", "The harbour opened again on Monday, at noon.", "text/plain")
    fetched = fetch(site.url("/story", "rebind.example"), may_connect=lambda address: address == "127.0.0.1")
    assert b"harbour" in fetched.data
    with pytest.raises(ReadingError, match=r"10\.0\.0\.1"):
        fetch(site.url("/story", "rebind.example"), may_connect=lambda address: address == "127.0.0.1")


def test_one_private_address_among_several_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: answers)
    with pytest.raises(ReadingError, match=r"10\.0\.0\.1"):
        fetch("http://both.example/")


def test_too_large_an_answer_is_cut_off(site: Site) -> None:
    limits = FetchLimits(size_bytes=1000)
    announced = site.put("/announced", b"a" * 2000, "text/plain")
    with pytest.raises(ReadingError, match="larger than"):
        fetch(announced, may_connect=any_address, limits=limits)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        for _ in range(2000):
            handler.wfile.write(b"more and more ")

    site.answers["/endless"] = endless
    with pytest.raises(ReadingError, match="larger than"):
        fetch(site.url("/endless"), may_connect=any_address, limits=limits)


def test_an_answer_that_unpacks_to_too_much_is_cut_off(site: Site) -> None:
    packed = gzip.compress(b" " * 5_000_000)
    url = site.put("/bomb", packed, "text/plain", **{"Content-Encoding": "gzip"})
    with pytest.raises(ReadingError, match="larger than"):
        fetch(url, may_connect=any_address, limits=FetchLimits(size_bytes=100_000))


@pytest.mark.parametrize("part", ["nothing", "headers", "body"])
def test_too_slow_an_answer_is_cut_off(site: Site, part: str) -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        pieces = {
            "nothing": [b""] * 100,
            "headers": [b"HTTP/1.0 200 OK\r\n", *[b"X: y\r\n"] * 100],
            "body": [b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n", *[b"a"] * 100],
        }[part]
        for piece in pieces:
            if stop.wait(0.1):
                return
            try:
                handler.wfile.write(piece)
            except OSError:
                return

    site.answers["/slow"] = drip
    started = time.monotonic()
    with pytest.raises(ReadingError, match="longer than"):
        fetch(site.url("/slow"), may_connect=any_address, limits=FetchLimits(seconds=0.6))
    stop.set()
    assert time.monotonic() - started < 8, "the limit must end it, not the server"


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "application/json", "text/css", "application/zip"])
def test_what_is_no_article_is_refused_by_its_type(site: Site, content_type: str) -> None:
    assert reason(site.put("/x", b"whatever", content_type)) == f"is {content_type}, not an article"


def test_a_picture_called_a_page_is_refused_by_its_bytes(site: Site) -> None:
    assert "PNG image" in reason(site.put("/x", b"\x89PNG\r\n\x1a\n" + bytes(100), "text/html"))


def test_feed_is_known_by_its_content(site: Site) -> None:
    results = read(site.put("/feed", RSS, "application/rss+xml"))
    assert [type(result) for result in results] == [Article, Article, Record]
    again = read(site.put("/feed2", RSS, "text/html"))
    assert len(again) == 3


def test_unknown_type_is_read_by_content_and_name(site: Site) -> None:
    (page,) = read(site.put("/download", NEWSPAPER, "application/octet-stream"))
    assert isinstance(page, Article)
    (text,) = read(site.put("/note.md", "# Harbour opens\n\nThe harbour opened on Monday.", ""))
    assert isinstance(text, Article)
    assert text.title == "Harbour opens"


def test_charset_of_the_server_is_used(site: Site) -> None:
    russian = "Порт снова открыт\n\nПорт снова открылся в понедельник, и сорок судов вышли из него до полудня."
    (article,) = read(site.put("/story", russian.encode("koi8-r"), "text/plain; charset=koi8-r"))
    assert isinstance(article, Article)
    assert article.title == "Порт снова открыт"
    assert article.language == "ru"


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_an_error_of_the_server_is_named(site: Site, status: int) -> None:
    site.answers["/gone"] = (status, {}, b"")
    assert f"was answered with {status}" in reason(site.url("/gone"))


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "could not be fetched" in reason(f"http://127.0.0.1:{port}/")


def test_a_name_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_options: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "a host that is not found, 'no-such-host.invalid'" in reason("http://no-such-host.invalid/")


def test_a_name_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: stop.wait(20) and [])
    with pytest.raises(ReadingError, match=r"in time|longer than"):
        fetch("http://slow-names.example/", limits=FetchLimits(seconds=1))
    stop.set()


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    (article,) = read(site.put("/story", NEWSPAPER, "text/html"))
    assert isinstance(article, Article)


def test_a_page_cut_off_in_the_middle_is_no_traceback(site: Site) -> None:
    url = site.put("/cut", b"<html><body><p>The harbour", "text/html", **{"Content-Length": "5000"})
    assert "could not be fetched" in reason(url)
