"""`gazette chat`, `serve` and `mcp`: an archive is served until the command is told to end."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag import collect_seldom
from ui.cli.loading import loading

if TYPE_CHECKING:
    from ui.server.running import ServerSettings

__all__ = ["run_chat", "run_mcp", "run_serve"]


def run_chat(options: argparse.Namespace) -> int:
    with loading():
        from ui.chat.application import run_chat as serve_chat

    return _serve(serve_chat, options, open_browser=not options.no_browser)


def run_serve(options: argparse.Namespace) -> int:
    with loading():
        from ui.api.service import run_service

    return _serve(run_service, options)


def run_mcp(options: argparse.Namespace) -> int:
    from ui.api.mcp_address import require_mcp

    require_mcp()
    if options.http:
        return run_serve(options)
    from ui.api.mcp_server import run_mcp as serve_mcp

    return _serve(serve_mcp, options)


def _serve(run: Callable[..., None], options: argparse.Namespace, **more: bool) -> int:
    """Serves the archive that is meant by `run`, which returns when it is told to end."""
    collect_seldom()
    run(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
        **more,
    )
    return 0


def _server(options: argparse.Namespace) -> ServerSettings:
    from ui.server.running import ServerSettings

    return ServerSettings(
        options.host,
        options.port,
        options.answers_at_once,
        options.answers_waiting,
        options.processes,
        options.accounts,
        needs_login=options.login,
        logs_requests=options.log_requests,
        logs_questions=options.log_questions,
        allows_sharing=options.sharing,
    )
