"""Names as readers see them."""

from __future__ import annotations

import pytest

from shared.stories.names import CustomerName, Names, clean, shortened


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Two   words ", "Two words"),
        ("line\nbreak\ttab", "line break tab"),
        ("nul\x00 and esc\x1b", "nul and esc"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\u202eevil\u202c", "evil"),
        ("a\u00a0b", "a\u00a0b"),
        ("\U0001f469\u200d\U0001f527", "\U0001f469\u200d\U0001f527"),
        ("e\u0301", "e\u0301"),
        ("شركة", "\u2068شركة\u2069"),
    ],
)
def test_clean(written: str, shown: str) -> None:
    assert clean(written) == shown


def test_customers() -> None:
    names = Names(
        {
            "a": CustomerName("Alder"),
            "b": CustomerName("Brass", "metals", confidential=True),
            "c": CustomerName("Calder", confidential=True),
            "d": CustomerName(" \x00 "),
        }
    )
    assert names.customer("a") == ("Alder", True)
    assert names.customer("b") == ("a customer in metals", False)
    assert names.customer("c") == names.customer("d") == names.customer("?") == ("a customer", False)
    assert names.person("nobody") is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Nordlicht Pumps GmbH", ("Nordlicht Pumps", "Nordlicht")),
        ("Nordlicht Pumps GmbH & Co. KG", ("Nordlicht Pumps", "Nordlicht")),
        ("Nordlicht A/S", ("Nordlicht",)),
        ("Nordlicht", ("Nordlicht",)),
        ("The Works S.p.A.", ("The Works",)),
        ("AG", ("AG",)),
    ],
)
def test_what_people_call_a_company(name: str, short: tuple[str, ...]) -> None:
    assert shortened(name) == short
