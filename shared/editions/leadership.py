"""The leadership digest: one page that says where Sales and Operations stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions import figures
from shared.editions.assembly import assemble, shown_board
from shared.editions.openings import decisions, missed, reach
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import balance, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material

TILES: Final[figures.Strip] = (
    ("otif", "first_commit"),
    ("otif", "requested"),
    ("perfect_order", None),
    ("quality_return_ppm", None),
    ("nps", None),
    ("wape", None),
    ("gross_margin", None),
    ("expedites_per_100_lines", None),
    ("csat", None),
    ("bias", None),
    ("on_time", "first_commit"),
    ("in_full", "first_commit"),
)
"""The joint figures, in the order in which a board wants them; the last stand in for missing ones."""
MOST: Final = 8


@edition("leadership", "month", "week")
def leadership(material: Material) -> Edition:
    """For leadership: eight figures, what got worse, three wins and risks at most, decisions, the balance."""
    picks, explanation = select(material, limit=3)
    stories = tell(picks, material, full=0, short=3)
    board = shown_board(material)
    return assemble(
        "leadership",
        "leadership",
        material,
        stories,
        explanation=explanation,
        acts=True,
        strip=figures.chosen(board, TILES, MOST),
        missed=missed(material),
        decisions=decisions(material, board),
        reach=reach(material, balance(stories)),
    )
