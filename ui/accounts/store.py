"""Who may use a server, in an SQLite file of its own: accounts, API keys and sessions, of each only a hash.

A password could be guessed from its hash, so that is slow to make (ui.accounts.passwords). Keys and sessions are random
numbers that nobody guesses, so theirs is plain SHA-256, and every request can be looked up.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from rag.errors import GazetteError
from ui.accounts.passwords import SCRYPT_COST, hash_password, is_password, no_password

__all__ = ["ROLES", "SESSION_SECONDS", "AccountError", "Accounts", "Holder", "Identity", "Role", "Table"]

Role = Literal["reader", "editor", "admin"]
# Each may do what those before it may: ask and read; add articles; remove them.
ROLES: tuple[Role, ...] = get_args(Role)

# A working day; who comes back the next morning signs in anew.
SESSION_SECONDS = 12 * 3600
# What begins a key tells people, and programs that search for leaked secrets, what it is.
_KEY_PREFIX = "gazette-"
_SECRET_BYTES = 32
_ID_BYTES = 8
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_BUSY_SECONDS = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, role TEXT NOT NULL, created TEXT NOT NULL,
    password TEXT NOT NULL, id TEXT) STRICT;
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, role TEXT NOT NULL, created TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE, id TEXT) STRICT;
CREATE TABLE IF NOT EXISTS sessions (hash BLOB PRIMARY KEY, expires REAL NOT NULL,
    account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE) STRICT;
"""
Table = Literal["accounts", "keys"]
_NOUNS: dict[Table, tuple[str, str]] = {"accounts": ("account", "users"), "keys": ("key", "keys")}


