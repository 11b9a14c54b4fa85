"""`gazette users` and `gazette keys`: who may use a server that others can reach."""

from __future__ import annotations

import argparse
import getpass
import sys

from ui.accounts import AccountError, Accounts, Table
from ui.json_output import print_json

__all__ = ["run_keys", "run_users"]


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
