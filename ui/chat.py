"""The web chat: an archive folder becomes a page on this machine where it can be asked.

One FastAPI application serves the page in English at /en/ and in French at /fr/ (the root goes to the one the
browser prefers), each a set of Gradio blocks, and the articles that citations open at /source. The page can
be seen before the models are loaded: they load behind it, and a question asked meanwhile waits for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import socket
import sys
import tempfile
import threading
import webbrowser
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import gradio as gr
import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag import Archive, Assistant
from rag.errors import ArchiveError, GazetteError
from ui.answering import Answering
from ui.archive_routes import archive_routes
from ui.article_html import notice_html, quote_check, source_html
from ui.chat_page import build_page, theme
from ui.conversation_routes import conversation_routes
from ui.conversations import ConversationStore
from ui.holdings import describe
from ui.texts import INTERFACE_LANGUAGES, choose_language, text
from ui.web_guard import LOOPBACK_HOSTS, WebGuard

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["AnsweringDesk", "build_chat", "run_chat"]

_ASSETS = {
    "archive.css": "text/css; charset=utf-8",
    "chat.css": "text/css; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
}

_CONVERSATIONS_FILE = "conversations.sqlite3"

# An answer being written when the server is told to end gets so long; without a limit it would wait for ever. With
# what Python itself takes to end, this keeps within three seconds.
_SHUTDOWN_SECONDS = 1


class AnsweringDesk:
    """The assistant of one archive, made once, in the background or by the first who needs it."""

    def __init__(
        self,
        archive: Archive,
        model: str | BaseChatModel | None,
        *,
        strict: bool = False,
        support_model: str | Path | None = None,
    ) -> None:
        self._archive = archive
        self._model = model
        self._strict = strict
        self._support_model = support_model
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None

    def is_ready(self) -> bool:
        return self._assistant is not None

    def assistant(self) -> Assistant:
        """The assistant; waits while it is being made.

        Raises GazetteError when a model is missing or can't be reached; asking again tries again.
        """
        with self._lock:
            if self._assistant is None:
                assistant = Assistant(
                    self._archive, model=self._model, strict=self._strict, support_model=self._support_model
                )
                self._archive.search("Gazette", limit=1)  # loads the encoder
                self._assistant = assistant
            return self._assistant

    def prepare(self) -> None:
        """Makes the assistant in a thread of its own; what goes wrong is told to the first who asks."""

        def make() -> None:
            with contextlib.suppress(GazetteError):
                self.assistant()

        threading.Thread(target=make, name="gazette-prepare", daemon=True).start()


def run_chat(
    archive_folder: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    model: str | BaseChatModel | None = None,
    strict: bool = False,
    support_model: str | Path | None = None,
    open_browser: bool = False,
) -> None:
    """Serves the web chat until it is interrupted (Ctrl-C or SIGTERM), then ends within three seconds.

    Prints the address once it can be opened. `port` 0 takes any free one. On a loopback address only requests
    under a loopback name are answered. `strict` leaves out what a model writes and nothing found bears out.

    Raises:
        ArchiveError: the folder is not an archive or can't be read.
        GazetteError: the address can't be listened on.
    """
    archive = Archive.open(archive_folder)
    desk = AnsweringDesk(archive, model, strict=strict, support_model=support_model)
    listener = _listen(host, port)
    address = f"http://{_shown_host(host)}:{listener.getsockname()[1]}/"
    own_hosts = LOOPBACK_HOSTS | {_shown_host(host)} if _is_loopback(listener) else None
    store = _open_store(archive.folder)
    application = WebGuard(build_chat(archive, desk, store), own_hosts)
    settings = uvicorn.Config(
        application,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    sys.stdout.write(f"Gazette answers at {address} (Ctrl-C ends it)\n")
    if own_hosts is None:
        sys.stdout.write(
            f"It listens on {host}: whoever reaches that address can read the archive and every conversation.\n"
        )
    sys.stdout.flush()
    desk.prepare()
    if open_browser:
        webbrowser.open(address)
    logging.getLogger("uvicorn.error").addFilter(_is_no_cut_short_request)
    with contextlib.suppress(KeyboardInterrupt):  # raised anew by uvicorn when it has shut down
        uvicorn.Server(settings).run(sockets=[listener])
    archive.close()
    _end_despite_waiting_threads()


def build_chat(archive: Archive, desk: AnsweringDesk, store: ConversationStore) -> FastAPI:
    """The application: both pages, the articles behind citations, and the looks; the guard is not in it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @application.get("/")
    def choose_page(request: Request) -> RedirectResponse:
        language = choose_language(request.headers.get("accept-language", ""))
        return RedirectResponse(f"/{language}/", headers={"Vary": "Accept-Language"})

    @application.get("/source")
    def show_source(
        article: Annotated[str, Query(max_length=1000)],
        start: int = 0,
        end: int = 0,
        check: str = "",
        language: str = "en",
    ) -> HTMLResponse:
        found = archive.article(article)
        if found is None:
            return HTMLResponse(notice_html(text("source_gone", language)), status_code=404)
        is_changed = bool(check) and quote_check(found.text[start:end]) != check
        quote = (start, end) if check and not is_changed else None
        return HTMLResponse(source_html(found, quote, language, is_changed=is_changed))

    @application.exception_handler(GazetteError)
    def show_error(_request: Request, error: GazetteError) -> HTMLResponse:
        return HTMLResponse(notice_html(str(error)), status_code=503)

    @application.get("/look/{name}")
    def show_look(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        return Response(_asset(name), media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})

    @application.get("/icon.svg")
    @application.get("/favicon.ico")
    def show_icon() -> Response:
        return Response(_asset("icon.svg"), media_type="image/svg+xml")

    @application.get("/manifest.json")
    def show_manifest() -> dict[str, object]:
        icon = {"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}
        return {"name": "Gazette", "start_url": "/", "display": "standalone", "icons": [icon]}

    @application.get("/robots.txt")
    def show_robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    application.include_router(conversation_routes(store))
    application.include_router(archive_routes(archive))
    answering = Answering(desk.assistant, desk.is_ready, store)
    for language in INTERFACE_LANGUAGES:
        page = build_page(language, partial(describe, archive), answering)
        gr.mount_gradio_app(
            application,
            page,
            f"/{language}",
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            show_error=False,
            max_file_size=1,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            theme=theme(),
            head=_head(language),
        )
    return application


def _open_store(folder: Path) -> ConversationStore:
    """The conversations beside the archive; where nothing may be written there, they last until the chat ends."""
    try:
        return ConversationStore(folder / _CONVERSATIONS_FILE)
    except ArchiveError as error:
        if os.access(folder, os.W_OK):
            raise
        sys.stdout.write(f"{error} Until then they last as long as this chat.\n")
        return ConversationStore(Path(tempfile.mkdtemp(prefix="gazette-")) / _CONVERSATIONS_FILE)


def _end_despite_waiting_threads() -> None:
    """Python waits for threads before it ends, and one may wait for a chat model that says nothing for minutes."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    waiting = [thread for thread in others if not thread.daemon]
    for thread in waiting:
        thread.join(timeout=0.2)
    if any(thread.is_alive() for thread in waiting):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _is_no_cut_short_request(record: logging.LogRecord) -> bool:
    """Leaves out that requests were cut short at the end: the reader of an open page caused it by ending the chat."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "timeout graceful shutdown" not in record.getMessage()


def _head(language: str) -> str:
    return (
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="/icon.svg">'
        '<link rel="stylesheet" href="/look/chat.css">'
        f'<script src="/look/chat.js" data-language="{language}"></script>'
    )


def _asset(name: str) -> str:
    return resources.files("ui").joinpath("assets", name).read_text(encoding="utf-8")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # from now on a browser waits for the page instead of being turned away
    except OSError as error:
        listener.close()
        raise GazetteError(
            f"The chat can't listen on {host}:{port} ({error.strerror}): choose another --port, 0 for any free one"
        ) from error
    return listener


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host
