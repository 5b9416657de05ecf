"""Mails and pages in every state: they render, fit, escape, and are the same every time."""

from __future__ import annotations

import html as html_module
import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from shared.editions import EDITIONS, compose, figures
from shared.editions.brand import Brand, contrast
from shared.editions.model import Edition
from shared.editions.reader import Reader
from shared.editions.sections import Restated
from shared.languages import languages
from shared.rendering.environment import escaping
from shared.rendering.mjml import HARD_SIZE, SOFT_SIZE
from shared.rendering.writing import render_email, render_index, render_page, write
from shared.stories.facts import facts_of
from tests.editions.examples import highlight, kpis, material, names, win

BRAND = Brand(site_url="https://tandem.example/archive", draft_email="newsroom@tandem.example")
EVERY_LANGUAGE = pytest.mark.parametrize("language", languages())
STATES = {
    "rich": ("rich", 5),
    "one": ("rich", 1),
    "empty": ("rich", 0),
    "red": ("red", 2),
    "no data": ("none", 0),
    "provisional": ("provisional", 12),
}
NASTY = (
    '<script>alert("1")</script>&amp;',
    "</mj-text><mj-text>X",
    "{{7*7}}{% raw %}",
    "a\\u{a0} \\n b",
    "javascript:x onerror=y",
    "<!-- note --> ]]>",
    "**bold**",
    "caf\u00e9 e\u0301 a\u00a0b",
    "\U0001f469\u200d\U0001f527 GmbH",
)


