"""Who contributed what: routine steps weigh 0.25, what was out of the ordinary 1."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from shared.events import customers, deliveries, drafts, forecasts, orders
from shared.events.payload import OperationsSide, SalesSide
from shared.patterns.case import Finding, OrderCase
from shared.patterns.model import Contribution, EventRef, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.events.envelope import Event
    from shared.events.payload import Person
    from shared.history.order import Order, Roadblock

ROUTINE = Decimal("0.25")
DEED = Decimal(1)
SIDES: dict[str, Side] = dict.fromkeys(get_args(SalesSide), "sales") | dict.fromkeys(
    get_args(OperationsSide), "operations"
)
_ROUTINE: dict[type, str] = {
    orders.OrderPlaced: "order.placed",
    orders.OrderConfirmed: "order.confirmed",
    customers.CustomerRegistered: "customer.registered",
    deliveries.DeliveryPlanned: "delivery.planned",
    deliveries.DeliveryShipped: "delivery.shipped",
    deliveries.DeliveryDelivered: "delivery.delivered",
    deliveries.RoadblockRaised: "roadblock.raised",
}
_RESOLVING = ("resolver", "communicator")


def contributions(case: OrderCase, finding: Finding) -> list[Contribution]:
    """Each person's part in each event up to the closing, if it has closed; both sides, in order of time.

    What was loaded as history credits nobody: it was told when the end was known.
    """
    closed_at = case.order.closed_at
    events = [*finding.registrations, *case.order.events]
    parts = [
        (contribution, event)
        for event in sorted(events, key=lambda event: (event.time, event.source, event.id))
        if not event.data.backfill
        and (closed_at is None or event.time <= closed_at)
        and not _when_closed(event, case.order)
        and not _placed_again(event, case.order)
        for contribution in _of_event(event, finding)
    ]
    return _each_receipt_once(parts, case.order)


def of_order(order: Order) -> list[Contribution]:
    """Each person's part in an order, whatever roadblocks were resolved on it."""
    blocks = tuple(block for block in order.roadblocks.values() if block.resolved is not None)
    return contributions(OrderCase(order, is_first=None), Finding((), roadblocks=blocks))


def of_events(events: Iterable[Event[Any]]) -> list[Contribution]:
    """Each person's part in events of no order: interventions, forecasts that give a reason, drafts."""
    told = sorted(events, key=lambda event: (event.time, event.source, event.id))
    return [part for event in told if not event.data.backfill for part in _of_event(event, Finding(()))]


def _when_closed(event: Event[Any], order: Order) -> bool:
    """Whether every line that an event is about had closed by then; where it names none, the order tells."""
    data = event.data
    if isinstance(data, orders.OrderPromiseChanged):
        names: tuple[str, ...] = (data.line_id,)
    elif isinstance(data, deliveries.RoadblockResolved | deliveries.InterventionRecorded):
        block = order.roadblocks.get(data.roadblock_id) if data.roadblock_id else None
        names = block.raised.data.line_ids if block else ()
    else:
        return False
    closings = [order.lines[name].closed_at for name in names if name in order.lines]
    return bool(closings) and all(closed is not None and closed < event.time for closed in closings)


def _placed_again(event: Event[Any], order: Order) -> bool:
    """Whether this is the same placing, told once more."""
    return isinstance(event.data, orders.OrderPlaced) and event is not order.placed


def _each_receipt_once(parts: list[tuple[Contribution, Event[Any]]], order: Order) -> list[Contribution]:
    """Of a receipt that several sources tell of, credit nobody twice."""
    counted = {(r.source, r.event_id) for line in order.lines.values() for r in line.receipts}
    credited = {
        (part.person_id, event.data.shipment_id)
        for part, event in parts
        if isinstance(event.data, deliveries.DeliveryDelivered) and event.key in counted
    }
    once: list[Contribution] = []
    for part, event in parts:
        if isinstance(event.data, deliveries.DeliveryDelivered) and event.key not in counted:
            if (told := (part.person_id, event.data.shipment_id)) in credited:
                continue
            credited.add(told)
        once.append(part)
    return once


