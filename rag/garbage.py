"""Python's search for garbage, in processes that answer one question after another."""

from __future__ import annotations

import gc

__all__ = ["collect_seldom"]

# So many objects come before the youngest are looked through, of Python's own accord 700. An answer makes some ten
# thousand, most of which end with it; those that are kept for the next would else be gone over again and again.
YOUNG_OBJECTS = 10_000


def collect_seldom() -> None:
    """Lets Python look for garbage more rarely, in the whole process: for one that does nothing but answer.

    To look through everything takes Python 45 to 100 ms, which it does for one answer of a hundred by itself: at 10,000
    chunks the slowest of a hundred came after 87 ms, and comes after some 43. The others hardly change.
    """
    gc.set_threshold(YOUNG_OBJECTS)
