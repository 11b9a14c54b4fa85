"""Conversations kept apart by whose they are: another's id is an unknown one, whatever is done with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import ArchiveError
from tests.ui.conversations.test_conversations import ONE, TURN, TWO, ids, opened
from ui.accounts.store import Accounts
from ui.command_line import main
from ui.conversations.feedback import Feedback
from ui.conversations.kept import OwnConversations
from ui.conversations.sharing import SharingOff, find_shared, share, stop_sharing
from ui.conversations.store import NOBODY, ConversationStore
from ui.conversations.turns import Turn

ADA, BOB = "account:1", "account:2"
# As the file was before conversations belonged to anybody.
_FORMAT_0 = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, title TEXT NOT NULL, changed TEXT NOT NULL) STRICT;
CREATE TABLE turns (conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, turn TEXT NOT NULL, words TEXT NOT NULL,
    PRIMARY KEY (conversation, position)) STRICT, WITHOUT ROWID;
"""


def write_format_0(path: Path, turns: dict[str, Turn]) -> None:
    from ui.conversations.turn_records import turn_to_json

    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_FORMAT_0)
        for identity, turn in turns.items():
            changed = "2026-01-01T00:00:00+00:00"
            database.execute("INSERT INTO conversations VALUES (?, ?, ?)", (identity, turn.question, changed))
            database.execute("INSERT INTO turns VALUES (?, 0, ?, ?)", (identity, turn_to_json(turn), "who"))


def test_an_id_of_anothers_does_what_an_unknown_one_does(tmp_path: Path) -> None:
    ada, bob = opened(tmp_path, ADA), opened(tmp_path, BOB)
    ada.append(ONE, TURN)
    for identity in (ONE, TWO):  # Ada's, and nobody's
        assert bob.find(identity) is None
        assert bob.turns(identity) == ()
        assert not bob.rename(identity, "Mine")
        assert not bob.delete(identity)
        assert not bob.judge(identity, 0, Feedback("down"))
        bob.put(identity, 0, Turn("Whose?", "done"))
        assert bob.turns(identity) == ()
        assert bob.append(identity, Turn("Whose?")) == 0
    assert ada.turns(ONE) == (ada.turns(ONE)[0],)
    assert ada.turns(ONE)[0].question == TURN.question
    assert bob.delete(ONE)
    assert ada.turns(ONE)


def test_lists_and_searches_hold_ones_own_alone(tmp_path: Path) -> None:
    for owner, identity in ((ADA, ONE), (BOB, TWO), (NOBODY, ONE)):
        opened(tmp_path, owner).append(identity, Turn(f"How many cranes, {owner}?"))
    assert ids(opened(tmp_path, ADA)) == ids(opened(tmp_path, ADA), "cranes") == [ONE]
    assert ids(opened(tmp_path, BOB), "cranes") == [TWO]
    assert ids(opened(tmp_path, "key:1")) == []


def test_a_list_is_told_in_parts_with_how_many_there_are(tmp_path: Path) -> None:
    ada = opened(tmp_path, ADA)
    for number in range(5):
        ada.append(f"{number:032x}", Turn(f"Question {number}?"))
    part = ada.list("question", limit=2, offset=1)
    assert part.total == 5
    assert [kept.title for kept in part.conversations] == ["Question 3?", "Question 2?"]


def test_what_was_written_before_accounts_belongs_to_nobody_until_it_is_given(tmp_path: Path) -> None:
    write_format_0(tmp_path / "c.sqlite3", {ONE: TURN, TWO: Turn("Who?", "stopped")})
    nobodys = opened(tmp_path)
    assert sorted(ids(nobodys)) == [ONE, TWO]
    assert nobodys.turns(ONE)[0].answer is not None
    assert ids(nobodys, "who") == [TWO, ONE] or ids(nobodys, "who") == [ONE, TWO]
    ada = opened(tmp_path, ADA)
    assert ids(ada) == []
    ada.append(TWO, Turn("Mine?"))
    assert ConversationStore(tmp_path / "c.sqlite3").give(ADA) == 1
    assert sorted(ids(ada)) == [ONE, TWO]
    assert [turn.question for turn in ada.turns(TWO)] == ["Mine?"]
    assert ids(opened(tmp_path)) == [TWO]


