"""`gazette eval`: the one place where a command starts what measures."""

from __future__ import annotations

import argparse

from ui.cli.progress import ProgressBar

__all__ = ["run_eval"]


def run_eval(options: argparse.Namespace) -> int:
    """Status 1 when a gate is not passed."""
    from eval.command import run

    return run(options, ProgressBar())
