"""Small adversarial worlds: few ids, few days, colliding times, and everything that can go wrong.

A world is a list of moves, so that a failing one shrinks to the moves that matter.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Move = list[Json]

START = datetime(2026, 3, 1, tzinfo=UTC)
ORDERS = ("SO-1", "SO-2", "7", "12")
CUSTOMERS = ("C-1", "C-2", "C-3", "C-4")
LINES = ("1", "2")
SITES = (None, "North", "South")
ZONES = (None, "America/New_York", "Pacific/Auckland")
HOURS = (0, 5, 12, 12, 12, 22, 23.5)
PEOPLE: tuple[Json, ...] = (
    {"person_id": "anna", "department": "sales", "role": "order_taker"},
    {"person_id": "ben", "department": "customer_service", "role": "communicator"},
    {"person_id": "olga", "department": "planning", "role": "resolver"},
    {"person_id": "omar", "department": "logistics"},
    {"person_id": "anna", "department": "warehouse"},
    {"person_id": "bot", "department": "operations", "is_human": False},
    {"person_id": "fay", "department": "finance", "role": "resolver"},
    {"person_id": "otto", "department": "sales", "role": "account_owner"},
)

days = st.integers(0, 24)
hours = st.sampled_from(HOURS)
people = st.lists(st.sampled_from(PEOPLE), max_size=2, unique_by=lambda one: one["person_id"])
sources = st.sampled_from(("erp", "erp", "tms"))
orders = st.sampled_from(ORDERS)
lines = st.sampled_from((*LINES, "1", "1", "1", "9"))
quantities = st.sampled_from((4, 40, 60, 100, "100", 100.0, 98, 105))


def moment(day: float, hour: float = 0) -> str:
    return (START + timedelta(days=day, hours=hour)).isoformat()


def day_of(number: int) -> str:
    return (date(2026, 3, 1) + timedelta(days=number)).isoformat()


def told(kind: str, time: str, data: Json) -> Json:
    """An event without its name, which its place in the world gives."""
    return {"specversion": "1.0", "type": f"tandem.{kind}.v1", "time": time, "data": data}


def owner(order: str) -> Json:
    """The first two orders are of one customer, the others of two more."""
    return {"order_id": order, "customer_id": CUSTOMERS[(0, 0, 1, 2)[ORDERS.index(order)]]}


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Nine times in ten the first."""
    return st.integers(0, 9).flatmap(lambda n: st.sampled_from(others) if n == 9 else st.just(usual))


@st.composite
def good_orders(draw: st.DrawFn, order: str) -> Move:
    """An order as it should go, roadblock and all, or nearly so."""
    of, start, due = owner(order), draw(st.integers(0, 3)), draw(st.integers(10, 12))
    names = LINES[: draw(st.integers(1, 2))]
    shape = draw(mostly({}, {"under_tolerance": 5, "over_tolerance": "2.5"}, {"early_tolerance_days": 1}))
    asked = [
        {"line_id": name, "product_id": f"P-{name}", "qty": 100, "requested_on": day_of(due), **shape}
        | draw(mostly({"unit_price": "2.50"}, {}, {"unit_price": "0.00"}))
        for name in names
    ]
    data = {
        **of,
        "kind": draw(mostly("normal", "sample")),
        "currency": "EUR",
        "strategic": False,
        "ship_to": {"timezone": draw(st.sampled_from(ZONES)), "site": draw(st.sampled_from(SITES))},
        "lines": asked,
        "actor": draw(mostly(PEOPLE[0], *PEOPLE)),
        "participants": draw(people),
    }
    moves = [told("order.placed", moment(start, draw(hours)), data)]
    promise = [
        {
            "line_id": name,
            "committed_on": day_of(draw(mostly(due, due - 1, due + 2))),
            "committed_qty": draw(mostly(100, 99)),
        }
        for name in names
    ]
    if draw(mostly(1, 0)):
        confirmed = {**of, "lines": promise, "actor": draw(mostly(PEOPLE[2], *PEOPLE))}
        moves.append(told("order.confirmed", moment(start + 1, draw(hours)), confirmed))
    for number in range(draw(st.integers(0, 2))):
        moves += draw(roadblocks(of, names, f"R-{number}", due))
    arrival = moment(draw(mostly(due - 1, due, due - 3, due + 1)), draw(hours))
    papers = draw(st.sampled_from(({"documents_ok": True}, {})))
    parts = [{"line_id": name, "qty_delivered": 100, **papers} for name in names]
    receipt = {"shipment_id": "S-0", "lines": parts}
    if draw(mostly(1, 0)):
        left = [{"line_id": name, "qty": draw(mostly(100, 95, 60, 0))} for name in names]
        shipped = {**of, "shipment_id": "S-0", "lines": left}
        moves.append(told("delivery.shipped", moment(due - 4, draw(hours)), shipped))
    if draw(st.booleans()):
        moves.append(told("invoice.posted", moment(draw(mostly(due + 1, 33)), 12), {**of, **draw(charges())}))
    who = {"actor": draw(mostly(PEOPLE[3], *PEOPLE))}
    if draw(mostly(1, 0)):
        moves.append(told("delivery.delivered", arrival, {**of, **receipt, **who}))
    if draw(mostly(0, 1)):
        moves.append(told("order.placed", moment(start, 1), {**data, "strategic": draw(st.booleans())}))
    return moves


