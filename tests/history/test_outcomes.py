"""Edges of line outcomes: midnight, tolerances, cancellations, receipts told twice, re-basing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from shared.rules import DEFAULTS
from tests.history.folding import folded, verdict, verdicts
from tests.make import (
    at,
    cancelled,
    changed,
    confirmed,
    corrected,
    delivered,
    event,
    instant,
    line,
    line_closed,
    of_order,
    placed,
    promised,
    retracted,
    returned,
)

BERLIN = {"ship_to": {"timezone": "Europe/Berlin"}}
DUE = "2026-03-29"  # the clocks go forward that night in Berlin: the day has 23 hours


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-03-29T21:59:59+00:00", "OTIF"),
        ("2026-03-29T22:00:00+00:00", "IF, late"),
        ("2026-03-29T23:59:59+02:00", "OTIF"),
        ("2026-03-30T00:00:00+02:00", "IF, late"),
    ],
)
def test_on_time_ends_with_the_due_day_where_the_goods_go(time: str, expected: str) -> None:
    order = folded([placed(at("03-01"), line(requested_on=DUE), **BERLIN), delivered(100, time)])
    assert verdict(order, "requested") == expected


def test_without_a_zone_of_its_own_the_organisation_s_holds() -> None:
    events = [placed(at("03-01"), line(requested_on=DUE)), delivered(100, "2026-03-29T22:30:00+00:00")]
    assert verdict(folded(events), "requested") == "OTIF"
    assert (
        verdict(folded(events, replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"))), "requested") == "IF, late"
    )


def test_a_line_is_open_until_the_very_end_of_the_grace() -> None:
    order = folded([placed(at("03-01"), line(requested_on=DUE), **BERLIN)])
    end = instant("04-02", "00:00", "+02:00")
    assert verdict(order, "requested", end - timedelta(microseconds=1)) == "open"
    assert verdict(order, "requested", end) == "miss"


def test_late_tolerance_moves_both_the_due_day_and_the_grace() -> None:
    rules = replace(DEFAULTS, late_tolerance_days=2)
    order = folded([placed(), delivered(100, at("03-12", "23:59"))], rules)
    assert verdict(order, "requested") == "OTIF"
    waiting = folded([placed()], rules)
    assert verdict(waiting, "requested", instant("03-15", "23:59")) == "open"
    assert verdict(waiting, "requested", instant("03-16", "00:00")) == "miss"


@pytest.mark.parametrize(
    ("qty", "expected"),
    [("94.999999", "open"), (95, "OTIF"), ("102.5", "OTIF"), ("102.500001", "OT, not IF")],
)
def test_tolerances_are_percent_of_the_ordered_quantity(qty: object, expected: str) -> None:
    tolerant = line(under_tolerance=5, over_tolerance="2.5")
    order = folded([placed(at("03-01"), tolerant), delivered(qty, at("03-10"))])
    assert verdict(order, "requested", instant("03-11")) == expected


@pytest.mark.parametrize(("day", "expected"), [("03-07", "IF, late"), ("03-08", "OTIF"), ("03-10", "OTIF")])
def test_early_tolerance_counts_days(day: str, expected: str) -> None:
    order = folded([placed(at("03-01"), line(early_tolerance_days=2)), delivered(100, at(day, "00:00"))])
    assert verdict(order, "requested") == expected


def test_a_line_closed_before_any_receipt_was_never_delivered() -> None:
    order = folded([placed(), line_closed(at("03-05")), delivered(100, at("03-06"))])
    assert order.lines["1"].closed_at is None
    assert (order.lines["1"].accepted, verdict(order, "requested")) == (100, "IF, late")


def test_of_one_instant_the_receipt_comes_before_the_closing_and_the_cancellation() -> None:
    together = at("03-10")
    for ending in (line_closed(together), cancelled(together)):
        order = folded([placed(), ending, delivered(100, together)])
        assert verdict(order, "requested") == "OTIF"


def test_a_cancellation_is_judged_by_each_basis_own_due_day() -> None:
    order = folded([placed(), confirmed("2026-03-12"), cancelled(at("03-11"), initiator="customer")])
    assert verdicts(order) == ("miss", "excluded", "excluded")


def test_the_customer_may_cancel_until_the_due_day_ends() -> None:
    for clock, expected in (("23:59", "excluded"), ("24:00", "miss")):
        time = at("03-11", "00:00") if clock == "24:00" else at("03-10", clock)
        assert verdict(folded([placed(), cancelled(time, initiator="customer")]), "requested") == expected


@pytest.mark.parametrize("who", ["us", "carrier", "supplier", "system"])
def test_who_else_cancels_makes_a_miss(who: str) -> None:
    assert verdict(folded([placed(), cancelled(at("03-02"), initiator=who)]), "requested") == "miss"


def test_a_cancellation_after_delivery_changes_no_outcome() -> None:
    order = folded([placed(), delivered(100, at("03-10")), cancelled(at("03-11"), initiator="customer")])
    assert verdict(order, "requested") == "OTIF"


def test_one_receipt_told_by_two_sources_counts_once_by_the_better_evidence() -> None:
    carrier = delivered(100, at("03-10"), shipment="S-1", source="tms")
    signed = delivered(98, at("03-11"), shipment="S-1", source="erp", evidence="pod")
    for events in permutations([placed(), carrier, signed]):
        assert folded(events).lines["1"].accepted == 98


def test_one_receipt_told_by_two_sources_alike_counts_at_the_earlier_time() -> None:
    one = delivered(100, at("03-10"), shipment="S-1", source="tms")
    other = delivered(100, at("03-09"), shipment="S-1", source="erp")
    order = folded([placed(), one, other])
    assert (order.lines["1"].accepted, order.lines["1"].closed_at) == (100, instant("03-09"))


def test_two_receipts_of_one_source_are_two() -> None:
    events = [delivered(50, at("03-09"), shipment="S-1"), delivered(50, at("03-10"), shipment="S-1")]
    assert folded([placed(), *events]).lines["1"].accepted == 100


def test_re_basing_voids_the_promise_until_the_next_confirmation() -> None:
    moved = changed("requested_on", "2026-03-17", at("03-05"), initiator="customer")
    events = [placed(), confirmed("2026-03-12"), moved]
    assert verdicts(folded([*events, delivered(100, at("03-17"))])) == ("OTIF", "unconfirmed", "unconfirmed")
    meanwhile = promised("2026-03-30", at("03-06"))
    order = folded([*events, meanwhile, delivered(100, at("03-17"))])
    assert verdicts(order) == ("OTIF", "unconfirmed", "unconfirmed")
    again = confirmed("2026-03-18", at("03-07"))
    order = folded([*events, meanwhile, again, delivered(100, at("03-18"))])
    assert (verdicts(order), order.slips) == (("IF, late", "OTIF", "OTIF"), 0)


def test_what_we_change_ourselves_re_bases_nothing() -> None:
    ours = [changed("requested_on", "2026-03-20", at("03-05")), changed("qty", 50, at("03-05"))]
    line_ = folded([placed(), confirmed(), *ours]).lines["1"]
    assert (line_.requested.day, line_.first_commit and line_.first_commit.day, line_.ordered) == (
        10,
        12,
        100,
    )


def test_a_customer_may_order_less_and_what_came_before_was_enough() -> None:
    less = changed("qty", 60, at("03-11"), initiator="customer")
    order = folded([placed(), delivered(60, at("03-10")), less])
    assert (order.lines["1"].closed_at, verdict(order, "requested")) == (instant("03-10"), "OTIF")


def test_a_later_confirmation_is_a_promise_changed() -> None:
    order = folded([placed(), confirmed("2026-03-12"), confirmed("2026-03-14", at("03-03"))])
    line_ = order.lines["1"]
    assert (str(line_.first_commit), str(line_.last_commit), order.slips) == ("2026-03-12", "2026-03-14", 1)


def test_an_earlier_promise_or_the_same_is_no_slip_and_each_later_one_is() -> None:
    days = (11, 13, 13, 12, 14)
    moves = [promised(f"2026-03-{day}", at("03-03", f"{n:02}:00")) for n, day in enumerate(days)]
    assert folded([placed(), confirmed("2026-03-12"), *moves]).slips == 2


def test_a_promise_moved_by_the_customer_sets_all_three() -> None:
    moved = promised("2026-03-20", at("03-05"), initiator="customer")
    order = folded([placed(), confirmed(), moved, delivered(100, at("03-20"))])
    assert (verdicts(order), order.slips) == (("OTIF", "OTIF", "OTIF"), 0)


def test_events_of_one_instant_fold_in_the_order_of_business() -> None:
    together = at("03-01")
    events = [
        placed(together),
        changed("requested_on", "2026-03-17", together, initiator="customer"),
        confirmed("2026-03-17", together),
        promised("2026-03-18", together),
    ]
    for shuffled in permutations(events):
        line_ = folded(shuffled).lines["1"]
        assert (str(line_.first_commit), str(line_.last_commit), line_.slips) == (
            "2026-03-17",
            "2026-03-18",
            1,
        )


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([placed(), delivered(100, at("02-28"))], "delivered before placed"),
        ([placed(), delivered(3, at("03-10")), returned(4, at("03-12"))], "more returned than accepted"),
        (
            [placed(), delivered(3, at("03-10")), returned(2, at("03-12")), returned(2, at("03-13"))],
            "more returned than accepted",
        ),
        ([placed(), changed("currency", "USD", at("03-02"))], "currency"),
        ([placed(), placed(at("03-02"), line(qty=7), source="crm")], "placed twice"),
        ([placed(), delivered(1, at("03-10"), part={"line_id": "9"})], "unknown line"),
    ],
)
def test_quarantined_with_its_reason(events: list[dict[str, object]], reason: str) -> None:
    assert reason in (folded(events).quarantined or "")


def test_placed_twice_with_the_same_content_is_placed_once() -> None:
    order = folded([placed(), placed(source="crm"), delivered(100, at("03-10"))])
    assert (order.quarantined, verdict(order, "requested")) == (None, "OTIF")


def test_in_which_order_its_lines_stand_is_no_content() -> None:
    lines = [line(), line(line_id="2", qty=7)]
    assert folded([placed(at("03-01"), *lines), placed(at("03-02"), *reversed(lines))]).quarantined is None


def test_a_correction_mends_a_quarantined_order() -> None:
    wrong = delivered(100, at("02-28"))
    assert folded([placed(), wrong, corrected(wrong, at("03-10"))]).quarantined is None


def test_corrections_and_retractions() -> None:
    first, told = placed(), delivered(90, at("03-10"))
    again = corrected(told, qty=1, recorded_at=at("03-11"))
    again["data"]["lines"] = [{"line_id": "1", "qty_delivered": 100}]
    third = corrected(again, recorded_at=at("03-12"))
    third["data"]["lines"] = [{"line_id": "1", "qty_delivered": 95}]
    undo = retracted(third, at("03-13"))
    undo_undo = event("event.retracted", at("03-14"), {"corrects": _name(undo), "reason": "It did happen"})
    expected = [([], 90), ([again], 100), ([again, third], 95), ([again, third, undo], 100)]
    expected += [([again, third, undo, undo_undo], 95), ([retracted(told, at("03-13"))], 0)]
    for events, accepted in expected:
        for shuffled in permutations([first, told, *events]):
            assert folded(shuffled).lines["1"].accepted == accepted


def test_of_several_corrections_the_last_recorded_counts() -> None:
    told = delivered(90, at("03-10"))
    rivals = [corrected(told, recorded_at=at(f"03-{day}")) for day in (11, 13, 12)]
    for rival, qty in zip(rivals, (91, 93, 92), strict=True):
        rival["data"]["lines"] = [{"line_id": "1", "qty_delivered": qty}]
    assert folded([placed(), told, *rivals]).lines["1"].accepted == 93
    assert folded([placed(), told, *rivals, retracted(rivals[1], at("03-14"))]).lines["1"].accepted == 92


def test_a_correction_of_another_type_counts_for_nothing() -> None:
    told = delivered(90, at("03-10"))
    stray = of_order("order.line_closed", at("03-09"), {"line_id": "1", "corrects": _name(told)})
    order = folded([placed(), told, stray])
    assert (order.lines["1"].accepted, order.lines["1"].closing) == (90, None)


def _name(told: dict[str, object]) -> dict[str, object]:
    return {"source": told["source"], "id": told["id"]}
