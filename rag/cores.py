"""The cores that may be used, shared out among processes that answer side by side."""

from __future__ import annotations

from embeddings.shipped_encoder import thread_count

__all__ = ["cores_of_each", "processes_for"]


def processes_for(wanted: int) -> int:
    """How many of the processes wanted there are cores for, 1 at least.

    Raises `EncoderError` where `$GAZETTE_THREADS` is no number from 1.
    """
    return min(wanted, thread_count())


def cores_of_each(processes: int) -> int:
    """How many cores each of so many processes gets, 1 at least. Raises as `processes_for`."""
    return max(1, thread_count() // processes)
