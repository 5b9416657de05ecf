"""A launch landed: foreseen, there at once, kept, and not too much of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests import make
from tests.make import SALES, instant
from tests.patterns.products import (
    MACHINE,
    NOTHING,
    counted,
    day,
    did,
    forecast,
    judged,
    missed,
    months,
    product,
    sold,
    standing,
    wanted,
)
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
THREE = months("2026-04", 3)
SUBJECT = "product/P-1/2026-06"


@dataclass
class Launch:
    """1 April; demand of three months, 10 % above the forecast."""

    launched: str = "2026-04-01"
    limit: int | None = 800
    wanted: tuple[int, ...] = (800, 1000, 1200)
    ordered: tuple[int, ...] = (800, 1000, 1200)
    percent: int = 90
    """Of demand was forecast."""
    first: int = 100
    stock: int | None = 400
    how: dict[str, Any] = field(default_factory=dict)
    deeds: list[Json] = field(default_factory=lambda: [did("2026-04", ahead=20)])
    more: list[Json] = field(default_factory=list)

    def told(self) -> list[Json]:
        master = {"launched_on": self.launched, "lead_time_days": 20, "quality_limit_ppm": self.limit}
        return [
            product(**master),
            *(wanted(month, qty) for month, qty in zip(THREE, self.wanted, strict=True)),
            *(
                forecast(month, qty * self.percent // 100, **self.how)
                for month, qty in zip(THREE, self.wanted, strict=True)
            ),
            *(e for m, qty in zip(THREE, self.ordered, strict=True) for e in sold(m, qty, self.first)),
            *([] if self.stock is None else [counted("2026-06", self.stock)]),
            *self.deeds,
            *self.more,
        ]


def test_a_launch_that_landed() -> None:
    (win,) = judged(Launch().told())
    assert (win.win_id, win.kind, win.subject) == ("launch_landed:P-1:2026-06", "joint", SUBJECT)
    assert win.final_at == instant("07-31", "00:00")
    assert win.facts == {
        "product_id": "P-1",
        "launched_on": "2026-04-01",
        "lag_days": 30,
        "from": "2026-04-01",
        "to": "2026-06-30",
        "demand": "3000",
        "error_percent": "10.0",
        "first_pass_percent": "100.0",
        "weeks_of_stock": "1.4",
        "accepted": "3000",
        "faulty_returns": "0",
        "nothing_faulty": True,
        "lines": 3,
        "return_window_days": 30,
    }
    assert {part.action for part in win.sales} == {"forecast.published"}
    assert {part.action for part in win.operations} == {"intervention.capacity_added"}
    can_be_told(win, products={"P-1": "Seal kit 40"})


def test_it_waits_for_ninety_days_and_returns() -> None:
    """Launched on the 10th, its ninety days end in July."""
    late = Launch(launched="2026-04-10")
    assert standing(late.told(), instant("08-07", "23:59")) == {SUBJECT: "joint provisional"}
    assert standing(late.told(), instant("08-08", "00:00")) == {SUBJECT: "joint final"}


def test_what_is_launched_late_in_a_month_begins_with_the_next() -> None:
    assert list(standing(Launch(launched="2026-03-20").told())) == [SUBJECT]
    assert judged(Launch(launched="2026-04-20").told()) == []


def test_marketing_may_foresee_it() -> None:
    how = {"step": "marketing", "reason": "Trade fair", "actor": {**SALES, "department": "marketing"}}
    assert standing(Launch(how=how).told()) == {SUBJECT: "joint final"}


def faulty(qty: int) -> list[Json]:
    order = {"order_id": "SO-2026-05-1"}
    return [
        make.returned(qty, day("2026-05", -25), **order),
        make.assessed("quality", day("2026-05", -30), **order),
    ]


FLAWS: dict[str, tuple[Callable[[], Launch], set[str]]] = {
    "no launch": (lambda: Launch(launched="2024-04-01"), NOTHING),
    "forecast too late": (lambda: Launch(how={"ahead": 10}), NOTHING),
    "dated back": (lambda: Launch(how={"recorded_at": day("2026-06")}), NOTHING),
    "a forecast loaded as history": (lambda: Launch(how={"backfill": True}), NOTHING),
    "a few pieces": (
        lambda: Launch(wanted=(20, 30, 40), ordered=(20, 30, 40), stock=10),
        {"worth_measuring"},
    ),
    "far from the forecast": (lambda: Launch(percent=151), {"foreseen"}),
    "channel stuffed": (lambda: Launch(ordered=(1600, 2000, 2400), percent=200), {"foreseen"}),
    "allocation hid demand": (lambda: Launch(ordered=(400, 500, 600)), {"nothing_rationed"}),
    "not there at first": (lambda: Launch(first=70), {"shelf_full"}),
    "overstocked": (lambda: Launch(stock=2500), {"no_overstock"}),
    "stock never counted": (lambda: Launch(stock=None), {"no_overstock"}),
    "stock counted too early": (
        lambda: Launch(stock=None, more=[counted("2026-05", 300)]),
        {"no_overstock"},
    ),
    "another place is full": (
        lambda: Launch(more=[counted("2026-06", 3000, location="Lyon")]),
        {"no_overstock"},
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_no_win_by(flaw: str) -> None:
    launch, gates = FLAWS[flaw]
    assert missed(launch().told(), "launch_landed") == ([], gates)


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"deeds": []}, "sales"),
        ({"deeds": [did("2026-04", person=MACHINE)]}, "sales"),
        ({"how": {"reason": None}}, "operations"),
        ({"how": {"actor": MACHINE}}, "operations"),
    ],
    ids=["alone", "a machine", "no reason", "calculated"],
)
def test_a_highlight_of_the_side_that_acted(change: dict[str, Any], side: str) -> None:
    (win,) = judged(replace(Launch(), **change).told())
    assert (win.kind, win.side) == ("highlight", side)


def test_more_faults_than_the_product_may_have_revoke_it() -> None:
    assert standing(Launch(more=faulty(2)).told()) == {SUBJECT: "joint final"}
    (win,) = judged(Launch(more=faulty(3)).told())
    assert (win.status(make.LATER), win.reason) == (
        "revoked",
        "3 of 3000 came back with a fault, above 800 ppm",
    )
    assert standing(Launch(limit=None, more=faulty(3)).told()) == {SUBJECT: "joint final"}


def test_faults_of_unknown_orders_count_too() -> None:
    about = {"product_id": "P-1", "return_id": "RT-9"}
    loose = [
        make.event("return.received", day("2026-06"), {**about, "qty": 9}),
        make.event("return.assessed", day("2026-06", -3), {**about, "cause": "quality"}),
    ]
    assert standing(Launch(more=loose[:1]).told()) == {SUBJECT: "joint provisional"}
    assert standing(Launch(more=loose).told()) == {SUBJECT: "joint revoked"}
