"""`gazette users` and `gazette keys` as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.ui.accounts.test_accounts import who
from ui.accounts.store import Accounts
from ui.command_line import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "accounts.sqlite3"
    monkeypatch.setenv("GAZETTE_ACCOUNTS", str(path))
    return path


def test_an_account_is_made_with_a_password_from_standard_input_listed_and_removed(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\nnot this line\n"))
    assert main(["users", "add", "ada", "--role", "editor"]) == 0
    assert "three plain words" not in capsys.readouterr().out
    assert who(Accounts(file).holder_of_password("ada", "three plain words")) == ("ada", "editor", "account")
    assert main(["users", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["role"]) for row in listed] == [("ada", "editor")]
    assert main(["users", "remove", "ada"]) == 0
    capsys.readouterr()
    assert main(["users", "list"]) == 0
    assert capsys.readouterr().out == ""


def test_a_key_is_printed_once_and_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "add", "reports"]) == 0
    key = capsys.readouterr().out.strip()
    assert who(Accounts(file).holder_of_key(key)) == ("reports", "reader", "key")
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert "reports  reader" in listed
    assert key not in listed
    assert main(["keys", "remove", "reports"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["users", "add", "ada"], "15 or more"),
        (["users", "remove", "ada"], "gazette users list"),
        (["keys", "add", "A key"], "can't be a name"),
        (["keys", "remove", "x"], "gazette keys list"),
    ],
)
def test_what_fails_is_told_in_one_line(
    file: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "short\n" not in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("arguments", [["users"], ["users", "add", "ada", "three plain words"], ["keys", "add"]])
def test_wrong_usage_is_status_2_and_a_password_is_no_argument(file: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
