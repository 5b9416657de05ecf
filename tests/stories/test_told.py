"""What of a text that a person wrote may be printed."""

from __future__ import annotations

import pytest

from shared.stories.told import printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("We packed it.", "We packed it."),
        ("We packed 40 boxes. It went well.", "It went well."),
        ("Two trucks came.\nTwenty people helped.\n\nNobody complained!", "Nobody complained!"),
        ("Ruiz called. ANA called! Someone else called.", "Someone else called."),
        ("Ru\u00edz called. Anas Idee half. Ru\u00adiz came. It went well.", "It went well."),
        ("See [here](https://example.org) for **more**.", "See here for more."),
        ("He said \u201cgo\u201d and we \u00abwent\u00bb.", "He said go and we went."),
        ("Hi\u202e there.", "Hi there."),
        ("", ""),
        ("1234", ""),
    ],
)
def test_sentences_with_figures_or_names_are_left_out(text: str, printed: str) -> None:
    assert printable(text, {"Ana Ruiz"}) == printed


def test_it_ends_with_a_whole_sentence() -> None:
    assert printable("One word more. And again. And then some.", (), most=5) == "One word more. And again."
    assert printable("A sentence of far too many words.", (), most=3) == ""
