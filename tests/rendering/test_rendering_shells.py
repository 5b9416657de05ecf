"""A shell filled with texts is, byte for byte, what the compiler makes of the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mjml import mjml2html

from shared.editions import EDITIONS, compose
from shared.editions.brand import Brand
from shared.rendering.mjml import armoured, to_html
from shared.rendering.shells import fill, opened
from shared.rendering.writing import mjml_of
from tests.editions.examples import material

HEAD = "<mj-head><mj-title>%s</mj-title><mj-preview>%s</mj-preview></mj-head>"
TEXT = '<mj-section css-class="a"><mj-column><mj-text padding="0 40px">%s</mj-text></mj-column></mj-section>'
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
)
NASTY = Brand(name="{{0}} {{{1}}}", tagline="{{2}", logo_url="https://a.example/{{3}}.png")
SPACE = st.sampled_from(["", " ", "\n", "\n  ", "  ", "\n\n", " \n", "\n\t"])
TAGS = st.sampled_from(
    ['<p class="ink" style="margin:0">%s</p>', "<strong>%s</strong>", "<h2>%s</h2>", "%s<br />"]
)


@st.composite
def contents(draw: st.DrawFn) -> str:
    """HTML as templates write it: text, tags within tags, and any space between."""
    parts = draw(st.lists(st.tuples(SPACE, st.lists(TAGS, max_size=3), WORDS), max_size=5))
    html = []
    for space, tags, words in parts:
        inner = words
        for tag in tags:
            inner = tag % inner.replace("%", "&#37;")
        html.append(space + inner)
    return "".join(html) + draw(SPACE)


def plainly(source: str) -> str:
    """What the compiler itself makes of a source, text and all."""
    html: str = mjml2html(armoured(source), disable_comments=True, fonts={})
    return html


@given(WORDS, WORDS, st.lists(contents(), min_size=1, max_size=4))
def test_a_filled_shell_is_the_compiled_whole(title: str, preview: str, texts: list[str]) -> None:
    head = HEAD % (title.replace("%", "&#37;"), preview.replace("%", "&#37;"))
    source = f"<mjml>{head}<mj-body>{''.join(TEXT.replace('%s', text) for text in texts)}</mj-body></mjml>"
    assert to_html(source) == plainly(source)


@pytest.mark.parametrize("state", ["rich", "red", "none", "provisional"])
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_every_mail_is_the_compiled_whole(name: str, state: str) -> None:
    source = mjml_of(compose(name, material(state)), NASTY)
    assert to_html(source) == plainly(source)


def test_texts_are_found_where_they_stand() -> None:
    shell, texts = opened(
        '<mjml><mj-all color="#000000" /><mj-text>\n<p>a</p>\n<p>b c</p> </mj-text><mj-text /></mjml>'
    )
    assert texts == ("<p>a</p><p>b c</p> ",)
    assert (
        fill(shell, texts)
        == '<mjml><mj-all color="#000000" /><mj-text><p>a</p><p>b c</p> </mj-text><mj-text /></mjml>'
    )
