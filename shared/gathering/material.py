"""The material of an edition: figures, wins, what was told before, and what happened around it all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, select

from shared import tables
from shared.completeness import arrived, sources
from shared.editions.model import Material, Risk
from shared.gathering.stories import before, final_wins, told_elsewhere
from shared.gathering.taken_back import corrections, notes
from shared.gathering.thanked import thanked
from shared.gathering.trading import trading
from shared.kpis.registry import kpis
from shared.languages import ENGLISH, languages
from shared.measuring import measure, settled_at
from shared.projecting.naming import names_of, products_called
from shared.projecting.reading import Reading
from shared.rarity import rarity
from shared.restating import restated
from shared.store.names import names as customer_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.editions.trading import Trading
    from shared.kpis.targets import Targets
    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.rules import Rules
    from shared.stories.names import Names

TREND = 12
"""Periods in a trend, the edition's own included."""


def material(
    connection: Connection,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Targets,
    name: str,
) -> Material:
    """Gather all that an edition is composed from."""
    measured = measure(connection, period, as_of, rules, targets, periods=TREND)
    edition_id = f"{name}-{period.name}"
    final = final_wins(connection, period, as_of, rules)
    told = told_elsewhere(connection, name, edition_id)
    found = [win for win in final if win.win_id not in told]
    happened = trading(connection, period, as_of, rules, final)
    taken_back = corrections(connection, as_of, name, edition_id)
    return Material(
        period=period,
        as_of=as_of,
        arrived=arrived(sources(connection, as_of), period, rules),
        kpis=measured.kpis,
        series=measured.series,
        mature=_mature(period, as_of, rules),
        wins=tuple(win for win in found if win.kind == "joint"),
        highlights=tuple(
            win for win in found if win.kind == "highlight" and win.final_at >= period.starts_at(rules.zone)
        ),
        names=_names(Reading(connection, as_of, rules), found, happened),
        rarity=rarity(connection, period, rules),
        before=before(connection, period, name, edition_id),
        open_risks=_risks(connection, period, rules),
        corrections=notes(connection, taken_back, ENGLISH),
        notes={language: notes(connection, taken_back, language) for language in languages()},
        restated=restated(connection, period.previous, TREND, as_of, rules, name),
        trading=happened,
        thanked=thanked(connection, period, as_of, rules) if name == "newsletter" else None,
    )


def _mature(period: Period, as_of: datetime, rules: Rules) -> dict[str, str]:
    """The newest period of each KPI that was final by then, where the period itself is not."""
    found = {}
    for key, definition in kpis().items():
        earlier = (period.back(count) for count in range(TREND))
        final = next((each for each in earlier if settled_at(definition, each, rules) <= as_of), None)
        if final is not None and final != period:
            found[key] = final.name
    return found


def _names(reading: Reading, wins: Sequence[Win], happened: Trading) -> Names:
    """Of the wins' subjects, and of the customers and products that are told of besides."""
    called = names_of(reading, wins)
    customers = {each.account_id for each in happened.accounts}
    customers |= {each.account_id for each in happened.open_orders}
    more = customer_names(reading.connection, customers - called.customers.keys()).customers
    products = {each.product_id for each in happened.forecasts} - called.products.keys()
    told = products_called(reading, products)
    return replace(called, customers={**called.customers, **more}, products={**called.products, **told})


def _risks(connection: Connection, period: Period, rules: Rules) -> tuple[Risk, ...]:
    """The roadblocks raised in the period, by category, what became of them, and how many came before."""
    raised, saved, late, standing = _ended(connection, period, rules)
    before = _ended(connection, period.previous, rules)[0]
    return tuple(
        Risk(name, raised[name], saved[name], late[name], standing[name], before[name])
        for name in sorted(raised)
    )


def _ended(connection: Connection, period: Period, rules: Rules) -> tuple[Counter[str], ...]:
    risk = tables.risks.c
    start, end = period.starts_at(rules.zone), period.ends_at(rules.zone)
    query = select(risk.category, risk.outcome).where(and_(risk.raised_at >= start, risk.raised_at < end))
    raised, saved, late, standing = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for category, outcome in connection.execute(query):
        raised[category] += 1
        saved[category] += outcome == "on_original_promise"
        late[category] += outcome in {"late", "cancelled"}
        standing[category] += outcome is None
    return raised, saved, late, standing
