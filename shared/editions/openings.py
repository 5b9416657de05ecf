"""What stands open: orders at risk with their customers, and what somebody has to decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from shared.editions import figures
from shared.editions.discretion import opened
from shared.editions.sections import Account, Ask, Customer, Decision, Missed, OpenItem, Reach
from shared.stories.languages import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from shared.editions.model import Balance, Figure, Material
    from shared.editions.trading import OpenOrder

NAMED: Final = 3
"""Orders named with a decision; the rest are counted."""
MOST: Final = 3
FAR_OFF: Final = 10
"""Percent of bias from which a forecast is asked for: a tenth of a month's demand, planned wrongly."""


class Called:
    """Customers by account, as the audience may know them; looked up once for a whole edition."""

    def __init__(self, material: Material) -> None:
        self._discreet = material.names
        self._open = material.names if material.sight.names == "none" else opened(material.names)

    def customer(self, account_id: str) -> Customer:
        """A customer, and whether those who may see least know its name."""
        (name, named), (_, by_all) = (names.customer(account_id) for names in (self._open, self._discreet))
        return Customer(
            account_id=account_id,
            name=name if named else None,
            segment=self._discreet.segment(account_id),
            discreet=named and not by_all,
        )


def open_items(material: Material, limit: int | None = None) -> tuple[OpenItem, ...]:
    """Orders at risk, in the order in which they were gathered."""
    called = Called(material)
    return tuple(
        OpenItem(
            kind=each.kind,
            order_id=each.order_id,
            customer=called.customer(each.account_id),
            since=each.since,
            due=each.due,
            category=each.category,
        )
        for each in material.trading.open_orders[:limit]
    )


def accounts(material: Material) -> tuple[Account, ...]:
    """Every customer with lines that fell due, the most missed lines first."""
    called = Called(material)
    found = sorted(material.trading.accounts, key=lambda a: (a.otif - a.due, -a.due, a.account_id))
    return tuple(
        Account(
            customer=called.customer(a.account_id),
            due=a.due,
            on_time=a.on_time,
            in_full=a.in_full,
            otif=a.otif,
        )
        for a in found
    )


def missed(material: Material) -> Missed:
    """What was recorded on the orders whose lines missed their promise; no causes, only what stands there."""
    trading = material.trading

    def most(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:MOST])

    return Missed(
        due=sum(each.due for each in trading.accounts),
        lines=trading.missed,
        roadblocks=most(trading.missed_with.items()),
        answers=most(trading.answered_by.items()),
    )


def decisions(material: Material, board: Sequence[Figure]) -> tuple[Decision, ...]:
    """From what stands open now; a target that was missed comes last."""
    orders = material.trading.open_orders
    found = [
        _decision("roadblocks", [each for each in orders if each.kind == "roadblock"]),
        _decision("overdue", [each for each in orders if each.kind == "overdue"]),
    ]
    if quarantined := material.trading.quarantined:
        names = tuple(order_id for order_id, _ in quarantined[:NAMED])
        found.append(Decision(kind="quarantine", count=len(quarantined), orders=names))
    below = [f for f in board if figures.reached(f) is False and f.basis in {None, "first_commit"}]
    missed_ones = tuple((each.key, each.basis) for each in below)
    found.append(Decision(kind="target", count=len(below), targets=missed_ones))
    return tuple(each for each in found if each.count)


def _decision(kind: Literal["roadblocks", "overdue"], orders: Sequence[OpenOrder]) -> Decision:
    return Decision(
        kind=kind,
        count=len({each.order_id for each in orders}),
        since=min((each.since for each in orders), default=None),
        orders=tuple(dict.fromkeys(each.order_id for each in orders))[:NAMED],
    )


def reach(material: Material, told: Balance) -> Reach:
    """The departments in the stories, and those that took part in something and are in none."""
    seen = set(told.sales_teams) | set(told.operations_teams)
    every = {phrases().department(team) for team in material.trading.teams} | seen
    return Reach(told=tuple(sorted(seen)), unseen=tuple(sorted(every - seen)))


def ask_of_sales(material: Material, board: Sequence[Figure]) -> Ask:
    """What Operations needs most from Sales now, by what was missing in the period."""
    trading = material.trading
    if trading.with_errors > trading.late_changed:
        return Ask(kind="clean_orders", count=trading.with_errors)
    if trading.late_changed:
        return Ask(kind="frozen_fence", count=trading.late_changed)
    bias: Decimal | None = next((f.value for f in board if f.key == "bias"), None)
    return Ask(kind="forecast" if bias is not None and abs(bias) > FAR_OFF else "early_warning")
