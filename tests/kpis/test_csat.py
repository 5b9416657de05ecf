"""Customer satisfaction."""

from __future__ import annotations

from tests.kpis.measured import measured, value
from tests.make import at, feedback


def test_four_and_five_of_five_are_satisfied() -> None:
    told = [feedback("csat", at("03-10"), score, loose=True) for score in (1, 2, 3, 4, 5)]
    assert value(told, "csat") == "40.0000"


def test_scales_differ_and_shares_do_not() -> None:
    ten = {"scale_min": 0, "scale_max": 10}
    told = [feedback("csat", at("03-10"), score, loose=True) for score in (4,)]
    told += [{**one, "id": f"t{one['id']}", "data": {**one["data"], **ten, "score": "7.5"}} for one in told]
    kpi = measured(told, "csat")
    assert (str(kpi.value), kpi.n) == ("100.0000", 2)