class Text(HTMLParser):
    """What a reader sees of HTML, and the tags it is made of."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def shown(self) -> str:
        return " ".join("".join(self.words).split(" "))


def edition(name: str, state: str) -> Edition:
    kind, told = STATES[state]
    return compose(name, material(kind, told=told))


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_every_state_renders(name: str, state: str, language: str) -> None:
    found = edition(name, state)
    mail = render_email(found, BRAND, Reader(language=language))
    assert 0 < len(mail.subject) <= 42
    assert len(mail.html.encode()) < SOFT_SIZE
    assert "fonts.g" not in mail.html
    assert "<mj-" not in mail.html
    assert "\\u{" not in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert f'lang="{language}"' in mail.html
    page = render_page(found, BRAND, Reader(language))
    assert len(page.encode()) < HARD_SIZE
    assert f'<html lang="{language}">' in page


@EVERY_LANGUAGE
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_the_text_part_is_text(name: str, state: str, language: str) -> None:
    text = render_email(edition(name, state), BRAND, Reader(language=language)).text
    assert not re.search(r"<[a-z/!]|&[a-z#]+;|\*\*|\{[{%]|None (?!became)|\n{4}", text)
    assert max(map(len, text.splitlines())) <= 78
    assert text.endswith("\n") or text.splitlines()[-1]


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_the_same_material_makes_the_same_bytes(name: str) -> None:
    first, again = (edition(name, "rich") for _ in range(2))
    assert render_email(first, BRAND) == render_email(again, BRAND)
    assert render_page(first, BRAND) == render_page(again, BRAND)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_what_people_write_is_shown_as_text(name: str, nasty: str) -> None:
    smooth = (win(0, "new_customer_smooth_start"), win(1, "new_customer_smooth_start"))
    found = compose(name, material(wins=smooth, names=names(nasty, nasty), highlights=(highlight(0),)))
    mail, page = render_email(found, BRAND), render_page(found, BRAND)
    calm = render_email(edition(name, "rich"), BRAND)
    for source in (mail.html, page):
        assert nasty in Text(source).shown
    assert nasty in re.sub(r"\n *", " ", mail.text)
    assert Text(mail.html).tags <= Text(calm.html).tags
    assert "script" not in Text(page).tags | Text(render_index([found], BRAND)).tags


def test_a_story_keeps_what_a_person_wrote() -> None:
    found = edition("newsletter", "one")
    text = "Ours. <b>Not markup</b>\u00a0& \u0130stanbul\x0b\x00.\n\n**Sales.** A.\n\n**Operations.** B."
    written = found.model_copy(update={"stories": (found.stories[0].model_copy(update={"text": text}),)})
    mail = render_email(written, BRAND)
    assert "<b>Not markup</b>\u00a0& \u0130stanbul" in Text(mail.html).shown
    assert "<b>Not" not in mail.html
    assert "\x0b" not in mail.html + mail.text


def test_written_stories_read_as_before() -> None:
    found = edition("newsletter", "rich")
    assert render_email(write(found), BRAND) == render_email(found, BRAND)
    assert all(story.texts for story in write(found).stories)


@EVERY_LANGUAGE
def test_written_stories_stay_as_they_were_in_every_language(language: str) -> None:
    found = edition("newsletter", "rich")
    other = win(7, "roadblock_beaten").facts | {"order_id": "SO-9"}
    facts = [facts_of(win(7, "roadblock_beaten", facts=other), names())] * len(found.stories)
    changed = write(found).model_copy(
        update={
            "stories": tuple(
                each.model_copy(update={"facts": fact, "pattern": fact.pattern})
                for each, fact in zip(write(found).stories, facts, strict=True)
            )
        }
    )
    reader = Reader(language=language)
    before, after = (render_email(each, BRAND, reader).text for each in (found, changed))
    assert before == after


def test_an_edition_of_before_reads_as_it_did() -> None:
    found = edition("newsletter", "rich")
    document = json.loads(found.to_json())
    for key in ("headlines", "notes"):
        del document[key]
    for story in document["stories"]:
        del story["texts"]
        story["text"] = "As it was sent."
    for line in document["highlights"]:
        del line["lines"]
    again = Edition.from_json(json.dumps(document))
    mail, german = (render_email(again, BRAND, Reader(language=each)) for each in ("en", "de"))
    assert found.stories[0].headline in Text(mail.html).shown
    for each in (mail, german):
        assert "As it was sent." in each.text
        assert found.headline in Text(each.html).shown or found.headline in " ".join(each.text.split())


def test_what_a_person_wrote_stays_in_its_language() -> None:
    found = edition("newsletter", "one")
    own = found.stories[0].model_copy(update={"text": "Unsere eigenen Worte."})
    written = write(found.model_copy(update={"stories": (own,)}))
    for language in languages():
        assert "Unsere eigenen Worte." in render_email(written, BRAND, Reader(language=language)).text


def test_a_german_reader_reads_german() -> None:
    found = write(
        compose(
            "newsletter", material(told=6, corrections=("In x we told y.",), notes={"de": ("Berichtigt.",)})
        )
    )
    mail = render_email(found, BRAND, Reader(language="de"))
    shown = (mail.text, Text(mail.html).shown, Text(render_page(found, BRAND, Reader("de"))).shown)
    for text in shown:
        assert "Nordlicht Pumps: erste Bestellung" in text or "NORDLICHT PUMPS: ERSTE BESTELLUNG" in text
        assert "Berichtigt." in text
        assert "96,1\u00a0%" in text
        assert not re.search(r"\b(?:the|thanks|weeks?|months?)\b", text)
    assert "von 412 Bestellpositionen" in Text(mail.html).shown
    assert "Warum das stimmt" in shown[2]
    assert "Dezember 2025" in Text(render_index([found], BRAND, "de")).shown


def test_a_frozen_edition_renders_to_the_same_bytes() -> None:
    found = compose(
        "newsletter", material(as_of=datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    )
    again = Edition.from_json(found.to_json())
    assert render_email(again, BRAND) == render_email(found, BRAND)
    assert render_page(again, BRAND) == render_page(found, BRAND)
    assert "5 January 2026 at 09:00 UTC+01:00" in render_email(again, BRAND).html


def test_the_newsletter_stays_short() -> None:
    text = render_email(edition("newsletter", "rich"), BRAND).text
    stories = text.split("THE MONTH IN FIGURES")[0]
    assert len(stories.split()) <= 450


def test_what_got_worse_is_in_every_mail_and_page() -> None:
    """In the row of its figure, or named below the figures, or counted there and named on the page."""
    for name in EDITIONS:
        found = edition(name, "red")
        mail, page = render_email(found, BRAND), Text(render_page(found, BRAND)).shown
        told = [one for one in found.worse if one in (*found.figures, *found.worse_named)]
        assert (len(found.worse), len(told)) == (8, 8 - found.worse_counted)
        for source, ones in ((Text(mail.html).shown, told), (mail.text, told), (page, found.worse)):
            flat = " ".join(source.split())
            assert "orse than the month before" in flat
            assert source.count("\u22124.5 points") >= 3
            assert all(figures.name(one) in flat and figures.changed(one) in flat for one in ones)
            assert ("more got worse" in flat) == (ones is told and found.worse_counted > 0)


def test_a_mail_for_many_names_the_weightiest_of_what_got_worse_and_counts_the_rest() -> None:
    units = ("kg", "m", "l", "t", "pair", "roll", "box")
    more = (replace(kpi, basis=unit, n=9) for kpi in kpis("red") if kpi.key == "wape" for unit in units)
    found = compose("newsletter", material(kpis=(*kpis("red"), *more)))
    besides = [figures.name(one) for one in found.worse if one not in found.figures]
    mail, page = render_email(found, BRAND), Text(render_page(found, BRAND)).shown
    for source in (mail.text, Text(mail.html).shown):
        said = source.split("Also worse than the month before")[1]
        assert [name for name in besides if f"{name}: " in said] == besides[:3]
        assert f"{len(besides) - 3} more got worse; the archive names them." in " ".join(said.split())
    assert all(name in page for name in besides)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_nothing_is_escaped_twice(name: str, language: str) -> None:
    found = edition(name, "rich")
    reader = Reader(language)
    for source in (render_email(found, BRAND, reader).html, render_page(found, BRAND, reader)):
        assert "Alder &amp; Finch" in source
        assert "&amp;amp;" not in source


def test_a_newsletter_is_called_by_its_lead_where_that_fits() -> None:
    found = write(edition("newsletter", "rich"))
    lead = found.stories[0]
    assert render_email(found, BRAND).subject == "December: material shortage, yet on time"
    assert render_email(found, BRAND, Reader("de")).subject == "Dezember: Materialengpass, doch pünktlich"
    own = lead.model_copy(
        update={"headline": "Two orders, one truck", "text": "So it was.", "written": "hash"}
    )
    told = found.model_copy(update={"stories": (own, *found.stories[1:])})
    assert render_email(told, BRAND).subject == "December: Two orders, one truck"
    preview = Text(render_email(told, BRAND).html.split("</title>")[1]).shown
    assert "So it was. 96.1% of 412 order lines" in preview.split("IN SHORT")[0]
    long = own.model_copy(update={"headline": "Two orders that went into one truck"})
    older = lead.model_copy(update={"texts": {"en": lead.texts["en"].model_copy(update={"subject": ""})}})
    for each in (long, older):
        told = found.model_copy(update={"stories": (each, *found.stories[1:])})
        assert render_email(told, BRAND).subject == "December: 5 stories of joint wins"


def test_colour_never_speaks_alone() -> None:
    mail = render_email(edition("leadership", "red"), BRAND).html
    for inner in re.findall(r'<span class="(?:good|bad)"[^>]*>(.*?)</span>', mail):
        assert re.search(r"better|worse|none late", html_module.unescape(inner))


def test_provisional_is_said() -> None:
    for name in EDITIONS:
        found = edition(name, "provisional")
        mail = render_email(found, BRAND)
        assert all("rovisional" in part for part in (mail.text, mail.html, render_page(found, BRAND)))
        assert mail.subject.startswith("December so far: ")


def test_figures_that_wait_for_returns_are_explained() -> None:
    waiting = tuple(replace(kpi, status="provisional") for kpi in kpis())
    for name in EDITIONS:
        found = compose(name, material(kpis=waiting))
        mail = render_email(found, BRAND)
        for source in (
            " ".join(mail.text.split()),
            Text(mail.html).shown,
            Text(render_page(found, BRAND)).shown,
        ):
            assert "still wait for returns or feedback" in source
            assert "so far, better" not in source
        assert "still wait" not in render_email(edition(name, "rich"), BRAND).text


def test_what_one_side_did_stands_apart_from_joint_wins() -> None:
    """A newsletter's mail tells joint wins alone; what one side did is on its page, and in digests."""
    found, line = edition("newsletter", "rich"), "The logistics team booked another carrier for Larch Tools"
    mail, page = render_email(found, BRAND), Text(render_page(found, BRAND)).shown
    assert line not in mail.text + Text(mail.html).shown
    assert line in page.split("From one side, for the other to know")[1]
    digest = " ".join(render_email(edition("sales", "rich"), BRAND).text.split())
    assert f"Operations: {line} after a customs hold;" in digest


