"""A few days that go by themselves under kills; `make sending-year` is the same at length."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests import databases
from tests.sending_year import server
from tests.sending_year.driving import Plan, Year

if TYPE_CHECKING:
    from pathlib import Path


def test_days_by_themselves(database: str, tmp_path: Path) -> None:
    publishers = 2 if database == "postgresql" else 1
    plan = Plan(24, date(2026, 1, 5), date(2026, 1, 7), publishers, kills=3, mails_per_kill=6, seed=4)
    said: list[str] = []
    with server.running(tmp_path, drops=0.05, seed=4) as relay:
        faults, counts = Year(plan, databases.new_url(tmp_path), relay, said.append).run()
    assert faults == []
    assert (counts["editions"], len(said)) == (4, 2)
    assert 1 <= counts["kills"] <= plan.kills, "on a busy machine all may be sent before the last one"