@st.composite
def bad_news(draw: st.DrawFn, order: str) -> Move:
    """An order whose promise we moved once, in time and by agreement, or nearly so."""
    of, due = owner(order), draw(st.integers(10, 12))
    names = LINES[: draw(mostly(1, 2))]
    asked = [
        {"line_id": name, "product_id": f"P-{name}", "qty": 100, "requested_on": day_of(due)}
        for name in names
    ]
    placed = {**of, "currency": "EUR", "ship_to": {"timezone": draw(st.sampled_from(ZONES))}, "lines": asked}
    promise = [{"line_id": name, "committed_on": day_of(due), "committed_qty": 100} for name in names]
    moves = [
        told("order.placed", moment(0, 12), {**placed, "actor": draw(mostly(PEOPLE[0], *PEOPLE))}),
        told("order.confirmed", moment(1), {**of, "lines": promise, "actor": PEOPLE[2]}),
    ]
    moves += draw(roadblocks(of, names, "R-0", due))
    on, new = draw(mostly(6, 9, due)), due + draw(mostly(2, -1))
    for name in names[: draw(mostly(len(names), 1))]:
        for times in range(draw(mostly(1, 2))):
            when = moment(on + times, draw(hours))
            said = {
                "customer_notified_at": draw(mostly(moment(5, 13), None, when, moment(20))),
                "customer_agreed_at": draw(mostly(moment(5, 14), None, when, moment(5))),
                "initiator": draw(mostly("us", "customer", "supplier")),
                "actor": draw(mostly(PEOPLE[1], *PEOPLE)),
            }
            moved = {**of, "line_id": name, "new_on": day_of(new + times)}
            kept = {key: value for key, value in said.items() if value is not None}
            moves.append(told("order.promise_changed", when, moved | kept))
    parts = [{"line_id": name, "qty_delivered": 100} for name in names]
    arrival = moment(draw(mostly(new, new - 1, due, new + 1)), draw(hours))
    receipt = {**of, "shipment_id": "S-0", "lines": parts}
    return [*moves, told("delivery.delivered", arrival, receipt)]


LOTS = ("L-1", "L-1", None, "L-2")


