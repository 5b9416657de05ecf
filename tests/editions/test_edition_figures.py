"""How figures are chosen, ordered and said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shared.editions import compose, figures, trends
from tests.editions.examples import kpis, material

if TYPE_CHECKING:
    from shared.kpis.model import Unit

WAPE = next(kpi for kpi in kpis() if kpi.key == "wape")


def test_of_several_units_of_measure_the_widest_sample_is_shown() -> None:
    rows = (replace(WAPE, basis="kg", n=5), replace(WAPE, basis="each", n=35), replace(WAPE, basis="m", n=7))
    edition = compose("leadership", material(kpis=rows))
    assert [figure.basis for figure in edition.figures] == ["each"]
    assert [figure.basis for figure in edition.board] == ["each", "kg", "m"]
    assert figures.basis("each") == "in units"
    assert [figures.name(figure) for figure in edition.worse] == [
        "Forecast error",
        "Forecast error, in kg",
        "Forecast error, in m",
    ]


def test_lesser_units_come_last_in_what_got_worse_and_leaders_read_that_there_are_some() -> None:
    """A few kilograms that moved far outweigh no piece."""
    pieces = replace(WAPE, basis="each", n=35)
    few = replace(
        WAPE, basis="kg", n=5, value=Decimal(90), change=Decimal(60), previous=Decimal(30), target=None
    )
    rows = (*(kpi for kpi in kpis("red") if kpi.key in {"otif", "bias"}), replace(pieces, target=None), few)
    for name, named in (
        ("leadership", ["otif", "bias", "wape"]),
        ("meeting_pack", ["otif", "bias", "wape"]),
        ("newsletter", ["wape"]),
    ):
        edition = compose(name, material(kpis=rows))
        assert [(each.key, each.basis) for each in edition.worse][-1] == ("wape", "kg")
        assert [each.key for each in edition.worse_named] == named
        assert edition.worse_counted == (name != "newsletter")


def test_the_board_follows_the_catalogue() -> None:
    rows = (replace(kpis()[0], key="made_up"), kpis()[3], *reversed(kpis()[:3]))
    board = compose("newsletter", material(kpis=rows)).board
    assert [(each.key, each.basis) for each in board] == [
        ("on_time", "first_commit"),
        ("in_full", "first_commit"),
        ("otif", "first_commit"),
        ("otif", "requested"),
        ("made_up", "first_commit"),
    ]
    assert figures.about("made_up").label == "Made up"


def test_a_ppm_says_what_was_delivered() -> None:
    ppm = next(kpi for kpi in kpis() if kpi.key == "quality_return_ppm")
    row = replace(ppm, n=4, denominator=Decimal(44632), basis="each")
    figure = compose("leadership", material(kpis=(row,))).figures[0]
    assert figures.sample(figure) == "44,632 units"
    assert figures.sample(figure.model_copy(update={"basis": "kg"})) == "44,632 kg"


@pytest.mark.parametrize(
    ("unit", "previous", "value", "shown", "changed"),
    [
        ("percent", "95.80", None, "no data", "no comparison"),
        ("percent", None, "97.05", "97.0%", "no comparison"),
        ("percent", "95.80", "97.05", "97.0%", "+1.2 points"),
        ("percent", "0.04", "-0.04", "0.0%", "unchanged"),
        ("ppm", "3234", "1234", "1,234\u202fppm", "\u22122,000 ppm"),
        ("ppm", "88.4", "13.6", "14\u202fppm", "\u221274 ppm"),
        ("points", "-8", "-5", "\u22125", "+3 points"),
        ("days", "3.25", "4.25", "4.2\u202fdays", "+1.0 days"),
        ("days", "3.25", "4.26", "4.3\u202fdays", "+1.1 days"),
    ],
)
def test_a_change_is_what_lies_between_the_values_as_they_are_printed(
    unit: Unit, previous: str | None, value: str | None, shown: str, changed: str
) -> None:
    now, before = (None if each is None else Decimal(each) for each in (value, previous))
    change = None if now is None or before is None else now - before
    kpi = replace(kpis()[0], unit=unit, value=now, previous=before, change=change)
    figure = figures.figure(kpi, material(kpis=(kpi,)))
    assert figures.shown(figure) == shown
    assert figures.changed(figure) == changed


def test_a_net_score_above_zero_carries_its_sign() -> None:
    kpi = replace(kpis()[0], key="nps", unit="points", value=Decimal(5))
    assert figures.shown(figures.figure(kpi, material(kpis=(kpi,)))) == "+5"


def test_bars_keep_gaps_and_stay_in_bounds() -> None:
    figure = compose("leadership", material()).figures[0]
    bars = trends.heights(figure, 30)
    assert len(bars) == 12
    assert bars[7] is None
    assert max(bar for bar in bars if bar) == 30
    assert min(bar for bar in bars if bar) == 6
    assert trends.heights(compose("leadership", material("none")).figures[0], 30) == (None,) * 12


def test_targets() -> None:
    figure = compose("leadership", material("red")).figures[0]
    assert figures.against_target(figure) == "target 95%, missed"
    assert figures.against_target(figure.model_copy(update={"value": None})) == "target 95%"
    assert figures.against_target(figure.model_copy(update={"target": None})) is None
