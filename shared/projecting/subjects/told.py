"""Holds, and the stories that people tell: what is judged by the orders that it names."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from shared import tables
from shared.patterns.draft_case import DraftCase
from shared.patterns.hold_case import CameBack, HoldCase
from shared.patterns.model import EventRef
from shared.projecting.cases import loose_feedback
from shared.store import journal
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

_H, _R, _L, _D = tables.holds.c, tables.returns.c, tables.order_lines.c, tables.drafts.c
_I, _W = tables.interventions.c, tables.wins.c
_HELD = select(_H.hold_id, _H.order_id).where(Among(_H.hold_id)).distinct()
_NAMED = select(_D.draft_id, _D.order_id).where(Among(_D.draft_id)).distinct()
_PRODUCT = or_(_R.product_id == bindparam("product"), _L.product_id == bindparam("product"))
_CAME_BACK = (
    select(_R.source, _R.id, _R.return_id, _R.lot, _R.cause, _R.time, _L.closed_at)
    .join(tables.order_lines, and_(_L.order_id == _R.order_id, _L.line_id == _R.line_id), isouter=True)
    .where(_PRODUCT)
)
_ABOUT = select(_I.source, _I.id).where(Among(_I.subject))
_JOINT = select(_W.win_id).where(Among(_W.about), _W.kind == "joint").order_by(_W.win_id)


class _Orders:
    """The counted orders that some subjects name, with their customers and what was said of them."""

    def __init__(self, reading: Reading, named: Iterable[Any]) -> None:
        self._of: dict[str, list[str]] = defaultdict(list)
        for name, order_id in named:
            self._of[name].append(order_id)
        ids = sorted({order_id for ids in self._of.values() for order_id in ids})
        found = reading.histories(ids)
        groups = reading.groups(found.values())
        self._found = {name: order for name, order in found.items() if groups.counted(order)}
        told = [(order, _customer(order)) for order in self._found.values()]
        self._said = loose_feedback(reading, told, groups)

    def of(self, name: str) -> dict[str, Any]:
        """What a case says of its orders."""
        orders = [self._found[order_id] for order_id in sorted(self._of[name]) if order_id in self._found]
        customers = {_customer(order) for order in orders}
        said = {event.key: event for order in orders for event in self._said.get(order.order_id, ())}
        return {
            "orders": orders,
            "customer": next(iter(customers)) if len(customers) == 1 else None,
            "loose_feedback": [said[key] for key in sorted(said)],
        }


def _customer(order: Order) -> str:
    assert order.placed is not None, "what counts was placed"
    return order.placed.data.customer_id


def holds(reading: Reading, span: Span) -> Iterator[tuple[str, HoldCase]]:
    """The holds of these names."""
    orders = _Orders(reading, run_among(reading.connection, _HELD, span.since))
    for name in span.since:
        known = orders.of(name)
        products = cache(partial(_products, known["orders"], name))
        yield (
            name,
            HoldCase(
                f"hold/{name}",
                None,
                reading.rules,
                came_back=cache(partial(_came_back, reading, products)),
                about_products=cache(partial(_about_products, reading, products)),
                **known,
            ),
        )


def _products(orders: Sequence[Order], hold_id: str) -> list[str]:
    """The products that a hold names, else those of the lines it held."""
    products: set[str] = set()
    for order in orders:
        for event in order.events:
            if getattr(event.data, "hold_id", None) == hold_id:
                held = event.data.line_ids or tuple(order.lines)
                lines = {order.lines[line_id].placed.product_id for line_id in held if line_id in order.lines}
                products |= {event.data.product_id} if event.data.product_id else lines
    return sorted(products)


def _came_back(reading: Reading, products: Any) -> list[CameBack]:
    rows = {
        CameBack(EventRef(source, id_), *rest)
        for product in products()
        for source, id_, *rest in reading.connection.execute(_CAME_BACK, {"product": product})
    }
    return sorted(rows, key=lambda back: (back.at, back.ref))


def _about_products(reading: Reading, products: Any) -> list[Event[Any]]:
    subjects = [f"product/{product}" for product in products()]
    keys = [(source, id_) for source, id_ in run_among(reading.connection, _ABOUT, subjects)]
    return list(journal.named(reading.connection, keys).values())


def drafts(reading: Reading, span: Span) -> Iterator[tuple[str, DraftCase]]:
    """The drafts of these names."""
    orders = _Orders(reading, run_among(reading.connection, _NAMED, span.since))
    told: Mapping[str, Sequence[Event[Any]]] = reading.in_force("draft", span.since)
    for name in span.since:
        known = orders.of(name)
        case = DraftCase(
            f"draft/{name}",
            None,
            reading.rules,
            told=sorted(told.get(name, ()), key=lambda event: (event.time, event.source, event.id)),
            elsewhere=cache(partial(_elsewhere, reading, known["orders"])),
            **known,
        )
        yield name, case


def _elsewhere(reading: Reading, orders: Sequence[Order]) -> list[str]:
    abouts = [f"order/{order.order_id}" for order in orders]
    return [row[0] for row in run_among(reading.connection, _JOINT, abouts)]
