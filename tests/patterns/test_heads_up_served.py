"""Sales warned of a spike in time, and it was served: neither hedging, nor an echo, nor a guess."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.make import SALES, instant
from tests.patterns.products import (
    MACHINE,
    NOTHING,
    PLANNER,
    day,
    did,
    forecast,
    judged,
    missed,
    months,
    product,
    sold,
    standing,
    wanted,
)
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
PEAK, BEFORE = "2026-06", months("2025-06", 12)
SUBJECT = f"product/P-1/{PEAK}"


@dataclass
class Spike:
    """A month for which Sales raised its forecast by a half, 50 days ahead, and that came so."""

    actual: int = 1500
    ordered: int = 1500
    lead: int = 30
    usual_forecast: int = 102
    """Percent of demand."""
    late: int = 0
    """Of the ten orders of the month."""
    versions: list[Json] = field(
        default_factory=lambda: [
            forecast(PEAK, 1000, "statistical", 90),
            forecast(PEAK, 1000, ahead=80),
            forecast(PEAK, 1500, ahead=50),
        ]
    )
    deeds: list[Json] = field(default_factory=lambda: [did(PEAK, ahead=40)])
    recorded: bool = True
    more: list[Json] = field(default_factory=list)

    def told(self) -> list[Json]:
        asked = {month: 990 + 20 * (n % 2) for n, month in enumerate(BEFORE)} | {PEAK: self.actual}
        return [
            product(lead_time_days=self.lead),
            *([wanted(month, qty) for month, qty in asked.items()] if self.recorded else ()),
            *(forecast(m, asked[m] * self.usual_forecast // 100, ahead=45, reason=None) for m in BEFORE),
            *self.versions,
            *(told for month in BEFORE for told in sold(month, asked[month])),
            *(
                told
                for nth in range(10)
                for told in sold(PEAK, self.ordered // 10, name=str(nth), late=5 * (nth < self.late))
            ),
            *self.deeds,
            *self.more,
        ]


def test_a_warning_that_was_served() -> None:
    (win,) = judged(Spike().told())
    assert (win.win_id, win.kind, win.subject, win.jointness) == (
        "heads_up_served:P-1:2026-06",
        "joint",
        SUBJECT,
        Decimal(1),
    )
    assert win.final_at == instant("07-31", "00:00")
    assert win.facts == {
        "product_id": "P-1",
        "ahead_days": 49,
        "raised_on": "2026-04-12",
        "old_forecast": "1000",
        "revised_forecast": "1500",
        "demand": "1500",
        "uplift_percent": "50",
        "otif_percent": "100.0",
        "lines": 10,
        "return_window_days": 30,
    }
    assert [(part.action, part.person_id) for part in (*win.sales, *win.operations)] == [
        ("forecast.published", "p-sales"),
        ("intervention.capacity_added", "p-ops"),
    ]
    can_be_told(win, products={"P-1": "Seal kit 40"})


def test_it_waits_for_returns() -> None:
    assert standing(Spike().told(), instant("07-30", "23:59")) == {SUBJECT: "joint provisional"}
    assert standing(Spike().told(), instant("07-31", "00:00")) == {SUBJECT: "joint final"}


def test_demand_may_come_from_orders_alone() -> None:
    assert standing(Spike(recorded=False).told()) == {SUBJECT: "joint final"}


def test_places_raised_on_one_day_are_one_warning() -> None:
    halves = [
        forecast(PEAK, qty, ahead=ahead, location=place)
        for ahead, qty in ((80, 500), (50, 750))
        for place in ("Kassel", "Lyon")
    ]
    assert standing(Spike(versions=halves).told()) == {SUBJECT: "joint final"}


def raised(**more: Any) -> list[Json]:
    return [forecast(PEAK, 1000, ahead=80), forecast(PEAK, 1500, **{"ahead": 50, **more})]


FLAWS: dict[str, tuple[Callable[[], Spike], set[str]]] = {
    "too small a raise": (
        lambda: Spike(versions=[forecast(PEAK, 1000, ahead=80), forecast(PEAK, 1190)], actual=1250),
        NOTHING,
    ),
    "back to what was said before": (
        lambda: Spike(
            versions=[forecast(PEAK, qty, ahead=a) for qty, a in ((1500, 90), (1100, 70), (1500, 50))]
        ),
        NOTHING,
    ),
    "the first figure ever": (lambda: Spike(versions=[forecast(PEAK, 1500)]), NOTHING),
    "inside the lead time": (lambda: Spike(lead=60), NOTHING),
    "a fortnight at least": (lambda: Spike(lead=2, versions=raised(ahead=12)), NOTHING),
    "dated back": (lambda: Spike(versions=raised(recorded_at=day(PEAK))), NOTHING),
    "loaded as history": (lambda: Spike(versions=raised(backfill=True)), NOTHING),
    "the statistics rose": (
        lambda: Spike(versions=[forecast(PEAK, 1000, ahead=80), forecast(PEAK, 1500, "statistical")]),
        NOTHING,
    ),
    "planned centrally before": (
        lambda: Spike(versions=[*raised(), forecast(PEAK, 1450, "consensus", 60, actor=PLANNER)]),
        NOTHING,
    ),
    "it never came": (lambda: Spike(actual=1000, ordered=1000), {"spike_came", "came_as_revised"}),
    "far more came": (lambda: Spike(actual=1800, ordered=1800), {"came_as_revised"}),
    "taken back": (
        lambda: Spike(more=[forecast(PEAK, 1000, ahead=10)]),
        {"stood_by_it"},
    ),
    "always asks for more": (lambda: Spike(usual_forecast=125), {"no_hedging"}),
    "served worse than before": (lambda: Spike(late=3), {"served"}),
    "rationed": (lambda: Spike(ordered=1000), {"nothing_rationed"}),
    "demand loaded as history": (
        lambda: Spike(recorded=False, more=[wanted(PEAK, 1500, backfill=True)]),
        {"demand_seen_live"},
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_no_win_by(flaw: str) -> None:
    spike, gates = FLAWS[flaw]
    assert missed(spike().told(), "heads_up_served") == ([], gates)


def test_without_a_record_nobody_knows_whether_sales_hedges() -> None:
    told = [
        event
        for event in Spike().told()
        if event["type"] != "tandem.forecast.published.v1" or event["data"]["period"] != BEFORE[-1]
    ]
    assert missed(told, "heads_up_served") == ([], {"no_hedging"})


def test_a_promise_for_the_month_after_is_no_service() -> None:
    """Kept, and yet not what was asked for."""
    told = Spike().told()
    for event in told:
        if event["data"].get("order_id") in {f"SO-{PEAK}-{nth}" for nth in range(3)}:
            for line in event["data"]["lines"] if event["type"] == "tandem.order.confirmed.v1" else ():
                line["committed_on"] = "2026-07-15"
            if event["type"] == "tandem.delivery.delivered.v1":
                event["time"] = day("2026-07", -10)
    assert missed(told, "heads_up_served") == ([], {"served"})


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"deeds": []}, "sales"),
        ({"deeds": [did(PEAK, ahead=60)]}, "sales"),
        ({"deeds": [did(PEAK, person=MACHINE, ahead=40)]}, "sales"),
        ({"deeds": [did(PEAK, "corrective_action", ahead=40)]}, "sales"),
        ({"versions": raised(reason=None)}, "operations"),
        ({"versions": raised(actor={**SALES, "is_human": False})}, "operations"),
    ],
    ids=["alone", "before the warning", "a machine", "no supply", "no reason", "a service account"],
)
def test_a_highlight_of_the_side_that_acted(change: dict[str, Any], side: str) -> None:
    (win,) = judged(replace(Spike(), **change).told())
    assert (win.kind, win.side) == ("highlight", side)


def test_goods_sent_back_revoke_it() -> None:
    """Who sends a tenth back, whatever for, did not want it."""
    told = [
        *Spike().told(),
        *(
            make.returned(75, day(PEAK, -25), name=f"RT-{nth}", order_id=f"SO-{PEAK}-{nth}")
            for nth in range(3)
        ),
        *(
            make.assessed("changed_mind", day(PEAK, -28), name=f"RT-{nth}", order_id=f"SO-{PEAK}-{nth}")
            for nth in range(3)
        ),
    ]
    (win,) = judged(told)
    assert (win.status(make.LATER), win.reason) == ("revoked", "225 of 1500 were sent back")
