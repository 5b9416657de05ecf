"""The newsletter: one lead story, a few short ones, the month in figures, thanks, and a call for drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions import figures
from shared.editions.assembly import assemble, shown_board
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material

STRIP: Final[figures.Strip] = (
    ("otif", "first_commit"),
    ("quality_return_ppm", None),
    ("csat", None),
    ("wape", None),
    ("nps", None),
    ("on_time", "first_commit"),
    ("in_full", "first_commit"),
    ("bias", None),
)
"""Delivery, quality, satisfaction and forecast in one figure each; the last stand in for missing ones."""
MOST: Final = 4


@edition("everyone", "month")
def newsletter(material: Material) -> Edition:
    """For everyone: up to twelve stories, of which the mail tells one in full and three in short."""
    picks, explanation = select(material)
    stories = tell(picks, material, full=1, short=3)
    return assemble(
        "newsletter",
        "everyone",
        material,
        stories,
        explanation=explanation,
        strip=figures.chosen(shown_board(material), STRIP, MOST),
        thanked=material.thanked,
    )
