"""A customer that waits less than in the half-year before, at the same margin."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests import make
from tests.make import OPERATIONS, SALES
from tests.patterns import accounts
from tests.patterns.accounts import after, both, did, flat, moment, order, said, without
from tests.stories.rules import can_be_told

Json = dict[str, Any]
NAME = "faster_not_dearer"
BEFORE = date(2025, 7, 1)
START = date(2026, 1, 1)
JOINT = {"2026-03": "joint final"}


def trade(name: str, first: date, count: int, days: int, **more: Any) -> list[Json]:
    """So many orders, eight a month, that take so many days and a little more or less."""
    how: dict[str, Any] = {"cost": 60, "ahead": 9, "comes": True, **more}
    ahead, comes = how.pop("ahead"), how.pop("comes")
    return flat(
        order(
            f"{name}-{n}",
            placed := after(first, n * 3.75),
            after(placed, days + 3),
            after(placed, days + n % 3) if comes else None,
            requested=after(placed, ahead),
            **how,
        )
        for n in range(count)
    )


SLOW = trade("B", BEFORE, 40, 20)
FAST = trade("R", START, 24, 12)
DEEDS = [*both("R-2", after(START, 8)), did("R-5", after(START, 20), SALES, "terms_changed")]
HIT = [*SLOW, *FAST, *DEEDS]


def told(*parts: list[Json]) -> dict[str, str]:
    return accounts.told(NAME, [event for part in parts for event in part])


def test_both_sides_made_it_faster() -> None:
    (win,) = accounts.found(NAME, HIT)
    assert (win.win_id, win.kind) == ("faster_not_dearer:C-1:2026-03", "joint")
    facts = {name: win.facts[name] for name in ("now_days", "before_days", "margin_percent", "orders")}
    assert facts == {"now_days": "13", "before_days": "21", "margin_percent": "40.0", "orders": 24}
    assert (len(win.sales), len(win.operations)) == (2, 1)
    can_be_told(win)


def test_it_is_final_when_the_windows_of_its_last_order_have_passed() -> None:
    (win,) = accounts.found(NAME, HIT)
    last = after(after(START, 23 * 3.75), 12 + 23 % 3)
    assert win.final_at.date() == after(last, 31)


def test_the_same_pace_is_told_once() -> None:
    assert told(HIT, trade("L", date(2026, 4, 1), 40, 12)) == JOINT


@pytest.mark.parametrize(
    ("recent", "expected"),
    [
        (trade("R", START, 24, 15), JOINT),
        (trade("R", START, 24, 16), {}),
        (trade("R", START, 19, 12), {}),
        (trade("R", START, 24, 12, cost=61), JOINT),
        (trade("R", START, 24, 12, cost=62), {}),
        (trade("R", START, 24, 12, cost=None), {}),
        (trade("R", START, 24, 12, ahead=8), {}),
        (trade("R", START, 24, 12, product="P-2"), {}),
    ],
    ids=["a_fifth", "less", "few", "a_point", "two_points", "no_invoices", "asked_later", "other_product"],
)
def test_what_counts_as_faster_and_not_dearer(recent: list[Json], expected: dict[str, str]) -> None:
    assert told(SLOW, recent, DEEDS) == expected


def test_few_orders_before_tell_nothing() -> None:
    assert told(trade("B", BEFORE, 19, 20), FAST, DEEDS) == {}


def test_more_of_the_quick_product_is_not_faster() -> None:
    def mixed(name: str, first: date, quick: int, slow: int) -> list[Json]:
        return [
            *trade(f"{name}q", first, quick, 8, product="P-1"),
            *trade(f"{name}s", first, slow, 20, product="P-2"),
        ]

    deeds = both("Rq-2", after(START, 8))
    assert told(mixed("B", BEFORE, 6, 42), mixed("R", START, 20, 4), deeds) == {}


def test_orders_still_open_are_the_slowest() -> None:
    """All that came, came fast; as many never did."""
    assert told(HIT, trade("O", START, 8, 12, comes=False)) == {"2026-02": "joint final"}
    assert told(HIT, trade("O", START, 24, 12, comes=False)) == {}


def test_closed_short_is_not_fast() -> None:
    short = trade("R", START, 24, 12, comes=False)
    closed = [
        make.line_closed(moment(after(START, n * 3.75 + 5)), order_id=f"R-{n}", reason="short_closed")
        for n in range(24)
    ]
    assert told(SLOW, short, closed, DEEDS) == {}


def test_what_a_credit_note_takes_off_is_no_margin() -> None:
    credit = accounts.invoice("R-3", after(START, 40), 1000, 0, kind="credit_note")
    assert told(HIT, [credit]) == {}


def expedited(*names: str) -> list[Json]:
    return [did(name, after(START, 30), OPERATIONS, "expedite", premium=True) for name in names]


def test_speed_must_not_be_bought() -> None:
    assert told(HIT, expedited("R-9")) == {}
    before = [did(f"B-{n}", after(BEFORE, n * 3.75), OPERATIONS, "expedite", premium=True) for n in (1, 2)]
    assert told(HIT, before, expedited("R-9")) == JOINT
    assert told(HIT, before, expedited("R-9", "R-9")) == JOINT, "two legs of one order are one incident"
    assert told(HIT, before, expedited("R-9", "R-10")) == {}


def test_what_was_loaded_as_history_makes_no_win_and_may_be_compared_with() -> None:
    recent = accounts.of_order(HIT, "R-7", "order.placed")
    assert told([accounts.loaded(event) if event is recent else event for event in HIT]) == {}
    assert told([*map(accounts.loaded, SLOW), *FAST, *DEEDS]) == JOINT


def test_more_complaints_than_before_revoke_it() -> None:
    complaint = said("complaint", after(START, 60), name="R-9")
    assert told(HIT, [complaint]) == {"2026-03": "joint revoked"}
    before = [said("complaint", after(BEFORE, 60), name=f"B-{n}") for n in (9, 10)]
    assert told(HIT, [complaint, *before]) == JOINT


def test_one_side_alone_is_a_highlight() -> None:
    assert told(without(HIT, OPERATIONS)) == {"2026-03": "highlight final"}
    assert told(without(HIT, SALES)) == {"2026-03": "highlight final"}
    assert told(SLOW, FAST) == {}


def test_saving_single_orders_makes_nothing_faster() -> None:
    rescued = [*both("R-2", after(START, 8), "reschedule")]
    assert told(SLOW, FAST, rescued) == {}


def test_our_own_branch_wins_nothing() -> None:
    assert told(HIT, [make.registered(is_internal=True)]) == {}
