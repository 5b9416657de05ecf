"""The operations digest: what Sales did for the plan of Operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions import figures
from shared.editions.assembly import assemble, shown_board
from shared.editions.planning import plan
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import highlights, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material

STRIP: Final[figures.Strip] = (
    ("fva_sales", None),
    ("wape", None),
    ("bias", None),
    ("otif", "first_commit"),
    ("promise_stability", None),
    ("expedites_per_100_lines", None),
    ("roadblock_save_rate", None),
    ("backorder_rate", None),
    ("on_time", "first_commit"),
    ("quality_return_ppm", None),
)
"""What Sales adds to the plan first, then what becomes of the plan."""
MOST: Final = 6
STORIES: Final = 5


@edition("operations", "month", "week")
def operations(material: Material) -> Edition:
    """For Operations: the plan's figures, what reached it from Sales, and what Sales did in the wins."""
    picks, explanation = select(material, limit=STORIES)
    stories = tell(picks, material, full=0, short=STORIES, lead="sales")
    return assemble(
        "operations",
        "operations",
        material,
        stories,
        explanation=explanation,
        lines=highlights(material, STORIES, "sales"),
        strip=figures.chosen(shown_board(material), STRIP, MOST),
        plan=plan(material),
    )
