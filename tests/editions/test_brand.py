from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.editions.brand import AA, PAPER, PAPER_DARK, Brand, contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@given(COLOURS, COLOURS)
def test_every_brand_is_readable_in_both_modes(colour: str, accent: str) -> None:
    brand = Brand(colour=colour, accent=accent)
    assert min(contrast(brand.sales, PAPER), contrast(brand.operations, PAPER)) >= AA
    assert min(contrast(brand.sales_dark, PAPER_DARK), contrast(brand.operations_dark, PAPER_DARK)) >= AA
    assert contrast(brand.on_colour, colour) >= AA


def test_known_contrasts() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"accent": "#12345"},
        {"colour": "#123456;background:url(x)"},
        {"logo_url": "javascript:alert(1)"},
        {"logo_url": "http://example.com/logo.png"},
        {"site_url": "//example.com"},
        {"site_url": 'https://example.com/"onload="x'},
        {"draft_email": "a@b.de?bcc=c@d.de"},
    ],
)
def test_unsafe_brands_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="write"):
        Brand(**wrong)