@st.composite
def demanding(draw: st.DrawFn, order: str) -> Move:
    """Hundreds of pieces to a special requirement, cared for and sound, or nearly so."""
    of, uom = owner(order), draw(mostly("each", "kg", "pcs"))
    asked = {"line_id": "1", "product_id": "P-1", "qty": 300, "uom": uom, "requested_on": day_of(10)}
    placed = {
        **of,
        "currency": "EUR",
        "lines": [{**asked, **draw(mostly({"special_requirement": True}, {}))}],
    }
    promise = {"line_id": "1", "committed_on": day_of(10), "committed_qty": 300}
    lot, other = draw(st.sampled_from(LOTS)), draw(st.sampled_from(LOTS))
    bad = draw(mostly(0, 1))
    part: Json = {"line_id": "1", "qty_delivered": 300 + bad, "qty_damaged": bad}
    deeds = (
        ("spec_clarification", draw(mostly(PEOPLE[1], *PEOPLE))),
        (draw(mostly("process_fix", "spec_clarification")), draw(mostly(PEOPLE[2], *PEOPLE))),
    )
    return [
        told("order.placed", moment(0, 12), {**placed, "actor": draw(mostly(PEOPLE[0], *PEOPLE))}),
        told("order.confirmed", moment(1), {**of, "lines": [promise], "actor": PEOPLE[2]}),
        *(
            told(
                "intervention.recorded",
                moment(draw(mostly(4, 12)), 12),
                {**of, "intervention_id": f"I-{kind}", "kind": kind, "actor": who},
            )
            for kind, who in deeds
        ),
        told(
            "delivery.shipped",
            moment(8),
            {**of, "shipment_id": "S-0", "lines": [{"line_id": "1", "qty": 300} | _of_lot(other)]},
        ),
        told(
            "delivery.delivered",
            moment(draw(mostly(9, 11)), 12),
            {**of, "shipment_id": "S-0", "lines": [part | _of_lot(lot)]},
        ),
        *draw(st.one_of(st.just([]), strays(order))),
    ]


def _of_lot(lot: str | None) -> Json:
    return {} if lot is None else {"lot": lot}


@st.composite
def strays(draw: st.DrawFn, order: str | None = None) -> Move:
    """What came back under no order, or with its lot under another one; mostly of the customer of `order`."""
    of = owner(draw(orders) if order is None else draw(mostly(order, *ORDERS)))
    loose: Json = {"product_id": draw(mostly("P-1", "P-2"))}
    loose |= {} if draw(st.booleans()) else {"customer_id": of["customer_id"]}
    about = draw(st.sampled_from((loose, {**of, "line_id": "1"})))
    name = {**about, "return_id": draw(st.sampled_from(("RT-1", "RT-8")))}
    back = {**name, "qty": 1, **_of_lot(draw(st.sampled_from(LOTS)))}
    found = [told("return.received", moment(draw(st.sampled_from((8, 12, 20, 39, 41))), 12), back)]
    cause = draw(st.sampled_from((None, "quality", "quality", "transit_damage", "changed_mind")))
    if cause:
        found.append(told("return.assessed", moment(draw(st.integers(20, 42)), 12), {**name, "cause": cause}))
    return found


@st.composite
def roadblocks(draw: st.DrawFn, of: Json, names: tuple[str, ...], name: str, due: int) -> Move:
    start, hour = draw(mostly(5, 7, due - 1, due)), draw(hours)
    lasted = draw(mostly(24, 0.2, 0.25, 120, 0))
    data: Json = {
        **of,
        "roadblock_id": name,
        "category": draw(mostly("carrier", "capacity", "customer_site", "material_shortage")),
        "severity": draw(mostly("high", "low", "medium")),
        "predicted_delay_days": draw(mostly(3, 0, 1)),
        "line_ids": draw(mostly((), names[:1])),
        "detected_by": draw(mostly("human", "system", None)),
        "actor": draw(mostly(PEOPLE[2], PEOPLE[5], PEOPLE[0])),
        "caused_by": draw(mostly(None, PEOPLE[1], PEOPLE[2])),
    }
    outcome = draw(mostly("on_original_promise", "late", "false_alarm"))
    helpers = draw(mostly(list(PEOPLE[1:3]), [], [PEOPLE[0]], [PEOPLE[3]], [PEOPLE[4], PEOPLE[6]]))
    solved = {**of, "roadblock_id": name, "outcome": outcome, "participants": helpers}
    moves = [told("delivery.roadblock_raised", moment(start, hour), data)]
    moves.append(told("delivery.roadblock_resolved", moment(start, hour + lasted), solved))
    for number in range(draw(st.integers(0, 2))):
        deed = {**of, "intervention_id": f"I-{number}", "kind": "expedite"}
        deed |= {
            "premium": draw(st.booleans()),
            "actor": draw(st.sampled_from(PEOPLE)),
            "roadblock_id": draw(mostly(name, None, "R-1", "R-9")),
        }
        moves.append(told("intervention.recorded", moment(start, hour + draw(mostly(6, 1, 30))), deed))
    return moves


