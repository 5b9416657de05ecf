"""Hundreds of demanding pieces, and not one of them faulty."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from shared.recording import record
from shared.rules import DEFAULTS
from tests import make, seen
from tests.databases import opened
from tests.make import at, instant
from tests.patterns.found import OPERATIONS, SALES, found, statuses
from tests.stories.rules import can_be_told

Json = dict[str, Any]
JOINT = {"nothing_came_back": "joint final"}
REVOKED = {"nothing_came_back": "joint revoked"}
QUALITY = {"person_id": "p-qs", "department": "quality"}
CLARIFIED = make.intervened(at("03-03"), SALES, "spec_clarification")
MET = make.intervened(at("03-05"), QUALITY, "process_fix")


def placed(*, qty: int = 300, uom: str = "each", special: bool = True, **more: Any) -> Json:
    line = make.line(qty=qty, uom=uom, special_requirement=special)
    return make.placed(at("03-01"), line, **{"actor": SALES, **more})


def order(
    *,
    asked: Json | None = None,
    clarified: Json | None = CLARIFIED,
    met: Json | None = MET,
    delivered: Json | None = None,
    more: tuple[Json, ...] = (),
) -> list[Json]:
    """300 pieces of P-1 to a special requirement, of lot L-1, in time."""
    usual = make.delivered(300, at("03-11"), part={"lot": "L-1"})
    parts = (asked or placed(), make.confirmed(qty=300, actor=OPERATIONS), clarified, met, delivered or usual)
    return [part for part in parts if part is not None] + list(more)


def loose(time: str = at("03-20"), **more: Any) -> Json:
    """A return that names no order."""
    what = {"return_id": "RT-9", "product_id": "P-1", "customer_id": "C-1", "qty": 3, "lot": "L-1"}
    told = {name: value for name, value in {**what, **more}.items() if value is not None}
    return make.event("return.received", time, told)


def judged(cause: str, time: str = at("03-25"), **more: Any) -> Json:
    what = {"return_id": "RT-9", "product_id": "P-1", "customer_id": "C-1", "cause": cause}
    told = {name: value for name, value in {**what, **more}.items() if value is not None}
    return make.event("return.assessed", time, told)


def other(order_id: str = "SO-2", customer_id: str = "C-1") -> list[Json]:
    """A later, ordinary order of the same product."""
    who = {"order_id": order_id, "customer_id": customer_id}
    return [
        make.placed(at("03-12"), **who),
        make.confirmed("2026-03-18", at("03-13"), **who),
        make.delivered(100, at("03-17"), **who),
    ]


def test_clarified_met_and_nothing_came_back() -> None:
    (win,) = found(order())
    assert (win.win_id, win.kind, win.subject) == ("nothing_came_back:SO-1", "joint", "order/SO-1")
    assert win.facts["more"] == {"units": "300", "all_special": True, "something_returned": False}
    assert win.final_at == instant("04-11", "00:00")
    assert {part.action for part in win.sales} == {"order.placed", "intervention.spec_clarification"}
    can_be_told(win)


@pytest.mark.parametrize(
    ("asked", "qty"),
    [
        (placed(qty=299), 299),
        (placed(uom="kg"), 300),
        (placed(special=False), 300),
        (placed(kind="sample"), 300),
    ],
    ids=["too few to say", "nothing to count", "nothing special", "samples"],
)
def test_orders_of_which_there_is_nothing_to_say(asked: Json, qty: int) -> None:
    assert not found(order(asked=asked, delivered=make.delivered(qty, at("03-11"))))


def test_pieces_that_went_back_prove_nothing() -> None:
    back = (make.returned(1, at("03-20")), make.assessed("changed_mind", at("03-25")))
    assert not found(order(more=back))
    more_of_them = make.delivered(301, at("03-11"))
    (win,) = found(order(asked=placed(qty=301), delivered=more_of_them, more=back))
    assert win.facts["more"]["something_returned"]
    can_be_told(win)


def test_only_lines_with_a_requirement_count() -> None:
    lines = (make.line(qty=200, special_requirement=True), make.line(line_id="2", qty=200))
    two = make.placed(at("03-01"), *lines, actor=SALES)
    rest = (make.confirmed(line_id="2", qty=200), make.delivered(200, at("03-11"), part={"line_id": "2"}))
    assert not found(order(asked=two, delivered=make.delivered(200, at("03-11")), more=rest))


@pytest.mark.parametrize(
    "delivered",
    [
        make.delivered(300, at("03-13")),
        make.delivered(301, at("03-11"), part={"qty_damaged": 1}),
    ],
    ids=["late", "one refused at the dock"],
)
def test_what_arrives_otherwise(delivered: Json) -> None:
    assert not found(order(delivered=delivered))


def test_a_promise_moved_is_not_kept() -> None:
    assert not found(order(more=(make.promised("2026-03-14", at("03-06")),)))


@pytest.mark.parametrize(
    "clarified",
    [
        None,
        make.intervened(at("03-03"), SALES, "terms_changed"),
        make.intervened(at("03-03"), QUALITY, "spec_clarification"),
        make.intervened(at("03-12"), SALES, "spec_clarification"),
    ],
    ids=["nobody", "something else", "not by Sales", "afterwards"],
)
def test_sales_clarified_what_was_required(clarified: Json | None) -> None:
    assert not found(order(clarified=clarified))


def test_loaded_as_history() -> None:
    assert not found(order(asked=placed(backfill=True)))


def test_one_side_alone() -> None:
    alone = {"nothing_came_back": "highlight final"}
    assert statuses(order(met=None)) == alone
    machine = {**SALES, "is_human": False}
    assert statuses(order(clarified=make.intervened(at("03-03"), machine, "spec_clarification"))) == alone


@pytest.mark.parametrize(
    "against",
    [
        (make.returned(3, at("03-20")), make.assessed("quality", at("06-20"))),
        (make.returned(3, at("03-20")), make.assessed("transit_damage", at("03-25"))),
        (make.feedback("complaint", at("03-20")),),
        (loose(), judged("quality")),
        (loose(lot=None), judged("quality")),
        (loose(customer_id=None), judged("quality", customer_id=None)),
        (
            make.registered(),
            make.merged("C-9", "C-1"),
            loose(customer_id="C-9"),
            judged("quality", customer_id="C-9"),
        ),
        (
            *other(),
            make.returned(3, at("03-20"), order_id="SO-2", lot="L-1"),
            make.assessed("quality", at("03-25"), order_id="SO-2"),
        ),
    ],
    ids=[
        "faulty, found late",
        "damaged",
        "complaint",
        "no order",
        "no order, no lot",
        "from nobody knows whom",
        "from a merged account",
        "on another order",
    ],
)
def test_contradicted(against: tuple[Json, ...]) -> None:
    assert statuses(order(more=against)) == REVOKED


@pytest.mark.parametrize(
    "harmless",
    [
        (loose(), judged("no_fault_found")),
        (loose(lot="L-2"), judged("quality")),
        (loose(customer_id="C-2"), judged("quality", customer_id="C-2")),
        (loose(product_id="P-2"), judged("quality", product_id="P-2")),
        (loose(at("03-10")), judged("quality")),
        (loose(at("04-11"), lot=None), judged("quality", at("04-12"))),
        (loose(customer_id=None, lot=None), judged("no_fault_found", customer_id=None)),
        (
            *other(),
            make.returned(3, at("03-20"), order_id="SO-2"),
            make.assessed("quality", at("03-25"), order_id="SO-2"),
        ),
    ],
    ids=[
        "sound",
        "another lot",
        "another customer",
        "another product",
        "before it arrived",
        "no lot, long after",
        "from nobody knows whom, sound",
        "another order, no lot",
    ],
)
def test_not_contradicted(harmless: tuple[Json, ...]) -> None:
    assert statuses(order(more=harmless)) == JOINT


def test_what_may_be_of_it_keeps_it_provisional_until_assessed() -> None:
    assert statuses(order(more=(loose(),))) == {"nothing_came_back": "joint provisional"}


def test_the_lot_is_known_from_the_shipment_too() -> None:
    shipped = make.of_order(
        "delivery.shipped",
        at("03-09"),
        {"shipment_id": "S-1", "lines": [{"line_id": "1", "qty": 300, "lot": "L-1"}]},
    )
    plain = make.delivered(300, at("03-11"))
    far = (loose(at("06-01")), judged("quality", at("06-02")))
    assert statuses(order(delivered=plain, more=far)) == JOINT
    assert statuses(order(delivered=plain, more=(*far, shipped))) == REVOKED


def test_where_nobody_knows_the_lot_none_excludes_it() -> None:
    assert (
        statuses(order(delivered=make.delivered(300, at("03-11")), more=(loose(), judged("quality"))))
        == REVOKED
    )


def test_a_return_elsewhere_counts_in_any_order_of_arrival() -> None:
    """Each batch in a transaction of its own: the order may have been judged long before."""
    back, cause = loose(), judged("quality")
    for told in permutations(([*order()], [back], [cause], [make.registered(), make.merged("C-9", "C-1")])):
        assert arrived(told) == REVOKED
    assert arrived([order(), [back], [cause], [make.retracted(cause, at("05-01"))]]) == {
        "nothing_came_back": "joint provisional"
    }
    assert arrived([order(), [back], [cause], [make.retracted(back, at("05-01"))]]) == JOINT


def test_a_customer_that_joins_later_brings_its_returns() -> None:
    back = (loose(customer_id="C-9"), judged("quality", customer_id="C-9"))
    family = [make.registered("C-9", parent_id="C-1")]
    assert arrived([order(), [*back]]) == JOINT
    assert arrived([order(), [*back], family]) == arrived([family, [*back], order()]) == REVOKED


def arrived(batches: Any) -> dict[str, str]:
    with closing(opened()) as store:
        for batch in batches:
            record(store, make.raw(batch), as_of=make.LATER, rules=DEFAULTS)
        with store.reading() as connection:
            wins = seen.wins(connection)
    return {win.pattern: f"{win.kind} {win.status(make.LATER)}" for win in wins}


def test_the_company_says_how_many_are_enough() -> None:
    strict = replace(DEFAULTS, thresholds=(("nothing_came_back.units", Decimal(3000)),))
    assert not found(order(), rules=strict)
