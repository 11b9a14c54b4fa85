"""Two statements and a question → whether they speak of one thing, and differ.

Precision goes before finding all: a word list and a few shared stems can't prove that two sentences mean the same
thing, so whatever hints that they don't (another name, date, deed, opening word, the other's figure given as well)
is enough to leave them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.disagreement.statements import GENERIC_UNITS, Statement, Told, counted_stems, deeds, read_told
from rag.expected import expected_unit
from rag.figures import Figure, find_figures, same_figure
from rag.question import Question
from rag.records import Article, Span
from rag.words import names, stems_in_english

__all__ = [
    "Asked",
    "Said",
    "answers",
    "differ",
    "matters",
    "named_apart",
    "read_asked",
    "same_toll",
    "same_wording",
]

# Same wording: stems in common beside what is counted, at least so many, and as a share of the shorter sentence.
WORDING_STEMS = 4
WORDING_SHARE = 0.5
# Same toll: likewise, with a name in common.
TOLL_STEMS = 3
TOLL_SHARE = 0.3
# Both answer: share of the question's stems that stand in the sentence, the one before it or the title.
ANSWER_SHARE = 0.5
# A question that names nobody and nothing must say at least in so many stems what it is about, beside the unit.
LEAST_SUBJECT = 3
# Dates of one event, if sources differ on it, are within so many days of each other.
RIVAL_DAYS = 3
# Questions to which any figure may belong: «What happened in Palu?».
OPEN_KINDS = ("other", "reason", "quote")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in its sentence, `article.text[start:end]`; `sentences_of` finds all those of an article."""

    article: Article
    start: int
    end: int
    told: Told
    statement: Statement
    sentences_of: Callable[[Article], Sequence[Span]] = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def words(self) -> str:
        return self.text[self.statement.start : self.statement.end]


@dataclass(frozen=True, slots=True)
class Asked:
    """What figure the question asks for: `kind` as a statement's or None, and what it must be of and about.

    `is_open` where it asks for no figure and for no one thing, so that any figure told may matter.
    """

    kind: str | None
    is_open: bool
    unit: frozenset[str]
    deed: str
    stems: frozenset[str]
    names: frozenset[str]
    dates: tuple[Figure, ...]


def read_asked(question: Question) -> Asked:
    """What figure a question asks for."""
    unit = expected_unit(question.text) if question.kind == "number" else None
    kind = {None: None, "money": "money", "share": "percent"}.get(unit, "number")
    if question.kind == "date":
        kind = "date"
    told = read_told(question.query, question.language)
    befell = deeds(question.query, question.language)
    return Asked(
        kind,
        question.kind in OPEN_KINDS,
        counted_stems(unit, question.language) if unit and kind == "number" else frozenset(),
        befell[0] if befell else "",
        told.context,
        frozenset(
            stem
            for name in names(question.query, question.language)
            for stem in stems_in_english(name, question.language)
        ),
        told.dates,
    )


def matters(statement: Statement, asked: Asked) -> bool:
    """Whether a figure of the answer is one that the question is about."""
    if asked.kind is None:
        return asked.is_open and statement.kind != "date"
    if statement.kind != asked.kind or (asked.kind == "number" and asked.deed and statement.deed != asked.deed):
        return False
    is_toll = bool(asked.deed) and statement.unit <= GENERIC_UNITS | {asked.deed}
    return asked.kind != "number" or is_toll or bool(statement.unit & asked.unit)


def differ(one: Said, other: Said) -> bool:
    """Whether two sentences give figures of one kind that can't both be right, were they of one thing."""
    mine, theirs = one.statement, other.statement
    if (one.article.id, one.start) == (other.article.id, other.start):
        return False
    if mine.kind != theirs.kind or mine.currency != theirs.currency or mine.deed != theirs.deed:
        return False
    if mine.kind == "date":
        return _are_rival_dates(mine, theirs) and one.article.id != other.article.id
    if _overlap(mine, theirs):
        return False
    if one.told.is_elsewhen != other.told.is_elsewhen or _dates_differ(one.told.dates, other.told.dates):
        return False
    return not (_gives(one.told, theirs) or _gives(other.told, mine))


def _gives(told: Told, statement: Statement) -> bool:
    """Whether a sentence gives that figure too, beside its own: then one is a part, or of another thing."""
    return any(
        (given.kind, given.low, given.high) == (statement.kind, statement.low, statement.high)
        or (given.kind == statement.kind and given.unit & statement.unit and _overlap(given, statement))
        for given in told.statements
    )


def _are_rival_dates(one: Statement, other: Statement) -> bool:
    """Whether two days are near enough to be meant for one event; what recurs is told in like words of days apart."""
    (year, day), (other_year, other_day) = divmod(int(one.low), 10_000), divmod(int(other.low), 10_000)
    if (year and other_year and year != other_year) or not (day % 100 and other_day % 100):
        return False
    return 0 < abs(_day_of_year(day) - _day_of_year(other_day)) <= RIVAL_DAYS


