"""Adding and removing articles, as the archive page shows it: where to drop them, and what came of each."""

from __future__ import annotations

import html
from collections.abc import Sequence

from rag.reading.kinds import SUFFIXES
from ui.archive_page.intake import Taken
from ui.rendering.markup import cut, plain
from ui.rendering.texts import colon, text
from ui.server.web_guard import LARGEST_FILE_BYTES

__all__ = ["intake_html", "remove_html", "taken_html"]

# A feed or an export may hold thousands.
_SHOWN = 20
_MEGABYTE = 1_000_000


def intake_html(language: str, *, is_open: bool) -> str:
    """The part of the page that takes files and addresses; without a script it stays hidden."""
    size = LARGEST_FILE_BYTES // _MEGABYTE
    return (
        f'<details id="intake" hidden{" open" if is_open else ""} data-largest="{LARGEST_FILE_BYTES}" '
        f'data-too-large="{text("file_too_large", language, size=size)}" '
        f'data-unreachable="{text("file_unreachable", language)}" data-waiting="{text("file_waiting", language)}" '
        f'data-sending="{text("file_sending", language)}" data-reading="{text("file_reading", language)}" '
        f'data-done="{text("files_done", language)}">'
        f"<summary>{text('add_articles', language)}</summary>"
        f'<div class="drop"><p>{text("drop_files", language)} '
        f'<label class="pick"><input type="file" id="intake-files" class="unseen" multiple '
        f'accept="{",".join(SUFFIXES)}"><span>{text("choose_files", language)}</span></label></p>'
        f'<p class="quiet">{text("empty_formats", language)} {text("file_size", language, size=size)}</p></div>'
        f'<form id="intake-address"><input type="url" required maxlength="5000" '
        f'aria-label="{text("address", language)}" placeholder="{text("address", language)}">'
        f"<button>{text('add_address', language)}</button></form>"
        f'<p id="intake-state" role="status"></p><ul id="intake-results"></ul></details>'
    )


def taken_html(taken: Sequence[Taken], language: str) -> str:
    """What came of each article in one file or behind one address."""
    rows = "".join(_row(one, language) for one in taken[:_SHOWN])
    if len(taken) > _SHOWN:
        rows += f"<li>{text('and_more', language, count=len(taken) - _SHOWN)}</li>"
    return f"<ul>{rows or '<li>' + text('nothing_in_it', language) + '</li>'}</ul>"


def remove_html(article_id: str, title: str, language: str) -> str:
    """The button that removes an article, once it is pressed again."""
    return (
        f'<button type="button" class="remove" hidden data-article="{html.escape(article_id)}" '
        f'data-said="{text("remove", language)}" data-sure="{text("remove_sure", language)}" '
        f'data-failed="{text("remove_failed", language)}">'
        f'<span class="said">{text("remove", language)}</span> '
        f'<span class="unseen">{plain(cut(title, 120))}</span></button>'
    )


def _row(taken: Taken, language: str) -> str:
    said = f"<strong>{text(f'outcome_{taken.outcome}', language)}</strong>"
    title = f" <bdi>{plain(cut(taken.title, 200))}</bdi>" if taken.title else ""
    entry = f"<bdi>{plain(cut(taken.entry, 80))}</bdi>{colon(language)} " if taken.entry and taken.why else ""
    reason = f" <span>{entry}<bdi>{plain(cut(taken.why.said(language), 300))}</bdi></span>" if taken.why else ""
    return f'<li class="{taken.outcome}">{said}{title}{reason}</li>'
