"""The arguments of the commands that fill an archive, ask it and keep it."""

from __future__ import annotations

from ui.cli.options import Commands, add_command, add_filters, add_json, add_setting, add_strict, positive

__all__ = ["add_asking_commands", "add_keeping_commands", "add_reading_commands"]


def add_reading_commands(commands: Commands) -> None:
    add = add_command(commands, "add", "read files, folders and addresses into the archive")
    add.add_argument("sources", nargs="*", metavar="PATH|URL", help="files, folders, page or feed addresses")
    add.add_argument("--sample", action="store_true", help="add the sample articles that come with Gazette")
    add.add_argument(
        "--allow-private-addresses",
        action="store_true",
        help="also read from private, loopback and link-local addresses (refused otherwise)",
    )
    add_setting(add, "encoder")
    add_setting(add, "lock_timeout")
    add_json(add)


def add_asking_commands(commands: Commands) -> None:
    ask = add_command(commands, "ask", "answer a question, citing the articles")
    ask.add_argument("question", help="the question in quotation marks, or - to read it from standard input")
    ask.add_argument(
        "--history",
        metavar="FILE",
        help='the conversation before it, so that a follow-up is understood: JSON, [{"role": …, "content": …}, …]',
    )
    ask.add_argument("--ignore-dates", action="store_true", help="prefer no articles by the dates the question names")
    add_setting(ask, "model")
    add_strict(ask)
    add_setting(ask, "support_model")
    search = add_command(commands, "search", "find the passages nearest to a question")
    search.add_argument("question", help="the question in quotation marks, or - to read it from standard input")
    for command in (ask, search):
        add_setting(command, "limit", type=positive)
        add_filters(command)
        add_json(command)


def add_keeping_commands(commands: Commands) -> None:
    listing = add_command(commands, "list", "list the articles")
    add_filters(listing)
    show = add_command(commands, "show", "show one article")
    show.add_argument("id", metavar="ID", help="the article's id, or its beginning (4 characters or more)")
    remove = add_command(commands, "remove", "remove articles and every trace of them")
    remove.add_argument("ids", nargs="+", metavar="ID", help="ids, or their beginnings (4 characters or more)")
    info = add_command(commands, "info", "what is in the archive, and how much room it takes")
    verify = add_command(commands, "verify", "check the archive's three stores against each other")
    reindex = add_command(commands, "reindex", "build both indexes anew, or change the encoder")
    add_setting(reindex, "encoder")
    for command in (remove, reindex):
        add_setting(command, "lock_timeout")
    for command in (listing, show, remove, info, verify):
        add_json(command)
