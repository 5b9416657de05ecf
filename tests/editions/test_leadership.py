from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.editions import compose, figures
from shared.editions.catalogue import STRIP
from shared.periods import Period
from tests.editions.examples import kpis, material


def test_eight_figures_three_wins_three_risks() -> None:
    edition = compose("leadership", material(told=7))
    assert [figure.key for figure in edition.figures] == [
        "otif", "otif", "quality_return_ppm", "nps", "wape", "csat", "bias", "on_time",
    ]  # fmt: skip
    assert [story.form for story in edition.stories] == ["short"] * 3
    assert [(risk.category, risk.late) for risk in edition.risks] == [
        ("carrier", 3),
        ("it_outage", 1),
        ("material_shortage", 1),
    ] or [risk.late for risk in edition.risks] == [3, 1, 1]
    assert edition.counts["not_told"] == 4


def test_the_headline_comes_from_the_facts() -> None:
    assert compose("leadership", material(told=2)).headline == (
        "96.1% of 412 order lines kept the first promise on time and in full, "
        "up 1.3 points on the month before; 2 joint wins became final."
    )
    red = compose("leadership", material("red", told=1)).headline
    assert "90.3% of 412" in red
    assert "down 4.5 points on the month before; 1 joint win became final." in red


def test_what_got_worse_is_told_weightiest_first() -> None:
    edition = compose("leadership", material("red"))
    missed = [figures.reached(figure) is False for figure in edition.worse]
    assert missed == sorted(missed, reverse=True)
    assert edition.worse[0].key == "quality_return_ppm"
    assert {figure.key for figure in edition.worse} == {key for key, _ in STRIP}
    assert compose("leadership", material()).worse[0].key == "wape"


def test_what_readers_know_comes_before_what_moved_most() -> None:
    slower = replace(kpis()[0], key="cycle_time_median", basis=None, unit="days", better="lower", target=None)
    slower = replace(slower, previous=Decimal(10), value=Decimal(30), change=Decimal(20))
    known = replace(kpis()[0], target=None, previous=Decimal(97), value=Decimal(96), change=Decimal(-1))
    edition = compose("leadership", material(kpis=(slower, known)))
    assert [figure.key for figure in edition.worse] == [known.key, "cycle_time_median"]


@pytest.mark.parametrize(
    ("better", "previous", "value", "direction"),
    [
        ("higher", "90", "91", "better"),
        ("higher", "90", "89", "worse"),
        ("lower", "90", "89", "better"),
        ("lower", "90", "91", "worse"),
        ("zero", "4", "-3", "better"),
        ("zero", "-3", "4", "worse"),
        ("higher", "90", "90.04", "same"),
        ("zero", "4", "-4", "same"),
    ],
)
def test_the_direction_of_a_change(better: str, previous: str, value: str, direction: str) -> None:
    change = Decimal(value) - Decimal(previous)
    kpi = replace(kpis()[0], better=better, value=Decimal(value), previous=Decimal(previous), change=change)  # type: ignore[arg-type]
    assert compose("leadership", material(kpis=(kpi,))).figures[0].direction == direction


def test_a_provisional_gain_is_not_called_better() -> None:
    gain, loss = kpis("provisional")[0], kpis("provisional")[7]
    better, worse = compose("leadership", material(kpis=(gain, loss))).figures
    assert (better.direction, figures.changed(better)) == ("unknown", "+1.3 points so far")
    assert (worse.direction, figures.changed(worse)) == ("worse", "+2.2 points so far")


def test_no_comparison_is_no_direction() -> None:
    kpi = replace(kpis()[0], previous=None, change=None)
    assert compose("leadership", material(kpis=(kpi,))).figures[0].direction == "unknown"


def test_a_week() -> None:
    edition = compose("leadership", material(period=Period.parse("2025-W50"), told=0))
    assert edition.edition_id == "leadership-2025-W50"
    assert "the week before" in edition.headline


def test_the_balance_counts_both_sides() -> None:
    balance = compose("leadership", material(told=3)).balance
    assert (balance.sales, balance.operations) == (6, 6)
    assert balance.sales_teams == ("customer service", "sales")
