"""A comparison → the files of its report, in a folder."""

from __future__ import annotations

from pathlib import Path

from eval.comparison import Comparison
from eval.report_page import as_html
from eval.report_tables import as_csv, as_json, as_markdown
from eval.runs import write_file

__all__ = ["write_report"]


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Writes report.html, .json, .csv and .md into `folder`, made when missing; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"json": as_json, "csv": as_csv, "md": as_markdown, "html": as_html}
    for ending, make in texts.items():
        write_file(folder / f"report.{ending}", make(comparison))
    return folder / "report.html"
