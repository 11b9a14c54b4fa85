"""What was measured → figures to keep: percentiles, ratios with their intervals, and what they were made on."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from eval.runs import write_file
from eval.significance import bootstrap_interval
from eval.surroundings import commit, versions

__all__ = ["Figures", "percentiles", "ratio", "save_figures", "surroundings"]

Figures = dict[str, Any]
_RUNTIMES = ("openvino", "onnxruntime", "tokenizers")


def percentiles(values: Sequence[float]) -> Figures:
    """p50, p95, p99 and the mean; of no value, nothing."""
    if not values:
        return {}
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return {"p50": float(p50), "p95": float(p95), "p99": float(p99), "mean": float(np.mean(values))}


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figures:
    """How many times theirs ours is: the geometric mean of the turns' ratios, and its 95% interval."""
    logs = np.log(np.asarray(ours, float) / np.asarray(theirs, float))
    interval = bootstrap_interval(logs)
    return {
        "ratio": float(np.exp(logs.mean())),
        "low": float(np.exp(interval.low)),
        "high": float(np.exp(interval.high)),
    }


def surroundings() -> Figures:
    """The machine, versions and commit."""
    found = versions()
    for name in _RUNTIMES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": platform.system(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "versions": found,
    }


def save_figures(folder: Path, part: str, figures: Figures, made_on: Figures) -> None:
    """Writes `<part>.json` into the folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"surroundings": made_on, **figures}, ensure_ascii=False, indent=1)
    write_file(folder / f"{part}.json", text + "\n")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float | None:
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
