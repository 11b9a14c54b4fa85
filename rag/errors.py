"""Everything Gazette raises on purpose.

    GazetteError
    ├── ArchiveError            the folder is not an archive, is damaged, or its format is another
    │   ├── EncoderMismatch     built with another encoder than the one asked for
    │   └── ArchiveLocked       another process writes and did not finish in time
    ├── ReadingError            an input can't be read as an article
    ├── QuestionError           empty, too long, or not text
    ├── EncoderError            a model is missing, or its weights are not the published ones
    ├── IndexFileError          a file of an index is damaged
    └── ModelError              a chat model can't be made or reached

A message says what is wrong, names the offending value, and gives the way out. The command line and the
server turn these into text; nothing else catches them to go on.
"""

from embeddings.errors import EncoderError, GazetteError, IndexFileError
from rag.reasons import Reason

__all__ = [
    "ArchiveError",
    "ArchiveLocked",
    "EncoderError",
    "EncoderMismatch",
    "GazetteError",
    "IndexFileError",
    "ModelError",
    "QuestionError",
    "ReadingError",
]


class ArchiveError(GazetteError):
    """The folder is not an archive, is damaged, or has another format."""


class EncoderMismatch(ArchiveError):
    """The archive was built with another encoder than the one asked for."""


class ArchiveLocked(ArchiveError):
    """Another process is writing; the message names it."""


class ReadingError(GazetteError):
    """An input can't be read as an article; `reason` says why, and so does the message, without the path."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.said())
        self.reason = reason


class QuestionError(GazetteError):
    """The question is empty, too long, or holds no letter or figure."""


class ModelError(GazetteError):
    """A chat model can't be made or reached."""
