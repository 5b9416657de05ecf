"""Sales saw it coming, and Operations had it there: neither luck, nor padding, nor a copy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shared.rules import DEFAULTS
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

    from shared.patterns.model import Win

Json = dict[str, Any]
SIX, BEFORE = months("2026-01", 6), months("2024-10", 15)
LEVELS = (1300, 1350, 600, 700, 1400, 650)
SUBJECT = "product/P-1/2026-06"
JULY = instant("07-08", "00:00")


@dataclass
class Shelf:
    """Six months that only Sales saw coming, after months of half-empty shelves."""

    wanted: dict[str, int] = field(default_factory=lambda: dict(zip(SIX, LEVELS, strict=True)))
    usual: dict[str, int] = field(
        default_factory=lambda: {m: 980 + 40 * (n % 2) for n, m in enumerate(BEFORE)}
    )
    statistical: dict[str, int] = field(
        default_factory=lambda: {m: 1000 + (q - 1000) // 10 for m, q in zip(SIX, LEVELS, strict=True)}
    )
    sales: dict[str, int] = field(
        default_factory=lambda: {
            m: q + (25 if n % 2 else -25) for n, (m, q) in enumerate(zip(SIX, LEVELS, strict=True))
        }
    )
    ordered: dict[str, int] = field(default_factory=lambda: dict(zip(SIX, LEVELS, strict=True)))
    first: int = 100
    first_before: int = 86
    how: dict[str, Any] = field(default_factory=dict)
    deeds: list[Json] = field(default_factory=lambda: [did("2026-01")])
    more: list[Json] = field(default_factory=list)

    def told(self) -> list[Json]:
        return [
            product(lead_time_days=20),
            *(wanted(month, qty) for month, qty in {**self.usual, **self.wanted}.items()),
            *(forecast(month, qty, "statistical", 60) for month, qty in self.statistical.items()),
            *(forecast(month, qty, **self.how) for month, qty in self.sales.items()),
            *(event for m in BEFORE[-6:] for event in sold(m, self.usual[m], self.first_before)),
            *(event for m, qty in self.ordered.items() for event in sold(m, qty, self.first)),
            *self.deeds,
            *self.more,
        ]


def only(shelf: Shelf) -> Win:
    (win,) = judged(shelf.told())
    return win


def test_a_forecast_that_filled_the_shelf() -> None:
    win = only(Shelf())
    assert (win.win_id, win.kind, win.subject) == (
        "forecast_filled_shelf:P-1:2026-06",
        "joint",
        SUBJECT,
    )
    assert (win.final_at, win.jointness, win.customer_id) == (JULY, Decimal("0.5"), None)
    assert {part.action for part in win.sales} == {"forecast.published"}
    assert [part.action for part in win.operations] == ["intervention.capacity_added"]
    assert win.facts == {
        "product_id": "P-1",
        "from": "2026-01-01",
        "to": "2026-06-30",
        "months": 6,
        "lag_days": 30,
        "error_percent": "2.5",
        "reference": "statistical forecast",
        "reference_error_percent": "31.5",
        "better_months": 6,
        "bias_percent": "0.0",
        "first_pass_percent": "100.0",
        "first_pass_before_percent": "86.0",
        "lines": 6,
    }
    can_be_told(win, products={"P-1": "Seal kit 40"})


def test_its_gates_say_what_it_was_judged_by() -> None:
    gates = {gate.name: gate.values for gate in only(Shelf()).gates}
    errors = gates["added_value"]["reference_errors_percent"]
    assert set(errors) == {
        "statistical forecast",
        "mean of twelve months",
        "last month known",
        "same month last year",
    }
    assert Decimal(errors["statistical forecast"]) == Decimal("31.5")
    assert gates["unbiased"] == {"bias_percent": "0.0", "tracking_signal": "0.00"}


def test_it_is_provisional_until_customers_can_no_longer_cancel() -> None:
    assert standing(Shelf().told(), instant("07-07", "23:59")) == {SUBJECT: "joint provisional"}
    assert standing(Shelf().told(), JULY) == {SUBJECT: "joint final"}


def test_a_win_stands_once_however_long_the_skill_lasts() -> None:
    shelf = Shelf()
    for month, qty in zip(months("2026-07", 2), (1380, 640), strict=True):
        shelf.wanted[month], shelf.ordered[month] = qty, qty
        shelf.statistical[month], shelf.sales[month] = 1000, qty + 20
    assert list(standing(shelf.told())) == [SUBJECT]


def scaled(shelf: Shelf, by: float) -> None:
    """Everything so much smaller."""
    for quantities in (shelf.wanted, shelf.usual, shelf.statistical, shelf.sales, shelf.ordered):
        quantities |= {month: max(1, round(qty * by)) for month, qty in quantities.items()}


def worse_in_two(shelf: Shelf) -> None:
    shelf.sales |= {"2026-01": 940, "2026-06": 1060}
    shelf.wanted |= {"2026-01": 1050, "2026-06": 950}
    shelf.ordered |= {"2026-01": 1050, "2026-06": 950}


def tiny_month(shelf: Shelf) -> None:
    for quantities in (shelf.wanted, shelf.ordered, shelf.sales):
        quantities["2026-06"] = 19


def told_late(shelf: Shelf) -> None:
    """In time there was only the statistics' figure."""
    shelf.more = [forecast(month, qty, ahead=5) for month, qty in shelf.sales.items()]
    shelf.sales = dict.fromkeys(SIX, 1000)


