"""A long list of overdue lines, worked off within weeks."""

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
NAME = "backlog_burned_down"
PEAK = date(2026, 3, 1)
JOINT = {"2026-03": "joint final"}


def backlog(orders: int = 10, left: int = 1, within: int = 14, **more: Any) -> list[Json]:
    """Orders of two lines, three weeks overdue; all but `left` come within some days of the peak."""
    return [
        event
        for n in range(orders)
        for event in order(
            f"L-{n}",
            after(PEAK, -60),
            after(PEAK, -25 + n),
            None if n >= orders - left else after(PEAK, 1 + n * within // orders),
            lines=2,
            **more,
        )
    ]


def others(late: bool = False) -> list[Json]:  # noqa: FBT001, FBT002 - a switch of one test
    """What fell due before, and meanwhile, on time."""
    return flat(
        order(f"N-{n}", after(PEAK, n * 5 - 90), due := after(PEAK, n * 5 - 70), after(due, 3 * late))
        for n in range(20)
    )


DEEDS = both("L-3", after(PEAK, 2), "priority_call")
HIT = [*backlog(), *others(), *DEEDS]


def told(*parts: list[Json]) -> dict[str, str]:
    return accounts.told(NAME, [event for part in parts for event in part])


def test_both_sides_worked_on_the_list() -> None:
    (win,) = accounts.found(NAME, HIT)
    assert (win.win_id, win.kind) == ("backlog_burned_down:C-1:2026-03", "joint")
    facts = {name: win.facts[name] for name in ("overdue", "overdue_on", "left", "held_until")}
    assert facts == {
        "overdue": 20,
        "overdue_on": "2026-03-01",
        "left": 4,
        "held_until": "2026-03-24",
    }
    can_be_told(win)


def test_it_is_final_when_the_windows_of_what_came_have_passed() -> None:
    (win,) = accounts.found(NAME, HIT)
    assert win.final_at == make.instant("04-13", "00:00")


@pytest.mark.parametrize(
    ("list_", "expected"),
    [
        (backlog(left=5), {}),
        (backlog(orders=5, left=1), {}),
        (backlog(orders=6, left=0), JOINT),
        (backlog(within=80), {}),
        (backlog(orders=20, left=3, within=40), {"2026-04": "joint final"}),
    ],
    ids=["half", "a_short_list", "twelve_to_none", "slowly", "six_weeks"],
)
def test_how_long_and_how_fast(list_: list[Json], expected: dict[str, str]) -> None:
    assert told(list_, others(), DEEDS) == expected


def test_it_is_told_once() -> None:
    (win,) = accounts.found(NAME, [*HIT, *backlog(orders=0)])
    assert win.subject == "customer/C-1/2026-03"


def gone(reason: str, names: range) -> list[Json]:
    data = {"reason": reason, "customer_id": "C-1"}
    return [make.cancelled(moment(after(PEAK, 2)), **data, order_id=f"L-{n}") for n in names]


def kept(list_: list[Json], names: range) -> list[Json]:
    """The list without the receipts of these orders."""
    out = {f"L-{n}" for n in names}
    return [e for e in list_ if "delivered" not in e["type"] or e["data"]["order_id"] not in out]


def test_cancelling_is_not_working_off() -> None:
    for count, expected in ((1, JOINT), (2, {})):
        names = range(7, 7 + count)
        assert told(kept(backlog(), names), others(), gone("late", names), DEEDS) == expected


def test_closing_short_is_not_working_off() -> None:
    names = range(6, 9)
    closed = [
        make.line_closed(moment(after(PEAK, 3)), order_id=f"L-{n}", line_id=line, reason="short_closed")
        for n in names
        for line in ("1", "2")
    ]
    assert told(kept(backlog(), names), others(), closed, DEEDS) == {}


def test_promising_again_is_not_working_off() -> None:
    moved = [
        make.promised("2026-08-01", moment(after(PEAK, 2)), order_id=f"L-{n}", line_id=line)
        for n in range(10)
        for line in ("1", "2")
    ]
    assert told(kept(backlog(), range(10)), others(), moved, DEEDS) == {}
    assert told(backlog(), others(), moved, DEEDS) == JOINT, "it came all the same"


def test_a_list_that_grows_again_was_not_burned_down() -> None:
    again = [
        event
        for n in range(8)
        for event in order(f"A-{n}", after(PEAK, -20), after(PEAK, 12 + n // 2), None, lines=2)
    ]
    assert told(HIT, again) == {}


def test_the_new_ones_must_not_be_late_instead() -> None:
    assert told(backlog(), others(late=True), DEEDS) == JOINT, "as late as ever"
    meanwhile = flat(order(f"M-{n}", PEAK, due := after(PEAK, 2 + n), after(due, 1)) for n in range(12))
    assert told(HIT, meanwhile) == {}


def test_the_order_of_a_line_may_have_been_loaded_as_history_in_no_decisive_step() -> None:
    event = accounts.of_order(HIT, "L-4", "delivery.delivered")
    assert told([accounts.loaded(one) if one is event else one for one in HIT]) == {}


def test_complaints_count_from_the_day_the_list_was_short() -> None:
    before = said("complaint", after(PEAK, -3), name="L-3")
    assert told(HIT, [before]) == JOINT
    since = said("complaint", after(PEAK, 30), name="L-3")
    assert told(HIT, [since]) == {"2026-03": "joint revoked"}


def test_a_faulty_delivery_revokes_it() -> None:
    back = make.returned(1, moment(after(PEAK, 15)), order_id="L-4")
    assert told(HIT, [back]) == {"2026-03": "joint provisional"}
    faulty = make.assessed("quality", moment(after(PEAK, 20)), order_id="L-4")
    assert told(HIT, [back, faulty]) == {"2026-03": "joint revoked"}


def test_supply_that_simply_arrived_is_nothing() -> None:
    assert told(backlog(), others()) == {}
    assert told(backlog(), others(), both("L-3", after(PEAK, -50))) == {}, "long before"


def test_one_side_alone_is_a_highlight() -> None:
    assert told(without(HIT, OPERATIONS)) == {"2026-03": "highlight final"}
    assert told(without(HIT, SALES)) == {"2026-03": "highlight final"}
    assert told(HIT[:-2], [did("L-3", after(PEAK, 2), accounts.MACHINE)]) == {}


def test_our_own_branch_wins_nothing() -> None:
    assert told(HIT, [make.registered(is_internal=True)]) == {}
