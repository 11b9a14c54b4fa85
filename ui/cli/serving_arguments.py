"""The arguments of the commands that serve an archive to others, and say who those are."""

from __future__ import annotations

import argparse

from ui.cli.options import Commands, add_command, add_json, add_setting, add_strict, positive

__all__ = ["add_account_commands", "add_conversation_commands", "add_serving_commands"]


def add_serving_commands(commands: Commands) -> None:
    chat = add_command(commands, "chat", "open the web chat, and answer programs beside it")
    serve = add_command(commands, "serve", "answer programs over HTTP, in JSON under /api")
    tools = add_command(
        commands, "mcp", "answer MCP clients, who get the tools ask, search and article, over standard input and output"
    )
    for command in (chat, serve, tools):
        add_setting(command, "model")
        add_strict(command)
        add_setting(command, "support_model")
        add_setting(command, "host")
        add_setting(command, "port", type=_port)
        add_setting(command, "accounts")
        command.add_argument(
            "--login",
            action="store_true",
            help="let in accounts and keys alone, on this machine too (behind a proxy, say)",
        )
        add_setting(command, "log_requests")
        add_setting(command, "log_questions")
        add_setting(command, "sharing")
        add_setting(command, "answers_at_once", type=positive)
        add_setting(command, "answers_waiting", type=_count)
        add_setting(command, "processes", type=positive)
    chat.add_argument("--no-browser", action="store_true", help="only print the address, open no browser")
    tools.add_argument(
        "--http", action="store_true", help="over HTTP instead: as `gazette serve`, which answers MCP clients at /mcp"
    )


def add_account_commands(commands: Commands) -> None:
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
            add_setting(command, "accounts")
        add_json(listing)


def add_conversation_commands(commands: Commands) -> None:
    summary = "whose the conversations are that the chat has kept beside an archive"
    actions = commands.add_parser("conversations", help=summary).add_subparsers(
        dest="action", metavar="WHAT", required=True
    )
    listing = add_command(actions, "list", "list whose conversations there are, and how many each has")
    give = add_command(actions, "give", "give an account the conversations from before there were accounts")
    give.add_argument("name", metavar="NAME", help="the account's name")
    forget = add_command(actions, "forget", "delete the conversations of accounts and keys that were removed")
    for command in (listing, give, forget):
        add_setting(command, "accounts")
    add_json(listing)


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) > 100_000:
        raise argparse.ArgumentTypeError(f"«{written}» is no number from 0 to 100000")
    return int(written)


def _port(written: str) -> int:
    if not written.isdecimal() or int(written) > 65_535:
        raise argparse.ArgumentTypeError(f"«{written}» is no port: give a number from 0 to 65535")
    return int(written)
