"""The web chat: an archive folder becomes a page on this machine where it can be asked.

One FastAPI application serves the page in English at /en/ and in French at /fr/ (the root goes to the one the
browser prefers), each a set of Gradio blocks, and the articles that citations open at /source. The page can
be seen before the models are loaded: they load behind it, and a question asked meanwhile waits for them.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rag import Archive
from rag.errors import GazetteError
from ui.api.service import mount_service
from ui.archive_page.routes import archive_routes
from ui.chat.answering import Answering
from ui.chat.conversation_routes import conversation_routes
from ui.chat.gradio_loading import gr
from ui.chat.holdings import describe
from ui.chat.own_sessions import OwnSessions
from ui.chat.page import build_page, theme
from ui.rendering.article_html import notice_html, quote_check, source_html
from ui.rendering.languages import INTERFACE_LANGUAGES, choose_language
from ui.rendering.texts import text
from ui.server.running import ServerSettings
from ui.server.serving import LOCK_SECONDS, Served, serve

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["build_chat", "run_chat"]

_DEFAULTS = ServerSettings()

_ASSETS = {
    "account.js": "text/javascript; charset=utf-8",
    "archive.css": "text/css; charset=utf-8",
    "archive.js": "text/javascript; charset=utf-8",
    "chat.css": "text/css; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
}


def run_chat(
    archive_folder: str | Path,
    *,
    model: str | BaseChatModel | None = None,
    strict: bool = False,
    support_model: str | Path | None = None,
    server: ServerSettings = _DEFAULTS,
    open_browser: bool = False,
) -> None:
    """Serves the web chat and the service until it is interrupted (Ctrl-C or SIGTERM), then ends within five seconds.

    Prints the address once it can be opened. On a loopback address only requests under a loopback name are
    answered. `strict` leaves out what a model writes and nothing found bears out.

    Raises:
        ArchiveError: the folder is not an archive or can't be read.
        GazetteError: the address can't be listened on, or others could reach it and nobody has an account or a key.
    """

    def announce(address: str) -> None:
        sys.stdout.write(f"Gazette answers at {address} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(address)

    archive = Archive.open(archive_folder, lock_timeout_seconds=LOCK_SECONDS)
    serve(archive, server, build_chat, announce, model=model, strict=strict, support_model=support_model)


def build_chat(served: Served) -> FastAPI:
    """The application: both pages, the articles behind citations, the looks, the service; the guard is not in it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    archive, desk = served.archive, served.desk
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

    application.include_router(conversation_routes(served.conversations))
    application.include_router(archive_routes(archive))
    mount_service(application, served)
    application.add_middleware(OwnSessions)
    answering = Answering(desk.assistant, desk.is_ready, served.conversations)
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


def _head(language: str) -> str:
    return (
        '<meta name="referrer" content="no-referrer"><link rel="icon" href="/icon.svg">'
        '<link rel="stylesheet" href="/look/chat.css">'
        '<script src="/look/account.js" defer></script>'
        f'<script src="/look/chat.js" data-language="{language}"></script>'
    )


def _asset(name: str) -> str:
    return resources.files("ui").joinpath("assets", name).read_text(encoding="utf-8")
