"""A URL → the bytes behind it, fetched with care: the address comes from a user, a feed or a stranger's page.

Only http and https; only public addresses unless allowed (see `addresses`), on every redirect anew; proxies and
other settings of the environment are not used, since a proxy would resolve names unchecked; size, time
and the number of redirects are limited.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import httpcore
import httpx

from rag.errors import ReadingError
from rag.reading.addresses import CheckedNetwork, is_public_address
from rag.reasons import reason

__all__ = ["FetchLimits", "Fetched", "fetch"]

_MOST_REDIRECTS = 5
_HEADERS = {
    "User-Agent": "Gazette (article reader)",
    "Accept": "text/html, application/rss+xml, application/atom+xml, application/pdf;q=0.9, */*;q=0.5",
}
# What a server may call an article, and the suffix of a file that holds the like.
_SUFFIX_BY_CONTENT_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/jsonl": ".jsonl",
    "application/x-jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/ndjson": ".jsonl",
    # Servers that don't know say this; the content decides.
    "application/octet-stream": "",
    "": "",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one address may take: bytes after unpacking, and seconds from first to last byte."""

    size_bytes: int = 20_000_000
    seconds: float = 30.0


_DEFAULT_LIMITS = FetchLimits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent: the address it came from after redirects, and what the server says it is.

    `suffix` is the suffix a file of this content type would have, "" where the server doesn't know.
    """

    url: str
    data: bytes
    suffix: str
    charset: str | None


def fetch(
    url: str, *, may_connect: Callable[[str], bool] = is_public_address, limits: FetchLimits = _DEFAULT_LIMITS
) -> Fetched:
    """What `url` leads to, by addresses that `may_connect` accepts.

    Raises ReadingError with the reason when it may not or can't be had.
    """
    network = CheckedNetwork(time.monotonic() + limits.seconds, may_connect)
    try:
        with httpx.Client(transport=_Transport(network), trust_env=False, headers=_HEADERS) as client:
            return _follow(client, _checked_url(url), limits)
    except (httpx.TimeoutException, httpcore.TimeoutException) as error:
        raise ReadingError(reason("slow", seconds=f"{limits.seconds:g}")) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise ReadingError(reason("unfetched", error=str(error) or type(error).__name__)) from error


def _follow(client: httpx.Client, url: httpx.URL, limits: FetchLimits) -> Fetched:
    for _ in range(_MOST_REDIRECTS + 1):
        with client.stream("GET", url) as response:
            if not response.has_redirect_location:
                return _received(response, limits)
            url = _checked_url(str(url.join(response.headers["location"])))
    raise ReadingError(reason("redirected", most=_MOST_REDIRECTS, url=str(url)))


def _checked_url(text: str) -> httpx.URL:
    url = httpx.URL(text)
    if url.scheme not in ("http", "https") or not url.host:
        raise ReadingError(reason("leads_elsewhere", url=repr(text[:200])))
    if url.userinfo:
        raise ReadingError(reason("holds_credentials"))
    return url


def _received(response: httpx.Response, limits: FetchLimits) -> Fetched:
    if response.status_code != HTTPStatus.OK:
        raise ReadingError(reason("status", status=f"{response.status_code} {response.reason_phrase}".rstrip()))
    content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type not in _SUFFIX_BY_CONTENT_TYPE:
        raise ReadingError(reason("other_content", content=content_type))
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limits.size_bytes:
        raise _too_large(limits)
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > limits.size_bytes:
            raise _too_large(limits)
    return Fetched(str(response.url), bytes(data), _SUFFIX_BY_CONTENT_TYPE[content_type], response.charset_encoding)


def _too_large(limits: FetchLimits) -> ReadingError:
    return ReadingError(reason("large_page", megabytes=f"{limits.size_bytes / 1e6:g}"))


class _Transport(httpx.BaseTransport):
    """httpx over a network of ours: its own transport takes no network backend."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
