"""The conversations kept on the server become the list that the page shows of them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.written_dates import written_date
from ui.conversations import KeptConversation
from ui.exporting import EXPORTS
from ui.markup import plain
from ui.texts import text

__all__ = ["conversations_html"]


def conversations_html(conversations: Sequence[KeptConversation], language: str, *, is_search: bool) -> str:
    """One item each: its title as the link to it, when it changed, and what can be done with it."""
    if not conversations:
        key = "no_conversation_found" if is_search else "no_conversations"
        return f'<p class="quiet">{text(key, language)}</p>'
    return f'<ul class="kept">{"".join(_item(kept, language) for kept in conversations)}</ul>'


def _item(kept: KeptConversation, language: str) -> str:
    title = plain(kept.title)
    count = text("one_question" if kept.turn_count == 1 else "questions", language, count=kept.turn_count)
    exports = " ".join(
        f'<a href="/conversations/{kept.id}/export.{kind}?language={language}" download>{kind.upper()}</a>'
        for kind in EXPORTS
    )
    return (
        f'<li data-conversation="{kept.id}"><a class="kept-title" href="/{language}/?conversation={kept.id}" '
        f'dir="auto">{title}</a><p class="byline">{written_date(kept.changed.date(), language)} · {count}</p>'
        f'<div class="kept-actions" role="group" aria-label="{title}">'
        f'<button type="button" class="rename" data-title="{title}">{text("rename", language)}</button>'
        f'<button type="button" class="delete" data-sure="{text("delete_sure", language)}">'
        f'{text("delete", language)}</button><span class="exports">{text("export", language)} {exports}</span>'
        f"</div></li>"
    )
