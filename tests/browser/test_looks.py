"""Mails and pages as a browser shows them: nothing runs over, all is legible, nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared.editions import EDITIONS, compose
from shared.editions.brand import Brand
from shared.rendering import render_email, render_index, render_page
from tests.browser.chromium import Look, Page, Scheme, look
from tests.editions.examples import highlight, material, names, win, wins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.editions.model import Material

pytestmark = pytest.mark.browser

WIDTHS = (380, 640)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
BRAND = Brand(site_url="https://tandem.example/archive", draft_email="newsroom@tandem.example")
LONG = ("Donaudampfschifffahrtsgesellschaftskapitän", "Rindfleischetikettierungsüberwachungsamt GmbH")
SCRIPTS = ("شركة النور", "北光泵业有限公司", "Северные насосы", "சென்னை")
STATES: dict[str, Material] = {
    "rich": material(),
    "twelve stories": material(told=12),
    "one story": material(told=1),
    "empty month": material(told=0),
    "everything red": material("red", told=2),
    "no data": material("none", told=0),
    "provisional": material("provisional", corrections=("The figures of November were restated.",)),
    "long words": material(
        told=3, names=names(LONG[0], LONG[1], LONG[0]), wins=(win(0), win(1, "roadblock_beaten"))
    ),
    "other scripts": material(wins=wins(4), names=names(*SCRIPTS), highlights=(highlight(1),)),
}
LOGO = "a house's own look"
NAMES = [
    f"{kind} {name} {state}" for kind in ("mail", "page") for name in sorted(EDITIONS) for state in STATES
]
LOOKS = [
    Look(name, width, scheme)
    for name in (*NAMES, "index", "index of nothing", LOGO)
    for width in WIDTHS
    for scheme in SCHEMES
]
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
        for state, each in STATES.items():
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
    for fault in ("overflow", "faint", "pictures", "links"):
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
    light, dark = (look(chromium, folder, every, (640,), scheme) for scheme in SCHEMES)
    return {
        each.name: [light[Look(each.name, 640, "light")], dark[Look(each.name, 640, "dark")]]
        for each in every
    }
