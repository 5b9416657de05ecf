"""The leadership digest: one page that says where Sales and Operations stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions.assembly import assemble
from shared.editions.registry import edition
from shared.editions.selection import pick, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Material


@edition
def leadership(material: Material) -> Edition:
    """For leadership: eight figures, what got worse, three wins and risks at most, the balance."""
    stories = tell(pick(material, limit=3), material, full=0, short=3)
    return assemble("leadership", "leadership", material, stories)
