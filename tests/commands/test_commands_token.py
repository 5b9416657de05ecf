"""`tandem token`: made once, shown once, ended at once."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shared.store import tokens
from shared.store.engine import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Tandem


def test_a_token_from_its_making_to_its_end(tandem: Tandem, tmp_path: Path) -> None:
    made = tandem("token", "create", "erp", "--source", "/erp", "--source", "/crm", "--expires", "2099-01-01")
    assert made.code == 0
    secret = made.out.strip()
    assert "shown this once" in made.err

    [listed] = tandem("token", "list", "--json").json
    assert listed.pop("created_at")
    assert listed == {
        "name": "erp",
        "scopes": ["events:write"],
        "sources": ["/erp", "/crm"],
        "expires_at": "2099-01-01T00:00:00+00:00",
        "revoked_at": None,
        "last_used_at": None,
        "state": "valid",
    }
    told = "erp: valid, events:write as /erp, /crm, never used, expires 2099-01-01 00:00\n"
    assert tandem("token", "list").out == told

    store = Store.open(f"sqlite:///{tmp_path}/tandem.db")
    assert tokens.find(store, secret, datetime.now(UTC)) is not None
    assert tokens.find(store, secret, datetime(2099, 1, 1, tzinfo=UTC)) is None
    assert tandem("token", "revoke", "erp").out == "The token erp is refused from now on.\n"
    assert tokens.find(store, secret, datetime.now(UTC)) is None
    store.close()
    assert tandem("token", "list").out.startswith("erp: revoked, ")


def test_no_two_tokens_are_alike(tandem: Tandem) -> None:
    made = [tandem("token", "create", name, "--json").json for name in "abc"]
    assert [one["name"] for one in made] == ["a", "b", "c"]
    assert len({one["token"] for one in made}) == 3


def test_revoking_again_keeps_the_first_instant(tandem: Tandem) -> None:
    tandem("token", "create", "erp")
    tandem("token", "revoke", "erp")
    [first] = tandem("token", "list", "--json").json
    assert tandem("token", "revoke", "erp").code == 0
    assert tandem("token", "list", "--json").json == [first]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["create", "a b"], 2, "is no name for a token"),
        (["create", "../a"], 2, "is no name for a token"),
        (["create", "a", "--scope", "everything"], 2, "is no scope; write one of events:write"),
        (["create", "a", "--source", ""], 2, "--source: write how the source"),
        (["create", "a", "--source", "a\nb"], 2, "--source: write how the source"),
        (["create", "a", "--expires", "tomorrow"], 2, "--expires tomorrow: write a day such as 2027-01-31"),
        (["create", "a", "--expires", "2020-01-01"], 2, "would have expired already"),
        (["create", "taken"], 1, "There is a token called taken; choose another name"),
        (["revoke", "nobody"], 1, "There is no token called nobody; tandem token list shows all"),
    ],
)
def test_called_wrongly(tandem: Tandem, arguments: list[str], code: int, said: str) -> None:
    tandem("token", "create", "taken")
    answer = tandem("token", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_no_token_yet(tandem: Tandem) -> None:
    answer = tandem("token", "list")
    assert (answer.code, answer.out) == (0, "")
    assert "tandem token create NAME makes one" in answer.err


def test_a_day_begins_in_the_zone_of_the_organisation(tandem: Tandem) -> None:
    tandem("token", "create", "a", "--expires", "2099-07-01", TANDEM_ZONE="Europe/Berlin")
    assert tandem("token", "list", "--json").json[0]["expires_at"] == "2099-06-30T22:00:00+00:00"


def test_the_secret_is_not_in_the_database(tandem: Tandem, tmp_path: Path) -> None:
    secret = tandem("token", "create", "erp").out.strip()
    connection = sqlite3.connect(tmp_path / "tandem.db")
    [row] = connection.execute("SELECT * FROM tokens").fetchall()
    connection.close()
    assert all(secret not in str(value) for value in row)


def test_tokens_while_another_process_records(tandem: Tandem, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/tandem.db")
    store.claim()
    try:
        assert tandem("token", "create", "erp").code == 0
        assert tandem("token", "revoke", "erp").code == 0
    finally:
        store.close()