def _day_of_year(month_and_day: int) -> int:
    """Near enough to compare by, for months of 31 days and days that no calendar has."""
    return 31 * (month_and_day // 100) + month_and_day % 100


def _overlap(one: Statement, other: Statement) -> bool:
    return one.low <= other.high and other.low <= one.high


def _dates_differ(one: Sequence[Figure], other: Sequence[Figure]) -> bool:
    """Whether both name days or years, and none in common."""
    return bool(one and other) and not any(same_figure(mine, theirs) for mine in one for theirs in other)


def same_wording(one: Said, other: Said) -> bool:
    """Whether two sentences say nearly the same of the same unit in nearly the same words."""
    mine, theirs = one.statement, other.statement
    if mine.kind == "number" and not (mine.unit & theirs.unit):
        return False
    if mine.kind == "percent" and max(len(one.told.statements), len(other.told.statements)) > 1:
        return False
    mine_opens, theirs_opens = one.told.opening, other.told.opening
    if mine_opens and theirs_opens and mine_opens not in other.told.context and theirs_opens not in one.told.context:
        return False
    if _names_differ(one, other) or (one.told.names | other.told.names and not one.told.names & other.told.names):
        return False
    return _share_context(one, other, WORDING_STEMS, WORDING_SHARE)


def same_toll(one: Said, other: Said) -> bool:
    """Whether two articles count the dead, wounded, arrested … of what is told in like words, with a name in common."""
    mine, theirs = one.statement, other.statement
    if one.article.id == other.article.id or mine.kind != "number" or not mine.deed:
        return False
    if not (mine.unit | theirs.unit) <= GENERIC_UNITS | {mine.deed} and not mine.unit & theirs.unit:
        return False
    if _names_differ(one, other) or not one.told.names & other.told.names:
        return False
    # Disasters recur in one place: «In 1938 a flood …».
    if _years(one.told.dates) != _years(other.told.dates):
        return False
    return _share_context(one, other, TOLL_STEMS, TOLL_SHARE)


def answers(said: Said, asked: Asked) -> bool:
    """Whether a statement gives the figure asked for, of all that the question names."""
    if not matters(said.statement, asked) or _dates_differ(said.told.dates, asked.dates):
        return False
    if not _years(asked.dates) <= _years_around(said):
        return False
    own = said.told.context | said.statement.unit
    known = _known(said)
    about = asked.stems - asked.unit - asked.names
    if not asked.names and len(about) < LEAST_SUBJECT:
        return False
    is_vague = not asked.deed and (asked.kind != "number" or asked.unit <= GENERIC_UNITS)
    if is_vague and len(about & own) < ANSWER_SHARE * len(about):
        return False
    return asked.names <= known and len(asked.stems & known) >= ANSWER_SHARE * len(asked.stems)


def named_apart(one: Said, other: Said) -> bool:
    """Whether each names what the other's article never does; of tolls, whether either does: disasters recur."""
    mine = one.told.names - _article_stems(other.article)
    theirs = other.told.names - _article_stems(one.article)
    return bool(mine or theirs) if one.statement.deed else bool(mine and theirs)


def _names_differ(one: Said, other: Said) -> bool:
    return bool(one.told.names - other.told.names and other.told.names - one.told.names)


def _share_context(one: Said, other: Said, least: int, share: float) -> bool:
    counted = one.statement.unit | other.statement.unit
    mine, theirs = one.told.context - counted, other.told.context - counted
    return len(mine & theirs) >= max(least, share * min(len(mine), len(theirs)))


def _years(dates: Sequence[Figure]) -> frozenset[int]:
    return frozenset(int(figure.value) // 10_000 for figure in dates if figure.value >= 10_000)


def _years_around(said: Said) -> frozenset[int]:
    """The years that the sentence, the one before it or the title names, and that of publication."""
    published = {said.article.published.year} if said.article.published else set()
    named = find_figures(f"{said.text}\n{_setting(said)}", said.article.language)
    return _years([figure for figure in named if figure.kind == "date"]) | published


def _known(said: Said) -> frozenset[str]:
    """The stems of the sentence, of the one before it, and of the title."""
    setting = stems_in_english(_setting(said), said.article.language)
    return said.told.context | said.statement.unit | frozenset(setting)


def _setting(said: Said) -> str:
    """The title and the sentence before."""
    before = [span for span in said.sentences_of(said.article) if span.end <= said.start]
    lead = said.article.text[before[-1].start : before[-1].end] if before else ""
    return f"{said.article.title}\n{lead}"


def _article_stems(article: Article) -> frozenset[str]:
    return frozenset(stems_in_english(f"{article.title}\n{article.text}", article.language))
