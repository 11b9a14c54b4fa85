"""The root of the project's errors, and those about encoders; `rag.errors` draws the whole tree."""

__all__ = ["EncoderError", "GazetteError", "IndexFileError"]


class GazetteError(Exception):
    """Root of all errors that Gazette raises on purpose."""


class EncoderError(GazetteError):
    """A model is missing, or its weights are not the published ones."""


class IndexFileError(GazetteError):
    """An index file is damaged."""
