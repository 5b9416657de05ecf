"""What the patterns find in events, in a database of its own."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from shared.rules import DEFAULTS, Rules
from tests import make, seen

if TYPE_CHECKING:
    from datetime import datetime

    from shared.patterns.model import Win

Json = dict[str, Any]
SALES, OPERATIONS = make.SALES, make.OPERATIONS


def found(events: list[Json], as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> list[Win]:
    with closing(seen.recorded(events, as_of, rules)) as store, store.reading() as connection:
        return seen.wins(connection)


def statuses(events: list[Json], as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> dict[str, str]:
    """Pattern -> kind and status."""
    return {win.pattern: f"{win.kind} {win.status(as_of)}" for win in found(events, as_of, rules)}


def order(
    *,
    raised: Json | None = None,
    resolved: Json | None = None,
    placed: Json | None = None,
    confirmed: Json | None = None,
    delivered: Json | None = None,
    more: tuple[Json, ...] = (),
) -> list[Json]:
    """The order that beats a roadblock, parts of it replaced."""
    usual = make.win()
    parts = (placed, confirmed, raised, resolved, delivered)
    return [part or one for part, one in zip(parts, usual, strict=True)] + list(more)


def raised(time: str = make.at("03-05"), **more: Any) -> Json:
    return make.raised(time, roadblock="R-SO-1", actor=OPERATIONS, **more)


def resolved(time: str = make.at("03-07"), **more: Any) -> Json:
    return make.resolved(time, roadblock="R-SO-1", **more)