def consensus_first(shelf: Shelf) -> None:
    shelf.more = [forecast(month, qty, "consensus", 55, actor=PLANNER) for month, qty in shelf.sales.items()]


def loaded_orders(shelf: Shelf) -> None:
    shelf.ordered.pop("2026-03")
    loaded = sold("2026-03", 1400)
    for told in loaded:
        told["data"]["backfill"] = True
    shelf.more = loaded


def opposite_accounts(shelf: Shelf) -> None:
    """One account is forecast far too high, the other far too low; the sum is right."""
    for month in SIX:
        said, asked = shelf.sales.pop(month), shelf.wanted.pop(month)
        shelf.more += [
            forecast(month, said * 7 // 10, customer_id="C-1"),
            forecast(month, said * 3 // 10, customer_id="C-2"),
            wanted(month, asked // 2, customer_id="C-1"),
            wanted(month, asked // 2, customer_id="C-2"),
        ]


def in_five_months(shelf: Shelf) -> None:
    shelf.sales.pop("2026-01")


def percent_of_demand(shelf: Shelf, *percents: int) -> None:
    """By turns."""
    for nth, (month, qty) in enumerate(shelf.wanted.items()):
        shelf.sales[month] = qty * percents[nth % len(percents)] // 100


def demand_loaded(shelf: Shelf) -> None:
    shelf.more = [wanted("2026-02", shelf.wanted.pop("2026-02"), backfill=True)]


def hardly_known(shelf: Shelf) -> None:
    """Without statistics, and with a short memory of demand."""
    shelf.statistical = {}
    for month in BEFORE[:9]:
        shelf.usual.pop(month)


def fills(before: int, now: int) -> Callable[[Shelf], None]:
    def change(shelf: Shelf) -> None:
        shelf.first_before, shelf.first = before, now

    return change


FLAWS: dict[str, tuple[Callable[[Shelf], Any], set[str]]] = {
    "tiny volume": (lambda shelf: scaled(shelf, 0.04), {"worth_measuring"}),
    "a tiny month": (tiny_month, {"worth_measuring"}),
    "no statistics and a short memory": (hardly_known, {"added_value"}),
    "a copy of the statistics": (
        lambda shelf: shelf.statistical.update(shelf.sales),
        {"added_value", "mostly_better"},
    ),
    "a copy of the mean": (
        lambda shelf: shelf.sales.update(dict.fromkeys(SIX, 1000)),
        {"added_value", "mostly_better"},
    ),
    "the plan stood before Sales repeated it": (consensus_first, {"added_value", "mostly_better"}),
    "sandbagging": (lambda shelf: percent_of_demand(shelf, 86), {"unbiased"}),
    "padding": (lambda shelf: percent_of_demand(shelf, 114), {"unbiased"}),
    "always a little low": (lambda shelf: percent_of_demand(shelf, 98), {"unbiased"}),
    "far too high and too low by turns": (
        lambda shelf: percent_of_demand(shelf, 135, 66),
        {"added_value", "mostly_better"},
    ),
    "better in four of six": (worse_in_two, {"mostly_better"}),
    "told at the last minute": (told_late, {"added_value", "mostly_better"}),
    "dated back": (lambda shelf: shelf.how.update(recorded_at=day("2026-07")), NOTHING),
    "loaded as history": (lambda shelf: shelf.how.update(backfill=True), NOTHING),
    "five months only": (in_five_months, NOTHING),
    "demand was loaded as history": (demand_loaded, {"demand_seen_live"}),
    "orders were loaded as history": (loaded_orders, {"orders_seen_live"}),
    "opposite accounts": (opposite_accounts, {"right_in_each_part"}),
    "a forecast of the supply": (
        lambda shelf: shelf.wanted.update({m: q * 14 // 10 for m, q in shelf.ordered.items()}),
        {"unbiased", "nothing_rationed", "added_value", "mostly_better"},
    ),
    "rationed": (
        lambda shelf: shelf.ordered.update({m: q * 6 // 10 for m, q in shelf.ordered.items()}),
        {"nothing_rationed"},
    ),
    "still not full": (fills(50, 75), {"shelf_full"}),
    "always full": (fills(100, 100), {"fuller_than_before"}),
    "hardly fuller": (fills(97, 98), {"fuller_than_before"}),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_no_win_by(flaw: str) -> None:
    shelf = Shelf()
    change, gates = FLAWS[flaw]
    change(shelf)
    assert missed(shelf.told(), "forecast_filled_shelf") == ([], gates)


def test_what_was_never_sold_before_cannot_be_fuller() -> None:
    told = Shelf().told()
    old = {f"SO-{month}-1" for month in BEFORE}
    assert judged([event for event in told if event["data"].get("order_id") not in old]) == []


def test_what_leaves_too_late_was_not_on_the_shelf() -> None:
    shelf = Shelf()
    shelf.ordered.pop("2026-03")
    late = sold("2026-03", 1400)
    for told in late:
        if told["type"] == "tandem.delivery.shipped.v1":
            told["time"] = day("2026-03", -20)
    shelf.more = late
    assert judged(shelf.told()) == []


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"deeds": []}, "sales"),
        ({"deeds": [did("2026-01", person=MACHINE)]}, "sales"),
        ({"deeds": [did("2026-01", "spec_clarification")]}, "sales"),
        ({"deeds": [did("2025-08")]}, "sales"),
        ({"how": {"reason": None}}, "operations"),
        ({"how": {"reason": ""}}, "operations"),
        ({"how": {"actor": {**SALES, "is_human": False}}}, "operations"),
        ({"deeds": [did("2026-01", person={**SALES, "department": "planning"})]}, None),
    ],
    ids=str,
)
def test_a_highlight_of_the_side_that_acted(change: dict[str, Any], side: str | None) -> None:
    win = only(replace(Shelf(), **change))
    assert (win.kind, win.side) == ("highlight", side or "sales")


def test_goods_that_come_back_faulty_revoke_it() -> None:
    shelf = Shelf(more=[
        make.returned(9, day("2026-03", -25), order_id="SO-2026-03-1"),
        make.assessed("quality", day("2026-03", -28), order_id="SO-2026-03-1"),
    ])  # fmt: skip
    win = only(shelf)
    assert (win.status(make.LATER), win.reason) == (
        "revoked",
        "9 of 6000 came back with a fault, above 1000 ppm",
    )


def test_few_faults_are_no_contradiction_and_unassessed_ones_make_it_wait() -> None:
    few = Shelf(more=[
        make.returned(5, day("2026-03", -25), order_id="SO-2026-03-1"),
        make.assessed("quality", day("2026-03", -28), order_id="SO-2026-03-1"),
    ])  # fmt: skip
    assert only(few).status(make.LATER) == "final"
    waiting = Shelf(more=[make.returned(9, day("2026-03", -25), order_id="SO-2026-03-1")])
    assert only(waiting).status(make.LATER) == "provisional"


def test_a_corrected_figure_takes_it_away() -> None:
    told = Shelf().told()
    (peak,) = (
        e for e in told if e["type"] == "tandem.demand.recorded.v1" and e["data"]["period"] == "2026-03"
    )
    assert judged([*told, make.corrected(peak, qty=2400)]) == []


def test_customers_who_cancel_take_it_away() -> None:
    shelf = Shelf(wanted={})
    cancelled = make.cancelled(day("2026-03", -5), order_id="SO-2026-03-1", initiator="customer")
    assert list(standing(shelf.told())) == [SUBJECT]
    told = [
        e
        for e in shelf.told()
        if not (e["data"].get("order_id") == "SO-2026-03-1" and "delivery" in e["type"])
    ]
    assert judged([*told, cancelled]) == []


def test_two_places_are_one_product() -> None:
    shelf = Shelf()
    for month, qty in list(shelf.sales.items()):
        shelf.more += [forecast(month, qty // 2, location=place) for place in ("Kassel", "Lyon")]
    shelf.sales = {}
    assert standing(shelf.told()) == {SUBJECT: "joint final"}


def test_a_longer_lead_time_asks_for_an_earlier_forecast() -> None:
    told = [e for e in Shelf().told() if e["type"] != "tandem.product.registered.v1"]
    assert list(standing([*told, product(lead_time_days=45)])) == [SUBJECT]
    assert judged([*told, product(lead_time_days=55)]) == []


def test_thresholds_are_the_companys() -> None:
    rules = replace(DEFAULTS, thresholds=(("forecast_filled_shelf.filled", Decimal(101)),))
    assert judged(Shelf().told(), rules=rules) == []
