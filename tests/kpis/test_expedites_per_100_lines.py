"""Premium incidents for each hundred lines due."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import OPERATIONS, at, confirmed, delivered, intervened, line, placed, registered

Json = dict[str, object]
LINES = [
    placed(at("03-01"), *(line(line_id=str(n)) for n in range(1, 5))),
    *(confirmed(line_id=str(n)) for n in range(1, 5)),
    delivered(100, at("03-12")),
]


def premium(day: str = "03-08", **more: object) -> Json:
    return intervened(at(day), OPERATIONS, premium=True, **more)


LOOSE = {"order_id": None, "product_id": "P-1"}


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        ([], "0.0000"),
        ([premium(), premium("03-09", kind="alternative_carrier"), premium("03-10")], "25.0000"),
        ([intervened(at("03-08"), OPERATIONS)], "0.0000"),
        ([premium(**LOOSE), premium("03-09", **LOOSE)], "50.0000"),
        ([premium(**LOOSE), premium()], "50.0000"),
        ([premium("02-28")], "0.0000"),
        ([premium(order_id="SO-9")], "0.0000"),
        ([premium(**LOOSE, customer_id="C-9"), registered("C-9", is_internal=True)], "0.0000"),
    ],
)
def test_each_order_is_one_incident_however_many_legs_it_had(deeds: list[Json], expected: str) -> None:
    assert value([*LINES, *deeds], "expedites_per_100_lines") == expected


def test_without_lines_due_there_is_no_rate() -> None:
    kpi = measured([placed(), premium()], "expedites_per_100_lines")
    assert (kpi.value, kpi.n, kpi.status, kpi.unit) == (None, 0, "no_data", "per_100_lines")
