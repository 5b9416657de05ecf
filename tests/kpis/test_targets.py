"""Targets: which one holds, how a value stands against it, and what cannot be read."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.kpis.targets import Target, read_targets, target_of
from shared.measuring import measure
from shared.periods import Period
from shared.rules import DEFAULTS
from tests import make, seen
from tests.kpis.measured import MARCH
from tests.make import at, delivered, placed


def read(told: Any) -> dict[str, tuple[Target, ...]]:
    return read_targets(told, Decimal(2))


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("2026-02", None),
        ("2026-03", 90),
        ("2026-06", 95),
        ("2026-W27", 96),
        ("2026-W26", 95),
        ("2027-01", None),
    ],
)
def test_the_target_of_the_last_day_holds(period: str, value: int | None) -> None:
    targets = read(
        {
            "otif": [
                {"value": 95, "from": "2026-06-02", "until": "2026-07-03"},
                {"value": 90, "from": "2026-03", "until": "2026-05"},
                {"value": "96", "from": "2026-07-04", "until": "2026-12-31"},
            ]
        }
    )
    found = target_of(targets, "otif", Period.parse(period))
    assert (found.value if found else None) == value
    assert target_of(targets, "nps", Period.parse(period)) is None


def test_a_number_alone_always_holds() -> None:
    targets = read({"otif": 95, "nps": {"value": 40}})
    assert [target_of(targets, key, Period.month(1999, 1)) for key in ("otif", "nps")] == [
        Target(Decimal(95), near_percent=Decimal(2)),
        Target(Decimal(40), near_percent=Decimal(2)),
    ]


@pytest.mark.parametrize(
    ("better", "value", "standing"),
    [
        ("higher", 95, "reached"),
        ("higher", "94.9999", "near"),
        ("higher", "93.1", "near"),
        ("higher", "93.0999", "missed"),
        ("lower", 95, "reached"),
        ("lower", "96.9", "near"),
        ("lower", "96.9001", "missed"),
        ("zero", -95, "reached"),
        ("zero", "-96.9", "near"),
        ("zero", 97, "missed"),
    ],
)
def test_standing(better: Any, value: Any, standing: str) -> None:
    assert Target(Decimal(95), near_percent=Decimal(2)).standing(Decimal(value), better) == standing


def test_a_target_below_zero_has_room_below_it() -> None:
    target = Target(Decimal(-10), near_percent=Decimal(10))
    assert [target.standing(Decimal(value), "higher") for value in (-10, -11, -12)] == [
        "reached",
        "near",
        "missed",
    ]


def test_figures_stand_against_the_target_of_their_own_period() -> None:
    targets = read(
        {"otif": [{"value": 95, "from": "2026-03"}], "in_full": [{"value": 95, "until": "2026-02"}]}
    )
    told = [placed(), delivered(100, at("03-10"))]
    with closing(seen.recorded(told, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        kpis = measure(connection, MARCH, make.LATER, DEFAULTS, targets).kpis
    found = {(kpi.key, kpi.basis): (kpi.target, kpi.standing) for kpi in kpis}
    assert found["otif", "requested"] == (95, "reached")
    assert found["otif", "first_commit"] == (95, None), "no data stands nowhere"
    assert found["in_full", "requested"] == (None, None)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([1], "write JSON such as"),
        ({"otif": "much"}, "'otif': 'much' is no number; write 95, or"),
        ({"otif": "NaN"}, "'otif': 'NaN' is no number"),
        ({"otif": True}, "'otif': True is no number"),
        ({"otif": [{"from": "2026-01"}]}, "'otif': write 95, or"),
        ({"otif": [{"value": 1, "to": "2026-01"}]}, "'otif': write 95, or"),
        ({"otif": [{"value": 1, "from": "2026-13"}]}, "'otif': from '2026-13' is no month and no day"),
        ({"otif": [{"value": 1, "until": "2026-02-30"}]}, "'otif': until '2026-02-30' is no month"),
        ({"otif": [{"value": 1, "from": 2026}]}, "'otif': from 2026 is no month"),
        ({"otif": [{"value": 1, "from": "2026-05", "until": "2026-04"}]}, "cannot end with 2026-04"),
        ({"otif": [1, 2]}, "'otif': write 95, or"),
        (
            {"otif": [{"value": 1, "until": "2026-04"}, {"value": 2, "from": "2026-04-30"}]},
            "two targets of 'otif' hold on 2026-04-30",
        ),
    ],
)
def test_what_cannot_be_read(told: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("[", r"\[")):
        read(told)


def test_days_are_inclusive() -> None:
    [target] = read({"otif": [{"value": 1, "from": "2026-01-02", "until": "2026-01-03"}]})["otif"]
    assert (target.start, target.end) == (date(2026, 1, 2), date(2026, 1, 4))
