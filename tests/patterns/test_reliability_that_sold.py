"""A record without a flaw, and then more business, or a customer that says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests import make
from tests.make import OPERATIONS, SALES
from tests.patterns import accounts
from tests.patterns.accounts import after, did, flat, moment, order, said, without
from tests.stories.rules import can_be_told

Json = dict[str, Any]
NAME = "reliability_that_sold"
YEAR_AGO, RECORD, LATER = date(2025, 4, 1), date(2025, 12, 25), date(2026, 4, 1)
GREW = {"2026-06": "joint final"}
SAID = {"2026-04": "joint final"}


def trade(name: str, first: date, count: int, days: int = 90, late: int = 0, **more: Any) -> list[Json]:
    """So many orders in so many days, all but the first `late` perfect."""
    how: dict[str, Any] = {"cost": 60, **more}
    placed = (after(first, n * days / count) for n in range(count))
    return flat(
        order(f"{name}-{n}", day, due := after(day, 10), after(due, n < late), **how)
        for n, day in enumerate(placed)
    )


OLDER = trade("O", date(2025, 1, 10), 5)
USUAL = trade("Y", YEAR_AGO, 8)
PERFECT = trade("R", RECORD, 24, 80)
MORE = trade("L", LATER, 10)
DEEDS = [did("R-2", after(RECORD, 9), OPERATIONS), did("R-4", after(RECORD, 15), SALES, "heads_up")]
HIT = [*OLDER, *USUAL, *PERFECT, *MORE, *DEEDS]


def told(*parts: list[Json]) -> dict[str, str]:
    return accounts.told(NAME, [event for part in parts for event in part])


def won(reason: str | None, day: date = date(2026, 4, 15), **more: Any) -> list[Json]:
    data = {"customer_id": "C-1", "value": {"amount": "50000.00", "currency": "EUR"}, "reason": reason}
    return [make.event("opportunity.won", moment(day), {**data, **more})]


def test_more_business_after_the_record() -> None:
    (win,) = accounts.found(NAME, HIT)
    assert (win.win_id, win.kind) == ("reliability_that_sold:C-1:2026-06", "joint")
    facts = {name: win.facts[name] for name in ("orders", "faultless_orders", "growth_percent", "said_so")}
    assert facts == {"orders": 24, "faultless_orders": 24, "growth_percent": "25", "said_so": False}
    assert win.final_at == make.instant("07-31", "00:00")
    can_be_told(win)


def test_the_customer_said_why() -> None:
    (win,) = accounts.found(NAME, [*HIT, *won("On-time delivery")])
    assert (win.subject, win.facts["said_so"]) == ("customer/C-1/2026-04", True)
    assert win.final_at == make.instant("05-31", "00:00")
    assert "On-time" not in repr(win), "what somebody wrote is kept apart"
    can_be_told(win)


def test_who_says_why_weighs_more() -> None:
    (grew,), (said_so,) = (accounts.found(NAME, e) for e in (HIT, [*HIT, *won("Reliable delivery")]))
    assert said_so.score > grew.score


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Delivery reliability", SAID),
        ("They deliver when they say", SAID),
        ("Zuverlässige Lieferung", SAID),
        ("Price", {}),
        ("Better price and fast delivery", {}),
        ("The competitor could not deliver", {}),
        ("Chosen despite late deliveries", {}),
        (None, {}),
    ],
)
def test_which_reasons_say_so(reason: str | None, expected: dict[str, str]) -> None:
    assert told(OLDER, USUAL, PERFECT, trade("L", LATER, 8), DEEDS, won(reason)) == expected


def test_a_deal_before_the_record_is_no_deal_on_it() -> None:
    rest = (OLDER, USUAL, PERFECT, trade("L", LATER, 8), DEEDS)
    assert told(*rest, won("Delivery reliability", date(2026, 1, 15))) == {}
    assert told(*rest, won("Delivery reliability", date(2026, 6, 15))) == {}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (trade("R", RECORD, 20, 80), GREW),
        (trade("R", RECORD, 19, 80), {"2026-08": "joint final"}),
        (trade("R", RECORD, 3, 80), {}),
        (trade("R", RECORD, 24, 80, late=1), {}),
        (trade("R", RECORD, 50, 80, late=1), GREW),
        (trade("R", RECORD, 24, 80, papers=None), {}),
    ],
    ids=["twenty", "fewer_and_those_before", "few", "one_of_24_late", "one_of_50_late", "papers_unknown"],
)
def test_the_record(record: list[Json], expected: dict[str, str]) -> None:
    assert told(OLDER, USUAL, record, MORE, DEEDS) == expected


@pytest.mark.parametrize(
    ("usual", "later", "expected"),
    [
        (USUAL, trade("L", LATER, 9), {}),
        (trade("Y", YEAR_AGO, 10), MORE, {}),
        ([], MORE, {}),
        (USUAL, trade("L", LATER, 10, cost=61), GREW),
        (USUAL, trade("L", LATER, 10, cost=62), {}),
        (USUAL, trade("L", LATER, 10, cost=None), {}),
        (USUAL, trade("L", LATER, 20, price="5.00", cost=80), {}),
    ],
    ids=["a_little", "the_season", "nothing_before", "a_point", "two", "no_invoices", "price_cut"],
)
def test_the_growth(usual: list[Json], later: list[Json], expected: dict[str, str]) -> None:
    assert told(OLDER, usual, PERFECT, later, DEEDS) == expected


def test_a_log_that_begins_in_the_middle_of_last_year_proves_no_growth() -> None:
    assert told(USUAL, PERFECT, MORE, DEEDS) == {}
    assert told(USUAL, PERFECT, MORE, DEEDS, [make.registered(history_from="2025-04-01")]) == GREW
    assert told(USUAL, PERFECT, MORE, DEEDS, [make.registered(history_from="2025-04-02")]) == {}


def test_what_we_cancelled_is_not_booked() -> None:
    cancelled = make.cancelled(moment(after(LATER, 1)), order_id="L-0", reason="no_stock")
    assert (
        told([e for e in HIT if "delivered" not in e["type"] or e["data"]["order_id"] != "L-0"], [cancelled])
        == {}
    )


def test_it_is_told_once() -> None:
    assert told(HIT, trade("M", date(2026, 7, 1), 40)) == GREW


def test_a_deal_with_a_price_cut_is_not_won_by_reliability() -> None:
    cheap = trade("L", LATER, 10, price="8.00", cost=75)
    assert told(OLDER, USUAL, PERFECT, cheap, DEEDS, won("Delivery reliability")) == {}


@pytest.mark.parametrize("kind", ["order.placed", "delivery.delivered"])
def test_a_record_that_was_loaded_as_history_makes_no_win(kind: str) -> None:
    event = accounts.of_order(HIT, "R-7", kind)
    assert told([accounts.loaded(event) if one is event else one for one in HIT]) == {}


def test_a_complaint_revokes_it() -> None:
    assert told(HIT, [said("complaint", after(RECORD, 40), name="R-5")]) == {"2026-06": "joint revoked"}
    assert told(HIT, [said("nps", after(LATER, 40), 2)]) == {"2026-06": "joint revoked"}


def test_one_side_alone_is_a_highlight() -> None:
    assert told(without(HIT, OPERATIONS)) == {"2026-06": "highlight final"}
    assert told(without(HIT, SALES)) == {"2026-06": "highlight final"}
    assert told(HIT[:-2]) == {}


def test_our_own_branch_wins_nothing() -> None:
    assert told(HIT, [make.registered(is_internal=True)]) == {}
