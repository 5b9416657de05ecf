"""The endless market for load tests."""

from __future__ import annotations

import json
import tracemalloc

from services.simulator.envelope import arrival
from services.simulator.trading import trading
from shared.events.catalogue import parse


def test_events_are_valid_and_come_in_order_of_arrival() -> None:
    events = list(trading(1, 500))
    assert [parse(json.dumps(event).encode()).id for event in events] == [event["id"] for event in events]
    times = [arrival(event) for event in events]
    assert times == sorted(times)
    assert len({(event["source"], event["id"]) for event in events}) == len(events)


def test_as_many_orders_are_placed_as_were_asked_for_many_of_them_open_at_once() -> None:
    placed, most, open_ = 0, 0, set()
    for event in trading(2, 1_000):
        if event["type"] == "tandem.order.placed.v1":
            placed += 1
            open_.add(event["data"]["order_id"])
            most = max(most, len(open_))
        elif event["type"] == "tandem.invoice.posted.v1":
            open_.discard(event["data"]["order_id"])
    assert placed == 1_000
    assert most > 700


def test_the_same_seed_trades_the_same() -> None:
    assert list(trading(3, 60)) == list(trading(3, 60))
    assert list(trading(3, 60)) != list(trading(4, 60))


def test_memory_does_not_grow_with_the_number_of_events() -> None:
    stream = trading(5, 100_000)
    for _ in range(10_000):
        next(stream)
    tracemalloc.start()
    for _ in range(8_000):
        next(stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
