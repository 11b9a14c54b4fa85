"""An archive is served: by an application that is built for it, from the first request to the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from rag import Archive
from ui.asking.desk import AnsweringDesk
from ui.asking.limits import AnswerPlaces
from ui.conversations.store import ConversationStore, open_store
from ui.server.access import Access
from ui.server.running import (
    ServerSettings,
    end_despite_waiting_threads,
    guarded,
    listen,
    open_access,
    open_watch,
    run_until_told,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["LOCK_SECONDS", "Served", "serve"]

# Nobody waits to read. Who adds or removes while another process writes waits so long, then is told to come back: a
# longer wait would hold a thread, and outlast what most clients wait for.
LOCK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Served:
    """What an application answers from: who answers, in how many places, whom it lets in, what is kept of it."""

    archive: Archive
    desk: AnsweringDesk
    places: AnswerPlaces
    conversations: ConversationStore
    access: Access | None = None


def serve(
    archive: Archive,
    server: ServerSettings,
    build: Callable[[Served], ASGIApp],
    announce: Callable[[str], None],
    *,
    model: str | BaseChatModel | None,
    strict: bool,
    support_model: str | Path | None,
) -> None:
    """Serves what `build` makes until it is interrupted (Ctrl-C or SIGTERM), then ends within five seconds.

    `announce` is given the address once it can be opened. The archive is closed in the end. What it answers with is
    given to the `AnsweringDesk`.

    Raises:
        GazetteError: the address can't be listened on, or others could reach it and nobody has an account or a key.
    """
    desk = AnsweringDesk(
        archive,
        model,
        strict=strict,
        support_model=support_model,
        watch=open_watch(server),
        processes=server.processes,
    )
    places = AnswerPlaces(server.answers_at_once, server.answers_waiting)
    access = open_access(server)
    listener = listen(server.host, server.port)
    conversations = open_store(archive.folder, allows_sharing=server.allows_sharing)
    application = build(Served(archive, desk, places, conversations, access))
    desk.prepare()
    announce(listener.address)
    run_until_told(guarded(application, listener, access), listener, server, desk.watch, places)
    desk.end()
    archive.close()
    end_despite_waiting_threads()
