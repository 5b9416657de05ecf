"""The parts that mails are set from, each alone: valid MJML, said in words, escaped."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from shared.editions import compose
from shared.editions.brand import Brand
from shared.editions.reader import ANYONE
from shared.rendering.environment import escaping
from shared.rendering.mjml import to_html
from shared.rendering.writing import render_story
from tests.editions.examples import material

PRELUDE = (
    '{% from "emails/_base/tokens.j2" import serif, sans, light as c with context %}'
    '{% import "emails/_base/parts.mjml.j2" as part with context %}'
    "<mjml><mj-body>{% call part.block() %}BODY{% endcall %}</mj-body></mjml>"
)
BRAND = Brand()


def part(body: str, **context: Any) -> str:
    template = escaping().from_string(PRELUDE.replace("BODY", body))
    inks = {"Sales": BRAND.sales, "Operations": BRAND.operations}
    html = to_html(template.render(brand=BRAND, inks=inks, reader=ANYONE, **context))
    return re.sub(r"&#(\d{3,});", lambda match: chr(int(match[1])), html)  # what is not ASCII, readable


@pytest.mark.parametrize(
    ("state", "said"), [("rich", "✓ target 95%, reached"), ("red", "✗ target 95%, missed")]
)
def test_a_target_is_met_in_a_sign_and_in_words(state: str, said: str) -> None:
    figures = compose("newsletter", material(state)).figures
    assert said in part("{{ part.standing(figure) }}", figure=figures[0])


def test_nearly_reached_is_neither_reached_nor_missed() -> None:
    figure = compose("newsletter", material("red")).figures[0].model_copy(update={"standing": "near"})
    html = part("{{ part.standing(figure) }}", figure=figure)
    assert "≈ target 95%, nearly reached" in html
    assert "missed" not in html


def test_how_sure_a_figure_is_stands_below_it() -> None:
    bounds = {"low": Decimal("93.81"), "high": Decimal("97.6")}
    figure = compose("leadership", material()).figures[0].model_copy(update=bounds)
    assert "likely 93.8% to 97.6%" in part("{{ part.figure_tile(figure) }}", figure=figure)


def test_no_target_says_nothing() -> None:
    figure = next(f for f in compose("newsletter", material()).figures if f.target is None)
    assert "target" not in part("{{ part.standing(figure) }}", figure=figure)


@pytest.mark.parametrize("tone", ["note", "good", "bad"])
def test_a_callout_names_itself_and_escapes(tone: str) -> None:
    html = part("{% call part.callout('A & B', tone) %}{{ said }}{% endcall %}", tone=tone, said="<i>x</i>")
    assert "A &amp; B" in html
    assert "&lt;i&gt;x" in html
    assert f"{tone}-rule" in html


def test_a_button_is_one_link() -> None:
    html = part("{{ part.button('https://tandem.example/?a=1&b=2', 'Go') }}")
    assert re.findall(r'<a href="([^"]+)"', html) == ["https://tandem.example/?a=1&amp;b=2"]


def test_a_table_of_facts_has_heads_of_columns_and_rows() -> None:
    html = part("{{ part.grid(['Kind', 'Late'], [['Carrier', 3], ['Other', '<1']], 'Risks') }}")
    assert html.count('scope="col"') == html.count('scope="row"') == 2
    assert 'aria-label="Risks"' in html
    assert "&lt;1" in html


@pytest.mark.parametrize("form", ["lead", "short", "listed"])
def test_a_story_has_its_headline_once_in_every_form(form: str) -> None:
    story = compose("newsletter", material(told=1)).stories[0]
    each = {"story": story, "words": render_story(story.facts, story.voice, story.lead)}
    html = part("{{ part.story(each, reader, form) }}", each=each, form=form)
    assert html.count(f">{story.headline}<") == 1
