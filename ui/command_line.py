"""`gazette`: what is typed becomes one call of a command, and an error becomes one line and an exit status.

Only arguments are read here, so that `--help` answers at once: what runs a command is imported when it is asked for.
Exit status: 0 fine (a refusal is an answer), 1 failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ui.cli.archive_arguments import add_asking_commands, add_keeping_commands, add_reading_commands
from ui.cli.evaluation_arguments import add_evaluation_commands
from ui.cli.serving_arguments import add_account_commands, add_conversation_commands, add_serving_commands

__all__ = ["MODULE_BY_COMMAND", "build_parser", "main"]

_EXAMPLES = """\
examples:
  gazette add articles/ https://example.org/story.html
  gazette ask "Who met in Brussels?"
  gazette ask "Où les ministres se sont-ils réunis ?" --language fr --since 2014-01-01
  gazette chat

Settings are read from the environment too: GAZETTE_ARCHIVE, GAZETTE_ENCODER, GAZETTE_MODEL,
GAZETTE_SUPPORT_MODEL, GAZETTE_ACCOUNTS, GAZETTE_LOG_QUESTIONS.
"""

# Which module of `ui.cli` has the function that runs a command, `run_` and its name.
MODULE_BY_COMMAND = {
    **dict.fromkeys(("add", "list", "show", "remove", "info", "verify", "reindex"), "archive_commands"),
    **dict.fromkeys(("ask", "search"), "asking_commands"),
    **dict.fromkeys(("chat", "serve", "mcp"), "serving_commands"),
    **dict.fromkeys(("users", "keys", "conversations"), "account_commands"),
    "eval": "evaluation_commands",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; `arguments` default to those of the process."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    # Before the libraries load: none of them may ask a hub or a collector for anything unless told to.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

    from ui.cli.loading import loading

    with loading():
        from rag.errors import GazetteError

    try:
        with loading():
            commands = import_module(f"ui.cli.{MODULE_BY_COMMAND[options.command]}")
        status = int(getattr(commands, f"run_{options.command}")(options))
        sys.stdout.flush()
    except GazetteError as error:
        print(f"gazette: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("gazette: interrupted; what was reported as saved is kept.", file=sys.stderr)
        return 130
    return status


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="gazette",
        description="Ask an archive of news articles, in English or French, and see the exact passage that answers.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"gazette {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_reading_commands(commands)
    add_asking_commands(commands)
    add_keeping_commands(commands)
    add_serving_commands(commands)
    add_account_commands(commands)
    add_conversation_commands(commands)
    add_evaluation_commands(commands)
    return parser


def _version() -> str:
    from importlib.metadata import version

    return version("gazette")


if __name__ == "__main__":
    sys.exit(main())
