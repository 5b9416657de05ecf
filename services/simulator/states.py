"""A month in every state that an edition may meet, made from what a simulated company's month is made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Final

from shared.editions.choice import Choice
from shared.editions.model import Risk
from shared.editions.trading import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shared.editions.model import Material
    from shared.kpis.model import Kpi

LONG: Final = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
    "Rindfleischetikettierungsüberwachungsstelle GmbH",
    "Grundstücksverkehrsgenehmigungszuständigkeitsamt",
)
SCRIPTS: Final = (
    "شركة النور للمضخات",
    "北光泵业有限公司",
    "Северные насосы",
    "சென்னை இயந்திரங்கள்",
    "Αντλίες Βορρά",
    "🏭 Fabrik 👩‍🔧 GmbH",
)
CORRECTIONS: Final = (
    "In newsletter-2025-11 we told “Halyard Marine: first order on time”. Units came back since.",
    "The share of order lines on time in November was 96.9%, not 97.4%: three receipts came late.",
)


def _few(count: int) -> Callable[[Material], Material]:
    def state(month: Material) -> Material:
        return replace(month, wins=month.wins[:count], highlights=month.highlights if count else ())

    return state


def _twelve(month: Material) -> Material:
    return replace(month, choice=Choice(most_per_pattern=12, cooldown_days=0))


def _named(*names: str) -> Callable[[Material], Material]:
    """Customers under these names, in turn."""

    def state(month: Material) -> Material:
        known = zip(sorted(month.names.customers), cycle(names), strict=False)
        customers = {key: replace(month.names.customers[key], name=name) for key, name in known}
        return replace(month, names=replace(month.names, customers=customers))

    return state


def _red(month: Material) -> Material:
    """Every figure got worse and missed its target; every roadblock ended late."""
    kpis = tuple(map(_worse, month.kpis))
    risks = tuple(Risk(risk.category, risk.raised, 0, risk.raised) for risk in month.open_risks)
    return replace(month, kpis=kpis, series=_ending(month, kpis), open_risks=risks)


def _worse(kpi: Kpi) -> Kpi:
    if kpi.value is None:
        return kpi
    before = kpi.previous if kpi.previous is not None else kpi.value
    now = {
        "higher": before - max(abs(before) / 12, Decimal(3)),
        "lower": before + max(abs(before) / 3, Decimal(3)),
        "zero": abs(before) * 2 + 5,
    }[kpi.better]
    return replace(
        kpi,
        value=now,
        previous=before,
        change=now - before,
        status="final",
        standing=None if kpi.target is None else "missed",
        low=None,
        high=None,
    )


def _nothing(month: Material) -> Material:
    """No event of the period has come in."""
    kpis = tuple(map(_unknown, month.kpis))
    series = {key: tuple((name, None) for name, _ in points) for key, points in month.series.items()}
    return replace(
        month, kpis=kpis, series=series, wins=(), highlights=(), open_risks=(), trading=NOTHING, arrived=False
    )


def _unknown(kpi: Kpi) -> Kpi:
    return replace(
        kpi,
        value=None,
        previous=None,
        change=None,
        numerator=None,
        denominator=None,
        n=0,
        few=False,
        low=None,
        high=None,
        standing=None,
        status="no_data",
    )


def _provisional(month: Material) -> Material:
    kpis = tuple(replace(kpi, status="provisional") if kpi.value is not None else kpi for kpi in month.kpis)
    return replace(month, kpis=kpis, arrived=False)


def _corrected(month: Material) -> Material:
    return replace(month, corrections=CORRECTIONS, notes=dict.fromkeys(month.notes, CORRECTIONS))


def _ending(
    month: Material, kpis: Sequence[Kpi]
) -> dict[tuple[str, str | None], tuple[tuple[str, Decimal | None], ...]]:
    """The trends, ending with these values."""
    now = {(kpi.key, kpi.basis): kpi.value for kpi in kpis}
    return {
        key: (*points[:-1], (points[-1][0], now.get(key))) if points else ()
        for key, points in month.series.items()
    }


STATES: Final[dict[str, Callable[[Material], Material]]] = {
    "A month": lambda month: month,
    "Empty month": _few(0),
    "One story": _few(1),
    "Twelve stories": _twelve,
    "Long words": _named(*LONG),
    "Other scripts": _named(*SCRIPTS),
    "Everything red": _red,
    "No data": _nothing,
    "Provisional": _provisional,
    "Corrections": _corrected,
}
"""From a month as it was to the month in each state, by the state's name."""
