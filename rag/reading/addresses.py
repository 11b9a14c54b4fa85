"""Host name → connection, to addresses of the public internet only.

A page's author chooses where links and redirects lead, and a name server may answer differently the second time
it is asked. So the name is resolved here, once per connection; every address it has is checked; and
the connection goes to one of exactly those.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable
from ssl import SSLContext
from typing import Any

import httpcore

from rag.errors import ReadingError
from rag.reasons import reason

__all__ = ["CheckedNetwork", "any_address", "is_public_address"]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public_address(address: str) -> bool:
    """Whether `address` belongs to the public internet: not private, loopback, link-local, multicast, reserved.

    IPv6 addresses that carry an IPv4 address (mapped, 6to4, NAT64) are judged by that as well.
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if embedded is None and ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is not None:
            return is_public_address(str(embedded))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def any_address(_address: str) -> bool:
    """Accepts every address: for readers of an intranet, who ask for it."""
    return True


class CheckedNetwork(httpcore.NetworkBackend):
    """A network that connects only to addresses that `may_connect` accepts, and does nothing after its deadline.

    `deadline` is in seconds of `time.monotonic()`; a server that sends a byte now and then is cut off there, too.
    """

    def __init__(self, deadline: float, may_connect: Callable[[str], bool]) -> None:
        self._deadline = deadline
        self._may_connect = may_connect
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to `host`. Raises ReadingError when one of its addresses is not accepted."""
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in self._checked_addresses(host, port):
            try:
                stream = self._network.connect_tcp(
                    address, port, _remaining(self._deadline, timeout), local_address, socket_options
                )
                return _DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, _remaining(self._deadline, None)))

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        addresses = _resolve(host, port, _remaining(self._deadline, None))
        for address in addresses:
            if not self._may_connect(address):
                raise ReadingError(reason("private_address", host=repr(host), address=address))
        return addresses


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _remaining(self._deadline, timeout))
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _remaining(deadline: float, timeout: float | None) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the time for this address is over")
    return seconds if timeout is None else min(seconds, timeout)


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of `host`, each once. The system's resolver knows no time limit, so it gets a thread."""
    found: list[str] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise ReadingError(reason("unknown_host", host=repr(host), error=str(failures[0]))) from failures[0]
    if thread.is_alive() or not found:
        raise ReadingError(reason("silent_host", host=repr(host)))
    return found
