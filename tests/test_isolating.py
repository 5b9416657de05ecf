"""What breaks a recording is put aside and named; its neighbours are recorded. A trigger plays the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.intake import INTAKE, Origin
from shared.isolating import at_fault, record_apart
from shared.mending import Mending
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import letters
from tests import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.store.engine import Store

SQLITE = [
    """
    CREATE TRIGGER fault BEFORE INSERT ON journal WHEN NEW.id LIKE 'poison%'
    BEGIN SELECT RAISE(ABORT, 'no such thing'); END
    """
]
POSTGRES = [
    """
    CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.id LIKE 'poison%' THEN RAISE 'no such thing' USING ERRCODE = '22023'; END IF; RETURN NEW; END $$
    """,
    "CREATE TRIGGER fault BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION fault()",
]


def run(store: Store, *statements: str) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def faulty(store: Store, database: str) -> Iterator[Store]:
    run(store, *(SQLITE if database == "sqlite" else POSTGRES))
    yield store
    mend(store, database)


def mend(store: Store, database: str) -> None:
    run(store, "DROP TRIGGER IF EXISTS fault" + (" ON journal" if database == "postgresql" else ""))
    if database == "postgresql":
        run(store, "DROP FUNCTION IF EXISTS fault")


def events(ids: list[str]) -> list[bytes]:
    return make.raw([make.placed(order_id=f"SO-{number}") | {"id": name} for number, name in enumerate(ids)])


@pytest.mark.parametrize(
    "ids",
    [
        ["poison"],
        ["a", "poison"],
        ["poison", "a"],
        ["poison", "poison2"],
        ["a", "b", "poison", "c", "poison2", "d", "e"],
    ],
)
def test_the_fault_is_found_and_kept_and_can_be_replayed(
    faulty: Store, database: str, ids: list[str]
) -> None:
    raws = [*events(ids), b"junk"]
    origins = [Origin(str(number)) for number in range(len(raws))]
    with pytest.raises(Exception, match="no such thing"):
        record(faulty, raws, as_of=make.LATER, rules=DEFAULTS)
    report = record_apart(faulty, raws, as_of=make.LATER, rules=DEFAULTS, intake=INTAKE, origins=origins)
    bad = [index for index, name in enumerate(ids) if name.startswith("poison")]
    assert [one.index for one in report.rejects] == [*bad, len(ids)]
    assert report.accepted == len(ids) - len(bad)
    assert "no such thing" in report.rejects[0].reason
    with faulty.reading() as connection:
        kept = letters.listed(connection)
        assert sorted((one.origin, one.reason) for one in kept) == [
            (str(one.index), one.reason) for one in report.rejects
        ]
        contents = letters.contents(connection, [one.number for one in kept])
    assert {each.event for each in contents.values()} == {raws[one.index] for one in report.rejects}
    mend(faulty, database)
    done = Mending(faulty, now=make.LATER, rules=DEFAULTS, intake=INTAKE).replay()
    assert (done.accepted, len(done.rejects)) == (len(bad), 1)


def test_of_a_database_that_takes_nothing_no_input_is_at_fault(store: Store, database: str) -> None:
    if database == "postgresql":
        pytest.skip("SQLite can be told to take nothing")
    run(store, "PRAGMA query_only = ON")
    with pytest.raises(OperationalError) as raised:
        record_apart(store, events(["a"]), as_of=make.LATER, rules=DEFAULTS, intake=INTAKE)
    assert not at_fault(raised.value)
    with store.reading() as connection:
        connection.execute(text("PRAGMA query_only = OFF"))
        assert letters.counts(connection) == {}
