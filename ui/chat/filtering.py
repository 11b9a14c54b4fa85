"""The filters that a reader sets in the page, and what the page sends with a question becomes records."""

from __future__ import annotations

import html
import json
from datetime import date

from rag.records import Filters
from ui.chat.holdings import Holdings
from ui.rendering.markup import cut, plain
from ui.rendering.texts import text

__all__ = ["filters_html", "read_day", "read_filters", "read_identity"]

_OUTLET_CHARACTERS = 60


def filters_html(holdings: Holdings, language: str) -> str:
    """The outlet and the dates to answer from, folded away under their name."""
    options = "".join(
        f'<option value="{html.escape(outlet)}">{plain(cut(outlet, _OUTLET_CHARACTERS))}</option>'
        for outlet in holdings.outlets
    )
    days = "".join(
        f'<label>{text(key, language)}<input type="date" id="{identity}"></label>'
        for key, identity in (("filter_since", "filter-since"), ("filter_until", "filter-until"))
    )
    return (
        f'<details id="more-filters"><summary>{text("filter_more", language)}'
        f'<span class="filter-count" data-said="{text("filter_count", language, count="#")}"></span></summary>'
        f'<div class="filter-panel"><label>{text("filter_source", language)}<select id="filter-source">'
        f'<option value="">{text("filter_all_outlets", language)}</option>{options}</select></label>{days}'
        f'<button type="button" class="filter-clear">{text("filter_clear", language)}</button></div></details>'
    )


def read_filters(sent: str, language: str | None) -> Filters:
    """The filters that the page has sent beside the language; what can't be read asks for no restriction.

    >>> read_filters('{"source": "The Quay", "since": "2016-01-01", "until": "2014-01-01"}', None).since
    datetime.date(2014, 1, 1)
    """
    fields = _fields(sent)
    source = fields.get("source")
    since, until = read_day(fields.get("since")), read_day(fields.get("until"))
    if since and until and since > until:
        since, until = until, since
    return Filters(language, source if isinstance(source, str) and source else None, since, until)


def read_identity(sent: str) -> object:
    """What the page has sent as its conversation's id, whatever it is."""
    return _fields(sent).get("conversation")


def read_day(written: object) -> date | None:
    """The day written as 2014-03-31, or None."""
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _fields(sent: str) -> dict[str, object]:
    try:
        fields = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
