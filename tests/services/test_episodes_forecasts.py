"""Planted forecasts have what the catalogue asks for, and each trap lacks what it says and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from statistics import mean, pstdev
from typing import TYPE_CHECKING

import pytest

from services.simulator.episodes.registry import kinds
from services.simulator.episodes.unskilled import VARIATIONS
from tests.services.product_facts import (
    OPERATIONS,
    SALES,
    Facts,
    bias,
    first_of,
    months,
    shift,
    tracking,
    wape,
)

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from tests.services.product_facts import By

START = date(2017, 5, 1)
TIMES = 12
NOISE = {"naive_forecaster", "mean_copier", "random_tweaker", "last_minute_reviser", "supply_filterer",
         "sandbagger", "hedger"}  # fmt: skip
FLAWS: dict[str, tuple[set[str], set[str]]] = {
    "planted": (set(), set()),
    "tiny_volume": ({"volume"}, set()),
    "errors_net_out": ({"added value", "mostly better"}, set()),
    "revised_at_the_last_minute": ({"added value"}, {"mostly better"}),
    "entered_afterwards": ({"six months"}, set()),
    "loaded_as_history": ({"six months"}, set()),
    "five_months_only": ({"six months"}, set()),
    "forecast_of_the_supply": ({"bias"}, {"tracking", "added value", "mostly better"}),
    "sandbagging": ({"bias", "tracking"}, set()),
    "padding": ({"bias", "tracking"}, set()),
    "better_in_four_of_six": ({"mostly better"}, set()),
    "statistics_copied": ({"added value"}, {"mostly better"}),
    "shelf_full_before": ({"fuller"}, set()),
    "shelf_still_empty": ({"filled"}, set()),
    "orders_moved_to_fit": ({"added value", "mostly better"}, set()),
    "nobody_in_operations": ({"operations"}, set()),
    "machine_in_operations": ({"operations"}, set()),
    "machine_in_sales": ({"sales"}, set()),
    "no_reasons_given": ({"sales"}, set()),
}
"""What each kind must lack, and what it may lack beside."""


def episodes(pattern: str, name: str, times: int = TIMES) -> list[Episode]:
    (kind,) = (kind for kind in kinds() if (kind.pattern, kind.name) == (pattern, name))
    return [kind.episode(21, nth, START.replace(month=1 + nth % 12)) for nth in range(times)]


def references(facts: Facts, periods: list[str]) -> dict[str, By]:
    """The statistical forecast, the mean of twelve months, naive and seasonal naive, at a lag of two."""
    demand = facts.demand
    known = {month: [demand[m] for m in months(shift(month, -2), 12) if m in demand] for month in periods}
    found: dict[str, By] = {
        "statistical": facts.forecast("statistical"),
        "mean": {month: mean(known[month]) for month in periods},
        "naive": {month: demand[shift(month, -2)] for month in periods},
        "seasonal": {m: demand[shift(m, -12)] for m in periods if shift(m, -12) in demand},
    }
    return {name: by for name, by in found.items() if all(month in by for month in periods)}


def lacks(facts: Facts, last: str) -> set[str]:
    """Which conditions of a forecast that filled the shelf do not hold at the end of a month."""
    periods, sales, demand = months(last, 6), facts.forecast("sales"), facts.demand
    hands = facts.hands(SALES, first_of(shift(last, -9)), first_of(shift(last, 1)))
    workers = facts.hands(OPERATIONS, first_of(shift(last, -9)), first_of(shift(last, 1)))
    missing = {name for name, who in (("sales", hands), ("operations", workers)) if not who}
    if sum(demand[month] for month in periods) < 300:
        missing.add("volume")
    if facts.fill(*periods) < 95:
        missing.add("filled")
    if facts.fill(*periods) < facts.fill(*months(shift(last, -6), 6)) + 2:
        missing.add("fuller")
    if not set(periods) <= set(sales):
        return missing | {"six months"}
    return missing | _inaccurate(facts, sales, periods)


def _inaccurate(facts: Facts, sales: By, periods: list[str]) -> set[str]:
    demand = facts.demand
    best = min(references(facts, periods).values(), key=lambda by: wape(by, demand, periods))
    reference, own = wape(best, demand, periods), wape(sales, demand, periods)
    better = sum(abs(sales[m] - demand[m]) < abs(best[m] - demand[m]) for m in periods)
    held = {
        "added value": reference - own >= max(2, 0.2 * reference),
        "mostly better": better >= 5,
        "bias": abs(bias(sales, demand, periods)) <= 10,
        "tracking": abs(tracking(sales, demand, periods)) <= 4,
    }
    return {name for name, holds in held.items() if not holds}


@pytest.mark.parametrize("name", FLAWS)
def test_a_forecast_lacks_what_its_name_says_and_nothing_else(name: str) -> None:
    must, may = FLAWS[name]
    for episode in episodes("forecast_filled_shelf", name):
        missing = lacks(Facts(episode), episode.periods[-1])
        assert must <= missing <= must | may, (episode.variant, missing)


def test_all_kinds_of_forecasts_are_looked_at() -> None:
    names = {kind.name for kind in kinds() if kind.pattern == "forecast_filled_shelf"}
    assert names == set(FLAWS) | NOISE


def test_a_planted_forecast_is_comfortably_inside() -> None:
    for episode in episodes("forecast_filled_shelf", "planted"):
        facts, periods = Facts(episode), months(episode.periods[-1], 6)
        sales, demand = facts.forecast("sales"), facts.demand
        for reference in references(facts, periods).values():
            assert wape(sales, demand, periods) < 0.5 * wape(reference, demand, periods)
        assert abs(bias(sales, demand, periods)) < 4
        assert abs(tracking(sales, demand, periods)) < 2.5
        assert facts.fill(*periods) > 99.9
        assert facts.fill(*months(shift(periods[0], -1), 6)) < 92


def test_a_planted_forecast_begins_to_stand_in_its_periods() -> None:
    for episode in episodes("forecast_filled_shelf", "planted"):
        facts = Facts(episode)
        first = min(facts.versions("sales"))
        ends = [shift(first, nth) for nth in range(5, 17) if shift(first, nth) in facts.demand]
        holds = [last for last in ends if not lacks(facts, last)]
        assert holds[0] in episode.periods


def test_planted_forecasts_differ() -> None:
    assert {episode.variant for episode in episodes("forecast_filled_shelf", "planted", 60)} == {
        "plain", "unskilled_before", "two_places", "orders_only", "mistyped_once", "consensus_followed",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(NOISE))
def test_forecasters_without_skill_lack_it_at_the_end_of_every_month(name: str) -> None:
    for episode in episodes("forecast_filled_shelf", name, 25):
        facts = Facts(episode)
        first = min(facts.versions("sales"))
        ends = [shift(first, nth) for nth in range(5, 17) if shift(first, nth) in facts.demand]
        assert ends
        for last in ends:
            assert lacks(facts, last) & {"added value", "bias", "mostly better"}
            assert not lacks(facts, last) - {"added value", "mostly better", "bias", "tracking"}


def test_the_demand_of_noise_varies_as_it_should() -> None:
    spread: dict[float, int] = defaultdict(int)
    for name in sorted(NOISE):
        for episode in episodes("forecast_filled_shelf", name):
            demand = list(Facts(episode).demand.values())
            assert 12 + 6 <= len(demand) <= 24 + 8
            spread[min(VARIATIONS, key=lambda cv: abs(cv - pstdev(demand) / mean(demand)))] += 1
    assert set(spread) == set(VARIATIONS)
    assert min(spread.values()) >= 5


def test_noise_is_no_win_of_other_forecast_patterns_either() -> None:
    for name in sorted(NOISE):
        for episode in episodes("forecast_filled_shelf", name, 2):
            claimed = {claim.pattern: claim.expected for claim in episode.claims()}
            assert claimed == dict.fromkeys(
                ("forecast_filled_shelf", "heads_up_served", "bias_repaired"), "none"
            )
