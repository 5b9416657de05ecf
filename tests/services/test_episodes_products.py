"""Planted heads-ups, launches and repaired biases are what the catalogue asks for; traps lack one thing."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest

from services.simulator.episodes.registry import kinds
from tests.services.product_facts import (
    OPERATIONS,
    SALES,
    Facts,
    bias,
    first_of,
    months,
    shift,
    total,
    tracking,
    wape,
    when,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.simulator.episodes.model import Episode
    from tests.services.product_facts import By

TIMES = 12
HEADS_UP: dict[str, set[str]] = {
    "planted": set(),
    "too_small_a_revision": {"raised", "spike"},
    "spike_never_came": {"spike", "as revised"},
    "far_more_came": {"as revised"},
    "too_late": {"raised"},
    "entered_afterwards": {"raised"},
    "statistics_saw_it": {"raised"},
    "hedging": {"honest"},
    "planned_centrally": {"news"},
    "service_fell": {"served"},
    "nobody_in_operations": {"operations"},
    "acted_before_the_warning": {"operations"},
    "machine_in_operations": {"operations"},
    "no_reason_given": {"sales"},
}
LAUNCH: dict[str, set[str]] = {
    "planted": set(),
    "far_from_forecast": {"foreseen"},
    "forecast_too_late": {"foreseen"},
    "channel_stuffed": {"foreseen"},
    "allocation_hid_demand": {"foreseen"},
    "shelf_empty": {"filled"},
    "too_many_came_back": {"kept"},
    "overstocked": {"lean"},
    "stock_never_counted": {"lean"},
    "no_launch": {"new"},
    "nobody_in_operations": {"operations"},
    "machine_in_operations": {"operations"},
    "no_reasons_given": {"sales"},
    "machine_in_sales": {"sales"},
}
BIAS: dict[str, set[str]] = {
    "planted": set(),
    "demand_shifted": {"habit"},
    "opposite_biases_netted": {"everywhere"},
    "method_switched": {"method"},
    "four_months_before": {"biased"},
    "half_repaired": {"repaired"},
    "relapsed": {"repaired"},
    "entered_afterwards": {"repaired"},
    "nothing_freed": {"freed"},
    "nobody_in_operations": {"operations"},
    "machine_in_operations": {"operations"},
    "nobody_in_sales": {"sales"},
}


def episodes(pattern: str, name: str, times: int = TIMES) -> list[Episode]:
    (kind,) = (kind for kind in kinds() if (kind.pattern, kind.name) == (pattern, name))
    return [kind.episode(22, nth, date(2018, 1 + nth % 12, 1)) for nth in range(times)]


def unmet(held: dict[str, bool]) -> set[str]:
    return {name for name, holds in held.items() if not holds}


def lacks_heads_up(facts: Facts, month: str) -> set[str]:
    lead = timedelta(days=max(30, facts.master()["lead_time_days"]))
    told = sorted(facts.of("forecast.published"), key=when)
    told = [event for event in told if event["data"]["period"] == month]
    old, *_ = (event for event in told if event["data"]["step"] == "sales")
    revised = told[-1]
    before, after, actual = old["data"]["qty"], revised["data"]["qty"], facts.demand[month]
    early = when(revised) <= first_of(month) - lead and "recorded_at" not in revised["data"]
    by_sales = revised["data"]["step"] == "sales"
    reason = facts.hands(SALES, when(revised), when(revised))
    return unmet({
        "raised": by_sales and early and after >= 1.2 * before,
        "spike": actual >= 1.2 * before,
        "as revised": abs(actual - after) <= 0.15 * after,
        "honest": bias(facts.forecast("sales"), facts.demand, months(shift(month, -1), 6)) <= 10,
        "news": all(event["data"]["step"] != "consensus" for event in told),
        "served": facts.otif(month) >= facts.otif(*months(shift(month, -1), 12)) - 1,
        "sales": bool(reason) or not by_sales,
        "operations": bool(facts.hands(OPERATIONS, when(revised), first_of(month))),
    })  # fmt: skip


def lacks_launch(facts: Facts, month: str) -> set[str]:
    periods, demand = months(month, 3), facts.demand
    forecast = facts.forecast("sales", "marketing")
    foreseen = set(periods) <= set(forecast) and wape(forecast, demand, periods) <= min(
        50, usual_launch(facts)
    )
    stock = [event["data"]["qty"] for event in sorted(facts.of("stock.counted"), key=when)]
    back = [e for e in facts.events if e["type"] == "tandem.return.received.v1"]
    ppm = total(e["data"]["qty"] for e in back) / total(o.qty for o in facts.orders) * 1e6
    window = (first_of(shift(periods[0], -4)), first_of(shift(month, 1)))
    return unmet({
        "new": facts.master()["launched_on"] == f"{periods[0]}-01",
        "foreseen": foreseen,
        "filled": facts.fill(*periods) >= 95,
        "kept": ppm <= facts.master()["quality_limit_ppm"],
        "lean": bool(stock) and stock[-1] <= 4 * demand[month] / 4.35,
        "sales": bool(facts.hands(SALES, *window)),
        "operations": bool(facts.hands(OPERATIONS, *window)),
    })  # fmt: skip


def usual_launch(facts: Facts) -> float:
    """The median error of launches of other products before."""
    errors = []
    for event in facts.events:
        if event["type"] == "tandem.product.registered.v1" and event["data"]["product_id"] != facts.product:
            forecast: By = {}
            demand: By = {}
            for told in facts.events:
                if told["data"].get("product_id") == event["data"]["product_id"] and "period" in told["data"]:
                    by = demand if told["type"] == "tandem.demand.recorded.v1" else forecast
                    by[told["data"]["period"]] = told["data"]["qty"]
            errors += [wape(forecast, demand, sorted(demand))] if demand else []
    return median(errors)


def lacks_bias(facts: Facts, month: str) -> set[str]:
    after, before = months(month, 6), months(shift(month, -6), 6)
    sales, both, demand = facts.forecast("sales"), facts.forecast("sales", "statistical"), facts.demand
    known = [m for m in before if m in sales]
    repaired = set(after) <= set(both) and abs(bias(both, demand, after)) <= 5
    window = (first_of(after[0]), first_of(shift(month, 1)))
    return unmet({
        "biased": len(known) == 6 and abs(tracking(sales, demand, known)) > 4,
        "repaired": repaired and abs(tracking(both, demand, after)) <= 3,
        "habit": moved(facts, before, after),
        "method": set(after) & set(sales) != set() or not repaired,
        "everywhere": not repaired or even(facts, after),
        "freed": freed(facts, before, after),
        "sales": bool(facts.hands(SALES, *window)),
        "operations": bool(facts.hands(OPERATIONS, *window)),
    })  # fmt: skip


def moved(facts: Facts, before: list[str], after: list[str]) -> bool:
    """Whether the forecast moved more than the demand did."""
    forecast = {e["data"]["period"]: 0.0 for e in facts.of("forecast.published")}
    for event in facts.of("forecast.published"):
        forecast[event["data"]["period"]] += event["data"]["qty"]
    known = [month for month in before if month in forecast]
    said, wanted = (
        total(by[m] for m in after) / len(after) / (total(by[m] for m in known) / len(known)) - 1
        for by in (forecast, facts.demand)
    )
    return abs(said) > abs(wanted)


def even(facts: Facts, after: list[str]) -> bool:
    """Whether each account is forecast as well as their sum."""
    wanted: dict[object, float] = {}
    said: dict[object, float] = {}
    for name, by in (("demand.recorded", wanted), ("forecast.published", said)):
        for event in facts.of(name):
            if event["data"]["period"] in after:
                who = event["data"].get("customer_id")
                by[who] = by.get(who, 0) + event["data"]["qty"]
    return all(abs(said[who] / wanted[who] - 1) < 0.05 for who in wanted)


def freed(facts: Facts, before: list[str], after: list[str]) -> bool:
    """Whether stock, or lines promised short, fell by a fifth."""
    counted = {f"{when(e):%Y-%m}": float(e["data"]["qty"]) for e in facts.of("stock.counted")}
    short = {
        period: float(sum(o.committed < o.qty for o in facts.orders if f"{o.due:%Y-%m}" == period))
        for period in (*before, *after)
    }
    return any(
        total(by[month] for month in after if month in by) / 6
        <= 0.8 * total(held := [by[month] for month in before if month in by]) / max(1, len(held))
        for by in (counted, short)
        if any(by.values())
    )


CASES: list[tuple[str, str, set[str], Callable[[Facts, str], set[str]]]] = [
    (pattern, name, missing, lacks)
    for pattern, flaws, lacks in (
        ("heads_up_served", HEADS_UP, lacks_heads_up),
        ("launch_landed", LAUNCH, lacks_launch),
        ("bias_repaired", BIAS, lacks_bias),
    )
    for name, missing in flaws.items()
]


@pytest.mark.parametrize(("pattern", "name", "missing", "lacks"), CASES)
def test_an_episode_lacks_what_its_name_says_and_nothing_else(
    pattern: str, name: str, missing: set[str], lacks: Callable[[Facts, str], set[str]]
) -> None:
    for episode in episodes(pattern, name):
        assert lacks(Facts(episode), episode.periods[0]) == missing, episode.variant


def test_all_kinds_are_looked_at() -> None:
    patterns = {pattern for pattern, *_ in CASES}
    assert {(kind.pattern, kind.name) for kind in kinds() if kind.pattern in patterns} == {
        (pattern, name) for pattern, name, *_ in CASES
    }


@pytest.mark.parametrize(
    ("pattern", "variants"),
    [
        ("heads_up_served", {"plain", "two_lead_times_ahead", "orders_only", "sales_called_too"}),
        ("launch_landed", {"plain", "ramp_up", "marketing_forecast", "one_came_back", "orders_only"}),
        ("bias_repaired", {"always_too_high", "always_too_low", "nine_months"}),
    ],
)
def test_plants_differ(pattern: str, variants: set[str]) -> None:
    assert {episode.variant for episode in episodes(pattern, "planted", 80)} == variants


def test_a_repaired_bias_does_not_stand_a_month_early() -> None:
    for episode in episodes("bias_repaired", "planted", 25):
        assert "repaired" in lacks_bias(Facts(episode), shift(episode.periods[0], -1))


@pytest.mark.parametrize("pattern", sorted({pattern for pattern, *_ in CASES} | {"forecast_filled_shelf"}))
def test_both_sides_do_enough_for_a_joint_win(pattern: str) -> None:
    for episode in episodes(pattern, "planted"):
        facts = Facts(episode)
        reasoned = [event for event in facts.of("forecast.published") if event["data"].get("reason")]
        done = [event["data"]["actor"] for event in [*facts.of("intervention.recorded"), *reasoned]]
        assert all(actor.get("is_human", True) for actor in done)
        sales, operations = (
            min(3, sum(actor["department"] in side for actor in done)) for side in (SALES, OPERATIONS)
        )
        assert 2 * min(sales, operations) / (sales + operations) >= 0.66, episode.variant