def test_a_name_that_ends_in_a_stop_brings_no_second_one() -> None:
    newsletter = compose("newsletter", material(told=3, names=names("Estrela Dosing Inc.")))
    story = newsletter.stories[0].model_copy(update={"headline": "First order for Estrela Dosing Inc."})
    newsletter = newsletter.model_copy(update={"stories": (story, *newsletter.stories[1:])})
    index = Text(render_index([newsletter], BRAND)).shown
    assert "First order for Estrela Dosing Inc. 2 more stories." in index


def test_the_index_tells_newsletter_and_digest_apart() -> None:
    found = [edition(name, "rich") for name in EDITIONS]
    index = render_index(found, BRAND)
    assert 'aria-label="Leadership digest, December 2025"' in index
    assert Text(index).shown.count(edition("newsletter", "rich").stories[0].headline) == 1
    assert Text(index).shown.count("96.1% of 412 order lines") == len(EDITIONS) - 1


def test_the_page_shows_all_stories_with_their_evidence() -> None:
    found = edition("newsletter", "provisional")
    page = Text(render_page(found, BRAND)).shown
    for story in found.stories:
        assert story.headline in page
        assert all(f"{event.source} {event.id}" in page for event in story.evidence)
    assert "of all lines due" in page


def test_a_number_stays_with_its_noun() -> None:
    mail = render_email(edition("newsletter", "one"), BRAND)
    assert "5\u00a0November" in html_module.unescape(mail.html)
    assert "5 November" in mail.text.replace("\n", " ")


