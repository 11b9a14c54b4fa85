"""`gazette ask` and `search`: a question in, what the archive says printed, exit status out."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from rag.records import AskSettings
from ui.cli.answer_text import answer_lines
from ui.cli.archive_commands import filters_of, open_archive
from ui.cli.history_file import read_history_file
from ui.cli.loading import loading
from ui.cli.terminal_text import copies, described, place, shortened
from ui.rendering.json_output import print_json

__all__ = ["run_ask", "run_search"]


def run_ask(options: argparse.Namespace) -> int:
    """A refusal is an answer: status 0."""
    history = read_history_file(options.history) if options.history else None
    settings = AskSettings(strict=options.strict, reads_dates=not options.ignore_dates)
    with open_archive(options) as archive:
        archive.prepare()
        with loading():
            from rag import Assistant  # what answers is loaded while the model is

        assistant = Assistant(archive, model=options.model, limit=options.limit, support_model=options.support_model)
        answer = assistant.ask(_question(options), history, filters=filters_of(options), settings=settings)
    if options.json:
        print_json(answer)
    else:
        for line in answer_lines(answer, date.today()):
            print(line)
    return 0


def run_search(options: argparse.Namespace) -> int:
    with open_archive(options) as archive:
        filters = filters_of(options)
        passages = archive.search(
            _question(options),
            limit=options.limit,
            language=filters.language,
            source=filters.source,
            since=filters.since,
            until=filters.until,
        )
    if options.json:
        print_json(passages)
        return 0
    for passage in passages:
        print(f"{passage.rank}. {described(passage.article)}  ({passage.score:.2f})")
        print(f"   {shortened(passage.text)}")
        print(f"   {place(passage.article)}, characters {passage.start} to {passage.end}{copies(passage)}\n")
    if not passages:
        print("Nothing found: the archive has no article that passes the filters.")
    return 0


def _question(options: argparse.Namespace) -> str:
    return sys.stdin.read() if options.question == "-" else str(options.question)
