"""A habit of forecasting too much, or too little, was given up, and something was freed by it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.make import OPERATIONS, SALES, instant
from tests.patterns.products import (
    MACHINE,
    NOTHING,
    counted,
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
BEFORE, AFTER = months("2025-07", 6), months("2026-01", 6)
SUBJECT = "product/P-1/2026-06"
ALWAYS_LOW = {"before": (55,), "stock": (), "short": (2, 0)}
"""Demand came before goods, and customers were left short."""


@dataclass
class Habit:
    """Half as much again was forecast for six months, then what was wanted; percents of demand by turns."""

    demand_before: int = 1000
    demand: int = 1000
    before: tuple[int, ...] = (150, 148, 152)
    after: tuple[int, ...] = (102, 98)
    stock: tuple[int, ...] = (3000, 900)
    """At the ends of the months, before and after."""
    short: tuple[int, int] | None = None
    """How many of a month's three orders are promised in part, before and after."""
    how: dict[str, Any] = field(default_factory=dict)
    deeds: list[Json] = field(default_factory=lambda: [did("2026-01", "buffer_changed")])
    more: list[Json] = field(default_factory=list)

    def told(self) -> list[Json]:
        return [
            product(lead_time_days=20),
            *self._months(BEFORE, self.demand_before, self.before, {"reason": None}),
            *self._months(AFTER, self.demand, self.after, self.how),
            *self._stock(),
            *self._orders(),
            *self.deeds,
            *self.more,
        ]

    def _months(self, names: list[str], demand: int, percents: tuple[int, ...], how: Json) -> list[Json]:
        return [
            told
            for nth, month in enumerate(names)
            for told in (
                forecast(month, demand * percents[nth % len(percents)] // 100, **how),
                wanted(month, demand),
            )
        ]

    def _stock(self) -> list[Json]:
        both = zip((BEFORE, AFTER), self.stock, strict=True) if self.stock else ()
        return [counted(month, qty) for names, qty in both for month in names]

    def _orders(self) -> list[Json]:
        both = zip((BEFORE, AFTER), self.short, strict=True) if self.short else ()
        told = [
            (event, nth < short)
            for names, short in both
            for month in names
            for nth in range(3)
            for event in sold(month, 300, name=str(nth))
        ]
        for event, is_short in told:
            if is_short and event["type"] == "tandem.order.confirmed.v1":
                event["data"]["lines"][0]["committed_qty"] = 200
        return [event for event, _ in told]


def test_a_bias_that_was_repaired() -> None:
    (win,) = judged(Habit().told())
    assert (win.win_id, win.kind, win.subject) == ("bias_repaired:P-1:2026-06", "joint", SUBJECT)
    assert win.facts == {
        "product_id": "P-1",
        "from": "2026-01-01",
        "to": "2026-06-30",
        "months": 6,
        "too_high": True,
        "bias_before_percent": "50.0",
        "bias_percent": "0.0",
        "error_before_percent": "50.0",
        "error_percent": "2.0",
        "stock_before": "3000",
        "stock_after": "900",
        "short_before_percent": None,
        "short_after_percent": None,
    }
    assert {part.action for part in win.sales} == {"forecast.published"}
    assert {part.action for part in win.operations} == {"intervention.buffer_changed"}
    can_be_told(win, products={"P-1": "Seal kit 40"})


def test_it_is_final_a_week_after_the_sixth_month() -> None:
    assert standing(Habit().told(), instant("07-07", "23:59")) == {SUBJECT: "joint provisional"}
    assert standing(Habit().told(), instant("07-08", "00:00")) == {SUBJECT: "joint final"}


def test_a_forecast_always_too_low() -> None:
    (win,) = judged(Habit(**ALWAYS_LOW).told())
    assert win.kind == "joint"
    assert [win.facts[f"short_{when}_percent"] for when in ("before", "after")] == ["66.7", "0.0"]
    assert win.facts["stock_before"] is None
    can_be_told(win)


def test_the_first_six_good_months_have_the_win() -> None:
    longer = months("2026-07", 3)
    more = [told for month in longer for told in (forecast(month, 1010), wanted(month, 1000))]
    assert list(standing(Habit(more=more).told(), instant("12-01"))) == [SUBJECT]


@dataclass
class Accounts(Habit):
    """After the repair two accounts of one size are forecast apart, the first at `share` percent of both."""

    share: int = 50

    def _months(self, names: list[str], demand: int, percents: tuple[int, ...], how: Json) -> list[Json]:
        if names is not AFTER:
            return super()._months(names, demand, percents, how)
        return [
            told
            for month in names
            for account, share in (("C-1", self.share), ("C-2", 100 - self.share))
            for told in (
                forecast(month, demand * share // 100, customer_id=account),
                wanted(month, demand // 2, customer_id=account),
            )
        ]


FLAWS: dict[str, tuple[Callable[[], Habit], set[str]]] = {
    "demand came to the forecast": (
        lambda: Habit(demand=1500, after=(101, 99)),
        {"forecast_moved"},
    ),
    "opposite biases, right in their sum": (lambda: Accounts(share=65), {"right_in_each_part"}),
    "the method was switched": (
        lambda: Habit(how={"step": "statistical", "reason": None, "actor": MACHINE}),
        NOTHING,
    ),
    "dated back": (lambda: Habit(how={"recorded_at": day("2026-07")}), NOTHING),
    "half repaired": (lambda: Habit(after=(115, 113)), {"unbiased_after"}),
    "relapsed": (lambda: Habit(after=(101, 99, 100, 101, 150, 150)), {"unbiased_after"}),
    "too high to make good for too low": (
        lambda: Habit(after=(145, 55)),
        {"error_fell"},
    ),
    "no habit before": (lambda: Habit(before=(160, 60)), {"biased_before"}),
    "a bias that cost nobody anything": (
        lambda: Habit(before=(108, 109), after=(101, 99)),
        {"biased_before"},
    ),
    "a few pieces": (
        lambda: Habit(demand_before=40, demand=40, after=(103, 98)),
        {"worth_measuring"},
    ),
    "nothing freed": (lambda: Habit(stock=(3000, 2500)), {"stock_freed"}),
    "stock never counted": (lambda: Habit(stock=()), {"stock_freed"}),
    "stock freed by leaving customers short": (lambda: Habit(short=(0, 1)), {"stock_freed"}),
    "as many left short": (lambda: Habit(**{**ALWAYS_LOW, "short": (2, 2)}), {"fewer_short_lines"}),
    "hardly any was short": (lambda: Habit(**{**ALWAYS_LOW, "short": (0, 0)}), {"fewer_short_lines"}),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_no_win_by(flaw: str) -> None:
    habit, gates = FLAWS[flaw]
    assert missed(habit().told(), "bias_repaired") == ([], gates)


def test_accounts_forecast_right_each_are_no_obstacle() -> None:
    assert standing(Accounts(share=52).told()) == {SUBJECT: "joint final"}


def test_demand_loaded_as_history_is_not_seen_live() -> None:
    told = Habit().told()
    for event in told:
        if event["type"] == "tandem.demand.recorded.v1" and event["data"]["period"] == "2026-03":
            event["data"]["backfill"] = True
    assert missed(told, "bias_repaired") == ([], {"demand_seen_live"})


def test_four_months_are_no_habit() -> None:
    told = [e for e in Habit().told() if e["data"].get("period") not in BEFORE[:2]]
    assert missed(told, "bias_repaired") == ([], NOTHING)


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"deeds": []}, "sales"),
        ({"deeds": [did("2026-01", "buffer_changed", MACHINE)]}, "sales"),
        ({"deeds": [did("2025-08", "buffer_changed")]}, "sales"),
        ({"deeds": [did("2026-01", "overtime")]}, "sales"),
        ({"how": {"reason": None}}, "operations"),
    ],
    ids=["alone", "a machine", "long before", "no remedy", "without a word"],
)
def test_a_highlight_of_the_side_that_acted(change: dict[str, Any], side: str) -> None:
    (win,) = judged(replace(Habit(), **change).told())
    assert (win.kind, win.side) == ("highlight", side)


def test_a_changed_habit_counts_as_a_deed_of_sales() -> None:
    deeds = [did("2026-01", "process_fix", SALES), did("2026-01", "buffer_changed", OPERATIONS)]
    assert standing(Habit(how={"reason": None}, deeds=deeds).told()) == {SUBJECT: "joint final"}


def test_a_corrected_figure_takes_it_away() -> None:
    told = Habit().told()
    (march,) = (
        e for e in told if e["type"] == "tandem.demand.recorded.v1" and e["data"]["period"] == "2026-03"
    )
    assert judged([*told, make.corrected(march, qty=1600)]) == []
