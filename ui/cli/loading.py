"""Code, loaded without looking for garbage in it: what is imported stays, so the search finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading"]


@contextmanager
def loading() -> Iterator[None]:
    """While the block imports, no garbage is collected; later collections leave what it has loaded alone."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
