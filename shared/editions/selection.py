"""Which wins an edition tells, and for its editor why; no ranking of people, and none is shown to readers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from shared.editions import reasons
from shared.editions.choice import events_of, ranking, unspent
from shared.editions.sections import Chosen
from shared.editions.turns import Turns
from shared.stories.headlines import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from shared.editions.model import Material
    from shared.patterns.model import Win

MAX_STORIES: Final = 12
TOLD_BY_PEOPLE: Final = "team_told"


class Pick(NamedTuple):
    """A win to be told, with the deeds that no story has told yet, and others that it stands for."""

    win: Win
    also: tuple[str, ...] = ()


class Selection(NamedTuple):
    """What is told, in its order, and of every win that could be why it is or is not."""

    picks: tuple[Pick, ...]
    explanation: tuple[Chosen, ...]


def pick(material: Material, limit: int = MAX_STORIES) -> tuple[Pick, ...]:
    """The wins to be told."""
    return select(material, limit).picks


def select(material: Material, limit: int = MAX_STORIES) -> Selection:
    """The strongest first, then for variety of pattern; never two of one customer, and no deed twice.

    What an editor chose comes before all of that, but tells no order and no deed again. Teams not seen for
    long add to the strength, and who was mentioned more than a share comes last.
    """
    picking = _Picking(material, limit)
    picking.run()
    return Selection(tuple(picking.picked), picking.explained())


def strength(win: Win, rarity: Mapping[str, Decimal]) -> tuple[Decimal, Decimal, str]:
    """What wins are put in order by, the strongest first."""
    return -ranking(win, rarity.get(win.pattern)), -win.jointness, win.win_id


class _Picking:
    """One edition's picking: what is left, what was picked, and why not the others."""

    def __init__(self, material: Material, limit: int) -> None:
        self._material, self._limit = material, limit
        self._turns = Turns(material)
        self._by_hand = material.by_hand
        self._told = {event for told in material.before for event in told.events}
        self._used: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._why: dict[str, str] = {}
        self.picked: list[Pick] = []
        self._left = [win for win in material.wins if win.kind == "joint" and self._may_be_told(win)]

    def run(self) -> None:
        while self._left and len(self.picked) < self._limit:
            best = min(self._left, key=lambda win: (not self._pinned(win), self._order(win)))
            self._left.remove(best)
            if (
                not self._pinned(best)
                and self._counts[best.pattern] >= self._material.choice.most_per_pattern
            ):
                self._why[best.win_id] = reasons.enough_of(best.pattern, self._counts[best.pattern])
            elif (fresh := unspent(best, self._told | self._used.keys())) is None:
                self._why[best.win_id] = reasons.spent(self._teller(best))
                self.picked = [_standing_for(each, best) for each in self.picked]
            else:
                self._take(fresh)
        self.picked.sort(key=lambda each: self._by_hand.place(each.win.win_id))

    def explained(self) -> tuple[Chosen, ...]:
        told = [each.win.win_id for each in self.picked]
        left = {win.win_id: reasons.full(-self._order(win)[2], self._limit) for win in self._left}
        others = sorted((self._why.keys() | left.keys()) - set(told))
        return (
            *(Chosen(win_id=name, chosen=True, reason=self._why[name]) for name in told),
            *(Chosen(win_id=name, chosen=False, reason=self._why.get(name) or left[name]) for name in others),
        )

    def _may_be_told(self, win: Win) -> bool:
        """In words, of no order that was told, and not of that customer so soon again."""
        choice, before = self._material.choice, self._material.before
        since = self._material.period.end - timedelta(days=choice.cooldown_days)
        if win.win_id in self._by_hand.dropped:
            self._why[win.win_id] = reasons.dropped()
        elif win.pattern not in words():
            self._why[win.win_id] = reasons.wordless(win.pattern)
        elif win.order_id in {told.order_id for told in before} - {None}:
            self._why[win.win_id] = reasons.order_told(win.order_id or "")
        elif self._pinned(win):
            return True
        elif win.customer_id is not None and any(
            (told.pattern, told.customer_id) == (win.pattern, win.customer_id) and told.on >= since
            for told in before
        ):
            self._why[win.win_id] = reasons.cooling(win.pattern, choice.cooldown_days)
        elif (score := self._score(win)) < choice.least_score and win.pattern != TOLD_BY_PEOPLE:
            self._why[win.win_id] = reasons.weak(score, choice.least_score)
        return win.win_id not in self._why

    def _score(self, win: Win) -> Decimal:
        return ranking(win, self._material.rarity.get(win.pattern))

    def _pinned(self, win: Win) -> bool:
        return win.win_id in self._by_hand.pinned

    def _order(self, win: Win) -> tuple[bool, int, Decimal, Decimal, str]:
        strong, jointness, win_id = strength(win, self._material.rarity)
        points = self._turns.points(win)
        return self._turns.waits(win), self._counts[win.pattern], strong - points, jointness, win_id

    def _take(self, win: Win) -> None:
        """Pick it, and leave what is of its order, which it then names, and of its customer."""
        waits, same_pattern, strong, *_ = self._order(win)
        self._why[win.win_id] = reasons.chosen(
            -strong, same_pattern, self._turns.unseen(win), waits=waits, pinned=self._pinned(win)
        )
        self.picked.append(Pick(win))
        self._counts[win.pattern] += 1
        self._turns.take(win)
        self._used |= dict.fromkeys(events_of(win), win.win_id)
        for other in [each for each in self._left if _of_one_order(win, each)]:
            self._why[other.win_id] = reasons.same_order(win.win_id)
            self.picked = [_standing_for(each, other) for each in self.picked]
            self._left.remove(other)
        for other in [
            each
            for each in self._left
            if each.customer_id and each.customer_id == win.customer_id and not self._pinned(each)
        ]:
            self._why[other.win_id] = reasons.same_customer(win.win_id)
            self._left.remove(other)

    def _teller(self, win: Win) -> str | None:
        """The story of this edition that tells its deeds; None where an earlier one did."""
        return next((self._used[event] for event in sorted(events_of(win)) if event in self._used), None)


def _of_one_order(one: Win, other: Win) -> bool:
    return one.order_id is not None and one.order_id == other.order_id


def _standing_for(each: Pick, other: Win) -> Pick:
    """The same pick, which names another win if both tell of the same order or deed."""
    same = _of_one_order(each.win, other) or events_of(each.win) & events_of(other)
    return each._replace(also=tuple(sorted({*each.also, other.win_id}))) if same else each