@st.composite
def mishaps(draw: st.DrawFn) -> Move:
    """One thing that happens to an order, or is said of it, at any time."""
    of, time = owner(draw(orders)), moment(draw(days), draw(hours))
    on, qty = day_of(draw(st.integers(8, 16))), draw(quantities)
    by = {
        "actor": draw(st.sampled_from(PEOPLE)),
        "initiator": draw(st.sampled_from(("customer", "us", "carrier"))),
    }
    line: Json = {"line_id": draw(lines)}
    what = draw(st.sampled_from(({"field": "qty", "new": qty}, {"field": "requested_on", "new": on})))
    currency = draw(mostly("EUR", "USD"))
    named = draw(st.sampled_from(({}, {"line_ids": [line["line_id"]]})))
    agreed = draw(st.sampled_from(({}, {"customer_agreed_at": time})))
    part = {**line, "committed_on": on, "committed_qty": qty}
    invoice = draw(charges(currency))
    parcel = {"shipment_id": draw(st.sampled_from(("S-0", "S-1"))), "lines": [{**line, "qty": qty}]}
    happened: tuple[tuple[str, Json], ...] = (
        ("order.changed", {**by, **line, **what}),
        ("order.confirmed", {**by, "lines": [part]}),
        ("order.promise_changed", {**by, **agreed, **line, "new_on": on}),
        ("order.cancelled", {**by, **named}),
        ("order.line_closed", line),
        ("delivery.delivered", draw(shipments(line["line_id"], qty))),
        ("delivery.planned", {**by, **parcel}),
        ("delivery.shipped", {**by, **parcel}),
        ("document.error_reported", {"document": "invoice"}),
        ("invoice.posted", invoice),
        ("order.changed", {**line, "field": "currency", "new": currency}),
        ("mystery.happened", {"anything": [1]}),
        ("source.heartbeat", {"complete_until": time}),
    )
    kind, data = draw(st.sampled_from(happened))
    return [told(kind, time, {**of, **data})]


@st.composite
def charges(draw: st.DrawFn, currency: str = "EUR") -> Json:
    """What an invoice or a credit note says."""
    money = {name: {"amount": amount, "currency": currency} for name, amount in draw(_AMOUNTS).items()}
    return {"invoice_id": "IV", "kind": draw(mostly("invoice", "credit_note")), **money}


_AMOUNTS = st.sampled_from(
    (
        {"net_sales": "10"},
        {"net_sales": "100.00", "cost_of_goods": "60.00"},
        {"net_sales": "70.00", "cost_of_goods": "50.01", "premium_freight": "9.99"},
        {"net_sales": "-20", "cost_of_goods": "-15"},
    )
)


@st.composite
def loose_deeds(draw: st.DrawFn) -> Move:
    """What was done or charged for no order."""
    customer = {"customer_id": draw(st.sampled_from(CUSTOMERS))}
    time = moment(draw(st.sampled_from((3, 12, 30, 33))), draw(hours))
    if draw(st.booleans()):
        return [told("invoice.posted", time, {**customer, **draw(charges())})]
    deed = {"intervention_id": "I-9", "kind": "expedite", "premium": True, "product_id": "P-1"}
    return [told("intervention.recorded", time, deed | draw(st.sampled_from(({}, customer))))]


