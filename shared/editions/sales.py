"""The sales digest: what Operations did for the customers of Sales, for each salesperson their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions import figures
from shared.editions.assembly import assemble, shown_board
from shared.editions.openings import accounts, ask_of_sales, open_items
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import highlights, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material

STRIP: Final[figures.Strip] = (
    ("otif", "first_commit"),
    ("otif", "requested"),
    ("on_time", "first_commit"),
    ("in_full", "first_commit"),
    ("perfect_order", None),
    ("quality_return_ppm", None),
    ("nps", None),
    ("csat", None),
    ("roadblock_save_rate", None),
)
"""What Operations delivers, as customers meet it."""
MOST: Final = 6
EVERY: Final = 100
"""Stories that one digest holds for all its readers, each of whom is told of a few."""


@edition("sales", "month", "week")
def sales(material: Material) -> Edition:
    """All that there is for any salesperson; `personal` leaves to each reader what is of their customers.

    A pattern may be told as often as it was won: readers of other customers see other stories.
    """
    picks, explanation = select(material.with_choice(most_per_pattern=EVERY), EVERY)
    stories = tell(picks, material, full=0, short=EVERY, lead="operations")
    board = shown_board(material)
    return assemble(
        "sales",
        "sales",
        material,
        stories,
        explanation=explanation,
        lines=highlights(material, None, "operations"),
        accounts=accounts(material),
        open_items=open_items(material),
        strip=figures.chosen(board, STRIP, MOST),
        ask=ask_of_sales(material, board),
    )
