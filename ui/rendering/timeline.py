"""The articles found for a question become a small drawing of when they were published, to be brushed for a period.

Places are percentages, so that the drawing is as wide as its column and its letters stay as they are. Brushing needs
a pointer; the same dates can be typed beside the question box.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from rag.records import Answer, Article
from rag.written_dates import written_date
from ui.rendering.markup import cut, plain
from ui.rendering.texts import text

__all__ = ["timeline_html"]

# Room at both ends for half a dot; the page's script reckons with the same.
_MARGIN_PERCENT = 2.0
# Dots nearer than this would cover each other and are stacked.
_DOT_PERCENT = 2.4
_DOT_PIXELS = 11
_GROUND_PIXELS = 46


def timeline_html(answer: Answer, number: int, language: str) -> str:
    """A figure with a dot for each article found, those cited filled; nothing where all are of one day."""
    articles = {passage.article.id: passage.article for passage in answer.passages if passage.article.published}
    days = sorted(article.published for article in articles.values() if article.published)
    if not days or days[0] == days[-1]:
        return ""
    first, last = days[0], days[-1]
    cited = {citation.article.id for citation in answer.citations}
    stacked: Counter[int] = Counter()
    dots = ""
    for article in sorted(articles.values(), key=lambda article: (article.id not in cited, article.id)):
        place = _percent(article.published or first, first, last)
        height = stacked[round(place / _DOT_PERCENT)]
        stacked[round(place / _DOT_PERCENT)] += 1
        dots += _dot(article, place, height, is_cited=article.id in cited, language=language)
    years = "".join(_tick(date(year, 1, 1), first, last) for year in range(first.year + 1, last.year + 1))
    ends = f"<span>{written_date(first, language)}</span><span>{written_date(last, language)}</span>"
    label = text("timeline_label", language, count=len(articles))
    return (
        f'<figure class="timeline" data-position="{number}"><figcaption>{text("timeline", language)}</figcaption>'
        f'<svg role="img" aria-label="{label}" data-first="{first}" data-last="{last}">'
        f'<line class="ground" x1="0" x2="100%" y1="{_GROUND_PIXELS}" y2="{_GROUND_PIXELS}"></line>{years}{dots}'
        f'<rect class="brush" y="0" height="100%" width="0"></rect></svg><p class="timeline-ends">{ends}</p>'
        f'<button type="button" class="ask-period" hidden>{text("ask_period", language)} '
        f'<span class="period"></span></button></figure>'
    )


def _dot(article: Article, place: float, height: int, *, is_cited: bool, language: str) -> str:
    day = written_date(article.published, language) if article.published else ""
    title = plain(f"{cut(article.title, 120)} · {day}")
    kind = "dot cited" if is_cited else "dot"
    top = max(_DOT_PIXELS / 2, _GROUND_PIXELS - _DOT_PIXELS * (height + 0.7))
    return f'<circle class="{kind}" cx="{place:.2f}%" cy="{top:.1f}" r="4.5"><title>{title}</title></circle>'


def _tick(day: date, first: date, last: date) -> str:
    place = _percent(day, first, last)
    return (
        f'<line class="tick" x1="{place:.2f}%" x2="{place:.2f}%" y1="{_GROUND_PIXELS - 3}" '
        f'y2="{_GROUND_PIXELS + 3}"></line>'
    )


def _percent(day: date, first: date, last: date) -> float:
    share = (day - first).days / (last - first).days
    return _MARGIN_PERCENT + share * (100 - 2 * _MARGIN_PERCENT)
