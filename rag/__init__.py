"""Articles in, cited answers out.

>>> from rag import Archive, Article, Assistant
>>> archive = Archive.open(folder)
>>> report = archive.add(Article("a1", "A treaty", "The treaty was signed in Paris.", language="en"))
>>> Assistant(archive).ask("Where was the treaty signed?").text
'The treaty was signed in Paris. [1]'
"""

from rag.archive import Archive, ArchiveInfo
from rag.assistant import Assistant
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
]
