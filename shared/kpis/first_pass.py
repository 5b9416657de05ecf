"""What the first shipment of each line held of its ordered quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, literal, null, or_, select, type_coerce
from sqlalchemy.types import Integer

from shared.kpis.due_lines import scored
from shared.tables import Scaled, first_passes, order_lines

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.types import TypeEngine

    from shared.kpis.asked import Asked, Counts

_LINE = order_lines.c
_FIRST = type_coerce(_LINE.first_shipped, BigInteger)
_ORDERED = type_coerce(_LINE.ordered_qty, BigInteger)
TOLD = _LINE.first_shipped.is_not(None)
"""Whether a shipment of a line was told."""
KNOWN = or_(TOLD, ~_LINE.arrived)
"""Not where a line arrived of which no shipment was told."""
FILLED = func.coalesce(_FIRST, 0) >= type_coerce(_LINE.enough_qty, BigInteger)
"""Whether the first shipment sufficed; what never left did not."""
_HELD = func.coalesce(case((_FIRST > _ORDERED, _ORDERED), else_=_FIRST), 0)


class FirstPass(NamedTuple):
    """The columns of lines due by the first promise: of totals, or of single lines where figures are cut."""

    day: ColumnElement[date]
    scored: ColumnElement[bool]
    uom: ColumnElement[str]
    known: ColumnElement[bool]
    filled: ColumnElement[bool]
    told: ColumnElement[bool]
    held: ColumnElement[Any]
    """The sum of what first shipments held of the known."""
    ordered: ColumnElement[Any]
    lines: ColumnElement[int]
    """How many a row stands for."""


def first_pass(asked: Asked) -> FirstPass:
    """Totals for the whole company; they know no customer, so slices are counted line by line."""
    if asked.by is None:
        total = first_passes.c
        return FirstPass(
            total.day,
            total.scored_from <= asked.as_of,
            total.uom,
            total.outcome != "unknown",
            total.outcome == "filled",
            total.told,
            asked.total_of(total.held_whole, total.held_rest),
            asked.total_of(total.ordered_whole, total.ordered_rest),
            total.lines,
        )
    return FirstPass(
        _LINE.first_commit_due,
        and_(_LINE.counted, scored(asked, "first_commit")),
        _LINE.uom,
        KNOWN,
        FILLED,
        TOLD,
        asked.total(case((KNOWN, _HELD))),
        asked.total(case((KNOWN, _ORDERED))),
        literal(1, Integer),
    )


def share_of_lines(asked: Asked) -> Counts:
    """The lines that were filled."""
    line = first_pass(asked)
    known = _lines(line, line.known)
    return _share(asked, line, null(), _lines(line, and_(line.known, line.filled)), known, Integer())


def share_of_units(asked: Asked) -> Counts:
    """What was held, of each unit of measure by itself."""
    line = first_pass(asked)
    return _share(asked, line, line.uom, line.held, line.ordered, Scaled())


def _share(
    asked: Asked,
    line: FirstPass,
    unit: ColumnElement[Any],
    met: ColumnElement[Any],
    whole: ColumnElement[Any],
    read_as: TypeEngine[Any],
) -> Counts:
    """Where nothing was shipped, there is no figure."""
    period, inside = asked.by_day(line.day)
    counted = (
        select(
            period.label("period"),
            unit.label("unit"),
            type_coerce(met, read_as).label("numerator"),
            type_coerce(case((_lines(line, line.told) == 0, 0), else_=whole), read_as).label("denominator"),
            _lines(line, line.known).label("n"),
            _lines(line, ~line.known).label("unmatched"),
        )
        .where(inside, line.scored)
        .group_by("period", "unit")
    )
    return asked.cut(counted, customer=_LINE.customer_id, product=_LINE.product_id, order=_LINE.order_id)


def _lines(line: FirstPass, which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, line.lines), else_=0))
