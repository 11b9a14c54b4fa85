"""`gazette`: what is typed becomes one call of a command, and an error becomes one line and an exit status.

This file only reads arguments, so that `--help` answers at once; what a command needs is imported by it.
Exit status: 0 fine (a refusal is an answer), 1 failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date

from ui.settings import setting

__all__ = ["build_parser", "main"]

_EXAMPLES = """\
examples:
  gazette add articles/ https://example.org/story.html
  gazette ask "Who met in Brussels?"
  gazette ask "Où les ministres se sont-ils réunis ?" --language fr --since 2014-01-01
  gazette chat

Settings are read from the environment too: GAZETTE_ARCHIVE, GAZETTE_ENCODER, GAZETTE_MODEL,
GAZETTE_SUPPORT_MODEL, GAZETTE_ACCOUNTS, GAZETTE_LOG_QUESTIONS.
"""


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

    from rag.errors import GazetteError
    from ui.cli import commands

    try:
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
    _add_reading_commands(commands)
    _add_asking_commands(commands)
    _add_keeping_commands(commands)
    _add_serving_commands(commands)
    _add_account_commands(commands)
    _add_conversation_commands(commands)
    _add_evaluation_commands(commands)
    return parser


def _add_reading_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = _command(commands, "add", "read files, folders and addresses into the archive")
    add.add_argument("sources", nargs="*", metavar="PATH|URL", help="files, folders, page or feed addresses")
    add.add_argument("--sample", action="store_true", help="add the sample articles that come with Gazette")
    add.add_argument(
        "--allow-private-addresses",
        action="store_true",
        help="also read from private, loopback and link-local addresses (refused otherwise)",
    )
    _setting(add, "encoder")
    _setting(add, "lock_timeout")
    _json(add)


def _add_asking_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = _command(commands, "ask", "answer a question, citing the articles")
    ask.add_argument("question", help="the question in quotation marks, or - to read it from standard input")
    ask.add_argument(
        "--history",
        metavar="FILE",
        help='the conversation before it, so that a follow-up is understood: JSON, [{"role": …, "content": …}, …]',
    )
    ask.add_argument("--ignore-dates", action="store_true", help="prefer no articles by the dates the question names")
    _setting(ask, "model")
    _strict(ask)
    _setting(ask, "support_model")
    search = _command(commands, "search", "find the passages nearest to a question")
    search.add_argument("question", help="the question in quotation marks, or - to read it from standard input")
    for command in (ask, search):
        _setting(command, "limit", type=_positive)
        _filters(command)
        _json(command)


def _add_keeping_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = _command(commands, "list", "list the articles")
    _filters(listing)
    show = _command(commands, "show", "show one article")
    show.add_argument("id", metavar="ID", help="the article's id, or its beginning (4 characters or more)")
    remove = _command(commands, "remove", "remove articles and every trace of them")
    remove.add_argument("ids", nargs="+", metavar="ID", help="ids, or their beginnings (4 characters or more)")
    info = _command(commands, "info", "what is in the archive, and how much room it takes")
    verify = _command(commands, "verify", "check the archive's three stores against each other")
    reindex = _command(commands, "reindex", "build both indexes anew, or change the encoder")
    _setting(reindex, "encoder")
    for command in (remove, reindex):
        _setting(command, "lock_timeout")
    for command in (listing, show, remove, info, verify):
        _json(command)


def _add_serving_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    chat = _command(commands, "chat", "open the web chat, and answer programs beside it")
    serve = _command(commands, "serve", "answer programs over HTTP, in JSON under /api")
    tools = _command(
        commands, "mcp", "answer MCP clients, who get the tools ask, search and article, over standard input and output"
    )
    for command in (chat, serve, tools):
        _setting(command, "model")
        _strict(command)
        _setting(command, "support_model")
        _setting(command, "host")
        _setting(command, "port", type=_port)
        _setting(command, "accounts")
        command.add_argument(
            "--login",
            action="store_true",
            help="let in accounts and keys alone, on this machine too (behind a proxy, say)",
        )
        _setting(command, "log_requests")
        _setting(command, "log_questions")
        _setting(command, "sharing")
        _setting(command, "answers_at_once", type=_positive)
        _setting(command, "answers_waiting", type=_count)
    chat.add_argument("--no-browser", action="store_true", help="only print the address, open no browser")
    tools.add_argument(
        "--http", action="store_true", help="over HTTP instead: as `gazette serve`, which answers MCP clients at /mcp"
    )


def _add_account_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, noun, summary in (
        ("users", "account", "the accounts of those who may use a server that others can reach"),
        ("keys", "key", "the keys of programs that may use a server that others can reach"),
    ):
        actions = commands.add_parser(name, help=summary).add_subparsers(dest="action", metavar="WHAT", required=True)
        add = actions.add_parser("add", help=f"make {'an account' if noun == 'account' else 'a key, and show it once'}")
        remove = actions.add_parser("remove", help=f"remove {'an account' if noun == 'account' else 'a key'}")
        listing = actions.add_parser("list", help=f"list the {noun}s")
        for command in (add, remove):
            command.add_argument("name", metavar="NAME", help=f"the {noun}'s name")
        add.add_argument(
            "--role",
            choices=("reader", "editor", "admin"),
            default="reader",
            help="a reader asks and reads, an editor adds articles too, an admin also removes them (default: reader)",
        )
        for command in (add, remove, listing):
            _setting(command, "accounts")
        _json(listing)


def _add_conversation_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    summary = "whose the conversations are that the chat has kept beside an archive"
    actions = commands.add_parser("conversations", help=summary).add_subparsers(
        dest="action", metavar="WHAT", required=True
    )
    listing = _command(actions, "list", "list whose conversations there are, and how many each has")
    give = _command(actions, "give", "give an account the conversations from before there were accounts")
    give.add_argument("name", metavar="NAME", help="the account's name")
    forget = _command(actions, "forget", "delete the conversations of accounts and keys that were removed")
    for command in (listing, give, forget):
        _setting(command, "accounts")
    _json(listing)


def _add_evaluation_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser("eval", help="measure how well finding and answering work")
    evaluations = evaluate.add_subparsers(dest="evaluation", metavar="WHAT", required=True)
    retrieval = evaluations.add_parser(
        "retrieval",
        help="measure the archive's search on questions whose articles are known",
        description="Asks each question of each folder, measures what is found, and saves runs and a report.",
    )
    retrieval.add_argument(
        "--system",
        default="hybrid",
        metavar="NAME,…",
        help="hybrid, dense, lexical or no-gloss, or several by commas to compare with the first (default: hybrid)",
    )
    answers = evaluations.add_parser(
        "answers",
        help="measure answers, citations and refusals on questions whose answers are known",
        description="Asks each question as anybody does, measures the answers, and saves runs and a report.",
    )
    answers.add_argument(
        "--system",
        metavar="NAME,…",
        help="extractive, model (with --model), uncompleted or undated, or several by commas to compare with the first",
    )
    _setting(answers, "model")
    _setting(answers, "support_model")
    answers.add_argument(
        "--claims",
        metavar="FILE",
        help="also judge the support check on these labelled claims about the articles; alone, without --questions",
    )
    answers.add_argument("--strict", action="store_true", help="leave out the sentences that nothing found bears out")
    answers.add_argument(
        "--hide-stories",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="hide so large a share of the stories asked about, drawn by the seed: refusing them is right (0.4, say)",
    )
    for command in (retrieval, answers):
        command.add_argument(
            "folders", nargs="*", metavar="FOLDER", help="BEIR folders, or archives or articles (with --questions)"
        )
        command.add_argument("--sample", action="store_true", help="measure on the sample articles and their questions")
        command.add_argument("--questions", metavar="FILE", help="the questions to ask, one JSON object a line")
        command.add_argument(
            "--with",
            dest="others",
            action="append",
            default=[],
            metavar="RUN|FILE",
            help="also compare this saved run, or this TREC run of another program; may be repeated",
        )
        _setting(command, "encoder")
    compare = evaluations.add_parser(
        "compare",
        help="compare saved runs",
        description="Reports saved runs side by side; the first of those on the same questions is the baseline.",
    )
    compare.add_argument("runs", nargs="+", metavar="RUN|FILE", help="folders of saved runs, or TREC runs beside them")
    for command, folder in ((retrieval, "evaluation"), (answers, "evaluation"), (compare, "evaluation/comparison")):
        command.add_argument(
            "--out", default=folder, metavar="DIR", help=f"where runs and the report are saved (default: {folder})"
        )
        command.add_argument("--gate", metavar="RUN", help="status 1 if significantly worse than this saved run")
    questions = _command(evaluations, "questions", "draft a question set from an archive, to be edited by hand")
    questions.add_argument("file", metavar="FILE", help="the questions file to write")
    questions.add_argument("--count", type=_positive, default=40, metavar="N", help="how many at most (default: 40)")
    questions.add_argument(
        "--from-feedback",
        action="store_true",
        help="instead of drafting: what readers of the web chat said of its answers, those they liked as questions",
    )
    _setting(questions, "model")
    _add_speed(evaluations)
    for command in (retrieval, answers, compare, questions):
        command.add_argument("--seed", type=int, default=0, metavar="N", help="of everything drawn (default: 0)")
    for command in (retrieval, answers, compare):
        _json(command)


def _add_speed(evaluations: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    speed = evaluations.add_parser(
        "speed",
        help="measure how fast adding, asking and starting are, beside other programs and at any size",
        description="Makes archives of the sizes given, measures the parts asked for, and saves figures and a page.",
    )
    speed.add_argument(
        "--part",
        metavar="NAME,…",
        help="add, ask, start, growth, encode or limit, or several by commas (default: all of them)",
    )
    speed.add_argument(
        "--sizes",
        type=_sizes,
        default=(10_000,),
        metavar="N,…",
        help="chunks of the archives; add takes the smallest (default: 10000)",
    )
    speed.add_argument("--rounds", type=_positive, default=5, metavar="N", help="rounds of start, encode (default: 5)")
    speed.add_argument("--count", type=_positive, default=200, metavar="N", help="questions asked (default: 200)")
    speed.add_argument(
        "--peers-python",
        metavar="FILE",
        help="the Python of an environment with LangChain, LlamaIndex and txtai; without it Gazette adds alone",
    )
    speed.add_argument(
        "--archives", default=".cache/bench", metavar="DIR", help="where archives are kept (default: .cache/bench)"
    )
    speed.add_argument(
        "--out", default="evaluation/speed", metavar="DIR", help="where figures are saved (default: evaluation/speed)"
    )
    _json(speed)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    _setting(command, "archive")
    return command


def _setting(command: argparse.ArgumentParser, name: str, **changes: object) -> None:
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


def _filters(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", metavar="CODE", help="only articles in this language: en, fr, …")
    command.add_argument("--source", metavar="OUTLET", help="only articles of this outlet")
    command.add_argument("--since", metavar="DATE", type=_date, help="only articles of this date or later: 2014-03-31")
    command.add_argument("--until", metavar="DATE", type=_date, help="only articles of this date or earlier")


def _strict(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--strict", action="store_true", help="with a chat model: leave out the sentences that nothing found bears out"
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{written}» is no date: write it like 2014-03-31") from None


def _positive(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= 1000:
        raise argparse.ArgumentTypeError(f"«{written}» is no number from 1 to 1000")
    return int(written)


def _sizes(written: str) -> tuple[int, ...]:
    sizes = written.replace(" ", "").split(",")
    if not all(size.isdecimal() and 100 <= int(size) <= 10_000_000 for size in sizes):
        raise argparse.ArgumentTypeError(f"«{written}» are no numbers of chunks from 100 to 10000000 by commas")
    return tuple(map(int, sizes))


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) > 100_000:
        raise argparse.ArgumentTypeError(f"«{written}» is no number from 0 to 100000")
    return int(written)


def _port(written: str) -> int:
    if not written.isdecimal() or int(written) > 65_535:
        raise argparse.ArgumentTypeError(f"«{written}» is no port: give a number from 0 to 65535")
    return int(written)


def _version() -> str:
    from importlib.metadata import version

    return version("gazette")


if __name__ == "__main__":
    sys.exit(main())
