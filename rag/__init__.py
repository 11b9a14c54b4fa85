"""Articles in, cited answers out.

>>> from rag import Archive, Article, Assistant
>>> archive = Archive.open(folder)
>>> report = archive.add(Article("a1", "A treaty", "The treaty was signed in Paris.", language="en"))
>>> Assistant(archive).ask("Where was the treaty signed?").text
'The treaty was signed in Paris. [1]'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.archive import Archive, ArchiveInfo
from rag.errors import (
    ArchiveError,
    ArchiveLocked,
    EncoderError,
    EncoderMismatch,
    GazetteError,
    IndexFileError,
    ModelError,
    QuestionError,
    ReadingError,
)
from rag.garbage import collect_seldom
from rag.records import (
    AddReport,
    Answer,
    AnswerDone,
    AnswerEvent,
    AnswerSentence,
    Article,
    AskSettings,
    Chunk,
    Citation,
    Disagreement,
    Filters,
    Passage,
    PassagesFound,
    Period,
    Record,
    Side,
    Span,
    Support,
    TextPiece,
    Verdict,
)
from rag.retrieval import SearchSettings
from rag.store_view import ArticleSummary

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.support import check_support

__all__ = [
    "AddReport",
    "Answer",
    "AnswerDone",
    "AnswerEvent",
    "AnswerSentence",
    "Archive",
    "ArchiveError",
    "ArchiveInfo",
    "ArchiveLocked",
    "Article",
    "ArticleSummary",
    "AskSettings",
    "Assistant",
    "Chunk",
    "Citation",
    "Disagreement",
    "EncoderError",
    "EncoderMismatch",
    "Filters",
    "GazetteError",
    "IndexFileError",
    "ModelError",
    "Passage",
    "PassagesFound",
    "Period",
    "QuestionError",
    "ReadingError",
    "Record",
    "SearchSettings",
    "Side",
    "Span",
    "Support",
    "TextPiece",
    "Verdict",
    "check_support",
    "collect_seldom",
]


def __getattr__(name: str) -> object:
    """What answers is loaded when it is first asked for: who lists and searches does without half of `rag`."""
    if name == "Assistant":
        from rag.assistant import Assistant

        return Assistant
    if name == "check_support":
        from rag.support import check_support

        return check_support
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
