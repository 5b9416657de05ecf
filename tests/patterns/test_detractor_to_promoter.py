"""A customer let down, and won back by both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests import make
from tests.make import OPERATIONS, SALES
from tests.patterns import accounts
from tests.patterns.accounts import after, did, moment, order, said
from tests.stories.rules import can_be_told

Json = dict[str, Any]
NAME = "detractor_to_promoter"
HURT = date(2026, 3, 2)
ASKED = date(2026, 5, 11)
JOINT = {"2026-05": "joint final"}
ANA = {"contact": "ana@customer.example"}
LET_DOWN = order("SO-0", after(HURT, -30), after(HURT, -10), after(HURT, -5))
BAD = said("nps", HURT, 3, "SO-0", **ANA)
GOOD = said("nps", ASKED, 9, **ANA)
SINCE = [
    *order("SO-1", after(HURT, 10), after(HURT, 30), after(HURT, 29)),
    *order("SO-2", after(HURT, 20), after(HURT, 40), after(HURT, 40)),
]
ACTED = [
    did("SO-1", after(HURT, 12), SALES, "corrective_action"),
    did("SO-0", after(HURT, 14), OPERATIONS, "process_fix"),
]


def recovery(bad: Json = BAD, good: Json = GOOD, *more: Json) -> list[Json]:
    return [*LET_DOWN, bad, *SINCE, *ACTED, good, *more]


def told(events: list[Json]) -> dict[str, str]:
    return accounts.told(NAME, events)


def test_both_sides_changed_something() -> None:
    (win,) = accounts.found(NAME, recovery())
    assert (win.win_id, win.kind) == ("detractor_to_promoter:C-1:2026-05", "joint")
    assert [part.action for part in win.sales] == ["intervention.corrective_action"]
    assert [part.action for part in win.operations] == ["intervention.process_fix"], "on the order let down"
    assert (win.facts["days"], win.facts["orders_since"], win.facts["same_contact"]) == (70, 2, True)
    assert {BAD["id"], GOOD["id"]} <= {ref.id for ref in win.evidence}
    can_be_told(win)


def test_it_is_final_after_a_month_without_a_complaint() -> None:
    (win,) = accounts.found(NAME, recovery())
    assert win.final_at == make.instant("06-11", "00:00")


@pytest.mark.parametrize(
    ("bad", "good", "expected"),
    [
        (said("complaint", HURT, name="SO-0"), GOOD, JOINT),
        (said("csat", HURT, 2), said("csat", ASKED, 4), JOINT),
        (said("csat", HURT, 3), said("csat", ASKED, 4), {}),
        (said("nps", HURT, 7), GOOD, {}),
        (BAD, said("nps", ASKED, 8, **ANA), {}),
        (BAD, said("csat", ASKED, 3, "SO-2", **ANA), {}),
        (BAD, said("compliment", ASKED, None, **ANA), {}),
        (BAD, said("nps", ASKED, 10, contact="bo@customer.example"), {}),
        (BAD, said("nps", ASKED, 10), JOINT),
    ],
)
def test_which_answers_count(bad: Json, good: Json, expected: dict[str, str]) -> None:
    assert told(recovery(bad, good)) == expected


@pytest.mark.parametrize(("days", "expected"), [(120, JOINT), (121, {})])
def test_the_good_answer_comes_within_four_months(days: int, expected: dict[str, str]) -> None:
    long_ago = said("nps", after(ASKED, -days), 3, **ANA)
    assert told([long_ago, *SINCE, *accounts.both("SO-1", after(HURT, 12)), GOOD]) == expected


def test_where_nobody_told_who_answered_it_is_the_same_account() -> None:
    (win,) = accounts.found(NAME, recovery(BAD, said("nps", ASKED, 10)))
    assert win.facts["same_contact"] is False
    can_be_told(win)


def test_erasing_who_answered_changes_nothing() -> None:
    """The journal keeps a keyed hash of the contact, which is all that is compared."""
    (win,) = accounts.found(NAME, recovery())
    assert "ana" not in repr(win)


@pytest.mark.parametrize(
    "since",
    [
        SINCE[:3],
        order("SO-2", after(HURT, 20), after(HURT, 40), after(HURT, 41)) + SINCE[:3],
        order("SO-3", after(HURT, -3), after(HURT, 20), after(HURT, 22)) + SINCE,
        order("SO-3", after(HURT, 30), after(HURT, 60), None) + SINCE,
        order("SO-1", after(HURT, -1), after(HURT, 30), after(HURT, 30)) + SINCE[3:],
    ],
    ids=["one_only", "late", "late_placed_before", "never_came", "placed_before"],
)
def test_the_orders_since_must_be_kept(since: list[Json]) -> None:
    assert told([*LET_DOWN, BAD, *since, *ACTED, GOOD]) == {}


def test_the_order_that_let_down_may_come_late_after_the_complaint() -> None:
    late = order("SO-0", after(HURT, -30), after(HURT, 5), after(HURT, 9))
    assert told([*late, BAD, *SINCE, *ACTED, GOOD]) == JOINT


def credit(amount: float, **more: Any) -> Json:
    return accounts.invoice("SO-0", after(HURT, 20), amount, 0, kind="credit_note", **more)


def test_a_credit_note_buys_no_promoter() -> None:
    assert told(recovery(BAD, GOOD, credit(50))) == {}
    assert told(recovery(BAD, GOOD, credit(-50))) == {}
    loose = {**(told_us := credit(50)), "data": {**told_us["data"], "order_id": None}}
    assert told(recovery(BAD, GOOD, loose)) == {}


def test_money_back_for_what_came_back_is_no_present() -> None:
    back = make.returned(5, moment(after(HURT, 3)), order_id="SO-0")
    assert told(recovery(BAD, GOOD, credit(50), back)) == JOINT
    assert told(recovery(BAD, GOOD, credit(51), back)) == {}


def test_it_is_won_back_once() -> None:
    again = said("nps", after(ASKED, 30), 10, **ANA)
    assert told(recovery(BAD, GOOD, again)) == JOINT
    early = said("nps", after(HURT, 3), 9, **ANA)
    assert told(recovery(BAD, GOOD, early)) == {}, "a promoter again before anything had changed"
    colleague = said("nps", after(HURT, 3), 9, contact="bo@customer.example")
    assert told(recovery(BAD, GOOD, colleague)) == JOINT


def test_who_else_was_let_down_meanwhile_is_not_won_back() -> None:
    assert told(recovery(BAD, GOOD, said("nps", after(HURT, 9), 2, contact="bo@customer.example"))) == {}


@pytest.mark.parametrize(
    ("again", "status"),
    [
        (said("complaint", after(ASKED, 5), name="SO-2"), "revoked"),
        (said("nps", after(ASKED, 30), 4, contact="bo@customer.example"), "revoked"),
        (said("complaint", after(ASKED, 31)), "final"),
        (said("complaint", after(ASKED, 90), name="SO-2"), "revoked"),
    ],
)
def test_a_new_complaint_revokes_it(again: Json, status: str) -> None:
    (win,) = accounts.found(NAME, recovery(BAD, GOOD, again))
    assert win.status(make.LATER) == status


def test_a_faulty_order_since_revokes_it() -> None:
    back = make.returned(1, moment(after(ASKED, 3)), order_id="SO-2")
    assert told(recovery(BAD, GOOD, back)) == {"2026-05": "joint provisional"}
    faulty = make.assessed("quality", moment(after(ASKED, 9)), order_id="SO-2")
    assert told(recovery(BAD, GOOD, back, faulty)) == {"2026-05": "joint revoked"}


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        ((), {}),
        (ACTED[:1], {"2026-05": "highlight final"}),
        (ACTED[1:], {"2026-05": "highlight final"}),
        ((ACTED[0], did("SO-1", after(HURT, 12), OPERATIONS, "expedite")), {"2026-05": "highlight final"}),
        ((ACTED[0], did("SO-0", after(HURT, -12), OPERATIONS)), {"2026-05": "highlight final"}),
        ((ACTED[0], did("SO-2", after(ASKED, 1), OPERATIONS)), {"2026-05": "highlight final"}),
        ((ACTED[0], did("SO-1", after(HURT, 12), accounts.MACHINE)), {"2026-05": "highlight final"}),
    ],
)
def test_who_changed_what(deeds: tuple[Json, ...], expected: dict[str, str]) -> None:
    assert told([*LET_DOWN, BAD, *SINCE, *deeds, GOOD]) == expected


def about_a_product(**more: Any) -> Json:
    fix = did("SO-1", after(HURT, 14), OPERATIONS)
    data = {name: value for name, value in fix["data"].items() if name not in ("order_id", "customer_id")}
    return {**fix, "data": {**data, "product_id": "P-1", **more}}


def test_a_fix_of_a_product_counts_if_it_was_for_this_customer() -> None:
    rest = [*LET_DOWN, BAD, *SINCE, ACTED[0], GOOD]
    assert told([*rest, about_a_product(customer_id="C-1")]) == JOINT
    assert told([*rest, about_a_product()]) == {"2026-05": "highlight final"}


@pytest.mark.parametrize("event", [BAD, GOOD, SINCE[0], SINCE[-1]])
def test_what_was_loaded_as_history_makes_no_win(event: Json) -> None:
    assert told([accounts.loaded(event) if one is event else one for one in recovery()]) == {}


def test_our_own_branch_wins_nothing() -> None:
    assert told([*recovery(), make.registered(is_internal=True)]) == {}


def test_child_customers_speak_for_their_root() -> None:
    family = make.registered("C-1", parent_id="C-9")
    (win,) = accounts.found(NAME, [*recovery(), family])
    assert win.subject == "customer/C-9/2026-05"
