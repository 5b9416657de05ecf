"""What a source has said of one order or other subject so far, by its own events in the journal alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import DeliveryDelivered
from shared.events.orders import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderLineClosed,
    OrderPlaced,
    OrderPromiseChanged,
)
from shared.events.sources import EventRetracted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One event that the source told."""

    id: str
    type: str
    digest: bytes
    document: Json

    @property
    def data(self) -> Json:
        """The payload."""
        found: Json = self.document["data"]
        return found

    @property
    def corrects(self) -> str | None:
        """The id of the event that this one replaces or takes back."""
        corrects = self.data.get("corrects")
        return None if corrects is None else corrects["id"]


@dataclass(slots=True)
class SaidLine:
    """A line as it was said last; `promise` is None where nothing holds that was promised."""

    line_id: str
    qty: Any
    requested_on: str
    promise: str | None = None
    committed_qty: Any = None
    open: bool = True
    delivered: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What was not said to be delivered."""
        return max(Decimal(str(self.qty)) - self.delivered, Decimal(0))


@dataclass(slots=True)
class Said:
    """The events of one subject, in the order in which they came."""

    told: dict[str, Told] = field(default_factory=dict)
    newest: dict[str, Told] = field(default_factory=dict)
    """The last correction or retraction of each event that has one."""

    def add(self, told: Told) -> None:
        """Take in an event that is told now."""
        self.told.setdefault(told.id, told)
        if told.corrects is not None:
            self.newest[told.corrects] = told

    def head(self, root: str) -> Told | None:
        """What stands for the event of this id: its last correction, or None where it was taken back."""
        newest = self.newest.get(root) or self.told.get(root)
        if newest is None or (newest.corrects == root and newest.type == EventRetracted.TYPE):
            return None
        return newest  # which may be a retraction that the export itself makes of another

    def standing(self, kind: str | None = None) -> Iterator[tuple[str, Told]]:
        """The events that stand, by the id that each was told under first."""
        for told in list(self.told.values()):
            if told.corrects is None and kind in (None, told.type) and (head := self.head(told.id)):
                yield told.id, head

    def placed(self) -> tuple[str, Told] | None:
        """The order as it was first placed, with its corrections."""
        return next(self.standing(OrderPlaced.TYPE), None)

    def lines(self) -> dict[str, SaidLine]:
        """The order's lines as they were said last."""
        lines: dict[str, SaidLine] = {}
        for _, told in sorted(self.standing(), key=lambda each: each[1].type != OrderPlaced.TYPE):
            _take(told, lines)
        return lines


def _take(told: Told, lines: dict[str, SaidLine]) -> None:
    """Fold one event into the lines."""
    data = told.data
    if told.type == OrderPlaced.TYPE:
        for line in data["lines"]:
            lines.setdefault(line["line_id"], SaidLine(line["line_id"], line["qty"], line["requested_on"]))
        return
    if told.type in _ON_LINES:
        for part in _parts(told, lines):
            if line := lines.get(part["line_id"]):
                _ON_LINES[told.type](line, part)


def _parts(told: Told, lines: dict[str, SaidLine]) -> list[Json]:
    """What the event says of each line it is about."""
    data = told.data
    if told.type == OrderCancelled.TYPE:
        return [{"line_id": name} for name in data.get("line_ids") or lines]
    found: list[Json] = data.get("lines") or [data]
    return found


def _change(line: SaidLine, data: Json) -> None:
    if data["field"] == "qty":
        line.qty = data["new"]
    elif data["field"] == "requested_on":
        line.requested_on = data["new"]
        if data.get("initiator") == "customer":
            line.promise = None  # what was promised was promised for the other day


def _confirm(line: SaidLine, data: Json) -> None:
    line.promise, line.committed_qty = data["committed_on"], data["committed_qty"]


def _promise(line: SaidLine, data: Json) -> None:
    line.promise = data["new_on"]


def _close(line: SaidLine, _data: Json) -> None:
    line.open = False


def _deliver(line: SaidLine, data: Json) -> None:
    line.delivered += Decimal(str(data["qty_delivered"]))


_ON_LINES: dict[str, Callable[[SaidLine, Json], None]] = {
    OrderChanged.TYPE: _change,
    OrderConfirmed.TYPE: _confirm,
    OrderPromiseChanged.TYPE: _promise,
    OrderCancelled.TYPE: _close,
    OrderLineClosed.TYPE: _close,
    DeliveryDelivered.TYPE: _deliver,
}
