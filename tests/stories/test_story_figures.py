"""The fact check, with figures that facts back and figures that nothing backs."""

from __future__ import annotations

import pytest

from shared.stories.facts import facts_of
from shared.stories.figures import unbacked_figures
from shared.stories.names import CustomerName, Names
from tests.editions.examples import streak, win

FACTS = facts_of(win(), Names({"C-0": CustomerName("Werk 7")}))


@pytest.mark.parametrize(
    "text",
    [
        "400 units in 1 order line, worth EUR 12,400",
        "worth 12400.00",
        "promised for 5 November, 5 November 2025, November 5, November 5, 2025 and 2025-11-05",
        "accepted at 09:40",
        "2 days late by the plan, 30 days without a return",
        "rated 5 on a scale from 1 to 5",
        "Werk 7 and its order SO-1042",
        "no figure at all",
    ],
)
def test_backed(text: str) -> None:
    assert unbacked_figures(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("401 units", ["401"]),
        ("on 6 November", ["6 November"]),
        ("on 5 November 2024", ["5 November 2024"]),
        ("at 09:41", ["09:41"]),
        ("97% of 400", ["97%"]),
        ("400 %", ["400 %"]),
        ("400 days early", ["400 days"]),
        ("3 days late", ["3 days"]),
        ("EUR 12.400", ["12.400"]),
        ("1,2,3", ["1,2,3"]),
        ("in Q4", ["4"]),
        ("Werk 77", ["77"]),
        ("on 05.11.2025", ["05.11.2025"]),
        ("٤٠١ units", ["٤٠١"]),
        ("7 lines", ["7"]),
        ("2025-11-06", ["2025-11-06"]),
    ],
)
def test_unbacked(text: str, expected: list[str]) -> None:
    assert unbacked_figures(text, FACTS) == expected


STREAK = facts_of(streak(), Names({"C-0": CustomerName("Werk 7")}))


@pytest.mark.parametrize(
    "text",
    [
        "45 orders of Werk 7, 61 order lines, 93.8% before, a run of 36 in 10% of cases",
        "between 2 June and 5 November 2025, and in November 2025",
        "changed between 12 June and 1 October",
        "the sales team on 3 June 2025",
    ],
)
def test_figures_that_a_pattern_names_are_backed(text: str) -> None:
    assert unbacked_figures(text, STREAK) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45%", ["45%"]),
        ("93.8 orders", ["93.8"]),
        ("10 days", ["10 days"]),
        ("in December 2025", ["2025"]),
        ("on 7 November 2025", ["7 November 2025"]),
        ("between 12 June and 2 October", ["2 October"]),
        ("93.8 ppm", ["93.8 ppm"]),
    ],
)
def test_a_figure_stays_with_its_unit(text: str, expected: list[str]) -> None:
    assert unbacked_figures(text, STREAK) == expected
