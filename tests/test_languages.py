"""Every language says everything, and says it with its own numbers and dates."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from shared.editions import catalogue, figures
from shared.editions.model import Figure, Point
from shared.languages import (
    CATALOGUES,
    ENGLISH,
    day,
    full_day,
    languages,
    month,
    number,
    places,
    translations,
)
from shared.stories.languages import Phrases, grammar, phrases, words
from tests.catalogues import compiled, messages, read

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Message

OTHERS = sorted(CATALOGUES.glob("*.po"))
EVERY = pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
HOLES = re.compile(r"%\(\w+\)s|%%")


def forms(message: Message) -> tuple[str, ...]:
    """What a catalogue says for a message, by number where it has several forms."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


@EVERY
def test_a_catalogue_has_all_messages_and_no_others(path: Path) -> None:
    said, wanted = read(path), messages()
    assert {ids(each) for each in said if each.id} == {ids(each) for each in wanted if each.id}
    assert not said.obsolete
    assert not [each.id for each in said if each.id and each.fuzzy]


@EVERY
def test_what_is_read_is_what_is_written(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "make words"


@EVERY
def test_every_message_is_translated_in_every_number(path: Path) -> None:
    said = read(path)
    for each in (each for each in said if each.id):
        assert len(forms(each)) == (said.num_plurals if each.pluralizable else 1), each.id
        assert all(text.strip() for text in forms(each)), each.id


@EVERY
def test_a_translation_fills_the_same_holes(path: Path) -> None:
    for each in (each for each in read(path) if each.id):
        one, many = (Counter(HOLES.findall(text)) for text in (ids(each)[0], ids(each)[-1]))
        for number_, text in enumerate(forms(each)):
            assert Counter(HOLES.findall(text)) in ((one, many) if number_ == 0 else (many,)), text
            assert "%" not in HOLES.sub("", text), text


def test_there_are_messages_of_templates_and_of_code() -> None:
    found = {name for each in messages() for name, _ in each.locations}
    assert {
        "templates/words.j2",
        "templates/emails/_base/parts.txt.j2",
        "templates/web/edition.html.j2",
    } <= found
    assert {"shared/editions/figures.py", "shared/editions/assembly.py"} <= found


@pytest.mark.parametrize("language", languages())
def test_a_language_has_its_words_its_grammar_and_its_headlines(language: str) -> None:
    said = phrases(language)
    wanted = {name for name in vars(Phrases) if not name.startswith("_")} | set(Phrases.__annotations__)
    assert [name for name in sorted(wanted) if not hasattr(said, name)] == []
    assert grammar(language).telling
    assert set(words(language)) == set(words(ENGLISH))


def test_an_unknown_language_is_named_with_those_there_are() -> None:
    for ask in (translations, phrases, grammar, words):
        with pytest.raises(ValueError, match="there is no language 'xx'; write one of: en, de"):
            ask("xx")


def test_numbers_and_dates() -> None:
    on = date(2026, 3, 9)
    assert [day(on), full_day(on), month(on)] == ["9 March", "9 March 2026", "March 2026"]
    assert [day(on, "de"), full_day(on, "de"), month(on, "de")] == ["9. März", "9. März 2026", "März 2026"]
    assert [number(Decimal("-1234567.50")), number(Decimal("-1234567.50"), "de")] == [
        "\u22121,234,567.5",
        "\u22121.234.567,5",
    ]
    assert [places(Decimal(97), 1), places(Decimal(97), 1, "de"), places(Decimal(1200), 0, "de")] == [
        "97.0",
        "97,0",
        "1.200",
    ]


def of(**changes: object) -> Figure:
    values: dict[str, object] = {
        "key": "otif", "basis": "first_commit", "value": Decimal("97.05"), "unit": "percent",
        "better": "higher", "n": 1412, "target": Decimal(95), "previous": Decimal("95.8"),
        "change": Decimal("1.25"), "status": "final", "direction": "better",
        "trend": (Point(period="2025-12", value=Decimal("97.05")),),
    }  # fmt: skip
    return Figure.model_validate(values | changes)


@pytest.mark.parametrize(
    ("changes", "shown", "changed", "target", "details"),
    [
        ({}, "97,0\u00a0%", "+1,2 Punkte", "Ziel 95\u00a0%, erreicht", "erste Zusage · 1.412 Positionen"),
        (
            {"value": None, "change": None, "n": 1},
            "ohne Daten",
            "kein Vergleich",
            "Ziel 95\u00a0%",
            "erste Zusage · 1 Position, wenige",
        ),
        (
            {"target": Decimal("98.5"), "status": "provisional", "change": Decimal("-1.25")},
            "97,0\u00a0%",
            "bisher \u22121,2 Punkte",
            "Ziel 98,5\u00a0%, verfehlt",
            "erste Zusage · 1.412 Positionen · vorläufig",
        ),
        (
            {
                "key": "quality_return_ppm",
                "basis": "kg",
                "unit": "ppm",
                "value": Decimal(1234),
                "target": None,
            },
            "1.234\u202fppm",
            "+1 ppm",
            None,
            "1.412 kg",
        ),
    ],
)
def test_figures_in_german(
    changes: dict[str, object], shown: str, changed: str, target: str | None, details: str
) -> None:
    figure = of(**changes)
    assert figures.shown(figure, "de") == shown
    assert figures.changed(figure, "de") == changed
    assert figures.against_target(figure, "de") == target
    assert figures.details(figure, "de") == details


def test_a_kpi_without_words_shows_its_key_in_every_language() -> None:
    assert catalogue.about("otif", "de").label == "Liefertreue"
    assert catalogue.about("made_up", "de").label == "Made up"
    assert catalogue.name(of(key="wape", basis="kg"), "de") == "Prognosefehler, in kg"


def test_periods_in_german() -> None:
    said = phrases("de")
    assert [said.title("2025-12"), said.short_title("2025-12")] == ["Dezember 2025", "Dezember"]
    assert [said.title("2025-W50"), said.short_title("2025-W50")] == ["Kalenderwoche 50, 2025", "KW 50"]
    assert [said.title("2026-Q1"), said.short_title("2026-Q1")] == ["1. Quartal 2026", "1. Quartal"]
