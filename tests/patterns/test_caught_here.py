"""Caught here, not there."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make
from tests.databases import opened
from tests.make import at, instant
from tests.patterns.company import did, judged, wins
from tests.patterns.found import OPERATIONS, SALES
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from shared.patterns.model import Win

Json = dict[str, Any]
NAME = "caught_here"
QUALITY = {"person_id": "p-quality", "department": "quality"}
FEWER = settings(max_examples=settings().max_examples // 5)
"""Each example opens two databases."""
LOT = {"lot": "LOT-7", "product_id": "P-1"}
RELEASED = {"hold_id": "H-1", "kind": "quality"}


def held(
    *more: Json, placed: Json | None = None, hold: Json | None = None, contained: Json | None = None,
    arranged: Json | None = None, released: Json | None = None, delivered: Json | None = None,
) -> list[Json]:  # fmt: skip
    """SO-1 held on 4 March over a lot, and released two days later."""
    return [
        placed or make.placed(at("03-01"), make.line(unit_price="20.00")),
        make.confirmed(),
        hold or make.held(at("03-04"), actor=QUALITY, **LOT),
        contained or make.intervened(at("03-05"), QUALITY, "quality_containment"),
        arranged or make.intervened(at("03-05", "14:00"), SALES, "heads_up"),
        released or make.of_order("order.hold_released", at("03-06"), {**RELEASED, "actor": QUALITY}),
        delivered or make.delivered(100, at("03-12")),
        *more,
    ]


def found(*more: Json, **parts: Json) -> list[Win]:
    return judged(held(*more, **parts), NAME)


def another(name: str, day: str, product: str = "P-1") -> list[Json]:
    """An order of another customer, delivered on a day."""
    who = {"order_id": name, "customer_id": "C-2"}
    return [
        make.placed(at("02-01"), make.line(product_id=product), **who),
        make.confirmed("2026-02-20", at("02-02"), **who),
        make.delivered(100, at(day), **who),
    ]


def faulty(name: str, cause: str | None = "quality", day: str = "03-30", **more: Any) -> list[Json]:
    who = {"order_id": name, "customer_id": "C-2", "name": f"RT-{name}", **more}
    told = [make.returned(5, at(day), **who)]
    return told + ([make.assessed(cause, at("04-20"), **who)] if cause else [])


def test_both_sides_caught_it() -> None:
    (win,) = found()
    assert (win.win_id, win.subject, win.kind, win.customer_id) == (
        f"{NAME}:H-1",
        "hold/H-1",
        "joint",
        "C-1",
    )
    assert win.final_at == instant("05-12", "00:00"), "two return windows"
    assert win.facts == {
        "hold_id": "H-1",
        "customer_id": "C-1",
        "customers": 1,
        "order_ids": ["SO-1"],
        "product_ids": ["P-1"],
        "lots": ["LOT-7"],
        "orders": 1,
        "lines": 1,
        "pieces": "100",
        "held_on": "2026-03-04",
        "released_on": "2026-03-06",
        "due_on": "2026-03-12",
        "delivered_at": "2026-03-12T12:00:00+00:00",
        "agreed_lines": 0,
        "agreed": False,
        "return_window_days": 60,
    }
    assert len(win.evidence) == 5
    can_be_told(win)


HISTORY = {"backfill": True}


@pytest.mark.parametrize(
    "parts",
    [
        {"hold": make.held(at("03-04"), kind="credit", **LOT)},
        {"hold": make.held(at("03-13"), **LOT)},
        {"released": make.changed("note", "x", at("03-06"))},
        {"released": make.of_order("order.hold_released", at("03-13"), RELEASED)},
        {"released": make.of_order("order.hold_released", at("03-03"), RELEASED)},
        {"delivered": make.delivered(100, at("03-13"))},
        {"delivered": make.delivered(90, at("03-12"))},
        {"contained": make.intervened(at("03-05"), QUALITY, "overtime")},
        {"contained": make.intervened(at("03-03"), QUALITY, "quality_containment")},
        {"contained": make.intervened(at("03-05"), QUALITY, "quality_containment", **HISTORY)},
        {"hold": make.held(at("03-04"), **LOT, **HISTORY)},
        {"delivered": make.delivered(100, at("03-12"), **HISTORY)},
        {"placed": make.placed(at("03-01"), kind="sample")},
    ],
    ids=["credit", "too late", "never released", "went round it", "released before", "late", "short",
         "not contained", "contained before", "loaded containment", "loaded hold", "loaded receipt",
         "sample"],
)  # fmt: skip
def test_one_flaw_is_enough(parts: dict[str, Json]) -> None:
    assert found(**parts) == []


def slip(new_on: str, time: str, **more: Any) -> Json:
    return make.promised(new_on, time, actor=SALES, **more)


@pytest.mark.parametrize(
    ("moved", "stands"),
    [
        ([slip("2026-03-16", at("03-05"), customer_agreed_at=at("03-05"))], True),
        ([slip("2026-03-16", at("03-05"), customer_notified_at=at("03-05"))], False),
        ([slip("2026-03-16", at("03-12"), customer_agreed_at=at("03-11"))], False),
        ([slip("2026-03-16", at("03-05"), customer_agreed_at=at("03-05"), recorded_at=at("03-13"))], False),
        ([slip("2026-03-13", at("03-05"), customer_agreed_at=at("03-05"))], False),
        ([slip("2026-03-14", at("03-05"), customer_agreed_at=at("03-05")), slip("2026-03-16", at("03-06"))],
         False),
    ],
    ids=["agreed", "told only", "agreed too late", "written down afterwards", "missed again", "moved again"],
)  # fmt: skip
def test_a_later_day_that_the_customer_agreed_to(moved: list[Json], stands: bool) -> None:  # noqa: FBT001 - a table's column
    told = found(*moved, delivered=make.delivered(100, at("03-16")))
    assert [win.facts["agreed_lines"] for win in told] == ([1] if stands else [])


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"arranged": make.intervened(at("03-05"), {**SALES, "is_human": False}, "heads_up")},
         ("highlight", "operations")),
        ({"arranged": make.intervened(at("03-13"), SALES, "heads_up")}, ("highlight", "operations")),
        ({"arranged": make.intervened(at("03-05"), SALES, "overtime")}, ("highlight", "operations")),
        ({"contained": make.intervened(at("03-05"), {**QUALITY, "department": "system"},
                                       "quality_containment")}, ("highlight", "sales")),
    ],
)  # fmt: skip
def test_one_side_alone(parts: dict[str, Json], kind: tuple[str, str]) -> None:
    assert [(win.kind, win.side) for win in found(**parts)] == [kind]


def test_who_caused_it_is_not_praised_for_containing_it() -> None:
    block = make.raised(at("03-04"), category="quality_hold", caused_by=QUALITY)
    assert [(win.kind, win.side) for win in found(block)] == [("highlight", "sales")]


def test_containment_may_be_about_the_product() -> None:
    deed = did(date(2026, 3, 5), OPERATIONS, "quality_containment", product_id="P-1")
    assert [win.kind for win in found(contained=deed)] == ["joint"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (faulty("SO-1", customer_id="C-1"), "revoked"),
        (faulty("SO-1", "transit_damage", customer_id="C-1"), "revoked"),
        (faulty("SO-1", "changed_mind", customer_id="C-1"), "final"),
        (faulty("SO-1", None, customer_id="C-1"), "provisional"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", lot="LOT-7")], "revoked"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", lot="LOT-7", day="09-30")], "revoked"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", None, lot="LOT-7")], "provisional"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", lot="LOT-6")], "revoked"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", lot="LOT-6", day="05-12")], "final"),
        ([*another("SO-2", "03-02"), *faulty("SO-2", lot="LOT-6", day="03-03")], "final"),
        ([*another("SO-2", "03-13"), *faulty("SO-2", lot="LOT-9")], "final"),
        ([*another("SO-2", "03-02", "P-9"), *faulty("SO-2", lot="LOT-7")], "final"),
        ([make.event("return.received", at("03-20"), {"return_id": "R", "qty": 1, "product_id": "P-1"}),
          make.event("return.assessed", at("03-25"),
                     {"return_id": "R", "product_id": "P-1", "cause": "quality"})], "revoked"),
        ([make.feedback("complaint", at("03-20"))], "revoked"),
        ([make.feedback("complaint", at("03-20"), loose=True)], "revoked"),
        ([make.cancelled(at("03-20"), initiator="customer")], "revoked"),
    ],
    ids=["came back", "damaged", "not wanted", "not assessed", "escaped", "escaped, shown late",
         "escaped, not assessed", "another lot", "after all windows", "came back before", "made after",
         "another product", "no order known", "complaint", "complaint about nothing", "cancelled"],
)  # fmt: skip
def test_what_speaks_against_it(more: list[Json], status: str) -> None:
    (win,) = found(*more)
    assert win.status(make.LATER) == status


def test_a_hold_over_several_orders_needs_all_of_them() -> None:
    second = [
        {
            **event,
            "id": f"{event['id']}-2",
            "data": {**event["data"], "order_id": "SO-2", "customer_id": "C-2"},
        }
        for event in held()
    ]
    (win,) = judged([*held(), *second], NAME)
    assert (win.facts["order_ids"], win.facts["customers"], win.customer_id) == (["SO-1", "SO-2"], 2, None)
    assert judged([*held(), *second[:-1]], NAME) == []


@FEWER
@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_judging_meanwhile(dice: Any) -> None:
    escape = faulty("SO-2", lot="LOT-7")
    extra = [*another("SO-2", "03-02"), *escape]
    if dice.random() < 0.5:
        extra += [make.retracted(event, at("05-01")) for event in escape]
    again = make.held(at("03-05"), order_id="SO-3", customer_id="C-2")
    extra += [again, make.retracted(again, at("03-06"))] if dice.random() < 0.5 else []
    events = held(*extra)
    as_of = dice.choice((make.LATER, instant("04-01")))
    expected = judged(events, NAME, as_of)
    assert expected
    told = [*events, *dice.sample(events, 4)]
    dice.shuffle(told)
    with closing(opened()) as store:
        while told:
            size = dice.choice((1, 3, 6))
            batch, told = told[:size], told[size:]
            now = dice.choice((make.LATER, instant("04-01"), instant("03-10")))
            record(store, make.raw(batch), as_of=now, rules=DEFAULTS)
            if dice.random() < 0.5:
                settle(store, as_of=now, rules=DEFAULTS)
        record(store, [], as_of=as_of, rules=DEFAULTS)
        assert wins(store, NAME, as_of) == expected
