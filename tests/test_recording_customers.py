"""What is said of customers later changes what was found before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make, seen

if TYPE_CHECKING:
    from shared.store.engine import Store

Json = dict[str, Any]
REVOKED = {("roadblock_beaten", "SO-1"): ("joint", "revoked")}
FINAL = {("roadblock_beaten", "SO-1"): ("joint", "final")}


def tell(store: Store, *events: Json) -> None:
    record(store, make.raw(list(events)), as_of=make.LATER, rules=DEFAULTS)


def found(store: Store) -> Any:
    with store.reading() as connection:
        return seen.statuses(connection, make.LATER)


def roots(store: Store) -> dict[str, str]:
    customer = tables.customers.c
    with store.reading() as connection:
        found = connection.execute(select(customer.customer_id, customer.root_id))
        return {row.customer_id: row.root_id for row in found}


def complaint_of(customer: str) -> Json:
    return make.feedback("complaint", make.at("03-13"), loose=True, customer_id=customer)


def test_a_complaint_reaches_the_customers_a_later_merge_joins(store: Store) -> None:
    tell(store, make.registered("C-1"), make.registered("C-2"), *make.win(), complaint_of("C-2"))
    assert found(store) == FINAL
    merge = make.merged("C-2", into="C-1")
    tell(store, merge)
    assert found(store) == REVOKED
    tell(store, make.retracted(merge, make.at("06-01")))
    assert found(store) == FINAL


def test_a_complaint_reaches_through_two_merges(store: Store) -> None:
    tell(store, make.merged("C-3", into="C-2"), *make.win(), complaint_of("C-3"))
    assert found(store) == FINAL
    tell(store, make.merged("C-2", into="C-1"))
    assert found(store) == REVOKED


def test_a_complaint_does_not_reach_the_parent(store: Store) -> None:
    tell(store, *make.win(), make.registered("C-2", parent_id="C-1"), complaint_of("C-2"))
    assert found(store) == FINAL


def test_the_only_customer_is_merged_later(store: Store) -> None:
    tell(store, make.registered("C-1"))
    tell(store, make.merged("C-1", into="C-2"))
    assert roots(store) == {"C-1": "C-2"}


def test_a_new_segment_keeps_the_root_of_the_root(store: Store) -> None:
    tell(store, make.registered("C-1"), make.registered("C-2", parent_id="C-1"))
    tell(store, make.registered("C-3", parent_id="C-2"), make.registered("C-4"))
    tell(store, make.registered("C-3", time=make.at("02-01"), segment="retail"), complaint_of("C-4"))
    assert roots(store) == {"C-1": "C-1", "C-2": "C-1", "C-3": "C-1", "C-4": "C-4"}


def test_circles_of_merges_and_parents_end_at_their_smallest_id(store: Store) -> None:
    tell(store, make.merged("C-2", into="C-1"), make.merged("C-1", into="C-2"))
    tell(store, make.registered("C-3", parent_id="C-3"), *make.win())
    assert roots(store) == {"C-1": "C-1", "C-2": "C-1", "C-3": "C-3"}


def test_who_registered_the_customer_took_part_in_its_first_order_whenever_that_is_told(store: Store) -> None:
    known = {"history_from": "2020-01-01"}
    quiet = [one for one in make.win() if "roadblock" not in one["type"]]
    tell(store, make.registered(**known), *quiet)
    tell(store, make.registered(time=make.at("01-07"), actor=make.SALES, **known))
    with store.reading() as connection:
        (win,) = seen.wins(connection)
    assert [part.action for part in win.sales] == ["customer.registered", "order.placed"]


def test_an_internal_customer_never_wins_nor_answers(store: Store) -> None:
    answer = make.feedback("nps", make.at("03-13"), 9, loose=True)
    tell(store, make.registered(parent_id="C-9"), *make.win(), answer)
    assert found(store) == FINAL
    tell(store, make.registered("C-9", is_internal=True))
    assert found(store) == {}
    with store.reading() as connection:
        month = Period.month(2026, 3)
        assert seen.figures(connection, month, make.LATER, DEFAULTS)["nps", None] == (0, 0)


def test_two_orders_of_one_instant_have_an_order_even_where_their_numbers_are_equal(store: Store) -> None:
    known = make.registered(history_from="2020-01-01")
    tell(store, known, make.placed(order_id="7"), make.placed(order_id="07"), make.placed(order_id="10"))
    with store.reading() as connection:
        first = {
            name: seen.order(connection, name, make.LATER, DEFAULTS)["first_order"]
            for name in ("7", "07", "10")
        }
    assert first == {"7": False, "07": True, "10": False}
