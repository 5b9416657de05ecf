"""Whose turn it is: teams that were not seen for long come first, and nobody takes more than a share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shared.editions.choice import FEW_MENTIONS, QUARTER, people_of, teams_of

if TYPE_CHECKING:
    from decimal import Decimal

    from shared.editions.model import Material
    from shared.patterns.model import Win


class Turns:
    """Who was credited in the quarter before, and in the stories picked so far."""

    def __init__(self, material: Material) -> None:
        since = material.period.end - QUARTER
        before = [told for told in material.before if told.on >= since]
        self._choice = material.choice
        self._seen = {team for told in before for team in told.teams}
        self._mentions = Counter(person for told in before for person in told.people)

    def take(self, win: Win) -> None:
        """Count a story that was picked."""
        self._mentions.update(people_of(win))

    def unseen(self, win: Win) -> frozenset[str]:
        """The teams of a win that the quarter before did not see; none where it saw nobody."""
        return teams_of(win) - self._seen if self._seen else frozenset()

    def points(self, win: Win) -> Decimal:
        """What its unseen teams add to a win's strength."""
        return self._choice.unseen_points * len(self.unseen(win)) / max(1, len(teams_of(win)))

    def waits(self, win: Win) -> bool:
        """Whether somebody in it had more than a share of the mentions already."""
        share = self._mentions.total() * self._choice.most_person_percent / 100
        most = max(FEW_MENTIONS, share)
        return any(self._mentions[person] >= most for person in people_of(win))