def test_every_deed_stands_beside_its_event() -> None:
    page = Text(render_page(edition("newsletter", "one"), BRAND)).shown
    claims = (
        "1 November: the logistics team booked another carrier",
        "31 October: a material shortage stood",
    )
    events = ("tms operations-intervention.alternative_carrier-1", "RB-0")
    assert all(found in page for found in (*claims, *events))


def test_the_index_lists_editions_newest_first() -> None:
    assert "Nothing has been published yet" in render_index([], BRAND)
    page = render_index([edition("newsletter", "rich"), edition("leadership", "rich")], BRAND)
    assert page.index("newsletter-2025-12.html") < page.index("leadership-2025-12.html")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_palette_is_readable(mode: str) -> None:
    tokens = vars(escaping().get_template("emails/_base/tokens.j2").module)[mode]
    for ink, ground in product(("ink", "mute", "good", "bad", "warn"), ("paper", "tint")):
        assert contrast(tokens[ink], tokens[ground]) >= 4.5
    assert contrast(tokens["mute"], tokens["page"]) >= 4.5


def test_a_house_with_its_own_colours_and_logo() -> None:
    brand = Brand(
        name='Works "&" Journal', colour="#F5D90A", accent="#111111", logo_url="https://a.example/l.png"
    )
    mail = render_email(edition("newsletter", "one"), brand)
    assert 'alt="Works &#34;&amp;&#34; Journal"' in mail.html
    assert 'Works "&" Journal' in Text(mail.html).shown
    assert brand.on_colour == "#000000"


def test_restated_figures_are_in_every_mail_and_page_by_month_with_their_basis() -> None:
    figure = Restated(
        key="otif",
        basis="first_commit",
        unit="percent",
        period="2025-11",
        told=Decimal("94.8"),
        told_final=True,
        now=Decimal("93.9"),
        now_final=True,
        told_in="newsletter-2025-11",
    )
    requested = figure.model_copy(update={"basis": "requested", "now": Decimal("81.2")})
    earlier = figure.model_copy(update={"period": "2025-10", "now": None})
    unseen = earlier.model_copy(update={"key": "backorder_rate", "period": "2025-09", "mailed": False})
    for name in EDITIONS:
        found = compose(name, material(restated=(earlier, unseen, figure, requested)))
        mail = render_email(found, BRAND)
        assert "Backorders" not in mail.text + Text(mail.html).shown
        assert "Backorders no data (given as 94.8%)" in Text(render_page(found, BRAND)).shown
        for source in (mail.text, Text(mail.html).shown, Text(render_page(found, BRAND)).shown):
            said = " ".join(source.split())
            assert "October 2025: On time, in full no data (given as 94.8%)." in said
            one = "On time, in full 93.9% (given as 94.8%)"
            other = "On time, in full, requested date 81.2% (given as 94.8%)"
            assert f"November 2025: {one}; {other}." in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("leadership", ("16 lines missed their first promise.", "nobody has resolved since 28 December")),
        ("sales", ("Calder Valves: order SO-2002, promised for 22 December", "Kestrel Rail: 28 of 31 lines")),
        ("operations", ("Early warnings from Sales: 2", "280 units nearer to a demand of 1,200 units")),
        (
            "meeting_pack",
            ("Unforeseen setback: 1 raised", "Dunmore Optics: order SO-2003, moved from 7 January"),
        ),
    ],
)
def test_the_page_has_what_the_mail_has_besides_stories_and_figures(name: str, said: tuple[str, ...]) -> None:
    page = " ".join(Text(render_page(edition(name, "rich"), BRAND)).shown.split())
    for each in said:
        assert each in page


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_the_source_is_in_the_order_of_reading(name: str, state: str) -> None:
    """Heard line by line, the HTML says its stories and figures in the order of the written text."""
    found = edition(name, state)
    mail = render_email(found, BRAND)
    heard, written = " ".join(Text(mail.html).shown.split()), " ".join(mail.text.split())
    headlines = [story.headline for story in found.stories if story.headline in written]
    places = [heard.index(headline) for headline in headlines]
    assert sorted(headlines, key=written.index) == [
        head for _, head in sorted(zip(places, headlines, strict=True))
    ]
