"""`gazette chat`, `serve` and `mcp`: an archive is served until the command is told to end."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ui.cli.loading import loading

if TYPE_CHECKING:
    from ui.server.running import ServerSettings

__all__ = ["run_chat", "run_mcp", "run_serve"]


def run_chat(options: argparse.Namespace) -> int:
    with loading():
        from ui.chat.application import run_chat as serve_chat

    serve_chat(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
        open_browser=not options.no_browser,
    )
    return 0


def run_serve(options: argparse.Namespace) -> int:
    with loading():
        from ui.api.service import run_service

    run_service(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
    )
    return 0


def run_mcp(options: argparse.Namespace) -> int:
    from ui.api.mcp_address import require_mcp

    require_mcp()
    if options.http:
        return run_serve(options)
    from ui.api.mcp_server import run_mcp as serve_mcp

    serve_mcp(
        options.archive,
        model=options.model,
        strict=options.strict,
        support_model=options.support_model,
        server=_server(options),
    )
    return 0


def _server(options: argparse.Namespace) -> ServerSettings:
    from ui.server.running import ServerSettings

    return ServerSettings(
        options.host,
        options.port,
        options.answers_at_once,
        options.answers_waiting,
        options.accounts,
        needs_login=options.login,
        logs_requests=options.log_requests,
        logs_questions=options.log_questions,
        allows_sharing=options.sharing,
    )
