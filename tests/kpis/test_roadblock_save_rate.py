"""Roadblocks that ended before the due day."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, changed, confirmed, instant, line, placed, promised, raised, registered, resolved

ORDER = [placed(), confirmed()]
Json = dict[str, object]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([raised(), resolved()], "100.0000"),
        ([raised()], "0.0000"),
        ([raised(), resolved(at("03-11", "23:59"))], "100.0000"),
        ([raised(), resolved(at("03-12", "00:00"))], "0.0000"),
        ([raised(), resolved(outcome="late")], "0.0000"),
        ([raised(at("03-12")), resolved(at("03-12"))], "0.0000"),
        ([raised(), resolved(outcome="false_alarm")], None),
        ([raised(), resolved(), raised(roadblock="R-2")], "50.0000"),
        ([raised(), resolved(), promised("2026-03-20", at("03-08"))], "100.0000"),
    ],
)
def test_raised_and_resolved_before_the_due_day(told: list[Json], expected: str | None) -> None:
    assert value([*ORDER, *told], "roadblock_save_rate") == expected


def test_the_lines_a_roadblock_names_say_when_it_was_due() -> None:
    lines = [
        placed(at("03-01"), line(), line(line_id="2")),
        confirmed(),
        confirmed("2026-04-20", line_id="2"),
    ]
    late = resolved(at("03-20"))
    assert value([*lines, raised(), late], "roadblock_save_rate") == "0.0000"
    other = [*lines, raised(line_ids=["2"]), late]
    assert value(other, "roadblock_save_rate") is None, "it stands before what is due in April"


def test_a_day_that_the_customer_moves_moves_the_roadblock() -> None:
    later = changed("requested_on", "2026-03-25", at("03-06"), initiator="customer")
    told = [raised(), later, confirmed("2026-03-25", at("03-06", "13:00")), resolved(at("03-20"))]
    assert value([*ORDER, *told], "roadblock_save_rate") == "100.0000"


def test_it_is_open_until_the_due_day_begins() -> None:
    ends = [instant("03-11", "23:59"), instant("03-12", "00:00")]
    found = [measured([*ORDER, raised()], "roadblock_save_rate", as_of=end).n for end in ends]
    assert found == [0, 1]


def test_the_due_day_begins_where_the_goods_go() -> None:
    order = [placed(ship_to={"timezone": "Pacific/Auckland"}), confirmed()]
    told = [resolved(at("03-11", "10:59")), resolved(at("03-11", "11:00"))]
    assert [value([*order, raised(), each], "roadblock_save_rate") for each in told] == ["100.0000", "0.0000"]


def test_orders_of_ourselves_do_not_count() -> None:
    assert value([*ORDER, raised(), registered(is_internal=True)], "roadblock_save_rate") is None
