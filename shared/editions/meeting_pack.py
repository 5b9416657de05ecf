"""The pack of the monthly joint meeting, in the order of its sixty minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions import figures
from shared.editions.assembly import assemble, risks, shown_board
from shared.editions.openings import decisions, missed, open_items, reach
from shared.editions.planning import plan
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import balance, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material

SCORECARD: Final[figures.Strip] = (
    ("otif", "first_commit"),
    ("otif", "requested"),
    ("otif", "last_commit"),
    ("perfect_order", None),
    ("quality_return_ppm", None),
    ("nps", None),
    ("csat", None),
    ("wape", None),
    ("bias", None),
    ("fva_sales", None),
    ("expedites_per_100_lines", None),
    ("roadblock_save_rate", None),
    ("backorder_rate", None),
)
"""Delivery on its three bases, then quality, customers, forecasts and the cost of haste."""
WINS: Final = 3
OPEN: Final = 12


@edition("everyone", "month")
def meeting_pack(material: Material) -> Edition:
    """For both departments together: wins, scorecard, forecasts, roadblocks, decisions, thanks."""
    picks, explanation = select(material, limit=WINS)
    stories = tell(picks, material, full=0, short=WINS)
    board = shown_board(material)
    return assemble(
        "meeting_pack",
        "everyone",
        material,
        stories,
        explanation=explanation,
        acts=True,
        strip=figures.chosen(board, SCORECARD),
        pareto=risks(material.open_risks),
        missed=missed(material),
        decisions=decisions(material, board),
        open_items=open_items(material, OPEN),
        plan=plan(material),
        reach=reach(material, balance(stories)),
    )
