"""German grammar: what stands where in a sentence, and in which case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.editions.storytelling import highlights
from shared.rendering.writing import render_story
from shared.stories.checks import banned_words
from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.headlines import headline
from shared.stories.languages.de import phrases
from shared.stories.languages.de.telling import GermanOrder
from shared.stories.languages.de.verbs import VERBS, verb
from shared.stories.languages.en import phrases as english
from shared.stories.model import OrderFacts
from shared.stories.names import CustomerName, Names
from tests.editions.examples import contribution, highlight, material, names, streak, win


def full(found: Any, voice: int = 0) -> str:
    return render_story(found, voice, language="de").full


def test_every_code_that_has_english_words_has_german_ones() -> None:
    assert set(VERBS) == set(english.VERBS)
    assert set(phrases.ROADBLOCKS) == set(english.ROADBLOCKS)
    assert set(phrases.RECORDS) == set(english.RECORDS)
    assert phrases.department("customer service") == phrases.department("customer_service") == "Kundenservice"


def test_a_date_goes_behind_the_verb_and_before_what_was_done() -> None:
    done = [
        contribution("sales", "sales", f"intervention.{what}", date(2025, 11, on), on)
        for on, what in enumerate(("terms_changed", "heads_up", "credit_release"), 1)
    ]
    found = facts_of(win(pattern="roadblock_beaten", sales=tuple(done)), names())
    assert (
        "Am 1. November vereinbarte das Vertriebsteam neue Konditionen, "
        "warnte dann am 2. November frühzeitig und holte am 3. November die Kreditfreigabe ein."
    ) in full(found, 1)
    two = facts_of(win(sales=tuple(done[:2])), names())
    assert (
        "Das Vertriebsteam vereinbarte am 1. November neue Konditionen "
        "und warnte dann am 2. November frühzeitig."
    ) in full(two)


def test_several_teams_of_one_deed_take_a_plural_verb() -> None:
    done = tuple(
        contribution("operations", department, "intervention.overtime", date(2025, 11, 2), number)
        for number, department in enumerate(("production", "warehouse"))
    )
    told = full(facts_of(win(operations=done), names()))
    assert "Die Teams aus Produktion und Lager legten am 2. November Extraschichten ein." in told


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"p-sales-1": "Ana Ruiz"}, "Ana Ruiz (Kundenservice) warnte am 31. Oktober frühzeitig."),
        ({}, "Das Kundenserviceteam warnte am 31. Oktober frühzeitig."),
    ],
)
def test_people_are_named_only_if_they_wish(named: dict[str, str], told: str) -> None:
    assert told in full(facts_of(win(), Names(people=named)))


def test_named_people_and_their_team_take_a_plural_verb() -> None:
    done = tuple(
        contribution("operations", "logistics", "intervention.overtime", date(2025, 11, 2), number)
        for number in (1, 2)
    )
    found = facts_of(win(operations=done), Names(people={"p-operations-1": "Bo Lind"}))
    assert "Bo Lind und Team (Logistik) legten am 2. November Extraschichten ein." in full(found)


def test_a_deed_done_on_several_days_is_told_with_its_first_and_last() -> None:
    done = tuple(
        contribution("sales", "sales", "intervention.order_simplification", date(2025, 11, n), n)
        for n in (3, 20)
    )
    told = full(facts_of(streak(sales=done), names()))
    assert (
        "Das Vertriebsteam vereinfachte zwischen dem 3. November und dem 20. November Bestellungen." in told
    )


def test_what_stands_for_a_customer_has_its_case() -> None:
    hidden = Names({"C-0": CustomerName("Nordlicht Pumps", "Pumpen", confidential=True)})
    found = facts_of(win(pattern="roadblock_beaten"), hidden)
    assert isinstance(found, OrderFacts)
    s = GermanOrder(found)
    where = "aus der Branche Pumpen"
    assert (s.customer, s.customer_object, s.customer_dative) == (
        f"ein Kunde {where}",
        f"einen Kunden {where}",
        f"einem Kunden {where}",
    )
    assert (s.obstacle, s.obstacle_dative) == ("ein Materialengpass", "einem Materialengpass")
    texts = [full(found, voice) + headline(found, voice, "de") for voice in range(3)]
    assert not any("Nordlicht" in text for text in texts)


def test_verbs_agree_and_fit_their_scope() -> None:
    assert verb("intervention.overtime")[:3] == ("legte", "legten", "Extraschichten ein")
    assert verb("roadblock.communicator").many == "hielten"
    assert verb("delivery.planned", "one").rest == "eine Lieferung"
    assert verb("delivery.planned", "many").rest == "Lieferungen"
    assert verb("never.heard.of").rest == "mit"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("return R-1 was assessed: quality", "Retoure R-1 wurde als Qualitätsmangel bewertet"),
        ("return R-2, of SO-1, was assessed: quality", "Retoure R-2 wurde als Qualitätsmangel bewertet"),
        ("the customer complained: F-1", "der Kunde hat reklamiert (F-1)"),
        (
            "30 of 400 came back with a fault, above 500 ppm",
            "30 von 400 Stück kamen fehlerhaft zurück",
        ),
        (
            "3 of 90 lines were faulty or complained of, usually 0.1 %",
            "3 von 90 Positionen waren fehlerhaft oder wurden reklamiert",
        ),
        ("something nobody foresaw", "neue Daten sprechen dagegen"),
    ],
)
def test_reasons_are_told_as_far_as_they_are_known(written: str, told: str) -> None:
    assert phrases.reason(written) == told


def test_what_one_side_did_is_told_in_german_too() -> None:
    first, second = highlights(material(highlights=(highlight(), highlight(91, "sales"))))
    assert first.lines["de"] == (
        "Für Larch Tools buchte das Logistikteam einen anderen Spediteur; "
        "geliefert wurde am 3. Februar, nach einem Stopp beim Zoll."
    )
    assert second.lines["de"].startswith("Für einen Kunden legte das Vertriebsteam die Reihenfolge fest;")
    assert (first.line, second.line) == (first.lines["en"], second.lines["en"])


FACTS = facts_of(win(), Names({"C-0": CustomerName("Werk 7")}))


@pytest.mark.parametrize(
    "text",
    [
        "400 Stück in 1 Position, im Wert von 12.400 EUR",
        "zugesagt für den 5. November, den 5. November 2025 und 2025-11-05",
        "angenommen um 09:40 Uhr",
        "2 Tage zu spät, nach 30 Tagen keine Retoure",
        "Werk 7 und Bestellung SO-1042",
    ],
)
def test_backed(text: str) -> None:
    assert unbacked_figures(text, FACTS, "de") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("401 Stück", ["401"]),
        ("am 6. November", ["6. November"]),
        ("am 5. November 2024", ["5. November 2024"]),
        ("97 % von 400", ["97 %"]),
        ("3 Tage zu spät", ["3 Tage"]),
        ("12,400 EUR", ["12,400"]),
        ("400 Tage", ["400 Tage"]),
        ("1.2.3", ["1.2.3"]),
    ],
)
def test_unbacked(text: str, expected: list[str]) -> None:
    assert unbacked_figures(text, FACTS, "de") == expected


def test_words_that_are_not_ours_to_use() -> None:
    text = "Das lief reibungslos, weil alle mit Herzblut dabei waren. Dank geht an alle."
    assert banned_words(text, "roadblock_beaten", "de") == ["reibungslos", "herzblut", "weil"]
    assert banned_words("trotz allem", "new_customer_smooth_start", "de") == ["trotz"]
