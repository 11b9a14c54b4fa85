"""A question → what it asks about the archive itself, or nothing. Told by rules, in English and French.

The patterns take in the whole question, and every one speaks of articles, outlets or the archive: «Which newspapers
reported the leak?» and «How many articles did the treaty have?» are for the articles to answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.words import fold_in_place

__all__ = ["ArchiveRequest", "read_request"]

Asked = Literal["outlets", "languages", "count", "span", "latest", "first", "list"]


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """What is asked about the archive; `about` is the subject and `by` the outlet, author or language, as written."""

    asked: Asked
    about: str | None = None
    by: str | None = None


_POLITE = (
    r"(?:(?:please|ok|and|so|hi|hello|bonjour|alors|et|dis-moi|dites-moi|tell me|can you tell me|could you tell me|"
    r"pouvez-vous me dire|peux-tu me dire|i would like to know|je voudrais savoir)[, :]+)*"
)
_END = r"(?:,? (?:please|s'il vous plait|s'il te plait|svp))?"
_HERE = (
    r"(?: (?:here|in (?:here|total|all|the archive|this archive|your archive|store)|ici|en tout|au total"
    r"|dans (?:l'|cette |votre |ton )archive))?"
)
_ARCHIVE = r"(?:the|this|your) (?:archive|collection|library)"
_ARCHIVE_FR = r"(?:l'archive|cette archive|votre archive|ton archive|la collection)"
_OUTLETS = r"(?:news )?(?:outlets|newspapers|papers|sources|publications|media|magazines|titles)"
_OUTLETS_FR = r"(?:journaux|medias|titres|sources|quotidiens|publications|magazines)"
_ARTICLES = r"(?:articles|stories|documents|texts|pieces)"
_NEWEST = r"latest|last|newest|most recent"
_OLDEST = r"first|oldest|earliest"
_YOU_HAVE = (
    rf"(?:do you have|have you(?: got)?|are there|does {_ARCHIVE} (?:have|hold|contain|cover|include)"
    rf"|are in {_ARCHIVE}|can you (?:search|read|use)|do you (?:hold|search|use|read|cover|know))"
)
_YOU_HAVE_FR = (
    rf"(?:avez-vous|as-tu|vous avez|tu as|y a-t-il|il y a|est-ce que vous avez|est-ce qu'il y a"
    rf"|sont dans {_ARCHIVE_FR}|"
    rf"contient {_ARCHIVE_FR}|{_ARCHIVE_FR} contient-elle|compte {_ARCHIVE_FR}|{_ARCHIVE_FR} compte-t-elle"
    rf"|connaissez-vous|"
    r"lisez-vous|sont disponibles)"
)
_LIST = r"(?:list|show(?: me)?|give me|name|which are|what are)(?: all)?(?: of)? (?:the |your )?"
_LIST_FR = (
    r"(?:liste[zr]?(?: moi)?|montre[zr]?(?:-moi)?|donne[zr]?(?:-moi)?|cite[zr]?|quel(?:le)?s sont"
    r"|affiche[zr]?)(?: tous| toutes)? (?:les |des |vos |tes )?"
)
_ON = r"(?:about|on|concerning|regarding|that mention|mentioning|which mention)"
_ON_FR = (
    r"(?:sur|a propos (?:de|du|des|d')|concernant|au sujet (?:de|du|des|d')|qui parlent (?:de|du|des|d')"
    r"|parlant (?:de|du|des|d')|evoquant|qui mentionnent)"
)
_BY = r"(?:by|from|in|of|written by|published (?:by|in))"
_BY_FR = r"(?:de |du |des |d'|par |ecrits par |publies (?:par|dans) |en |dans )"

_NEWEST_OR_OLDEST: tuple[tuple[Asked, str, str, str], ...] = (
    ("latest", _NEWEST, "(?:dernier|plus recent)", "recent"),
    ("first", _OLDEST, "(?:premier|plus ancien)", "(?:ancien|vieux)"),
)
_PATTERNS: tuple[tuple[Asked, str], ...] = (
    ("outlets", rf"(?:which|what) {_OUTLETS} {_YOU_HAVE}{_HERE}|{_LIST}{_OUTLETS}{_HERE}|{_OUTLETS}"),
    ("outlets", rf"(?:which|what) {_OUTLETS} (?:are|do) (?:the|these|your) articles (?:from|come from)"),
    (
        "outlets",
        rf"(?:de )?quel(?:le)?s {_OUTLETS_FR} (?:{_YOU_HAVE_FR}|disposez-vous|viennent les articles"
        rf"|proviennent les articles)"
        rf"{_HERE}|{_LIST_FR}{_OUTLETS_FR}{_HERE}",
    ),
    (
        "languages",
        rf"(?:in )?(?:which|what) languages? (?:{_YOU_HAVE}|are (?:the|your) articles(?: written)?(?: in)?"
        rf"|is {_ARCHIVE} in){_HERE}",
    ),
    (
        "languages",
        rf"(?:dans |en )?quelles? langues? (?:{_YOU_HAVE_FR}|sont (?:ecrits )?(?:les|vos) articles|(?:les"
        rf"|vos) articles sont-ils ecrits)"
        rf"{_HERE}",
    ),
    (
        "count",
        rf"how many {_ARTICLES} (?:{_ON} (?P<about>.+?) )?(?:{_YOU_HAVE})(?: {_ON} (?P<about_2>.+?)"
        rf"| {_BY} (?P<by>.+?))??{_HERE}",
    ),
    (
        "count",
        rf"how many {_ARTICLES} (?:are(?: there)? )?(?:{_ON} (?P<about>.+?)"
        rf"|{_BY} (?P<by>.+?))(?: {_YOU_HAVE})?{_HERE}",
    ),
    (
        "outlets",
        rf"how many {_OUTLETS} {_YOU_HAVE}{_HERE}|(?:de )?combien (?:de |d'){_OUTLETS_FR} {_YOU_HAVE_FR}{_HERE}",
    ),
    ("languages", rf"how many languages {_YOU_HAVE}{_HERE}|combien de langues {_YOU_HAVE_FR}{_HERE}"),
    (
        "count",
        rf"how (?:big|large) is {_ARCHIVE}|what is in {_ARCHIVE}|what do you have(?: here)?"
        rf"|qu'y a-t-il dans {_ARCHIVE_FR}|que contient {_ARCHIVE_FR}",
    ),
    (
        "count",
        rf"combien d'articles (?:{_ON_FR} ?(?P<about>.+?) )?(?:{_YOU_HAVE_FR}"
        rf"|sont)(?: {_ON_FR} ?(?P<about_2>.+?)| {_BY_FR}(?P<by>.+?))??{_HERE}",
    ),
    (
        "span",
        rf"(?:from when to when|(?:what|which) (?:period|time period|time|times|dates|years|time span"
        rf"|span)) (?:do|does|is|are) (?:{_ARCHIVE}|"
        rf"(?:the|your) articles)(?: (?:cover(?:ed)?(?: by)?|date|span|go|run|come)(?: from)?)?"
        rf"|how far back (?:do|does) (?:{_ARCHIVE}|"
        r"(?:the|your) articles|you) go|from when to when|when (?:are|were) (?:the|your) articles (?:from|published)",
    ),
    (
        "span",
        rf"(?:sur |de )?quel(?:le)?s? (?:periodes?|annees|dates) (?:est-ce que )?(?:couvre(?:nt)?|vont|sont"
        rf"|couvre-t-elle)? ?(?:{_ARCHIVE_FR}|(?:les|vos) "
        rf"articles)(?: (?:couvre-t-elle|couvrent-ils|vont-ils|datent-ils))?|de quand (?:a quand|datent (?:les"
        rf"|vos) articles)(?: "
        rf"(?:vont|va|couvrent|couvre|datent) (?:les articles|vos articles|{_ARCHIVE_FR}))?|jusqu'(?:ou"
        rf"|a quand) remonte(?:nt)? (?:{_ARCHIVE_FR}|(?:les|vos) articles)",
    ),
    *(
        (
            asked,
            rf"(?:what|which) (?:is|was) (?:the|your) (?:{words}) (?:article|story|piece)(?: (?:you have"
            rf"|there is))?(?: {_ON} (?P<about>.+?)|"
            rf" {_BY} (?P<by>.+?))?{_HERE}|when was (?:the|your) (?:{words}) (?:article|story"
            rf"|piece)(?: {_ON} (?P<about_2>.+?)|"
            rf" {_BY} (?P<by_2>.+?))? (?:published|written)|(?:show(?: me)?|give me) the (?:{words}) (?:article"
            rf"|story|piece)(?: {_ON} (?P<about_3>.+))?",
        )
        for asked, words, _, _ in _NEWEST_OR_OLDEST
    ),
    *(
        (
            asked,
            rf"(?:quel est|quel etait|de quand date|montre[zr]?(?:-moi)?|donne[zr]?(?:-moi)?) (?:le|votre"
            rf"|l')(?: )?(?:{before} article|article le plus {after})"
            rf"(?: paru| publie| disponible)?(?: {_ON_FR} ?(?P<about>.+?)| {_BY_FR}(?P<by>.+?))?{_HERE}",
        )
        for asked, _, before, after in _NEWEST_OR_OLDEST
    ),
    (
        "list",
        rf"what (?:{_ARTICLES} )?(?:do you have|have you(?: got)?|is there"
        rf"|does {_ARCHIVE} have){_HERE} {_ON} (?P<about>.+)",
    ),
    ("list", rf"(?:which|what) {_ARTICLES} (?:{_YOU_HAVE}|are(?: there)?)(?: {_ON} (?P<about>.+)| {_BY} (?P<by>.+))"),
    ("list", rf"{_LIST}{_ARTICLES}(?: {_ON} (?P<about>.+)| {_BY} (?P<by>.+))"),
    ("list", rf"{_ARTICLES}(?: {_ON} (?P<about>.+)| by (?P<by>.+))"),
    (
        "list",
        rf"do you have (?:any |an )?(?:articles?|anything|something|stories) (?:{_ON} (?P<about>.+)|(?:by"
        rf"|from) (?P<by>.+))",
    ),
    (
        "list",
        rf"(?:qu'avez-vous|qu'as-tu|qu'y a-t-il|que contient {_ARCHIVE_FR}"
        rf"|qu'est-ce que vous avez){_HERE} {_ON_FR} ?(?P<about>.+)",
    ),
    ("list", rf"quels articles (?:{_YOU_HAVE_FR})(?: {_ON_FR} ?(?P<about>.+)| {_BY_FR}(?P<by>.+))"),
    (
        "list",
        r"quels articles (?:parlent (?:de |du |des |d')|traitent (?:de |du |des |d')|portent sur "
        r"|evoquent )(?P<about>.+)",
    ),
    ("list", rf"(?:{_LIST_FR})?articles(?: {_ON_FR} ?(?P<about>.+)| {_BY_FR}(?P<by>.+))"),
    ("list", rf"(?:avez-vous|as-tu|y a-t-il) (?:des |un )articles? (?:{_ON_FR} ?(?P<about>.+)| {_BY_FR}(?P<by>.+))"),
)
_COMPILED = tuple((asked, re.compile(f"{_POLITE}(?:{pattern}){_END}")) for asked, pattern in _PATTERNS)


def read_request(text: str) -> ArchiveRequest | None:
    """What a question asks about the archive; None for a question that is for the articles to answer."""
    asked_text = text.strip(" ?!.…")
    asked_text = re.sub(r"^(what|which)['’]s\b", r"\1 is", asked_text, flags=re.IGNORECASE)
    plain = fold_in_place(asked_text).replace("’", "'")
    for asked, pattern in _COMPILED:
        if match := pattern.fullmatch(plain):
            parts = {
                name.partition("_")[0]: asked_text[match.start(name) : match.end(name)].strip(" \"“”«»'?")
                for name, value in match.groupdict().items()
                if value
            }
            return ArchiveRequest(asked, parts.get("about"), parts.get("by"))
    return None
