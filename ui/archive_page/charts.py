"""Counts become small pictures: bars for names, columns for years, each a link to the articles it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.rendering.markup import cut, plain

__all__ = ["bars_html", "columns_html"]

_BARS_SHOWN = 8
_COLUMN_HEIGHT = 72


def bars_html(counts: Mapping[str, int], named: Callable[[str], str], link: Callable[[str], str]) -> str:
    """The most frequent names as bars, each with its name and count; the longest is as wide as the picture."""
    if not counts:
        return ""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_BARS_SHOWN]
    most = ranked[0][1]
    rows = "".join(
        f'<li><a href="{plain(link(name))}"><bdi class="bar-name">{plain(cut(named(name), 60))}</bdi>'
        f'<svg class="bar" aria-hidden="true"><rect width="{100 * count / most:.1f}%" height="100%"></rect></svg>'
        f'<span class="bar-count">{count:,}</span></a></li>'
        for name, count in ranked
    )
    return f'<ul class="bars">{rows}</ul>'


def columns_html(count_by_year: Mapping[int, int], counted: Callable[[int], str], link: Callable[[int], str]) -> str:
    """One column a year from the first to the last, years without articles left empty."""
    if not count_by_year:
        return ""
    first, last, most = min(count_by_year), max(count_by_year), max(count_by_year.values())
    width = 100 / (last - first + 1)
    columns = "".join(
        _column(year, count / most, width, first, counted(count), link(year))
        for year, count in sorted(count_by_year.items())
    )
    ends = f"<span>{first}</span><span>{last if last != first else ''}</span>"
    return (
        f'<svg class="columns" height="{_COLUMN_HEIGHT}" width="100%" role="group">{columns}</svg>'
        f'<p class="timeline-ends">{ends}</p>'
    )


def _column(year: int, share: float, width: float, first: int, counted: str, link: str) -> str:
    height = max(2.0, share * _COLUMN_HEIGHT)
    place = (year - first) * width
    label = plain(f"{year}: {counted}")
    return (
        f'<a href="{plain(link)}" aria-label="{label}"><title>{label}</title>'
        f'<rect class="reach" x="{place:.3f}%" width="{width:.3f}%" y="0" height="{_COLUMN_HEIGHT}"></rect>'
        f'<rect x="{place + width * 0.1:.3f}%" width="{width * 0.8:.3f}%" y="{_COLUMN_HEIGHT - height:.1f}" '
        f'height="{height:.1f}"></rect></a>'
    )
