"""Nobody is named against their will, however others wrote the name."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.stories.redaction import Hidden, redacted

JONAS, ANA = Hidden("Jonas Weber", "warehouse"), Hidden("Ana Ruiz")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Jonas Weber stayed.", "A colleague in warehouse stayed."),
        ("It was jonas weber who stayed.", "It was a colleague in warehouse who stayed."),
        ("Then Jonas\nWeber stayed.", "Then a colleague in warehouse stayed."),
        (
            "Jonas’s idea; Weber's truck.",
            "A colleague in warehouse’s idea; a colleague in warehouse's truck.",
        ),
        ("**Jonas** Weber", "**A colleague in warehouse** a colleague in warehouse"),
        ("Ana Ruiz called, and Ana laughed.", "A colleague called, and Ana laughed."),
        ("Anastasia and the Weberei stayed.", "Anastasia and the Weberei stayed."),
        ("Thanks! Ana Ruiz", "Thanks! A colleague"),
    ],
)
def test_a_colleague_stands_where_a_name_was(text: str, printed: str) -> None:
    assert redacted(text, [JONAS, ANA]) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Jonas Weber blieb.", "Jemand aus dem Lagerteam blieb."),
        ("Danke an Jonas Weber!", "Danke an jemand aus dem Lagerteam!"),
        ("Das war Ana Ruiz.", "Das war jemand."),
    ],
)
def test_in_german_somebody_of_the_team_does(text: str, printed: str) -> None:
    assert redacted(text, [JONAS, ANA], "de") == printed


def test_nobody_hidden_changes_nothing() -> None:
    assert redacted("Jonas stayed.", []) == redacted("Jonas stayed.", [Hidden(" ")]) == "Jonas stayed."


NAMES = st.from_regex(r"[A-Z][a-z]{3,8} [A-Z][a-z]{3,8}", fullmatch=True)


@given(NAMES, st.text("ab .\n*", max_size=30), st.text("ab .\n*", max_size=30))
def test_no_name_is_left(name: str, before: str, after: str) -> None:
    left = redacted(f"{before} {name} {after}", [Hidden(name, "quality")])
    assert name not in left
    assert not any(part in left.split() for part in name.split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ayşe Yılmaz", "Ayşe Yilmaz stayed."),
        ("Ayşe Yilmaz", "AYŞE YILMAZ stayed."),
        ("Ayşe Yilmaz", "Ayşe Yılmaz stayed."),
        ("İnci Demir", "inci Demir stayed."),
        ("Inci Demir", "İnci Demir stayed."),
        ("Σίσυφος Σ", "ΣΊΣΥΦΟΣ Σ stayed."),
    ],
)
def test_a_name_is_known_however_its_letters_are_made_small(name: str, text: str) -> None:
    assert redacted(text, [Hidden(name)]) == "A colleague stayed."


@given(
    st.lists(st.text("iıİIſsSßẞςσΣµμKkﬁǅé \u0307", min_size=1, max_size=6), min_size=1, max_size=3),
    st.text("iıİIſsSßẞςσΣµμKkﬁǅé \u0307", max_size=20),
)
@example(["İ\u0307"], "")
def test_no_letters_break_it(names: list[str], text: str) -> None:
    for name in names:
        told = f"{text} {name} {name.upper()} {name.lower()}"
        redacted(told, [Hidden(each) for each in names])
