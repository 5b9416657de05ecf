"""Names, contacts and what people wrote are kept apart, and can be erased without changing a figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from shared import tables
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make, seen
from tests.events.contract import COMMON, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.store.engine import Store

Json = dict[str, Any]
APART = (tables.names, tables.texts)
WRITTEN = (
    "reason action description claimed_reason error contact comment title body line name".split()  # noqa: SIM905
)
NOT_WRITTEN = {("order.cancelled", "reason"), ("order.line_closed", "reason")}
"""Reasons that are codes."""


def marked(kind: str, data: Any, path: str = "") -> Any:
    """The data with a mark in everything that people write."""
    if isinstance(data, dict):
        return {name: marked_field(kind, name, value, f"{path}-{name}") for name, value in data.items()}
    return (
        [marked(kind, one, f"{path}-{n}") for n, one in enumerate(data)] if isinstance(data, list) else data
    )


def marked_field(kind: str, name: str, value: Any, path: str) -> Any:
    if name in WRITTEN and isinstance(value, str) and (kind, name) not in NOT_WRITTEN:
        return f"Geheim {kind}{path}"
    return marked(kind, value, path)


def everything() -> list[Json]:
    events = []
    for kind, told in TYPES.items():
        data = {**COMMON, **told.least, **told.more}
        if kind != "event.retracted":
            del data["corrects"]
        events.append(make.event(kind, make.at("03-02"), marked(kind, data)))
    events.append(make.changed("note", "Geheim new", make.at("03-02"), old="Geheim old"))
    return events


def raw_rows(store: Store, *, apart: bool) -> Iterator[str]:
    with store.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if (table in APART) == apart:
                for row in connection.execute(select(table)):
                    yield f"{table.name}: {tuple(row)!r}"


def test_nothing_that_people_write_stands_outside_its_tables(store: Store) -> None:
    events = everything()
    planted = set(re.findall(r"Geheim [\w.-]+", repr(events)))
    conflict = events[0] | {"data": {**events[0]["data"], "segment": "other"}}
    report = record(store, make.raw([*events, conflict]), as_of=make.LATER, rules=DEFAULTS)
    assert (report.accepted, report.conflicts, report.rejects) == (len(events), 1, [])
    assert [row for row in raw_rows(store, apart=False) if "Geheim" in row] == []
    kept = "\n".join(raw_rows(store, apart=True))
    for text in planted:
        if not text.endswith("name"):  # of several names for one person the last counts
            assert text in kept
    assert "Geheim" in kept


def test_erasing_people_changes_no_figure_and_no_win(store: Store) -> None:
    anna = {**make.SALES, "role": "order_taker", "name": "Anna Berg"}
    told = [
        make.registered(history_from="2020-01-01", actor=anna),
        *make.win(participants=[anna]),
        make.feedback("nps", make.at("03-12"), 9, contact="kim@example.com", comment="Thank you"),
        make.feedback("nps", make.at("03-13"), 3, contact="lee@example.com", loose=True, customer_id="C-2"),
    ]
    record(store, make.raw(told), as_of=make.LATER, rules=DEFAULTS)
    before = state(store)
    with store.writing() as connection:
        for table in APART:
            connection.execute(delete(table))
    assert state(store) == before
    later = make.feedback("nps", make.at("03-14"), 10, contact="kim@example.com")
    record(store, make.raw([*told, later]), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        nps = seen.figures(connection, Period.month(2026, 3), make.LATER, DEFAULTS)["nps", None]
        names = connection.execute(select(tables.names)).all()
    assert nps == (0, 2), "the same contact answered again: the last answer counts"
    assert names == [], "what was forgotten does not come back with a duplicate"


def state(store: Store) -> Any:
    with store.reading() as connection:
        figures = seen.figures(connection, Period.month(2026, 3), make.LATER, DEFAULTS)
        return figures, seen.dump(connection)


def test_the_name_said_last_counts_whatever_came_last(store: Store) -> None:
    def placed(name: str, day: str, order_id: str) -> dict[str, Any]:
        person = {"person_id": "kim", "department": "sales", "name": name}
        return make.placed(make.at(day), make.line(), order_id=order_id, actor=person)

    for event in (placed("Kim New", "02-05", "SO-2"), placed("Kim Old", "01-05", "SO-1")):
        record(store, make.raw([event]), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        assert connection.scalars(select(tables.names.c.name)).all() == ["Kim New"]


def test_of_a_deals_reason_the_journal_keeps_whether_it_names_reliability(store: Store) -> None:
    value = {"amount": "1.00", "currency": "EUR"}
    for reason in ("Kim says you deliver on time", "Kim says you are cheap"):
        data = {"customer_id": "C-1", "value": value, "reason": reason}
        record(
            store,
            make.raw([make.event("opportunity.won", make.at("03-02"), data)]),
            as_of=make.LATER,
            rules=DEFAULTS,
        )
    with store.reading() as connection:
        bodies = [
            bytes(body)
            for body in connection.scalars(select(tables.journal.c.body).order_by(tables.journal.c.seq))
        ]
    assert [b'"reason":"reliability"' in body for body in bodies] == [True, False]
    assert not any(b"Kim" in body for body in bodies)
