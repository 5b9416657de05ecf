"""What almost was a win, and what was not even that."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from hypothesis import given

from shared.periods import Period
from shared.projecting.nearly import near_misses, stretch
from shared.projecting.reading import Reading
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, seen
from tests.make import OPERATIONS, SALES, at
from tests.patterns import test_perfect_order_streak as streaks
from tests.patterns.found import order, raised, resolved
from tests.worlds import worlds

Json = dict[str, Any]


def stopped(events: list[Json], as_of: Any = make.LATER) -> list[tuple[str, str]]:
    """Pattern and gate of every near miss."""
    with closing(seen.recorded(events, as_of, DEFAULTS)) as store:
        settle(store, as_of=as_of, rules=DEFAULTS)
        with store.reading() as connection:
            found = near_misses(Reading(connection, as_of, DEFAULTS), None)
            return [(miss.pattern, miss.stopped.name) for miss in found]


@pytest.mark.parametrize(
    ("events", "gate"),
    [
        (order(delivered=make.delivered(100, at("03-13"))), "otif_first_commit"),
        (
            order(raised=raised(at("03-11", "23:00")), resolved=resolved(at("03-11", "23:30"))),
            "roadblock_beaten",
        ),
        (order(more=(make.promised("2026-03-13", at("03-06")),)), "no_promise_slip"),
        (order(resolved=resolved(participants=[OPERATIONS])), "joint"),
    ],
    ids=["late", "raised too late", "moved", "one side alone"],
)
def test_one_gate_stopped_it(events: list[Json], gate: str) -> None:
    assert ("roadblock_beaten", gate) in stopped(events)


@pytest.mark.parametrize(
    "events",
    [
        order(),
        order(more=(make.feedback("complaint", at("03-20")),)),
        [make.placed(actor=SALES), make.confirmed(), make.delivered(100, at("03-11"))],
        order(delivered=make.delivered(100, at("03-13")), more=(make.promised("2026-03-14", at("03-06")),)),
        order(resolved=resolved(participants=[])),
        make.win()[:-1],
    ],
    ids=["a win", "revoked", "nothing to beat", "two gates", "nobody did anything", "open"],
)
def test_what_did_not_nearly_win(events: list[Json]) -> None:
    assert [gate for pattern, gate in stopped(events) if pattern == "roadblock_beaten"] == []


def test_a_customer_that_nearly_had_a_streak() -> None:
    short = streaks.flat(streaks.before(), streaks.streak(20)) + streaks.DEEDS
    assert ("perfect_order_streak", "longer_than_luck") in stopped(short)
    assert ("perfect_order_streak", "longer_than_luck") not in stopped(streaks.HIT[:80])
    alone = streaks.flat(streaks.before(), streaks.streak())
    assert not [miss for miss in stopped(alone) if miss == ("perfect_order_streak", "joint")]
    sales = [deed for deed in streaks.DEEDS if deed["data"]["actor"]["department"] == "sales"]
    assert ("perfect_order_streak", "joint") in stopped([*alone, *sales])


@given(worlds())
def test_asking_what_nearly_was_never_fails(events: list[Json]) -> None:
    """Gates are asked one by one, whatever the others say, and show the values they failed by."""
    stopped(events)


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_stretches_of_orders_hold_each_near_miss_once(most: int) -> None:
    """Also of orders that closed at the same instant."""
    late = [each for n in range(5) for each in _late(f"SO-{n}", f"C-{n}", at("03-13" if n < 3 else "03-14"))]
    with closing(seen.recorded(late, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        reading = Reading(connection, make.LATER, DEFAULTS)
        found, orders, after = [], 0, None
        while True:
            part = stretch(reading, Period.parse("2026-W11"), after, most)
            found += part.misses
            orders += part.orders
            if (after := part.last) is None:
                break
        assert orders == 5
        assert [miss.subject for miss in found] == [f"order/SO-{n}" for n in range(5)]


def _late(order_id: str, customer_id: str, when: str) -> list[Json]:
    who = {"order_id": order_id, "customer_id": customer_id}
    return [*make.win(order_id, customer_id)[:-1], make.delivered(100, when, **who)]
