"""Chunks → what the encoder makes of them, in a thread, while the next articles are read and the last ones are written.

A thread and no process: encoding is nine tenths of the work and runs outside of Python, on every core that the encoder
uses, so what reads and writes has all of Python to itself. Processes would each hold the model and a copy of all texts.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from embeddings import Encoder
from rag.chunking import chunk_as_read
from rag.kept_sentences import ReadChunks, read_chunks
from rag.records import Chunk

__all__ = ["EncodingAhead"]

# Windows of chunks that wait or are being encoded: the encoder never waits for a commit, and memory has a bound.
WINDOWS_AHEAD = 4


class EncodingAhead:
    """Encodes what it is given, in that order, for one thread that gives; ends its own when its block ends.

    `gloss_seconds` is the processor time that reading for the encoder took so far.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.gloss_seconds = 0.0
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(1, "encode-ahead")
        self._under_way: deque[Future[ReadChunks]] = deque()

    def __enter__(self) -> EncodingAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, chunks: Sequence[Chunk]) -> Future[ReadChunks]:
        """Begins to encode, once there is room."""
        while len(self._under_way) >= WINDOWS_AHEAD:
            self._under_way.popleft().exception()  # waits; who needs the vectors is told
        started = time.thread_time()
        as_read = [chunk_as_read(chunk, self._encoder) for chunk in chunks]
        self.gloss_seconds += time.thread_time() - started
        future = self._pool.submit(read_chunks, tuple(chunks), self._encoder, as_read)
        self._under_way.append(future)
        return future
