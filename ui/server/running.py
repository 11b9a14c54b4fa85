"""An application is listened for, run until the process is told to end, and ended in time."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from rag.errors import GazetteError
from ui.accounts.store import Accounts
from ui.asking.limits import AnswerPlaces
from ui.asking.spans import open_spans
from ui.asking.watching import QUESTION_LOG, Watch
from ui.server.access import Access
from ui.server.request_spans import RequestSpans
from ui.server.traffic import REQUEST_LOG, RequestRecorder
from ui.server.web_guard import LOOPBACK_HOSTS, WebGuard
from ui.settings import default_number, setting

__all__ = [
    "Listener",
    "ServerSettings",
    "end_despite_waiting_threads",
    "guarded",
    "listen",
    "open_access",
    "open_watch",
    "run_until_told",
]

# Answers being written when the server is told to end get so long; without a limit it would wait for ever. With
# what Python itself takes to end, this keeps within five seconds.
SHUTDOWN_SECONDS = 3
# Who waits is answered for so long; from then on no answer is begun, so that those under way come to their end.
LAST_CALL_SECONDS = 1
# Threads that are still at work then get so long, together.
THREADS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where a server listens and how much it takes on at once, as the rows of the settings table say."""

    host: str = str(setting("host").default)
    port: int = default_number("port")
    answers_at_once: int = default_number("answers_at_once")
    answers_waiting: int = default_number("answers_waiting")
    processes: int = default_number("processes")
    accounts: str = str(setting("accounts").default)
    needs_login: bool = False
    logs_requests: bool = False
    logs_questions: bool = False
    allows_sharing: bool = False
    shutdown_seconds: int = SHUTDOWN_SECONDS


@dataclass(frozen=True, slots=True)
class Listener:
    """An address that is listened on."""

    socket: socket.socket
    host: str

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.socket.getsockname()[1]}/"


def listen(host: str, port: int) -> Listener:
    """Listens from now on, so that a browser waits for the page instead of being turned away.

    Raises:
        GazetteError: the address can't be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that asyncio sends small pieces at once: else the second waits 40 ms for the first's receipt.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise GazetteError(
            f"Gazette can't listen on {host}:{port} ({error.strerror}): choose another --port, 0 for any free one"
        ) from error
    return Listener(listener, f"[{host}]" if ":" in host else host)


def open_access(server: ServerSettings) -> Access | None:
    """Whom the server lets in; None lets in everybody, where nobody but this machine can reach it.

    Raises:
        GazetteError: others can reach it, or it was told to ask who comes, and nobody has an account or a key.
    """
    if _is_loopback_name(server.host) and not server.needs_login:
        return None
    accounts = Accounts(server.accounts)
    if accounts.is_empty():
        raise GazetteError(
            f"Whoever reaches {server.host} is to be asked who they are, and '{accounts.path}' holds neither accounts "
            "nor keys: add one by `gazette users add NAME` or `gazette keys add NAME`, or leave --host and --login out."
        )
    return Access(accounts, opens_shared=server.allows_sharing)


def guarded(application: ASGIApp, listener: Listener, access: Access | None) -> WebGuard:
    """The application behind its one door. Who must sign in may call the server by any name: a proxy has its own."""
    return WebGuard(application, None if access else LOOPBACK_HOSTS | {listener.host}, access)


def open_watch(server: ServerSettings) -> Watch:
    """What is told of the questions asked: spans where the environment says where to, a log where it is wanted."""
    if server.logs_questions:
        _log_to_standard_error(QUESTION_LOG)
    return Watch(open_spans(), server.logs_questions)


def run_until_told(
    application: ASGIApp, listener: Listener, server: ServerSettings, watch: Watch, places: AnswerPlaces
) -> None:
    """Serves until Ctrl-C or SIGTERM; answers in flight then have `shutdown_seconds` to come to their end.

    Questions that wait are answered for a second more; then the others are told.
    """
    if server.logs_requests:
        _log_to_standard_error(REQUEST_LOG)
    application = RequestRecorder(application, logs=server.logs_requests)
    settings = uvicorn.Config(
        RequestSpans(application, watch.spans) if watch.spans else application,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=server.shutdown_seconds,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_cut_short_request)
    with contextlib.suppress(KeyboardInterrupt):  # raised anew by uvicorn when it has shut down
        _Server(settings, places).run(sockets=[listener.socket])


class _Server(uvicorn.Server):
    """uvicorn's server, which begins no more answers soon after it was told to end."""

    def __init__(self, settings: uvicorn.Config, places: AnswerPlaces) -> None:
        super().__init__(settings)
        self._places = places

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(LAST_CALL_SECONDS, self._places.end)
        await super().shutdown(sockets)


def _log_to_standard_error(name: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger(name)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def end_despite_waiting_threads() -> None:
    """Python waits for threads before it ends, and one may wait for a chat model that says nothing for minutes."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    waiting = [thread for thread in others if not thread.daemon]
    deadline = time.monotonic() + THREADS_SECONDS
    for thread in waiting:
        thread.join(timeout=max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in waiting):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _is_no_cut_short_request(record: logging.LogRecord) -> bool:
    """Leaves out that requests were cut short at the end: the reader of an open page caused it by ending the chat."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "timeout graceful shutdown" not in record.getMessage()


def _is_loopback_name(host: str) -> bool:
    """Whether the host's every address is this machine's own; one that has none is reported by `listen`."""
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(address).is_loopback for address in addresses)
