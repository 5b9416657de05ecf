"""Expedites retired."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make
from tests.databases import opened
from tests.make import instant
from tests.patterns.company import did, due, judged, moment, wins
from tests.patterns.found import OPERATIONS, SALES
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from shared.patterns.model import Win

Json = dict[str, Any]
NAME = "expedites_retired"
Q1, Q2 = date(2026, 1, 10), date(2026, 4, 10)
CARRIER = {"person_id": "p-haulier", "department": "carrier"}
ORDERS = 20
TERMS = did(date(2026, 4, 2), SALES, "terms_changed", week="2026-W14")
FIXED = did(date(2026, 4, 3), OPERATIONS, "corrective_action", product_id="P-1")
FEWER = settings(max_examples=settings().max_examples // 5)
"""Each example opens two databases."""


def quarter(
    first: date, *, runs: int, changes: int, late: int = 0, orders: int = ORDERS, freight: bool = True,
    premium: bool = True, legs: int = 1, amount: str = "400.00", **more: Any
) -> list[Json]:  # fmt: skip
    """Orders of five lines, three days apart; the first of them late, expedited or changed late."""
    told: list[Json] = []
    for number in range(orders):
        day = first + timedelta(days=3 * number)
        who = {"order_id": f"SO-{day:%m%d}", "customer_id": "C-1", **more}
        told += due(day, 5, int(number < late), **more)
        if number < changes:
            change = {"line_id": f"SO-{day:%m%d}/0", "field": "window", "inside_frozen_fence": True}
            told.append(make.of_order("order.changed", moment(day, 1), {**change, **who}))
        for leg in range(legs if number < runs else 0):
            told.append(did(day - timedelta(days=leg), CARRIER, "expedite", premium=premium, **who))
        if number < runs and freight:
            told.append(make.invoiced(moment(day + timedelta(days=20)), freight=amount, **who))
    return told


BEFORE = quarter(Q1, runs=15, changes=10, late=3)
NOW = quarter(Q2, runs=4, changes=3, late=3)


def found(
    *more: Json,
    before: list[Json] = BEFORE,
    now: list[Json] = NOW,
    deeds: tuple[Json, ...] = (TERMS, FIXED),
    **how: Any,
) -> list[Win]:
    return judged([*before, *now, *deeds, *more], NAME, **how)


def test_both_sides_retired_them() -> None:
    (win,) = found()
    assert (win.win_id, win.subject, win.kind) == (f"{NAME}:2026-Q2", "quarter/2026-Q2", "joint")
    assert win.final_at == instant("07-31", "00:00")
    told = {key: win.facts[key] for key in ("incidents", "incidents_before", "fewer", "lines")}
    assert told == {"incidents": 4, "incidents_before": 15, "fewer": 11, "lines": 100}
    assert win.facts["incidents_per_100_lines_before"] == "15.0"
    assert win.facts["freight"] == {"currency": "EUR", "amount": "1600.00"}
    assert win.facts["freight_before"] == {"currency": "EUR", "amount": "6000.00"}
    assert (win.facts["otif_percent"], win.facts["otif_before_percent"]) == ("97.0", "97.0")
    assert [part.action for part in (*win.sales, *win.operations)] == [
        "intervention.terms_changed",
        "intervention.corrective_action",
    ]
    runs = [event for event in (*BEFORE, *NOW) if event["data"].get("kind") == "expedite"]
    assert {ref.id for ref in win.evidence} == {event["id"] for event in (*runs, TERMS, FIXED)}
    can_be_told(win)


@pytest.mark.parametrize(
    "parts",
    [
        {"before": quarter(Q1, runs=13, changes=10, late=3)},
        {"now": quarter(Q2, runs=4, changes=3, late=3, orders=6)},
        {"now": [*NOW, *(did(day, CARRIER, "expedite", order_id=f"SO-{day:%m%d}", customer_id="C-1")
                         for day in (Q2 + timedelta(days=3 * n) for n in range(4, 11)))]},
        {"now": quarter(Q2, runs=4, changes=3, late=4)},
        {"now": quarter(Q2, runs=4, changes=10, late=3)},
        {"before": quarter(Q1, runs=15, changes=0, late=3), "now": quarter(Q2, runs=4, changes=0, late=3)},
        {"now": quarter(Q2, runs=4, changes=3, late=3, amount="1600.00")},
        {"now": quarter(Q2, runs=4, changes=3, late=3, backfill=True)},
        {"before": quarter(date(2026, 2, 2), runs=15, changes=10, late=3, orders=18)},
        {"before": quarter(Q1, runs=5, changes=10, late=3, legs=3)},
        {"before": quarter(Q1, runs=15, changes=10, late=3, premium=False)},
    ],
    ids=["too few", "volume fell", "renamed", "service fell", "as many changes", "changes unknown",
         "dearer", "loaded", "record too short", "fewer legs", "no premium"],
)  # fmt: skip
def test_one_flaw_is_enough(parts: dict[str, list[Json]]) -> None:
    assert found(**parts) == []


def test_runs_that_nobody_logged_stand_on_invoices() -> None:
    paid = [
        make.invoiced(moment(Q2 + timedelta(days=3 * n)), freight="90.00", order_id=f"SO-{day:%m%d}")
        for n in range(6, 16)
        for day in [Q2 + timedelta(days=3 * n)]
    ]
    assert found(*paid) == []
    back = [
        make.invoiced(moment(Q2 + timedelta(days=70)), freight="90.00", kind="credit_note",
                      order_id=event["data"]["order_id"])
        for event in paid
    ]  # fmt: skip
    assert [win.kind for win in found(*paid, *back)] == ["joint"], "taken back, it was not paid"


def test_luck_brings_as_much_where_there_is_much_of_it() -> None:
    rules = replace(DEFAULTS, thresholds=((f"{NAME}.luck", Decimal("0.001")),))
    assert found(rules=rules) == []
    assert [win.kind for win in found(rules=DEFAULTS)] == ["joint"]


def test_freight_invoiced_to_a_customer_without_an_order_counts_when_it_was_invoiced() -> None:
    loose = [
        make.event("invoice.posted", moment(Q2 + timedelta(days=n)), {
            "customer_id": "C-1", "invoice_id": f"L-{n}", "net_sales": {"amount": "1.00", "currency": "EUR"},
            "premium_freight": {"amount": "20.00", "currency": "EUR"}})
        for n in range(9)
    ]  # fmt: skip
    assert found(*loose) == []


@pytest.mark.parametrize(
    ("deeds", "kind"),
    [
        ((TERMS,), ("highlight", "sales")),
        ((FIXED,), ("highlight", "operations")),
        ((TERMS, did(date(2026, 4, 3), {**OPERATIONS, "is_human": False}, "process_fix", product_id="P-1")),
         ("highlight", "sales")),
        ((TERMS, did(date(2026, 7, 2), OPERATIONS, "process_fix", product_id="P-1")), ("highlight", "sales")),
        ((TERMS, did(date(2025, 12, 30), OPERATIONS, "process_fix", product_id="P-1")),
         ("highlight", "sales")),
        ((TERMS, did(date(2026, 2, 2), OPERATIONS, "process_fix", order_id="SO-0410", product_id="P-1")),
         ("joint", None)),
        ((TERMS, did(date(2026, 2, 2), OPERATIONS, "process_fix", order_id="SO-0410", customer_id="C-1")),
         ("highlight", "sales")),
        ((TERMS, did(date(2026, 2, 2), OPERATIONS, "process_fix", product_id="P-2")), ("highlight", "sales")),
        ((TERMS, did(date(2026, 4, 3), OPERATIONS, "overtime", product_id="P-1")), ("highlight", "sales")),
        ((), None),
    ],
)  # fmt: skip
def test_who_did_what(deeds: tuple[Json, ...], kind: tuple[str, str] | None) -> None:
    assert [(win.kind, win.side) for win in found(deeds=deeds)] == ([kind] if kind else [])


def test_a_product_counts_that_was_flown_in_without_an_order() -> None:
    fixed = did(date(2026, 4, 3), OPERATIONS, "corrective_action", product_id="P-9")
    flown = did(date(2026, 2, 3), CARRIER, "expedite", premium=True, product_id="P-9")
    too_late = did(date(2026, 5, 3), CARRIER, "expedite", premium=True, product_id="P-9")
    assert [win.kind for win in found(flown, deeds=(TERMS, fixed))] == ["joint"]
    assert [win.kind for win in found(too_late, deeds=(TERMS, fixed))] == ["highlight"]


def test_what_was_arranged_for_single_orders_explains_no_fall() -> None:
    """They do so every week, whatever the number of incidents is; the fall of one quarter is luck."""
    days = [date(2026, 1, 12) + timedelta(days=7 * number) for number in range(24)]
    single = [
        did(day, who, kind, order_id=f"SO-{Q2:%m%d}", customer_id="C-1")
        for day in days
        for who, kind in ((SALES, "terms_changed"), (OPERATIONS, "process_fix"))
    ]
    assert found(deeds=tuple(single)) == []


@FEWER
@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_judging_meanwhile(dice: Any) -> None:
    wrong = did(date(2026, 5, 1), CARRIER, "expedite", premium=True, week="2026-W18")
    gone = make.retracted(wrong, make.at("05-03"))
    line = {"order_id": "SO-0410", "line_id": "SO-0410/4"}
    moved = [
        make.of_order("order.changed", make.at("04-02"), {
            **line, "field": "requested_on", "new": "2026-07-06", "initiator": "customer"}),
        make.of_order("order.confirmed", make.at("04-03"), {"order_id": "SO-0410", "lines": [
            {"line_id": "SO-0410/4", "committed_on": "2026-07-06", "committed_qty": 10}]}),
    ]  # fmt: skip
    events = [*BEFORE, *NOW, TERMS, FIXED, wrong, gone, *moved]
    expected = judged(events, NAME)
    assert expected
    told = [*events, *dice.sample(events, 10)]
    dice.shuffle(told)
    with closing(opened()) as store:
        while told:
            batch, told = told[:60], told[60:]
            at = dice.choice((make.LATER, instant("07-02"), instant("04-20")))
            record(store, make.raw(batch), as_of=at, rules=DEFAULTS)
            if dice.random() < 0.5:
                settle(store, as_of=at, rules=DEFAULTS)
        record(store, [], as_of=make.LATER, rules=DEFAULTS)
        assert wins(store, NAME) == expected
