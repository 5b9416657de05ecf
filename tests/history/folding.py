"""An order folded from events, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.events.catalogue import parse
from shared.history.folding import fold
from shared.history.resolve import in_force
from shared.rules import DEFAULTS
from tests import make

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.history.order import Order
    from shared.rules import Rules

SCORES = {
    (True, True): "OTIF",
    (True, False): "OT, not IF",
    (False, True): "IF, late",
    (False, False): "miss",
}


def folded(events: Iterable[dict[str, Any]], rules: Rules = DEFAULTS) -> Order:
    return fold("SO-1", in_force([parse(told) for told in make.raw(list(events))]), rules)


def verdicts(order: Order, as_of: datetime = make.LATER, line_id: str = "1") -> tuple[str, str, str]:
    """In words, on requested, first commit and last commit."""
    requested, first, last = (verdict(order, basis, as_of, line_id) for basis in order.outcomes[line_id])
    return requested, first, last


def verdict(order: Order, basis: Any, as_of: datetime = make.LATER, line_id: str = "1") -> str:
    status, on_time, in_full, otif = order.outcomes[line_id][basis].at(as_of)
    if status != "scored":
        assert (on_time, in_full, otif) == (None, None, None)
        return status
    assert on_time is not None
    assert in_full is not None
    assert otif == (on_time and in_full)
    return SCORES[on_time, in_full]