@st.composite
def long_plans(draw: st.DrawFn) -> Move:
    """Demand and forecasts of a product over most months of a year."""
    found: Move = []
    for back in range(draw(st.sampled_from((2, 8, 14)))):
        year, month = divmod(2026 * 12 + 2 - back, 12)
        of = {"product_id": "P-3", "period": f"{year}-{month + 1:02}"}
        found.append(told("demand.recorded", moment(1, 12), {**of, "qty": draw(quantities)}))
        step = draw(mostly("sales", "statistical", "naive"))
        said = {**of, "version_id": "V", "step": step, "qty": draw(quantities)}
        if draw(mostly(1, 0)):
            found.append(told("forecast.published", moment(-62 - 31 * back), said))
    return found


@st.composite
def returns(draw: st.DrawFn) -> Move:
    of, name = owner(draw(orders)), draw(st.sampled_from(("RT-1", "RT-2")))
    back = {**of, "return_id": name, "line_id": draw(lines), "qty": draw(st.sampled_from((1, 4, 100)))}
    found = [told("return.received", moment(draw(st.integers(12, 24)), 12), back)]
    cause = draw(st.sampled_from((None, "quality", "transit_damage", "no_fault_found")))
    if cause:
        later = moment(draw(st.integers(14, 30)), 12)
        found.append(told("return.assessed", later, {**of, "return_id": name, "cause": cause}))
    return found


@st.composite
def shipments(draw: st.DrawFn, line: str, qty: Any) -> Json:
    part: Json = {"line_id": line, "qty_delivered": qty}
    part |= draw(st.sampled_from(({}, {}, {"qty_damaged": 4}, {"qty_accepted": 0})))
    part |= draw(st.sampled_from(({}, {"documents_ok": True}, {"documents_ok": False})))
    evidence = draw(st.sampled_from(({}, {"evidence": "pod"}, {"evidence": "estimated"})))
    return {"shipment_id": draw(st.sampled_from(("S-0", "S-1"))), "lines": [part], **evidence}


@st.composite
def accounts(draw: st.DrawFn) -> Move:
    """Master data; merges and parents lead to the smaller id, so that none is a circle."""
    number = draw(st.integers(0, 3))
    customer, above = CUSTOMERS[number], CUSTOMERS[draw(st.integers(0, max(0, number - 1)))]
    time = moment(draw(st.sampled_from((-60, -30, 1, 5, 15))), draw(hours))
    if draw(st.integers(0, 2)) == 0 and above != customer:
        return [told("customer.merged", time, {"customer_id": customer, "merged_into": above})]
    data: Json = {"customer_id": customer, "name": "X", "actor": draw(st.sampled_from(PEOPLE))}
    if above != customer and draw(st.booleans()):
        data["parent_id"] = above
    data |= draw(st.sampled_from(({}, {"history_from": "2020-01-01"}, {"history_from": "2025-06-01"})))
    data |= draw(st.sampled_from(({}, {}, {"first_won_at": moment(-20)}, {"first_won_at": moment(20)})))
    data |= draw(st.sampled_from(({}, {}, {}, {"is_internal": True}, {"segment": "retail"})))
    data |= draw(st.sampled_from(({}, {"account_owner": PEOPLE[0]}, {"account_owner": PEOPLE[7]})))
    return [told("customer.registered", time, data)]


@st.composite
def opinions(draw: st.DrawFn) -> Move:
    of = owner(draw(orders))
    kind = draw(st.sampled_from(("nps", "csat", "complaint", "compliment")))
    data: Json = {"customer_id": of["customer_id"], "feedback_id": "F", "kind": kind}
    data |= draw(st.sampled_from(({}, {"order_id": of["order_id"]})))
    data |= draw(st.sampled_from(({}, {"contact": "a@x.example"}, {"contact": "b@x.example"})))
    if kind == "nps":
        data["score"] = draw(st.sampled_from((0, 6, 7, 8, 9, 10)))
    if kind == "csat":
        low, high = draw(st.sampled_from(((1, 5), (0, 10))))
        data |= {"score": draw(st.integers(low, high)), "scale_min": low, "scale_max": high}
    return [told("feedback.received", moment(draw(st.integers(8, 40)), draw(hours)), data)]


