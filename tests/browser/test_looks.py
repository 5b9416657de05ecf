"""Mails and pages as a browser shows them: nothing runs over, all is legible, nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from services.simulator.states import STATES
from shared.editions import EDITIONS, compose
from shared.editions.brand import Brand
from shared.rendering.writing import render_email, render_index, render_page
from tests.browser.chromium import Look, Page, Scheme, look
from tests.editions.examples import material

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

WIDTHS = (390, 700)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
BRAND = Brand(site_url="https://tandem.example/archive", draft_email="newsroom@tandem.example")
MONTH = material(told=12)
MATERIALS = {name: change(MONTH) for name, change in STATES.items()}
LOGO = "a house's own look"
NAMES = [
    f"{kind} {name} {state}" for kind in ("mail", "page") for name in sorted(EDITIONS) for state in MATERIALS
]
LOOKS = [
    Look(name, width, scheme)
    for name in (*NAMES, "index", "index of nothing", LOGO)
    for width in WIDTHS
    for scheme in SCHEMES
]
FOUND = ("overflow", "faint", "pictures", "links", "headings", "small", "tables")
FAULTS = [
    ('<p style="width:900px">wide</p>', "overflow"),
    (
        '<div style="overflow:hidden"><p style="white-space:nowrap">' + "cut off " * 40 + "</p></div>",
        "overflow",
    ),
    ('<p style="color:#999999;background:#ffffff">faint on white</p>', "faint"),
    ('<p style="color:#222222">faint on dark paper, where the page follows the reader</p>', "faint"),
    ('<p style="color:#ffffff">faint on light paper, where the page follows the reader</p>', "faint"),
    ('<p style="background:linear-gradient(red, blue)">over a picture</p>', "pictures"),
    ('<img src="data:,">', "pictures"),
    ('<a href="https://tandem.example"></a>', "links"),
    ("<a>goes nowhere</a>", "links"),
    ("<h2>a second first</h2>", "headings"),
    ("<h1>one</h1><h3>three</h3>", "headings"),
    ("<h1>one</h1><h1>another one</h1>", "headings"),
    ("<h1> </h1>", "headings"),
    ('<a href="https://tandem.example" style="font-size:6px">tiny</a>', "small"),
    ('<p style="color:#000000;background:#ffffff;font-size:9px">tiny</p>', "small"),
    ("<table><tr><td>x</td></tr></table>", "tables"),
    ('<table role="presentation"><tr><th>x</th></tr></table>', "tables"),
    ('<img alt="far" src="https://far.example/1.png">', "requests"),
    ('<style>@import url("https://far.example/1.css");</style>', "requests"),
]
OWN = Brand(
    name="Kleinmüller & Söhne Antriebstechnik", colour="#F2C200", accent="#101010",
    logo_url="https://logo.example/mark.png",
)  # fmt: skip


def pages() -> Iterator[Page]:
    every = []
    for name in sorted(EDITIONS):
        for state, each in MATERIALS.items():
            edition = compose(name, each)
            every.append(edition)
            yield Page(f"mail {name} {state}", render_email(edition, BRAND).html)
            yield Page(f"page {name} {state}", render_page(edition, BRAND))
    yield Page("index", render_index(every, BRAND))
    yield Page("index of nothing", render_index([], BRAND))
    yield Page(LOGO, render_email(compose("newsletter", material()), OWN).html)


@pytest.fixture(scope="module")
def seen(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> dict[Look, Any]:
    folder = tmp_path_factory.mktemp("chromium")
    every = list(pages())
    return {key: found for s in SCHEMES for key, found in look(chromium, folder, every, WIDTHS, s).items()}


@pytest.mark.parametrize("each", LOOKS, ids=lambda each: f"{each.name} {each.width} {each.scheme}")
def test_a_reader_sees_it_well(seen: dict[Look, Any], each: Look) -> None:
    found = seen[each]
    assert found["dark"] == (each.scheme == "dark")
    assert found["lang"] == "en"
    assert found["title"]
    assert found["words"] > 20
    for fault in FOUND:
        assert found[fault] == [], fault
    assert found["requests"] == ([OWN.logo_url] if each.name == LOGO else [])


@pytest.mark.parametrize(("body", "fault"), FAULTS)
def test_each_fault_is_found(faulty: dict[str, list[Any]], body: str, fault: str) -> None:
    assert any(found[fault] for found in faulty[body])


@pytest.fixture(scope="module")
def faulty(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What is found in pages with one fault each, in both schemes, by their body."""
    head = '<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><body>'
    every = [Page(body, head + body) for body, _ in FAULTS]
    folder = tmp_path_factory.mktemp("chromium")
    light, dark = (look(chromium, folder, every, (700,), scheme) for scheme in SCHEMES)
    return {
        each.name: [light[Look(each.name, 700, "light")], dark[Look(each.name, 700, "dark")]]
        for each in every
    }