class AccountError(GazetteError):
    """An account or key can't be made or found, or their file can't be used."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. `kind` is "account" or "key", or "local" for whoever sits at a server that asks for neither.

    `id` is its own for ever: a name may be given to somebody else once its account is removed.
    """

    name: str
    role: Role
    kind: Literal["account", "key", "local"] = "local"
    id: str = field(default="", repr=False)

    @property
    def owner(self) -> str:
        """What is kept for whoever this is, is kept under this."""
        return f"{self.kind}:{self.id}"

    def may(self, role: Role) -> bool:
        """Whether what takes this role is allowed."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Holder:
    """An account or a key as it is listed: never its secret."""

    name: str
    role: Role
    created: date


class Accounts:
    """The accounts, keys and sessions in one file, which is made by the first of them. Safe from several threads.

    Example:
        >>> accounts = Accounts(folder.parent / "accounts.sqlite3")
        >>> key = accounts.add_key("reports", "reader")
        >>> accounts.holder_of_key(key)
        Identity(name='reports', role='reader', kind='key')
    """

    def __init__(self, path: str | Path, *, scrypt_cost: int = SCRYPT_COST) -> None:
        """`scrypt_cost` is what each password costs to check, and to guess; see `ui.accounts.passwords`."""
        self._path = Path(path)
        self._scrypt_cost = scrypt_cost

    @property
    def path(self) -> Path:
        return self._path

    def is_empty(self) -> bool:
        """Whether nobody could get in."""
        return not self.holders("accounts") and not self.holders("keys")

    def add_account(self, name: str, password: str, role: Role) -> None:
        """Raises AccountError where the name is taken or is none, PasswordError where the password is too short."""
        self._insert("accounts", _checked_name(name), role, hash_password(password, cost=self._scrypt_cost))

    def add_key(self, name: str, role: Role) -> str:
        """Makes a key and gives it back, the only time it can be seen. Raises AccountError as `add_account`."""
        key = _KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        self._insert("keys", _checked_name(name), role, _hashed(key))
        return key

    def holders(self, table: Table) -> list[Holder]:
        """All accounts, or all keys, by name."""
        if not self._path.exists():
            return []
        with self._connection() as connection:
            rows = connection.execute(f"SELECT name, role, created FROM {table} ORDER BY name").fetchall()
        return [Holder(name, role, date.fromisoformat(created)) for name, role, created in rows]

    def remove(self, table: Table, name: str) -> None:
        """Removes an account with its sessions, or a key: neither gets in from then on. Raises AccountError."""
        removed = 0
        if self._path.exists():
            with self._connection() as connection:
                removed = connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,)).rowcount
        if not removed:
            noun, command = _NOUNS[table]
            raise AccountError(f"There is no {noun} «{name}»: see `gazette {command} list`.")

    def owners(self) -> dict[str, str]:
        """The name of every account and key, by what their conversations are kept under (`Identity.owner`)."""
        if not self._path.exists():
            return {}
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT 'account:' || id, name FROM accounts UNION ALL SELECT 'key:' || id, name FROM keys"
            ).fetchall()
        return dict(rows)

    def holder_of_password(self, name: str, password: str) -> Identity | None:
        """Who signs in, or None; takes a noticeable part of a second either way."""
        with self._connection() as connection:
            row = connection.execute("SELECT password, role, id FROM accounts WHERE name = ?", (name,)).fetchone()
        if not is_password(password, row[0] if row else no_password(self._scrypt_cost)) or row is None:
            return None
        return Identity(name, row[1], "account", row[2])

    def holder_of_key(self, key: str) -> Identity | None:
        return self._found("SELECT name, role, id FROM keys WHERE hash = ?", (_hashed(key),), "key")

    def holder_of_session(self, session: str) -> Identity | None:
        statement = "SELECT name, role, id FROM sessions JOIN accounts ON name = account WHERE hash = ? AND expires > ?"
        return self._found(statement, (_hashed(session), time.time()), "account")

    def open_session(self, account: str) -> str:
        """A new session of the account for `SESSION_SECONDS`; those that have ended are forgotten."""
        session, now = secrets.token_urlsafe(_SECRET_BYTES), time.time()
        with self._connection() as connection:
            connection.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
            connection.execute(
                "INSERT INTO sessions (hash, expires, account) VALUES (?, ?, ?)",
                (_hashed(session), now + SESSION_SECONDS, account),
            )
        return session

    def close_session(self, session: str) -> None:
        with self._connection() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (_hashed(session),))

    def _insert(self, table: Table, name: str, role: Role, secret: str | bytes) -> None:
        column = "password" if table == "accounts" else "hash"
        try:
            with self._connection() as connection:
                connection.execute(
                    f"INSERT INTO {table} (name, role, created, {column}, id) VALUES (?, ?, ?, ?, ?)",
                    (name, role, date.today().isoformat(), secret, secrets.token_hex(_ID_BYTES)),
                )
        except sqlite3.IntegrityError:
            noun, command = _NOUNS[table]
            raise AccountError(
                f"The {noun} «{name}» is there already: take another name, or remove it with "
                f"`gazette {command} remove {name}`."
            ) from None

    def _found(self, statement: str, values: tuple[object, ...], kind: Literal["account", "key"]) -> Identity | None:
        with self._connection() as connection:
            row = connection.execute(statement, values).fetchone()
        return Identity(row[0], row[1], kind, row[2]) if row else None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction. Raises AccountError where the file can't be used."""
        try:
            if not self._path.exists():
                self._path.touch(mode=0o600)
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection, connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.executescript(_SCHEMA)
                _add_missing_ids(connection)
                yield connection
        except sqlite3.IntegrityError:
            raise
        except (OSError, sqlite3.Error) as error:
            raise AccountError(
                f"The accounts in '{self._path}' can't be used ({error}): give another file with --accounts."
            ) from error


def _add_missing_ids(connection: sqlite3.Connection) -> None:
    """Those made before accounts and keys had ids get theirs."""
    for table in get_args(Table):
        if all(column[1] != "id" for column in connection.execute(f"PRAGMA table_info({table})")):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"ALTER TABLE {table} ADD COLUMN id TEXT")
            connection.execute(f"UPDATE {table} SET id = lower(hex(randomblob({_ID_BYTES})))")
            connection.commit()


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"«{name[:70]}» can't be a name: take up to 64 small letters without accents, figures, and . _ @ -"
        )
    return name


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
