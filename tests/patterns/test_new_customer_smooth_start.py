"""A new customer's first order, as promised, with nothing in the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.make import at, confirmed, delivered, placed, registered
from tests.patterns.found import OPERATIONS, SALES, found, raised, resolved, statuses

Json = dict[str, Any]
KNOWN = registered(history_from="2020-01-01")


def start(taker: Json | None = SALES, promiser: Json | None = OPERATIONS, *more: Json) -> list[Json]:
    who = [{} if person is None else {"actor": person} for person in (taker, promiser)]
    return [KNOWN, placed(**who[0]), confirmed(**who[1]), delivered(100, at("03-12")), *more]


def test_routine_on_both_sides_is_enough() -> None:
    assert statuses(start()) == {"new_customer_smooth_start": "joint final"}


def test_delivering_is_as_good_as_confirming() -> None:
    events = [*start(SALES, None)[:-1], delivered(100, at("03-12"), actor=OPERATIONS)]
    assert statuses(events) == {"new_customer_smooth_start": "joint final"}


@pytest.mark.parametrize(
    ("taker", "promiser", "side"), [(SALES, None, "sales"), (None, OPERATIONS, "operations")]
)
def test_one_side_alone_is_a_highlight(taker: Json | None, promiser: Json | None, side: str) -> None:
    (win,) = found(start(taker, promiser))
    assert (win.kind, win.side) == ("highlight", side)


def test_to_own_the_account_is_no_contribution() -> None:
    owner = {**SALES, "role": "account_owner"}
    events = start(None)
    events[1] = placed(participants=[owner])
    (win,) = found(events)
    assert (win.kind, win.sales) == ("highlight", ())


def test_one_person_on_both_sides_is_not_two() -> None:
    same = {**SALES, "department": "planning"}
    assert all(win.kind != "joint" for win in found(start(SALES, same)))


def test_a_roadblock_beaten_makes_it_the_louder_story() -> None:
    assert statuses(start(SALES, OPERATIONS, raised(), resolved())) == {
        "new_customer_first_order": "joint final"
    }


def test_a_false_alarm_leaves_it_smooth() -> None:
    alarm = (raised(), resolved(outcome="false_alarm"))
    assert statuses(start(SALES, OPERATIONS, *alarm)) == {"new_customer_smooth_start": "joint final"}


def test_late_or_slipped_or_unconfirmed_is_no_start() -> None:
    slip = make.promised("2026-03-14", at("03-05"))
    assert found(start(SALES, OPERATIONS, slip)) == []
    assert found([*start()[:-1], delivered(100, at("03-13"))]) == []
    assert found([KNOWN, placed(actor=SALES), delivered(100, at("03-10"), actor=OPERATIONS)]) == []
