"""What can be set, in one table that the command line, the README and a test read.

Each setting is an option of the commands that use it, and an environment variable where one is named; the
option wins.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

__all__ = ["SETTINGS", "Setting", "default_number", "setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` converts what was typed; `unit` is empty where there is none. `help` ends without a full stop.

    One whose `kind` is bool is off unless its option is given, or its environment variable is 1.
    """

    name: str
    default: str | int | None
    kind: type[str] | type[int] | type[bool]
    unit: str
    metavar: str
    environment: str | None
    help: str

    @property
    def option(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    def value(self) -> str | int | None:
        """The default, or what the environment says. Raises `ValueError` where it says no number, or not 1 or 0."""
        written = os.environ.get(self.environment) if self.environment else None
        if written and self.kind is bool and written not in ("0", "1"):
            raise ValueError(written)
        if self.kind is bool:
            return written == "1" if written else self.default
        return self.kind(written) if written else self.default


SETTINGS = (
    Setting("archive", "./archive", str, "", "DIR", "GAZETTE_ARCHIVE", "the folder that holds the archive"),
    Setting(
        "encoder",
        None,
        str,
        "",
        "NAME_OR_FOLDER",
        "GAZETTE_ENCODER",
        "any sentence-transformers model in place of the shipped all-MiniLM-L6-v2",
    ),
    Setting(
        "model",
        None,
        str,
        "",
        "NAME_OR_FOLDER",
        "GAZETTE_MODEL",
        "a chat model, such as ollama:qwen3:8b, or a folder with one; without it, answers are quoted from the articles",
    ),
    Setting(
        "support_model",
        None,
        str,
        "",
        "FOLDER",
        "GAZETTE_SUPPORT_MODEL",
        "a cross-encoder for natural-language inference, which the support check asks where its rules can't tell",
    ),
    Setting("limit", 10, int, "passages", "N", None, "how many passages to find at most"),
    Setting("lock_timeout", 60, int, "seconds", "SECONDS", None, "how long to wait while another process writes"),
    Setting("host", "127.0.0.1", str, "", "ADDRESS", None, "the address that the web chat or the service listens on"),
    Setting("port", 7860, int, "", "PORT", None, "its port; 0 takes any that is free"),
    Setting(
        "accounts",
        "./accounts.sqlite3",
        str,
        "",
        "FILE",
        "GAZETTE_ACCOUNTS",
        "the file of those who may use a server that others can reach",
    ),
    Setting(
        "sharing",
        False,
        bool,
        "",
        "",
        "GAZETTE_SHARING",
        "let readers share a conversation by a link, which whoever has it reads without signing in",
    ),
    Setting("answers_at_once", 4, int, "answers", "N", None, "how many answers the service writes at once"),
    Setting(
        "answers_waiting", 64, int, "questions", "N", None, "how many more may wait; the next are asked to come back"
    ),
    Setting(
        "processes",
        2,
        int,
        "processes",
        "N",
        None,
        "how many answer side by side when several readers ask at once, without a chat model; at most one a core",
    ),
    Setting(
        "log_requests",
        False,
        bool,
        "",
        "",
        None,
        "write each request to standard error as a line of JSON, without what was asked",
    ),
    Setting(
        "log_questions",
        False,
        bool,
        "",
        "",
        "GAZETTE_LOG_QUESTIONS",
        "write the text of each question to standard error too, and into spans where those are sent",
    ),
)


def setting(name: str) -> Setting:
    """The setting called `name`. Raises `KeyError` where there is none."""
    return {row.name: row for row in SETTINGS}[name]


def default_number(name: str) -> int:
    """What the number called `name` is where nobody says otherwise. Raises `KeyError` where there is none."""
    value = setting(name).default
    assert isinstance(value, int), f"{name} is not a number"
    return value
