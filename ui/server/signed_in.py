"""Who is signed in, as the head of every page says it, with the way out."""

from __future__ import annotations

from ui.accounts.store import Identity
from ui.rendering.markup import plain
from ui.rendering.texts import text
from ui.server.access import LOGIN_PATH

__all__ = ["who_html", "who_text"]


def who_text(identity: Identity, language: str) -> str:
    """«Signed in as ada (reader).»"""
    return text("signed_in", language, name=identity.name, role=text(f"role_{identity.role}", language))


def who_html(identity: Identity | None, language: str) -> str:
    """The reader's name and a button that signs out; a key's name alone; nothing where nobody is asked who they are.

    The name leads to the page on which one also signs out without a script.
    """
    if identity is None:
        return ""
    said = plain(who_text(identity, language))
    if identity.kind == "key":
        return f'<p class="who" title="{said}"><bdi>{plain(identity.name)}</bdi></p>'
    return (
        f'<div class="who"><a href="{LOGIN_PATH}" title="{said}" aria-label="{said}">'
        f"<bdi>{plain(identity.name)}</bdi></a>"
        f'<button type="button" class="sign-out">{text("logout", language)}</button></div>'
    )
