"""Editions on paper, in chats and on other pages."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from shared.editions import EDITIONS, compose
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.rendering.environment import markdown
from shared.rendering.forms import render_fragment, render_markdown, render_notice
from shared.rendering.pdf import to_pdf
from shared.rendering.writing import RenderError
from tests.editions.examples import material, names
from tests.rendering.test_rendering import NASTY, STATES, Text

if TYPE_CHECKING:
    from shared.editions.model import Edition

BRAND = Brand(site_url="https://tandem.example/archive", draft_email="newsroom@tandem.example")


def edition(name: str, state: str) -> Edition:
    kind, told = STATES[state]
    return compose(name, material(kind, told=told))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_every_form_says_the_same(name: str, state: str) -> None:
    found = edition(name, state)
    reader = reader_of(found.audience)
    notice = Text(render_notice(found, BRAND)).shown
    fragment = Text(render_fragment(found, BRAND, reader)).shown
    text = render_markdown(found, BRAND, reader)
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert len(heads) > 2
    assert text.startswith("# ")
    for head in heads:
        assert head.replace("\\", "") in fragment
        assert head.replace("\\", "") in notice


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_what_got_worse_is_in_every_form(name: str) -> None:
    found = edition(name, "red")
    for text in (render_notice(found, BRAND), render_fragment(found, BRAND), render_markdown(found, BRAND)):
        assert "orse than the month before:" in text
        assert "\u22124.5 points" in text
    calm = edition(name, "empty")
    assert "Provisional: not every source" not in render_markdown(calm, BRAND)
    assert "Provisional: not every source" in render_markdown(edition(name, "provisional"), BRAND)


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_paper_has_no_links_and_its_own_size(name: str) -> None:
    notice = render_notice(edition(name, "rich"), BRAND)
    assert "@page { size: A4" in notice
    assert {"a", "img", "script"}.isdisjoint(Text(notice).tags)


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_what_is_pasted_is_plain(name: str) -> None:
    fragment = render_fragment(edition(name, "rich"), BRAND)
    assert Text(fragment).tags <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "em"}
    assert "\n\n" not in fragment
    text = render_markdown(edition(name, "rich"), BRAND)
    assert not re.search(r"&[a-z#]+;|\n\n\n|<[a-z]", text)
    assert not re.search(r"^ +\S", text, re.MULTILINE), "nothing is taken for code"


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_what_people_write_is_shown_as_text(name: str, nasty: str) -> None:
    found = compose(name, material(names=names(nasty, nasty)))
    for html in (render_notice(found, BRAND), render_fragment(found, BRAND)):
        assert "script" not in Text(html).tags
        assert " ".join(nasty.split()) in " ".join(Text(html).shown.split())
    assert markdown(nasty) in render_markdown(found, BRAND)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**Sales.** did", "**Sales.** did"),
        ("**bold** _x_", r"\*\*bold\*\* \_x\_"),
        ("[a](b) <i>", r"\[a\](b) \<i>"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("+30 (+6 points)", "+30 (+6 points)"),
        ("12. no list", r"12\. no list"),
        ("96.1% of 412", "96.1% of 412"),
        ("Alder & Finch &amp;", r"Alder & Finch \&amp;"),
        ("two\n\n lines", "two lines"),
    ],
)
def test_markdown_shows_just_these_characters(text: str, shown: str) -> None:
    assert markdown(text) == shown


PAGE = render_notice(edition("meeting_pack", "rich"), BRAND)


def test_a_page_becomes_a_pdf() -> None:
    pytest.importorskip("weasyprint", reason="uv sync --extra pdf brings it")
    pdf = to_pdf(PAGE)
    assert pdf.startswith(b"%PDF-")
    assert to_pdf(PAGE) == pdf


@pytest.mark.parametrize("state", ["rich", "red"])
def test_leaders_read_one_sheet(state: str) -> None:
    html = pytest.importorskip("weasyprint", reason="uv sync --extra pdf brings it").HTML
    assert len(html(string=render_notice(edition("leadership", state), BRAND)).render().pages) == 1


def test_without_the_library_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(RenderError, match=r"^No PDF was made: uv sync --extra pdf .* it is made for A4$"):
        to_pdf(PAGE)