def test_a_file_of_a_later_form_is_left_alone(tmp_path: Path) -> None:
    ConversationStore(tmp_path / "c.sqlite3")
    with closing(sqlite3.connect(tmp_path / "c.sqlite3")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match="later Gazette"):
        ConversationStore(tmp_path / "c.sqlite3")


def test_what_is_shared_stays_as_it_was_until_it_is_shared_again(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "c.sqlite3", allows_sharing=True)
    ada = OwnConversations(store, ADA)
    ada.append(ONE, TURN)
    ada.judge(ONE, 0, Feedback("down", note="secret"))
    link = share(store, ADA, ONE)
    assert link is not None
    token = link.address.removeprefix("/shared/")
    assert len(token) == 43
    ada.append(ONE, Turn("And then?", "stopped"))
    ada.rename(ONE, "Renamed")
    shared = find_shared(store, token)
    assert shared is not None
    assert (shared.title, [turn.question for turn in shared.turns]) == (TURN.question, [TURN.question])
    assert shared.turns[0].feedback == ()
    assert share(store, ADA, ONE) == link
    later = find_shared(store, token)
    assert later is not None
    assert (later.title, len(later.turns)) == ("Renamed", 2)


def test_a_link_taken_back_leads_nowhere_and_the_next_is_another(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "c.sqlite3", allows_sharing=True)
    ada = OwnConversations(store, ADA)
    ada.append(ONE, TURN)
    first = share(store, ADA, ONE)
    assert first is not None
    assert not stop_sharing(store, BOB, ONE)
    assert stop_sharing(store, ADA, ONE)
    assert not stop_sharing(store, ADA, ONE)
    assert find_shared(store, first.address.removeprefix("/shared/")) is None
    second = share(store, ADA, ONE)
    assert second is not None
    assert second.address != first.address
    ada.delete(ONE)
    assert find_shared(store, second.address.removeprefix("/shared/")) is None


def test_nobody_shares_anothers_conversation_or_where_it_is_off(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "c.sqlite3", allows_sharing=True)
    OwnConversations(store, ADA).append(ONE, TURN)
    assert share(store, BOB, ONE) is None
    link = share(store, ADA, ONE)
    assert link is not None
    off = ConversationStore(tmp_path / "c.sqlite3")
    with pytest.raises(SharingOff, match="with --sharing"):
        share(off, ADA, ONE)
    assert find_shared(off, link.address.removeprefix("/shared/")) is None
    assert stop_sharing(off, ADA, ONE)


def test_the_command_line_says_whose_conversations_there_are_and_gives_and_forgets_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    accounts = Accounts(tmp_path / "accounts.sqlite3", scrypt_cost=2**4)
    for name in ("ada", "bob"):
        accounts.add_account(name, "three plain words", "reader")
    store = ConversationStore(folder / "conversations.sqlite3")
    ada, bob = ({name: owner for owner, name in accounts.owners().items()}[name] for name in ("ada", "bob"))
    for owner in (NOBODY, bob):
        OwnConversations(store, owner).append(ONE, Turn("Who?"))
    files = ["--archive", str(folder), "--accounts", str(accounts.path)]
    assert main(["conversations", "give", "nobody", *files]) == 1
    assert "no account «nobody»" in capsys.readouterr().err
    assert main(["conversations", "give", "ada", *files]) == 0
    accounts.remove("accounts", "bob")
    accounts.add_account("bob", "three plain words", "reader")  # another person, perhaps
    capsys.readouterr()
    assert main(["conversations", "list", *files]) == 0
    assert capsys.readouterr().out.split() == ["account", "ada", "1", "removed", "1"]
    assert main(["conversations", "forget", *files]) == 0
    assert store.counts() == {ada: 1}
