"""`gazette eval speed`: the parts that are asked for, one after the other; each is saved as soon as it is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.archives import benchmark_archive
from eval.bench.measuring import Figures, save_figures, surroundings
from eval.bench.speed_page import as_page
from eval.runs import write_file

__all__ = ["PARTS", "SpeedSettings", "measure_speed"]

PAGE = "speed.html"


@dataclass(frozen=True, slots=True)
class SpeedSettings:
    """`sizes` in chunks, of the archives that are asked and grown; the smallest is what `add` adds.

    `peers_python` is the Python of an environment that holds LangChain, LlamaIndex and txtai, None to leave them out.
    """

    sizes: tuple[int, ...]
    rounds: int
    questions: int
    archives: Path
    peers_python: Path | None = None


def measure_speed(parts: Sequence[str], settings: SpeedSettings, folder: Path) -> Iterator[tuple[str, Figures]]:
    """Each part with its figures, which are in the folder by then, as `<part>.json`; the page last.

    Raises `EvaluationError` where something can't be measured; what was measured before is kept.
    """
    measured: dict[str, Figures] = {}
    for part in parts:
        made_on = surroundings()  # before the part itself loads the machine
        measured[part] = PARTS[part](settings)
        save_figures(folder, part, measured[part], made_on)
        yield part, measured[part]
    write_file(folder / PAGE, as_page(folder))


def _add(settings: SpeedSettings) -> Figures:
    from eval.bench.adding import measure_adding

    return measure_adding(min(settings.sizes), settings.peers_python, settings.archives)


def _ask(settings: SpeedSettings) -> Figures:
    from eval.bench.asking import measure_asking

    return {
        "sizes": {
            str(size): measure_asking(benchmark_archive(size, settings.archives), settings.questions)
            for size in settings.sizes
        }
    }


def _start(settings: SpeedSettings) -> Figures:
    from eval.bench.archives import sample_archive
    from eval.bench.starting import measure_starting

    archives = {"sample": sample_archive(settings.archives)}
    archives |= {f"{size:,} chunks": benchmark_archive(size, settings.archives) for size in settings.sizes}
    return measure_starting(archives, settings.rounds)


def _growth(settings: SpeedSettings) -> Figures:
    from eval.bench.growing import measure_growth

    return measure_growth(settings.sizes, settings.archives, settings.questions)


def _encode(settings: SpeedSettings) -> Figures:
    from eval.bench.encoding import measure_encoding

    return measure_encoding(120, settings.rounds)


def _limit(settings: SpeedSettings) -> Figures:
    from eval.bench.limit import measure_limit

    return measure_limit()


PARTS: dict[str, Callable[[SpeedSettings], Figures]] = {
    "add": _add,
    "ask": _ask,
    "start": _start,
    "growth": _growth,
    "encode": _encode,
    "limit": _limit,
}
