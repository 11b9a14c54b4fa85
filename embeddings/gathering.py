"""Items of many threads → one function that takes several at once: what waits while it is busy goes in together.

A model reads eight questions together for less than eight alone, and no more threads compute than there are places:
the others wait instead of taking the processor from those that compute.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Gathering"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class Gathering(Generic[Item, Result]):
    """Calls `run` with up to `most` waiting items, in at most `places` threads at a time: those that brought them.

    Example:
        >>> Gathering(lambda words: [word.upper() for word in words], places=1, most=8)("quay")
        'QUAY'
    """

    def __init__(self, run: Callable[[list[Item]], Sequence[Result]], *, places: int, most: int) -> None:
        """`run` gives a result for each item, in order."""
        self._run = run
        self._most = most
        self._places = threading.BoundedSemaphore(places)
        self._guard = threading.Lock()
        self._waiting: deque[tuple[Item, Future[Result]]] = deque()

    def __call__(self, item: Item) -> Result:
        """The item's result; raises what `run` raised for the items it went in with."""
        own: Future[Result] = Future()
        with self._guard:
            self._waiting.append((item, own))
        while not own.done():
            with self._places:
                with self._guard:
                    taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                if taken:
                    self._answer(taken)
            if not taken:  # another thread has the item in hand
                break
        return own.result()

    def _answer(self, taken: list[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._run([item for item, _ in taken])
        except BaseException as error:
            for _, future in taken:
                future.set_exception(error)
            return
        for (_, future), result in zip(taken, results, strict=True):
            future.set_result(result)
