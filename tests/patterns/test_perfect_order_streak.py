"""So many perfect orders in a row that luck does not explain it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.rules import DEFAULTS
from tests import make
from tests.make import OPERATIONS, SALES
from tests.patterns import accounts
from tests.patterns.accounts import after, both, did, order, said, without
from tests.stories.rules import can_be_told

Json = dict[str, Any]
NAME = "perfect_order_streak"
BEFORE = date(2025, 5, 1)
START = date(2026, 1, 5)
JOINT = {"2026-03": "joint final"}


def before(count: int = 20, misses: int = 2, **more: Any) -> list[list[Json]]:
    """Orders of which so many were late, the last one too: at 9 of 10 on time, 22 in a row are rare."""
    late = {count - 1, *range(misses - 1)}
    return [
        order(
            f"B-{n}", after(BEFORE, 10 * n), due := after(BEFORE, 10 * n + 8), after(due, n in late), **more
        )
        for n in range(count)
    ]


def streak(count: int = 30, every: int = 3, **more: Any) -> list[list[Json]]:
    """Perfect orders, ten a month; the 22nd falls due in March."""
    return [
        order(f"S-{n}", placed := after(START, every * n), after(placed, 6), after(placed, 5), **more)
        for n in range(count)
    ]


def flat(*parts: list[list[Json]]) -> list[Json]:
    return [event for part in parts for events in part for event in events]


DEEDS = both("S-3", after(START, 10))
HIT = flat(before(), streak()) + DEEDS


def told(events: list[Json]) -> dict[str, str]:
    return accounts.told(NAME, events)


def test_both_sides_kept_it_going() -> None:
    (win,) = accounts.found(NAME, HIT)
    assert (win.win_id, win.kind, win.subject) == (
        "perfect_order_streak:C-1:2026-03",
        "joint",
        "customer/C-1/2026-03",
    )
    assert [part.action for part in (*win.sales, *win.operations)] == ["intervention.process_fix"] * 2
    assert {name: win.facts[name] for name in ("orders", "least", "usual_percent", "usual_known")} == {
        "orders": 27,
        "least": 22,
        "usual_percent": "90.0",
        "usual_known": True,
    }
    assert all(gate.passed for gate in win.gates)
    can_be_told(win)


def test_it_is_final_when_the_windows_of_its_last_order_have_passed() -> None:
    (win,) = accounts.found(NAME, HIT)
    last = after(START, 3 * 26 + 5)
    assert win.final_at.date() == after(last, 31)
    assert win.status(make.days(win.final_at, -1)) == "provisional"


def test_it_is_told_once_however_long_it_grows() -> None:
    assert told(flat(before(), streak(80)) + DEEDS) == JOINT


@pytest.mark.parametrize(("orders", "expected"), [(21, {}), (22, JOINT)])
def test_longer_than_luck(orders: int, expected: dict[str, str]) -> None:
    assert told(flat(before(), streak(orders)) + DEEDS) == expected


def test_an_unknown_rate_asks_for_45() -> None:
    few = flat(before(19, 2))
    assert told(few + flat(streak(44)) + DEEDS) == {}
    assert told(few + flat(streak(46)) + DEEDS) == {"2026-05": "joint final"}


def test_papers_that_nobody_told_of_are_no_misses() -> None:
    """A documents feed that begins with the streak must not make it look rare."""
    assert told(flat(before(40, 20, papers=None), streak()) + DEEDS) == {}


def test_ten_are_the_least_whatever_the_rate() -> None:
    bad = flat(before(20, 15))
    assert told(bad + flat(streak(9)) + DEEDS) == {}
    assert told(bad + flat(streak(10)) + DEEDS) == {"2026-02": "joint final"}


def spoilt(nth: int, **more: Any) -> list[Json]:
    """One of the orders of the streak goes otherwise."""
    parts = streak()
    placed = after(START, 3 * nth)
    how: Any = {"came": after(placed, 5), **more}
    parts[nth] = order(f"S-{nth}", placed, after(placed, 6), **how)
    return flat(before(), parts) + DEEDS


NTH = {"order_id": "S-15"}
DUE = after(START, 3 * 15 + 6)


@pytest.mark.parametrize(
    "events",
    [
        spoilt(15, came=after(DUE, 1)),
        spoilt(15, came=None),
        spoilt(15, papers=False),
        spoilt(15, papers=None),
        [*spoilt(15, came=None), make.cancelled(accounts.moment(after(DUE, -3)), **NTH, customer_id="C-1")],
        [
            *HIT,
            make.of_order("document.error_reported", accounts.moment(DUE), {"document": "invoice"}, **NTH),
        ],
        [
            *HIT,
            make.returned(1, accounts.moment(after(DUE, 5)), **NTH),
            make.assessed("quality", accounts.moment(after(DUE, 9)), **NTH),
        ],
    ],
    ids=["late", "never", "wrong_papers", "papers_unknown", "cancelled_by_us", "document_error", "returned"],
)
def test_one_fault_ends_it(events: list[Json]) -> None:
    assert told(events) == {}


def test_what_the_customer_cancelled_in_time_does_not_end_it() -> None:
    gone = make.cancelled(accounts.moment(after(DUE, -3)), initiator="customer", **NTH)
    assert told([*spoilt(15, came=None), gone]) == JOINT


def test_a_return_not_yet_assessed_keeps_it_provisional() -> None:
    assert told([*HIT, make.returned(1, accounts.moment(after(DUE, 5)), **NTH)]) == {
        "2026-03": "joint provisional"
    }


def test_an_order_cut_into_pieces_counts_once() -> None:
    """Ten orders cut into forty: placed on one day, due on one day."""
    pieces = [
        order(f"S-{n}-{k}", placed := after(START, 3 * n), after(placed, 6), after(placed, 5))
        for n in range(10)
        for k in range(4)
    ]
    deeds = both("S-3-0", after(START, 10))
    assert told(flat(before(), pieces) + deeds) == {}


def test_tiny_orders_are_no_streak() -> None:
    assert told(flat(before(), streak(qty=20)) + DEEDS) == {}
    assert told(flat(before(), streak(qty=50)) + DEEDS) == JOINT


def test_orders_changed_at_the_last_moment_are_not_clean() -> None:
    late = [
        make.changed(
            "qty", 100, accounts.moment(after(START, 3 * n), 11), inside_frozen_fence=True, order_id=f"S-{n}"
        )
        for n in range(4)
    ]
    assert told([*HIT, *late[:2]]) == JOINT
    assert told([*HIT, *late]) == {}


@pytest.mark.parametrize("kind", ["order.placed", "delivery.delivered"])
def test_what_was_loaded_as_history_makes_no_streak(kind: str) -> None:
    event = accounts.of_order(HIT, "S-7", kind)
    assert told([accounts.loaded(event) if one is event else one for one in HIT]) == {}


@pytest.mark.parametrize(
    "told_us",
    [
        said("complaint", DUE, name="S-15"),
        said("nps", after(DUE, 40), 3, "S-15"),
        said("complaint", after(DUE, 9)),
    ],
)
def test_a_complaint_revokes_it(told_us: Json) -> None:
    (win,) = accounts.found(NAME, [*HIT, told_us])
    assert (win.status(make.LATER), bool(win.reason)) == ("revoked", True)


def test_one_side_alone_is_a_highlight() -> None:
    for person, side in ((SALES, "operations"), (OPERATIONS, "sales")):
        (win,) = accounts.found(NAME, without(HIT, person))
        assert (win.kind, win.side) == ("highlight", side)


def test_nobody_in_particular_is_nothing() -> None:
    assert told(HIT[:-2]) == {}
    assert told([*HIT[:-2], did("S-3", after(START, 10), {**SALES, "is_human": False})]) == {}


def test_our_own_branch_wins_nothing() -> None:
    assert told([*HIT, make.registered(is_internal=True)]) == {}


def test_the_company_decides_what_is_rare() -> None:
    strict = replace(DEFAULTS, thresholds=(("perfect_order_streak.luck", Decimal("0.01")),))
    assert accounts.found(NAME, HIT, rules=strict) == []
