"""The conversations kept on the server become the list that the page shows of them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.written_dates import written_date
from ui.conversations.exporting import EXPORTS
from ui.conversations.kept import KeptConversation
from ui.rendering.markup import plain
from ui.rendering.texts import text

__all__ = ["conversations_html"]


def conversations_html(
    conversations: Sequence[KeptConversation], language: str, *, is_search: bool, can_share: bool
) -> str:
    """One item each: its title as the link to it, when it changed, and what can be done with it."""
    if not conversations:
        key = "no_conversation_found" if is_search else "no_conversations"
        return f'<p class="quiet">{text(key, language)}</p>'
    return f'<ul class="kept">{"".join(_item(kept, language, can_share) for kept in conversations)}</ul>'


def _item(kept: KeptConversation, language: str, can_share: bool) -> str:
    title = plain(kept.title)
    count = text("one_question" if kept.turn_count == 1 else "questions", language, count=kept.turn_count)
    exports = " ".join(
        f'<a href="/conversations/{kept.id}/export.{kind}?language={language}" download>{kind.upper()}</a>'
        for kind in EXPORTS
    )
    is_offered = can_share and kept.shared is None
    share = f'<button type="button" class="share">{text("share", language)}</button>' if is_offered else ""
    return (
        f'<li data-conversation="{kept.id}"><a class="kept-title" href="/{language}/?conversation={kept.id}" '
        f'dir="auto">{title}</a><p class="byline">{written_date(kept.changed.date(), language)} · {count}</p>'
        f'<div class="kept-actions" role="group" aria-label="{title}">'
        f'<button type="button" class="rename" data-title="{title}">{text("rename", language)}</button>'
        f'<button type="button" class="delete" data-sure="{text("delete_sure", language)}">'
        f"{text('delete', language)}</button>{share}"
        f'<span class="exports">{text("export", language)} {exports}</span></div>{_shared(kept, language)}</li>'
    )


def _shared(kept: KeptConversation, language: str) -> str:
    """Where it is shared, and what can be done about it; nothing of one that is not."""
    if kept.shared is None:
        return ""
    said = text("shared_as_of", language, day=written_date(kept.shared.day, language))
    return (
        f'<div class="kept-shared" role="group" aria-label="{plain(said)}"><p>{said} '
        f'<a class="shared-link" href="{kept.shared.address}" target="_blank" rel="noreferrer">'
        f"{kept.shared.address[:20]}…</a></p>"
        f'<button type="button" class="copy-link">{text("copy_link", language)}</button>'
        f'<button type="button" class="share">{text("share_again", language)}</button>'
        f'<button type="button" class="unshare">{text("unshare", language)}</button></div>'
    )
