"""What goes wrong in an evaluation; the command line prints it in one line, like every `GazetteError`."""

from __future__ import annotations

from rag import GazetteError

__all__ = ["EvaluationError"]


class EvaluationError(GazetteError):
    """A file of questions, judgements or runs can't be used; the message names it, the line and why."""
