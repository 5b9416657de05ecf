"""A roadblock beaten, the original promise kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.rules import DEFAULTS
from tests import make
from tests.make import at, delivered, instant
from tests.patterns.found import OPERATIONS, SALES, found, order, raised, resolved, statuses

Json = dict[str, Any]
JOINT = {"roadblock_beaten": "joint final"}
ALONE = {"roadblock_beaten": "highlight final"}
MACHINE = {"person_id": "edi", "department": "operations", "is_human": False}
DUE = "03-12"


def test_both_sides_beat_it() -> None:
    (win,) = found(order())
    assert (win.win_id, win.kind, win.side, win.subject) == (
        "roadblock_beaten:SO-1",
        "joint",
        None,
        "order/SO-1",
    )
    assert {part.action for part in win.sales} == {"order.placed", "roadblock.communicator"}
    assert {part.action for part in win.operations} == {
        "order.confirmed",
        "roadblock.raised",
        "roadblock.resolver",
    }
    assert (win.jointness, win.final_at) == (Decimal("0.9091"), instant("04-11", "00:00"))
    assert all(gate.passed for gate in win.gates)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        (raised(at("03-11", "20:00")), True),
        (raised(at("03-11", "20:01")), False),
        (raised(severity="low", predicted_delay_days=0), True),
        (raised(detected_by="system"), True),
        (raised(detected_by="system", severity="medium", predicted_delay_days=1), True),
        (raised(detected_by="system", severity="low"), False),
        (raised(detected_by="system", predicted_delay_days=0), False),
        (make.raised(roadblock="R-SO-1", severity="low"), False),
        (make.raised(roadblock="R-SO-1", actor=MACHINE), True),
        (make.raised(roadblock="R-SO-1", actor=MACHINE, severity="low"), False),
    ],
)
def test_which_roadblock_counts(told: Json, counts: bool) -> None:  # noqa: FBT001 - a table's column
    late = told["time"] > at("03-11")
    solved = resolved(at("03-11", "23:00")) if late else None
    arrived = delivered(100, at(DUE, "23:59")) if late else None
    assert bool(found(order(raised=told, resolved=solved, delivered=arrived))) == counts


@pytest.mark.parametrize(("clock", "counts"), [("12:14", False), ("12:15", True)])
def test_it_lasted_a_quarter_of_an_hour(clock: str, counts: bool) -> None:  # noqa: FBT001 - the same
    assert bool(found(order(resolved=resolved(at("03-05", clock))))) == counts


@pytest.mark.parametrize("outcome", ["late", "cancelled", "false_alarm"])
def test_other_outcomes_do_not_count(outcome: str) -> None:
    assert found(order(resolved=resolved(outcome=outcome))) == []


def test_due_starts_with_the_day_where_the_goods_go() -> None:
    auckland = make.placed(actor=SALES, ship_to={"timezone": "Pacific/Auckland"})
    told = {"raised": raised(at("03-11", "12:00")), "resolved": resolved(at("03-11", "13:00"))}
    arrived = delivered(100, at("03-12", "09:00"))
    assert found(order(placed=auckland, delivered=arrived, **told)) == []
    assert found(order(delivered=arrived, **told))


@pytest.mark.parametrize(
    "more",
    [
        (make.promised("2026-03-13", at("03-06")),),
        (make.confirmed("2026-03-13", at("03-06")),),
        (make.returned(200, at("03-20")),),
        (make.changed("currency", "USD", at("03-06")),),
        (make.registered(is_internal=True),),
        (make.changed("qty", 110, at("03-06"), initiator="customer"),),
    ],
)
def test_no_win(more: tuple[Json, ...]) -> None:
    assert found(order(more=more)) == []


@pytest.mark.parametrize("kind", ["sample", "intercompany"])
def test_only_normal_orders_win(kind: str) -> None:
    assert found(order(placed=make.placed(actor=SALES, kind=kind))) == []


@pytest.mark.parametrize("part", [0, 1, 2, 3, 4])
def test_what_was_loaded_from_history_makes_no_win(part: int) -> None:
    events = order()
    events[part] = {**events[part], "data": {**events[part]["data"], "backfill": True}}
    assert found(events) == []


HISTORY = {"backfill": True}
SHIPPED = {"shipment_id": "S-9", "lines": [{"line_id": "1", "qty": 100}]}


@pytest.mark.parametrize(
    "more",
    [
        make.promised("2026-03-14", at("03-06"), initiator="customer", **HISTORY),
        make.changed("qty", 100, at("03-01", "13:00"), initiator="customer", **HISTORY),
        make.line_closed(at("03-12"), reason="complete", **HISTORY),
        make.of_order("delivery.shipped", at("03-10"), SHIPPED, **HISTORY),
    ],
    ids=["promise", "quantity", "closing", "shipping"],
)
def test_a_decisive_step_that_was_loaded_from_history_makes_no_win(more: Json) -> None:
    live = {**more, "data": {**more["data"], "backfill": False}}
    assert len(found(order(more=(live,)))) == 1
    assert found(order(more=(more,))) == []


def test_what_decides_nothing_may_be_loaded_from_history() -> None:
    note = make.changed("carrier", "Hermes", at("03-06"), **HISTORY)
    (win,) = found(order(more=(note, make.registered(**HISTORY))))
    assert win.kind == "joint"


def test_a_deed_that_was_loaded_from_history_credits_nobody() -> None:
    alone = resolved(participants=[{**OPERATIONS, "role": "resolver"}])
    deed = make.intervened(at("03-06"), SALES)
    (live,) = found(order(resolved=alone, more=(deed,)))
    (loaded,) = found(order(resolved=alone, more=({**deed, "data": deed["data"] | HISTORY},)))
    assert (live.kind, loaded.kind, loaded.side) == ("joint", "highlight", "operations")
    assert [part.action for part in loaded.sales if part.weight == 1] == []


@pytest.mark.parametrize(
    "against",
    [
        (make.returned(1, at("03-20")), make.assessed("quality", at("03-25"))),
        (make.returned(1, at("03-20")), make.assessed("transit_damage", at("03-25"))),
        (make.feedback("complaint", at("06-20")),),
        (make.feedback("nps", at("03-20"), 6),),
        (make.feedback("csat", at("03-20"), 2),),
        (make.feedback("complaint", at("03-25"), loose=True),),
        (make.cancelled(at("03-20"), initiator="customer"),),
    ],
)
def test_contradicted(against: tuple[Json, ...]) -> None:
    (win,) = found(order(more=against))
    assert win.status(make.LATER) == "revoked"
    assert win.reason


@pytest.mark.parametrize(
    "harmless",
    [
        (make.returned(1, at("03-20")), make.assessed("no_fault_found", at("03-25"))),
        (make.feedback("nps", at("03-20"), 7),),
        (make.feedback("csat", at("03-20"), 3),),
        (make.feedback("complaint", at("03-25", "12:01"), loose=True),),
        (make.feedback("complaint", at("03-11", "11:59"), loose=True),),
        (make.feedback("compliment", at("03-20")),),
        (make.feedback("complaint", at("03-12"), loose=True, customer_id="C-2"),),
    ],
)
def test_not_contradicted(harmless: tuple[Json, ...]) -> None:
    assert statuses(order(more=harmless)) == JOINT


def test_a_return_not_assessed_keeps_it_provisional() -> None:
    assert statuses(order(more=(make.returned(1, at("03-20")),))) == {"roadblock_beaten": "joint provisional"}


def test_one_side_alone_is_a_highlight_of_that_side() -> None:
    for person, side in ((SALES, "sales"), (OPERATIONS, "operations")):
        (win,) = found(order(resolved=resolved(participants=[person])))
        assert (win.kind, win.side) == ("highlight", side)


def test_nobody_in_particular_is_nothing() -> None:
    assert found(order(resolved=resolved(participants=[]))) == []


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([{**SALES, "role": "planner"}, OPERATIONS], ALONE),
        ([{**SALES, "is_human": False}, OPERATIONS], ALONE),
        ([{**SALES, "department": "finance"}, OPERATIONS], ALONE),
        ([SALES, {**OPERATIONS, "department": "carrier"}], ALONE),
        ([SALES, OPERATIONS], JOINT),
    ],
)
def test_who_resolved_it(people: list[Json], expected: dict[str, str]) -> None:
    assert statuses(order(resolved=resolved(participants=people))) == expected


@pytest.mark.parametrize(
    ("who", "block", "expected"),
    [
        (OPERATIONS, "R-SO-1", ALONE),
        (SALES, "R-SO-1", ALONE),
        ({**OPERATIONS, "person_id": "p-77"}, "R-SO-1", JOINT),
        (OPERATIONS, "R-2", JOINT),
    ],
    ids=["operations", "sales", "somebody else", "of another roadblock"],
)
def test_to_clear_what_one_has_caused_is_no_deed(who: Json, block: str, expected: dict[str, str]) -> None:
    mine = {"caused_by": who} if block == "R-SO-1" else {}
    other = make.raised(at("03-05"), roadblock="R-2", caused_by=who)
    solved = make.resolved(at("03-07"), roadblock="R-2", participants=[])
    deed = make.intervened(at("03-06"), who)
    more = (deed,) if mine else (other, solved, deed)
    assert statuses(order(raised=raised(**mine), more=more)) == expected


TWO = make.placed(at("03-01"), make.line(), make.line(line_id="2"), actor=SALES)
SECOND = (
    make.confirmed("2026-03-12", at("03-02", "13:00"), line_id="2"),
    delivered(100, at("03-08"), part={"line_id": "2"}),
)


@pytest.mark.parametrize(("day", "expected"), [("03-08", JOINT), ("03-09", ALONE)])
def test_what_is_done_about_a_line_that_has_closed_does_not_count(day: str, expected: dict[str, str]) -> None:
    """Line 2 came on 8 March, line 1 on the 11th."""
    alone = resolved(at("03-10"), participants=[{**OPERATIONS, "role": "resolver"}])
    move = make.promised("2026-03-12", at(day), line_id="2", actor=SALES, customer_agreed_at=at(day))
    assert statuses(order(placed=TWO, resolved=alone, more=(*SECOND, move))) == expected


@pytest.mark.parametrize(("day", "expected"), [("03-08", JOINT), ("03-09", {})])
def test_a_roadblock_resolved_once_its_lines_had_come_credits_nobody(
    day: str, expected: dict[str, str]
) -> None:
    told = {"raised": raised(line_ids=["2"]), "resolved": resolved(at(day))}
    assert statuses(order(placed=TWO, more=SECOND, **told)) == expected


@pytest.mark.parametrize(("day", "expected"), [("03-07", JOINT), ("03-08", ALONE)])
def test_what_the_customer_agrees_to_once_it_is_resolved_does_not_count(
    day: str, expected: dict[str, str]
) -> None:
    alone = resolved(participants=[{**OPERATIONS, "role": "resolver"}])
    move = make.promised("2026-03-12", at(day), actor=SALES, customer_agreed_at=at(day))
    assert statuses(order(resolved=alone, more=(move,))) == expected


def test_one_person_in_two_departments_is_not_two() -> None:
    deeds = [make.intervened(at("03-06"), {**SALES, "department": side}) for side in ("sales", "quality")]
    told = found(order(resolved=resolved(participants=[]), more=tuple(deeds)))
    assert [win.kind for win in told] in ([], ["highlight"])


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (make.intervened(at("03-06"), SALES), JOINT),
        (make.intervened(at("03-07"), SALES, roadblock_id="R-SO-1"), JOINT),
        (make.intervened(at("03-07", "12:01"), SALES), ALONE),
        (make.intervened(at("03-06"), SALES, roadblock_id="R-9"), ALONE),
    ],
)
def test_which_interventions_count(deed: Json, expected: dict[str, str]) -> None:
    assert statuses(order(resolved=resolved(participants=[OPERATIONS]), more=(deed,))) == expected


def test_one_to_three_is_joint_and_less_is_not() -> None:
    def deeds(number: int) -> tuple[Json, ...]:
        return tuple(make.intervened(at("03-06"), OPERATIONS) for _ in range(number))

    quiet = {
        "placed": make.placed(),
        "confirmed": make.confirmed(),
        "raised": make.raised(roadblock="R-SO-1"),
    }
    (win,) = found(order(resolved=resolved(participants=[SALES]), more=deeds(3), **quiet))
    assert (win.kind, win.jointness) == ("joint", Decimal("0.5"))
    (win,) = found(order(resolved=resolved(participants=[SALES]), more=deeds(9), **quiet))
    assert (win.kind, win.jointness) == ("joint", Decimal("0.5")), "each side counts for 3 at most"
    strict = replace(DEFAULTS, joint_floor=Decimal("0.51"))
    (win,) = found(order(resolved=resolved(participants=[SALES]), more=deeds(3), **quiet), rules=strict)
    assert (win.kind, win.side) == ("highlight", "operations")


def test_a_placing_or_receipt_told_twice_is_credited_once() -> None:
    again = make.placed(actor={**SALES, "role": "order_taker"}, source="crm")
    receipt = delivered(100, at("03-11"), shipment="S-1", actor=OPERATIONS)
    echo = delivered(100, at("03-11"), shipment="S-1", actor=OPERATIONS, source="tms")
    actions = [
        [part.action for part in (*win.sales, *win.operations)]
        for more in ((), (again, echo))
        for win in found(order(delivered=receipt, more=more))
    ]
    assert actions[0] == actions[1]


def test_small_orders_can_be_left_out_unless_strategic() -> None:
    priced = make.line(unit_price="10.00")
    rules = replace(DEFAULTS, min_order_value=Decimal("1000.01"))
    assert found(order(placed=make.placed(at("03-01"), priced, actor=SALES)), rules=rules) == []
    assert found(order(placed=make.placed(at("03-01"), priced, actor=SALES, strategic=True)), rules=rules)