@st.composite
def plans(draw: st.DrawFn) -> Move:
    where = draw(st.sampled_from(({}, {}, {"customer_id": "C-1"}, {"location": "north"})))
    data: Json = {
        "product_id": draw(st.sampled_from(("P-1", "P-2", "P-3"))),
        "period": draw(st.sampled_from(("2026-03", "2026-03", "2026-04", "2026-W11"))),
        "qty": draw(st.sampled_from((0, 80, "99.5", 130))),
        **where,
    }
    if draw(st.integers(0, 2)) == 0:
        return [told("demand.recorded", moment(draw(days), 12), data)]
    step = draw(st.sampled_from(("naive", "statistical", "sales", "marketing", "consensus")))
    data |= {"version_id": "V", "step": step}
    time = moment(draw(st.sampled_from((-60, -45, -31, -30, -30, -29, 1))), draw(st.sampled_from((0, 0, 12))))
    return [told("forecast.published", time, data)]


def known_customers() -> Move:
    """What makes a first order provable."""
    asked = {"name": "X", "history_from": "2020-01-01", "actor": PEOPLE[1]}
    return [told("customer.registered", moment(-90), {"customer_id": one, **asked}) for one in CUSTOMERS]


def some_order(order: str) -> st.SearchStrategy[Move]:
    return st.one_of(good_orders(order), good_orders(order), bad_news(order), demanding(order))


@st.composite
def happenings(draw: st.DrawFn) -> Move:
    chosen = draw(st.lists(orders, min_size=1, max_size=3, unique=True))
    found = [event for order in chosen for event in draw(some_order(order))]
    found += known_customers() if draw(st.booleans()) else []
    more = st.lists(
        st.one_of(
            accounts(),
            mishaps(),
            mishaps(),
            returns(),
            strays(),
            opinions(),
            plans(),
            loose_deeds(),
            long_plans(),
        ),
        max_size=4,
    )
    return found + [event for move in draw(more) for event in move]


@st.composite
def worlds(draw: st.DrawFn) -> list[Json]:
    """Named events, some late, some of history, some corrected, retracted, or back again."""
    found = draw(happenings())
    for number, event in enumerate(found):
        event |= {"id": f"e{number:02}", "source": draw(sources)}
        late = draw(st.sampled_from((0,) * 18 + (1, 20)))
        if late:
            recorded = datetime.fromisoformat(event["time"]) + timedelta(days=late)
            event["data"] = {**event["data"], "recorded_at": recorded.isoformat()}
        if draw(st.integers(0, 30)) == 30:
            event["data"] = {**event["data"], "backfill": True}
    for number in range(draw(st.sampled_from((0, 0, 1, 2, 4)))):
        found.append(draw(amendments(found, f"x{number}")))
    return found


@st.composite
def amendments(draw: st.DrawFn, found: list[Json], name: str) -> Json:
    """A correction or retraction of anything so far, corrections and retractions too."""
    target = draw(st.sampled_from(found))
    corrects = {"source": target["source"], "id": target["id"]}
    recorded = moment(draw(st.integers(0, 26)), draw(hours))
    fate = draw(st.integers(0, 5))
    if fate <= 2 or target["type"] == "tandem.event.retracted.v1":
        gone = {"corrects": corrects, "reason": "wrong", "recorded_at": recorded}
        return told("event.retracted", moment(0), gone) | {"id": name, "source": "erp"}
    data = {**target["data"], "corrects": corrects, "recorded_at": recorded}
    time = target["time"]
    if fate == 4:
        time = moment(draw(days), draw(hours))
    if fate == 5 and "order_id" in data:
        data |= owner(draw(orders))
    return {**target, "id": name, "source": draw(sources), "time": time, "data": data}
