"""What released editions told and the figures say otherwise now: late events restate, openly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from shared import tables
from shared.editions.figures import rounded
from shared.editions.model import Edition
from shared.editions.sections import Restated
from shared.measuring import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from shared.kpis.model import Kpi, Unit
    from shared.periods import Period
    from shared.rules import Rules

    Figures = dict[tuple[str, str | None], Kpi]


class _Name(NamedTuple):
    period: str
    key: str
    basis: str | None


class _Telling(NamedTuple):
    value: Decimal | None
    final: bool
    edition_id: str
    mailed: bool


def restated(
    connection: Connection,
    last: Period,
    periods: int,
    as_of: datetime,
    rules: Rules,
    name: str | None = None,
) -> tuple[Restated, ...]:
    """The figures of `last` and the periods before it that read otherwise than when they were told last.

    Told by released editions of this `name`, or of any. What an edition restated counts as told by it.
    """
    names = [last.back(back).name for back in range(periods)]
    told = _told(connection, names, name)
    if not told:
        return ()
    tally = count(connection, last, as_of, rules, periods)
    now = {period: _by_name(tally.measured({}, back=back).kpis) for back, period in enumerate(names)}
    return tuple(_changed(told, now))


def _told(connection: Connection, periods: list[str], name: str | None) -> dict[_Name, _Telling]:
    """What was told last of each figure."""
    edition = tables.editions.c
    query = select(edition.body).where(edition.state == "released", edition.period.in_(periods))
    if name is not None:
        query = query.where(edition.name == name)
    told: dict[_Name, _Telling] = {}
    for body in connection.scalars(query.order_by(edition.composed_at, edition.edition_id)):
        one = Edition.from_json(body)
        for figure in one.board:
            final = figure.status == "final"
            at = _Name(one.period.name, figure.key, figure.basis)
            mailed = (figure.key, figure.basis) in one.mailed
            told[at] = _Telling(figure.value, final, one.edition_id, mailed)
        for each in one.restated:
            at = _Name(each.period, each.key, each.basis)
            told[at] = _Telling(each.now, each.now_final, one.edition_id, each.mailed)
    return told


def _by_name(kpis: tuple[Kpi, ...]) -> Figures:
    """By key and basis; under no basis the row with the largest sample, as where there was but one unit."""
    first = {(kpi.key, None): kpi for kpi in reversed(kpis)}
    return first | {(kpi.key, kpi.basis): kpi for kpi in kpis}


def _changed(told: dict[_Name, _Telling], now: dict[str, Figures]) -> Iterator[Restated]:
    for at in sorted(told, key=lambda name: (name.period, name.key, name.basis or "")):
        telling, kpi = told[at], now.get(at.period, {}).get((at.key, at.basis))
        if kpi is None or _printed(telling.value, kpi.unit) == _printed(kpi.value, kpi.unit):
            continue
        yield Restated(
            key=at.key,
            basis=at.basis,
            period=at.period,
            unit=kpi.unit,
            told=telling.value,
            told_final=telling.final,
            now=kpi.value,
            now_final=kpi.status == "final",
            told_in=telling.edition_id,
            mailed=telling.mailed,
        )


def _printed(value: Decimal | None, unit: Unit) -> Decimal | None:
    return None if value is None else rounded(value, unit)
