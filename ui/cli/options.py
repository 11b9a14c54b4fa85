"""What the arguments of several commands are made of: the archive, the settings, filters, JSON, numbers."""

from __future__ import annotations

import argparse
import os
from datetime import date
from typing import TypeAlias

from ui.settings import setting

__all__ = ["Commands", "add_command", "add_filters", "add_json", "add_setting", "add_strict", "positive"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(commands: Commands, name: str, summary: str) -> argparse.ArgumentParser:
    """A command that works on an archive."""
    command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    add_setting(command, "archive")
    return command


def add_setting(command: argparse.ArgumentParser, name: str, **changes: object) -> None:
    """The option of a row of the settings table; `changes` are argparse's own."""
    row = setting(name)
    try:
        default = row.value()
    except ValueError:
        needed = "neither 1 nor 0" if row.kind is bool else "no number"
        command.error(f"{row.environment} is {needed}: «{os.environ.get(row.environment or '')}»")
    if row.kind is bool:
        command.add_argument(row.option, action="store_true", default=default, help=row.help)
        return
    shown = f" (default: {default}{f' {row.unit}' if row.unit else ''})" if default is not None else ""
    options = {
        "type": row.kind,
        "default": default,
        "metavar": row.metavar,
        "help": f"{row.help}{shown}",
        **changes,
    }
    command.add_argument(row.option, **options)  # type: ignore[arg-type]


def add_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", metavar="CODE", help="only articles in this language: en, fr, …")
    command.add_argument("--source", metavar="OUTLET", help="only articles of this outlet")
    command.add_argument("--since", metavar="DATE", type=_date, help="only articles of this date or later: 2014-03-31")
    command.add_argument("--until", metavar="DATE", type=_date, help="only articles of this date or earlier")


def add_strict(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--strict", action="store_true", help="with a chat model: leave out the sentences that nothing found bears out"
    )


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


def positive(written: str) -> int:
    """A number from 1 to 1000."""
    if not written.isdecimal() or not 1 <= int(written) <= 1000:
        raise argparse.ArgumentTypeError(f"«{written}» is no number from 1 to 1000")
    return int(written)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{written}» is no date: write it like 2014-03-31") from None
