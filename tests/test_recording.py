"""What becomes of a batch: accepted, known already, in conflict, or rejected with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from shared import tables
from shared.recording import Report, record
from shared.rules import DEFAULTS
from shared.store.hot import MOST
from tests import make, seen
from tests.make import at

if TYPE_CHECKING:
    from shared.store.engine import Store

Json = dict[str, Any]


def tell(store: Store, *events: Json, backfill: bool = False) -> Report:
    return record(store, make.raw(list(events)), as_of=make.LATER, rules=DEFAULTS, backfill=backfill)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.accepted, report.duplicates, report.conflicts, len(report.rejects)


def rows(store: Store, table: Any) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_again_is_a_duplicate_in_the_batch_and_after_it(store: Store) -> None:
    one = make.placed()
    assert counts(tell(store, one, one)) == (1, 1, 0, 0)
    assert counts(tell(store, dict(reversed(one.items())))) == (0, 1, 0, 0)
    assert rows(store, tables.journal) == 1


def test_a_number_is_the_same_however_it_is_written(store: Store) -> None:
    raw = make.raw([make.placed()])[0]
    assert b'"qty":100,' in raw
    again = [raw.replace(b'"qty":100,', b'"qty":' + text + b",") for text in (b"100.0", b"1e2", b"1.00E+2")]
    report = record(store, [raw, *again], as_of=make.LATER, rules=DEFAULTS)
    assert counts(report) == (1, 3, 0, 0)


def test_other_content_under_one_name_is_a_conflict_and_the_stored_one_stands(store: Store) -> None:
    one = make.placed()
    other = {**one, "data": {**one["data"], "currency": "USD"}}
    assert counts(tell(store, one, other)) == (1, 0, 1, 0)
    assert counts(tell(store, other)) == (0, 0, 1, 0)
    assert rows(store, tables.conflicts) == 1
    with store.reading() as connection:
        placed = seen.history(connection, "SO-1", make.LATER, DEFAULTS).placed
    assert placed
    assert placed.data.currency == "EUR"


def test_one_name_of_two_sources_is_two_events(store: Store) -> None:
    assert counts(tell(store, make.placed(name="1"), make.confirmed(name="1", source="crm"))) == (2, 0, 0, 0)


def test_a_reject_keeps_its_place_and_stops_nothing(store: Store) -> None:
    bad = make.placed(at("03-01"), make.line(qty=-1))
    report = tell(store, make.placed(), bad, make.confirmed())
    assert counts(report) == (2, 0, 0, 1)
    assert (report.rejects[0].index, report.rejects[0].field) == (1, "data.lines.0.qty")


def test_corrections_may_not_run_in_circles(store: Store) -> None:
    one, other, own = make.placed(name="x"), make.placed(name="y"), make.placed(name="z")
    for event, target in ((one, other), (other, one), (own, own)):
        event["data"]["corrects"] = make.name_of(target)
    report = tell(store, one, other, own)
    assert [(reject.index, reject.field) for reject in report.rejects] == [
        (1, "data.corrects"),
        (2, "data.corrects"),
    ]


def test_a_correction_has_the_type_of_what_it_corrects(store: Store) -> None:
    receipt = make.delivered(1, at("03-10"))
    stray = make.line_closed(at("03-10"), corrects=make.name_of(receipt))
    assert counts(tell(store, receipt, stray)) == (1, 0, 0, 1)


def test_what_is_loaded_as_history_is_marked_so_and_known_again_without_the_mark(store: Store) -> None:
    tell(store, *(events := make.win()), backfill=True)
    assert counts(tell(store, *events)) == (0, len(events), 0, 0)
    with store.reading() as connection:
        assert seen.wins(connection) == []


def test_age_alone_makes_no_history(store: Store) -> None:
    tell(store, *make.win())
    with store.reading() as connection:
        assert len(seen.wins(connection)) == 1


def test_an_unknown_type_is_journalled(store: Store) -> None:
    assert counts(tell(store, make.event("parcel.weighed", at("03-02"), {"kg": 3}))) == (1, 0, 0, 0)
    assert rows(store, tables.journal) == 1


def test_nothing_to_record_is_nothing(store: Store) -> None:
    assert counts(tell(store)) == (0, 0, 0, 0)


def test_a_batch_of_more_orders_than_memory_keeps_can_go_on(store: Store) -> None:
    """Rows written early in such a batch are not forgotten with the orders they belong to."""
    orders = [f"SO-{number}" for number in range(MOST + 200)]
    who = [{"order_id": order_id, "customer_id": order_id.replace("SO", "C")} for order_id in orders]
    placed = [make.placed(at("03-01"), make.line(), **one) for one in who]
    assert tell(store, *placed).accepted == len(orders)
    some = orders[::700]
    tell(store, *(make.confirmed(**one) for one in who[::700]))
    assert rows(store, tables.orders) == len(orders)
    with store.reading() as connection:
        promised = tables.order_lines.c.first_commit_due.is_not(None)
        found = connection.scalars(select(tables.order_lines.c.order_id).where(promised))
        assert set(found) == set(some)
