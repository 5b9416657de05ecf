"""What Sales did for the plan."""

from __future__ import annotations

from decimal import Decimal

from shared.editions import compose
from shared.editions.brand import Brand
from shared.rendering.writing import render_email
from tests.editions.examples import material


def test_sales_is_named_first_and_its_highlights_are_told() -> None:
    edition = compose("operations", material())
    assert {story.lead for story in edition.stories} == {"sales"}
    assert [each.side for each in edition.highlights] == ["sales"]


def test_what_reached_the_plan() -> None:
    plan = compose("operations", material()).plan
    assert plan is not None
    assert (plan.placed, plan.clean, plan.late_changed, plan.with_errors) == (430, 412, 11, 8)
    assert plan.warnings == (("customer_service", 1), ("sales", 1))


def test_forecasts_that_sales_made_better_and_worse() -> None:
    plan = compose("operations", material()).plan
    assert plan is not None
    assert [(line.product, line.gain) for line in plan.gains] == [("product P-1", Decimal(280))]
    assert [(line.product, line.gain) for line in plan.losses] == [("product P-2", Decimal(-100))]
    text = render_email(compose("operations", material()), Brand()).text
    assert "better: product P-1, 280 units nearer to a demand of 1,200 units" in text
    assert "worse: product P-2, 100 kg further from a demand of 410 kg" in text


def test_the_figures_of_the_plan_come_first() -> None:
    assert [figure.key for figure in compose("operations", material()).figures][:2] == ["wape", "bias"]
