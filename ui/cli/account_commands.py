"""`gazette users`, `keys` and `conversations`: who may use a server that others can reach, and what is whose."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections import Counter
from pathlib import Path

from rag.errors import ArchiveError
from ui.accounts.store import AccountError, Accounts, Table
from ui.conversations.store import CONVERSATIONS_FILE, NOBODY, ConversationStore
from ui.rendering.json_output import print_json

__all__ = ["run_conversations", "run_keys", "run_users"]


def run_users(options: argparse.Namespace) -> int:
    accounts = Accounts(options.accounts)
    if options.action == "add":
        accounts.add_account(options.name, _read_password(), options.role)
        print(f"{options.name} may sign in, as {options.role}.")
        return 0
    return _list_or_remove(accounts, options)


def run_keys(options: argparse.Namespace) -> int:
    accounts = Accounts(options.accounts)
    if options.action == "add":
        key = accounts.add_key(options.name, options.role)
        print("This is the key. It can't be shown again:", file=sys.stderr)
        print(key)
        return 0
    return _list_or_remove(accounts, options)


def run_conversations(options: argparse.Namespace) -> int:
    folder = Path(options.archive)
    if not folder.is_dir():
        raise ArchiveError(f"There is no archive in '{folder}': name another with --archive.")
    store, owners = ConversationStore(folder / CONVERSATIONS_FILE), Accounts(options.accounts).owners()
    if options.action == "give":
        owner = next(
            (owner for owner, name in owners.items() if owner.startswith("account:") and name == options.name), ""
        )
        if not owner:
            raise AccountError(f"There is no account «{options.name}»: see `gazette users list`.")
        print(f"{options.name} has {store.give(owner)} more conversations.")
        return 0
    gone = [owner for owner in store.counts() if owner != NOBODY and owner not in owners]
    if options.action == "forget":
        print(f"{sum(map(store.forget, gone))} conversations are deleted.")
        return 0
    return _list_conversations(options, store.counts(), owners)


def _list_conversations(options: argparse.Namespace, counts: dict[str, int], owners: dict[str, str]) -> int:
    """One line an owner: `account`, `key`, `removed` or `nobody`, the name, how many."""
    found: Counter[tuple[str, str]] = Counter()
    for owner, count in counts.items():
        kind = "nobody" if owner == NOBODY else owner.partition(":")[0] if owner in owners else "removed"
        found[kind, owners.get(owner, "")] += count
    if options.json:
        print_json([{"kind": kind, "name": name, "conversations": count} for (kind, name), count in found.items()])
        return 0
    for (kind, name), count in sorted(found.items()):
        print(f"{kind:8} {name}{' ' if name else ''}{count:,}")
    return 0


def _list_or_remove(accounts: Accounts, options: argparse.Namespace) -> int:
    table: Table = "accounts" if options.command == "users" else "keys"
    if options.action == "remove":
        accounts.remove(table, options.name)
        print(f"{options.name} is removed.")
        return 0
    holders = accounts.holders(table)
    if options.json:
        print_json(holders)
        return 0
    width = max((len(holder.name) for holder in holders), default=0)
    for holder in holders:
        print(f"{holder.name:{width}}  {holder.role:6}  since {holder.created}")
    return 0


def _read_password() -> str:
    """Typed twice, unseen, or the first line of what is piped in: an argument would be seen by all on the machine."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise AccountError("The two passwords differ: nothing was changed.")
    return password