def _of_event(event: Event[Any], finding: Finding) -> list[Contribution]:
    """Each person once, with the part that weighs most."""
    best: dict[str, Contribution] = {}
    for person, action, weight in _parts(event, finding):
        side = SIDES.get(person.department)
        if side is None or not person.is_human:
            continue
        known = best.get(person.person_id)
        if known is None or known.weight < weight:
            best[person.person_id] = Contribution(
                side=side,
                person_id=person.person_id,
                department=person.department,
                role=person.role,
                action=action,
                weight=weight,
                time=event.time,
                event=EventRef(event.source, event.id),
            )
    return [best[person_id] for person_id in sorted(best)]


def _parts(event: Event[Any], finding: Finding) -> Iterator[tuple[Person, str, Decimal]]:
    data = event.data
    people = [*([data.actor] if data.actor else []), *data.participants]
    if (action := _ROUTINE.get(type(data))) is not None:
        # To own the account is no deed; to have taken the order is.
        owners = [person for person in data.participants if person.role == "account_owner"]
        yield from ((person, action, ROUTINE) for person in people if person not in owners)
    elif isinstance(data, deliveries.InterventionRecorded) and _in_time(event, finding):
        caused = _caused(_about(event, finding))
        yield from ((who, f"intervention.{data.kind}", DEED) for who in people if who.person_id not in caused)
    elif isinstance(data, deliveries.RoadblockResolved):
        blocks = [block for block in finding.roadblocks if block.resolved is event]
        caused = _caused(blocks)
        yield from (part for part in _resolvers(data) if blocks and part[0].person_id not in caused)
    elif isinstance(data, forecasts.ForecastPublished) and data.reason:
        yield from ((person, "forecast.published", DEED) for person in people)
    elif isinstance(data, orders.OrderPromiseChanged) and _agreed_in_time(event, finding):
        yield from ((person, "promise.agreed", DEED) for person in people)
    elif isinstance(data, drafts.DraftSubmitted | drafts.DraftConfirmed) and data.actor is not None:
        told = "draft.submitted" if isinstance(data, drafts.DraftSubmitted) else "draft.confirmed"
        yield data.actor, told, DEED


def _resolvers(data: deliveries.RoadblockResolved) -> Iterator[tuple[Person, str, Decimal]]:
    """Participants resolved it unless their role says otherwise; the actor only by such a role."""
    if data.actor is not None and data.actor.role in _RESOLVING:
        yield data.actor, f"roadblock.{data.actor.role}", DEED
    for person in data.participants:
        role = person.role or "resolver"
        if role in _RESOLVING:
            yield person, f"roadblock.{role}", DEED


def _agreed_in_time(event: Event[Any], finding: Finding) -> bool:
    """Whether the customer agreed, and not only when all that stood in the way had gone without that."""
    return event.data.customer_agreed_at is not None and not (
        finding.roadblocks
        and all(
            block.resolved is not None
            and block.resolved.data.outcome == "on_original_promise"
            and block.resolved.time < event.time
            for block in finding.roadblocks
        )
    )


def _about(event: Event[Any], finding: Finding) -> list[Roadblock]:
    """The roadblocks that an intervention is about; one that names none may be about any."""
    about = event.data.roadblock_id
    return [block for block in finding.roadblocks if about in (None, block.raised.data.roadblock_id)]


def _caused(blocks: Iterable[Roadblock]) -> set[str]:
    """Who caused all that stood in the way: to undo one's own is no deed."""
    causers = [block.raised.data.caused_by for block in blocks]
    people = {person.person_id if person else None for person in causers}
    return {person for person in people if person is not None} if len(people) == 1 else set()


def _in_time(event: Event[Any], finding: Finding) -> bool:
    """Whether an intervention came before the roadblock it is about was resolved, if it ever was."""
    if not (blocks := _about(event, finding)):
        return not finding.roadblocks
    return any(block.resolved is None or event.time <= block.resolved.time for block in blocks)
