"""Hostile and unlucky input: nothing wrong is said, nothing is lost, nobody is exposed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from shared import tables
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store.engine import Store, StoreError
from shared.store.names import names
from shared.viewing import view
from tests import make, seen

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Json = dict[str, Any]


def called(store: Store, as_of: datetime = make.LATER) -> tuple[str, bool]:
    with view(store, as_of, DEFAULTS) as connection:
        return names(connection, {"C-1"}).customer("C-1")


@pytest.mark.parametrize("later_id", ["a", "z"])
def test_a_corrected_name_replaces_the_wrong_one(store: Store, later_id: str) -> None:
    wrong = make.registered() | {"id": "m"}
    right = make.corrected(wrong, name="Right Ltd") | {"id": later_id}
    record(store, make.raw([right, wrong]), as_of=make.LATER, rules=DEFAULTS)
    assert called(store) == ("Right Ltd", True)


def test_a_name_is_gone_with_the_registration_that_never_happened(store: Store) -> None:
    told = make.registered()
    record(store, make.raw([told, make.retracted(told, make.at("02-01"))]), as_of=make.LATER, rules=DEFAULTS)
    assert called(store, make.instant("01-20")) == ("C-1 Ltd", True)
    assert called(store) == ("a customer", False)


def test_a_name_is_the_one_of_its_time(store: Store) -> None:
    told = [make.registered(), make.registered(time=make.at("06-01"), name="Later Ltd", confidential=True)]
    record(store, make.raw(told), as_of=make.LATER, rules=DEFAULTS)
    assert called(store, make.instant("04-01")) == ("C-1 Ltd", True)
    assert called(store) == ("a customer", False)


def test_an_order_of_the_largest_numbers_is_recorded(store: Store) -> None:
    most = "999999999999"
    ids = [str(number) for number in range(200)]
    ordered = [make.line(line_id=name, qty=most, unit_price=f"{most}.999999") for name in ids]
    promised = [{"line_id": name, "committed_on": "2026-03-12", "committed_qty": most} for name in ids]
    arrived = [{"line_id": name, "qty_delivered": most} for name in ids]
    _, _, raised, resolved, _ = make.win()
    told = [
        make.placed(make.at("03-01"), *ordered),
        make.of_order("order.confirmed", make.at("03-02"), {"lines": promised}),
        make.of_order("delivery.delivered", make.at("03-11"), {"shipment_id": "S", "lines": arrived}),
        raised,
        resolved,
    ]
    assert record(store, make.raw(told), as_of=make.LATER, rules=DEFAULTS).accepted == len(told)
    with store.reading() as connection:
        (win,) = seen.wins(connection)
    assert win.facts["order_value"]["amount"] == "199999999999799999800000000.00"


def test_what_adds_up_to_more_than_a_database_holds_is_recorded(store: Store) -> None:
    most = "999999999999"
    cut = make.cancelled(make.at("03-02"), initiator="customer")
    told = [make.placed(make.at("03-01"), make.line(qty=most, unit_price=f"-{most}")), cut]
    told += [make.delivered(most, make.at("03-03"), shipment=f"S-{number}") for number in range(12)]
    assert record(store, make.raw(told), as_of=make.LATER, rules=DEFAULTS).accepted == len(told)


def test_nothing_is_written_to_a_database_that_was_removed(tmp_path: Path) -> None:
    file = tmp_path / "tandem.db"
    opened = Store.open(f"sqlite:///{file}")
    record(opened, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
    file.unlink()
    with pytest.raises(StoreError, match=r"removed or replaced.*start Tandem again"):
        record(opened, make.raw(make.win("SO-2")), as_of=make.LATER, rules=DEFAULTS)
    opened.close()


@pytest.mark.parametrize("field", ["currency", "note", "qty"])
def test_what_people_write_into_a_change_is_said_nowhere(store: Store, field: str) -> None:
    wrote = "Jane said so"
    change = make.changed(field, 50 if field == "qty" else wrote, make.at("03-03"), old=wrote)
    record(store, make.raw([make.placed(), change]), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if table is not tables.texts:
                assert wrote not in repr(connection.execute(select(table)).all())
        order = seen.history(connection, "SO-1", make.LATER, DEFAULTS)
        kept = set(connection.execute(select(tables.texts.c.path, tables.texts.c.text)).all())
    assert (order.quarantined is not None) == (field == "currency")
    assert ("old", wrote) in kept


def test_a_change_of_currency_puts_the_order_aside_by_its_name(store: Store) -> None:
    change = make.changed("currency", "USD", make.at("03-03"), old="EUR")
    record(store, make.raw([make.placed(), change]), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        assert seen.history(connection, "SO-1", make.LATER, DEFAULTS).quarantined == (
            "the currency changes to USD"
        )


@pytest.mark.parametrize("qty", [1e-05, "0" * 50 + "5", "12.500000" + "0" * 40])
def test_a_quantity_may_be_written_in_many_ways(store: Store, qty: Any) -> None:
    change = make.changed("qty", qty, make.at("03-03"), initiator="customer", old=qty)
    record(store, make.raw([make.placed(), change]), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        order = seen.history(connection, "SO-1", make.LATER, DEFAULTS)
    assert order.lines["1"].ordered == Decimal(str(qty))


def test_a_return_of_several_lines_counts_on_each(store: Store) -> None:
    ids = ("1", "2")
    arrived = {"shipment_id": "S", "lines": [{"line_id": name, "qty_delivered": 100} for name in ids]}
    told = [
        make.placed(make.at("03-01"), *(make.line(line_id=name) for name in ids)),
        make.of_order("delivery.delivered", make.at("03-09"), arrived),
        *(make.returned(5, make.at("03-13"), line_id=name) for name in ids),
        make.assessed("quality", make.at("03-14")),
    ]
    record(store, make.raw(told), as_of=make.LATER, rules=DEFAULTS)
    with store.reading() as connection:
        order = seen.history(connection, "SO-1", make.LATER, DEFAULTS)
        figures = seen.figures(connection, Period.month(2026, 3), make.LATER, DEFAULTS)
    assert [line.returned for line in order.lines.values()] == [5, 5]
    assert figures["quality_return_ppm", None] == (10, 200)
