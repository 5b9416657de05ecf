"""Nobody is named against their will, however others wrote the name."""

from __future__ import annotations

import unicodedata

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
        ("**Jonas** Weber", "**A colleague in warehouse**"),
        ("It was Jonas *Weber* who stayed.", "It was *a colleague in warehouse* who stayed."),
        (
            "JONAS WEBER stayed; WEBER drove.",
            "A colleague in warehouse stayed; a colleague in warehouse drove.",
        ),
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
        ("Danke an Jonas Webers Team!", "Danke an jemand aus dem Lagerteam Team!"),
        ("Danke an Webers Team!", "Danke an jemand aus dem Lagerteam Team!"),
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


@pytest.mark.parametrize(
    "told",
    [
        "Niamh O\u2019Brien-Müller",
        "Niamh O\u02bcBrien\u2011Müller",
        "Niamh O`Brien - Müller",
        "Niamh OBrien Müller",
        "Niamh O'Brien-Mueller",
        "NIAMH O'BRIEN-MULLER",
        "Niamh O'Brien-Mu\u0308ller",
        "Ni\u00adamh\u200b O'Brien-Müller",
        "O'Brien-Müller, Niamh",
        "_Niamh O'Brien-Müller_",
        "**Niamh** O'Brien-Müller",
        "[Niamh O'Brien-Müller](https://wiki.example.com)",
        "Niamh O'Brien-Müllers",
        "Frau O'Brien-Müllers",
    ],
)
def test_a_name_is_known_however_it_is_typed(told: str) -> None:
    left = redacted(f"We asked {told} first.", [Hidden("Niamh O'Brien-Müller", "quality")])
    assert "a colleague in quality" in left
    assert not any(part in left.casefold() for part in ("niamh", "brien", "ller"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Łukasz Żak", "Lukasz Zak"),
        ("Søren Åberg", "Soren Aberg"),
        ("Jörg Weiß", "Joerg Weiss"),
        ("Thi\u1ec7n Nguy\u1ec5n", "Thien Nguyen"),
        ("Ana \U0001f642 Ruiz", "Ana Ruiz"),
        ("\u05d3\u05e0\u05d9 \u05db\u05d4\u05df", "\u2067\u05d3\u05e0\u05d9 \u05db\u05d4\u05df\u2069"),
    ],
)
def test_a_name_is_known_with_or_without_its_marks(name: str, told: str) -> None:
    for listed, written in ((name, told), (told, name)):
        assert "We asked" in (left := redacted(f"We asked {written} first.", [Hidden(listed)]))
        assert "asked a colleague" in left.replace("\u2067", "")


TYPED = {
    "'": st.sampled_from("'\u2019\u2018`\u00b4\u02bc"),
    "-": st.sampled_from("-\u2010\u2011\u2013 "),
    " ": st.sampled_from([" ", "\u00a0", "\n", "  "]),
}


@given(st.data(), st.sampled_from(["Niamh O'Brien-Müller", "Jean-Luc D'Arcy", "José Nuñez Ávila"]))
def test_no_way_to_type_it_leaves_a_name(data: st.DataObject, name: str) -> None:
    typed = "".join(data.draw(TYPED[c]) if c in TYPED else c for c in name)
    written = data.draw(st.sampled_from([typed, unicodedata.normalize("NFD", typed)]))
    said = data.draw(st.sampled_from([written, written.upper(), f"*{written}*", f"{written}s"]))
    left = redacted(f"We asked {said}, as ever.", [Hidden(name)])
    assert left.replace("*", "").startswith("We asked a colleague"), left
    assert left.endswith(", as ever.")
    assert written not in left
