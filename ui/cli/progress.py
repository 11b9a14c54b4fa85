"""The progress bar of long commands: rate and time left on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.writing import Progress

__all__ = ["ProgressBar"]

# Of computing; below it nobody asks where the time went.
LONG_SECONDS = 10.0


class ProgressBar:
    """Draws `Progress` records on standard error while it is entered."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def show(self, progress: Progress) -> None:
        """Draws one step; a new stage begins a new bar."""
        if progress.stage == "waiting":
            print(f"gazette: waiting: {progress.note}", file=sys.stderr)
        elif progress.stage == "spent":
            self._close()
            _print_shares(progress.seconds_by_stage)
        elif progress.stage != "saved":
            self._draw(progress)

    def _draw(self, progress: Progress) -> None:
        from tqdm import tqdm

        if progress.stage != self._stage:
            self._close()
            self._stage = progress.stage
            self._bar = tqdm(
                total=progress.total,
                desc=progress.stage,
                unit=f" {progress.unit}",
                disable=not sys.stderr.isatty(),
                dynamic_ncols=True,
                leave=False,
            )
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar, self._stage = None, ""


def _print_shares(seconds_by_stage: Mapping[str, float]) -> None:
    """Where the time went, where it was long enough for anybody to ask."""
    total = sum(seconds_by_stage.values())
    if total >= LONG_SECONDS:
        ranked = sorted(seconds_by_stage.items(), key=lambda item: -item[1])
        shares = ", ".join(f"{stage} {seconds / total:.0%}" for stage, seconds in ranked)
        print(f"gazette: {total:,.0f} seconds of computing: {shares}", file=sys.stderr)
