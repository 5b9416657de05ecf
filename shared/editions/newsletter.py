"""The newsletter: one lead story, a few short ones, the month in figures, thanks, and a call for drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions.assembly import assemble
from shared.editions.registry import edition
from shared.editions.selection import select
from shared.editions.storytelling import tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material


@edition("everyone", "month")
def newsletter(material: Material) -> Edition:
    """For everyone: up to twelve stories, of which the mail tells one in full and three in short."""
    picks, explanation = select(material)
    stories = tell(picks, material, full=1, short=3)
    return assemble(
        "newsletter", "everyone", material, stories, explanation=explanation, thanked=material.thanked
    )
