"""Accounts, keys and sessions: kept as hashes, found again, gone when they are removed."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ui.accounts.login_limits import ACCOUNT_ATTEMPTS, ADDRESS_ATTEMPTS, LONGEST_LOCK_SECONDS, LoginLimits
from ui.accounts.passwords import PasswordError
from ui.accounts.store import SESSION_SECONDS, AccountError, Accounts, Identity

PASSWORD = "three plain words"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "accounts.sqlite3", scrypt_cost=2**4)


def who(identity: Identity | None) -> tuple[str, str, str]:
    assert identity is not None
    return identity.name, identity.role, identity.kind


def test_a_name_given_anew_is_somebody_else(accounts: Accounts) -> None:
    owners = set()
    for _ in range(2):
        accounts.add_account("ada", PASSWORD, "reader")
        identity = accounts.holder_of_password("ada", PASSWORD)
        assert identity is not None
        assert accounts.owners() == {identity.owner: "ada"}
        session = accounts.holder_of_session(accounts.open_session("ada"))
        assert session is not None
        assert session.owner == identity.owner
        owners.add(identity.owner)
        accounts.remove("accounts", "ada")
    assert len(owners) == 2


def test_accounts_and_keys_from_before_they_had_ids_get_some(accounts: Accounts) -> None:
    accounts.add_account("ada", PASSWORD, "reader")
    key = accounts.add_key("ada", "reader")
    with sqlite3.connect(accounts.path) as connection:
        for table in ("accounts", "keys"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN id")
    owners = accounts.owners()
    assert sorted(owners.values()) == ["ada", "ada"]
    assert all(len(owner.partition(":")[2]) == 16 for owner in owners)
    assert who(accounts.holder_of_password("ada", PASSWORD)) == ("ada", "reader", "account")
    holder = accounts.holder_of_key(key)
    assert holder is not None
    assert owners[holder.owner] == "ada"
    assert accounts.owners() == owners


def test_who_signs_in_is_known_by_the_password_alone(accounts: Accounts) -> None:
    accounts.add_account("ada", PASSWORD, "editor")
    assert who(accounts.holder_of_password("ada", PASSWORD)) == ("ada", "editor", "account")
    for name, password in (("ada", "three plain word"), ("ada", ""), ("bob", PASSWORD), ("bob", ""), ("", "")):
        assert accounts.holder_of_password(name, password) is None


def test_neither_password_key_nor_session_stands_in_the_file(accounts: Accounts) -> None:
    accounts.add_account("ada", PASSWORD, "reader")
    secrets = [PASSWORD, accounts.add_key("reports", "reader"), accounts.open_session("ada")]
    kept = accounts.path.read_bytes()
    assert b"ada" in kept
    assert not any(secret.encode() in kept for secret in secrets)
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600


def test_a_key_lets_in_until_it_is_removed(accounts: Accounts) -> None:
    key = accounts.add_key("reports", "admin")
    assert who(accounts.holder_of_key(key)) == ("reports", "admin", "key")
    assert accounts.holder_of_key(key[:-1]) is None
    accounts.remove("keys", "reports")
    assert accounts.holder_of_key(key) is None


def test_a_session_ends_when_it_is_closed_when_its_time_is_over_and_with_its_account(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add_account("ada", PASSWORD, "reader")
    closed, old, last = (accounts.open_session("ada") for _ in range(3))
    assert who(accounts.holder_of_session(closed)) == ("ada", "reader", "account")
    accounts.close_session(closed)
    assert accounts.holder_of_session(closed) is None
    with sqlite3.connect(accounts.path) as connection:
        connection.execute("UPDATE sessions SET expires = expires - ?", (SESSION_SECONDS + 1,))
    assert accounts.holder_of_session(old) is None
    last = accounts.open_session("ada")
    assert accounts.holder_of_session(last) is not None
    accounts.remove("accounts", "ada")
    assert accounts.holder_of_session(last) is None


@pytest.mark.parametrize("name", ["", "Ada", "a b", "é", "a" * 65, "-a", "a/b", "<b>", "a\n"])
def test_what_cannot_be_a_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="can't be a name"):
        accounts.add_key(name, "reader")


@pytest.mark.parametrize("password", ["", "too short", "x" * 2000])
def test_a_password_too_short_or_too_long_is_refused_without_being_repeated(accounts: Accounts, password: str) -> None:
    with pytest.raises(PasswordError, match="15 or more") as raised:
        accounts.add_account("ada", password, "reader")
    assert not password or password not in str(raised.value)
    assert accounts.is_empty()


def test_a_name_that_is_taken_and_one_that_is_not_there_are_told(accounts: Accounts) -> None:
    accounts.add_key("reports", "reader")
    with pytest.raises(AccountError, match="gazette keys remove reports"):
        accounts.add_key("reports", "admin")
    with pytest.raises(AccountError, match="gazette users list"):
        accounts.remove("accounts", "reports")
    assert [(holder.name, holder.role) for holder in accounts.holders("keys")] == [("reports", "reader")]


def test_a_file_that_holds_something_else_is_an_error_that_names_it(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("This is no database. " * 100, "utf-8")
    with pytest.raises(AccountError, match=r"other\.txt"):
        Accounts(other).holders("keys")


def test_roles_allow_what_those_below_them_do() -> None:
    assert [Identity("x", "editor").may(role) for role in ("reader", "editor", "admin")] == [True, True, False]


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def limits(clock: list[float]) -> LoginLimits:
    read: Callable[[], float] = lambda: clock[0]  # noqa: E731
    return LoginLimits(read)


def test_an_account_is_locked_after_a_few_attempts_and_longer_after_each(
    limits: LoginLimits, clock: list[float]
) -> None:
    assert [limits.attempt("ada", f"192.0.2.{number}") for number in range(ACCOUNT_ATTEMPTS)] == [0] * ACCOUNT_ATTEMPTS
    locked = []
    for _ in range(7):
        wait = limits.attempt("ada", "198.51.100.1")
        locked.append(wait)
        assert limits.attempt("bob", "198.51.100.1") == 0 or wait
        clock[0] += wait
        assert limits.attempt("ada", f"203.0.113.{len(locked)}") == 0
    assert locked == [30, 60, 120, 240, 480, 900, 900]


def test_an_address_is_locked_whatever_names_it_tries(limits: LoginLimits) -> None:
    waits = [limits.attempt(f"name{number}", "192.0.2.1") for number in range(ADDRESS_ATTEMPTS + 1)]
    assert waits[:-1] == [0] * ADDRESS_ATTEMPTS
    assert waits[-1] > 0
    assert limits.attempt("name0", "192.0.2.2") == 0


def test_the_right_password_gives_the_attempts_back(limits: LoginLimits) -> None:
    for _ in range(ADDRESS_ATTEMPTS * 3):
        assert limits.attempt("ada", "192.0.2.1") == 0
        limits.succeeded("ada", "192.0.2.1")


def test_attempts_are_forgotten_after_the_longest_lock(limits: LoginLimits, clock: list[float]) -> None:
    for _ in range(ACCOUNT_ATTEMPTS - 1):
        limits.attempt("ada", "192.0.2.1")
    clock[0] += LONGEST_LOCK_SECONDS + 1
    assert [limits.attempt("ada", "192.0.2.1") for _ in range(ACCOUNT_ATTEMPTS)] == [0] * ACCOUNT_ATTEMPTS


def test_only_so_much_is_remembered(limits: LoginLimits) -> None:
    for number in range(12_000):
        limits.attempt(f"name{number}", f"address{number}")
    assert len(limits._attempts) == 10_000
