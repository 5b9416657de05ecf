"""What happened around the stories of a period: counted as the KPIs count, and summed over customers."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from shared.gathering.trading import trading
from shared.periods import Period
from shared.rules import DEFAULTS
from tests import make, seen
from tests.kpis.measured import measured
from tests.make import at, instant

if TYPE_CHECKING:
    from datetime import datetime

    from shared.editions.trading import Trading

pytestmark = pytest.mark.usefixtures("database")
Json = dict[str, Any]
MARCH = Period.month(2026, 3)


def gathered(events: list[Json], as_of: datetime = make.LATER) -> Trading:
    with closing(seen.recorded(events, as_of, DEFAULTS)) as store, store.reading() as connection:
        return trading(connection, MARCH, as_of, DEFAULTS, ())


def order(number: int, *, customer: str = "C-1", on: str | None = "03-11", qty: int = 100) -> list[Json]:
    """Due on 12 March."""
    who = {"order_id": f"SO-{number}", "customer_id": customer}
    came = [make.delivered(qty, at(on), order_id=who["order_id"], customer_id=customer)] if on else []
    return [make.placed(**who), make.confirmed(**who), *came]


KEPT_AND_MISSED = [
    *order(1),
    *order(2, on="03-13"),
    *order(3, customer="C-2", qty=99),
    *order(4, customer="C-2"),
    *order(5, customer="C-3", on=None),
]


def test_the_customers_add_up_to_the_figures() -> None:
    found = gathered(KEPT_AND_MISSED).accounts
    assert [(a.account_id, a.due, a.on_time, a.in_full, a.otif) for a in found] == [
        ("C-1", 2, 1, 2, 1),
        ("C-2", 2, 1, 1, 1),
        ("C-3", 1, 0, 0, 0),
    ]
    for key in ("on_time", "in_full", "otif"):
        kpi = measured(KEPT_AND_MISSED, key, "first_commit")
        assert (kpi.numerator, kpi.n) == (sum(getattr(a, key) for a in found), sum(a.due for a in found))


def test_a_line_that_cannot_be_judged_yet_is_not_due() -> None:
    events = order(5, on=None)
    assert gathered(events, instant("03-14")).accounts == ()
    assert gathered(events, instant("03-20")).accounts[0].due == 1


def test_a_merged_customer_counts_for_the_other() -> None:
    who = [make.registered("C-1"), make.registered("C-2"), make.merged("C-2", "C-1")]
    found = gathered([*who, *KEPT_AND_MISSED])
    assert [(a.account_id, a.due) for a in found.accounts] == [("C-1", 4), ("C-3", 1)]
    assert (found.account("C-2"), found.account("C-9"), found.account(None)) == ("C-1", "C-9", None)


def test_what_stood_on_the_orders_of_missed_lines() -> None:
    stood = make.raised(order_id="SO-2"), make.raised(roadblock="R-2", order_id="SO-1")
    done = make.intervened(at("03-06"), make.OPERATIONS, "overtime", order_id="SO-2")
    found = gathered([*KEPT_AND_MISSED, *stood, done])
    assert (found.missed, found.missed_with, found.answered_by) == (3, {"carrier": 1}, {"overtime": 1})


def test_an_order_is_at_risk_while_a_roadblock_stands() -> None:
    events = [*order(1, on=None), make.raised(at("03-05"))]
    (risk,) = gathered(events, instant("03-08")).open_orders
    assert (risk.kind, risk.category, risk.since, risk.due) == (
        "roadblock", "carrier", date(2026, 3, 5), date(2026, 3, 12),
    )  # fmt: skip
    assert gathered([*events, make.resolved()], instant("03-08")).open_orders == ()
    assert gathered([*events, *order(1)[2:]], instant("03-12")).open_orders == ()


@pytest.mark.parametrize(
    ("day", "events", "kind"),
    [
        ("03-11", [], None),
        ("03-13", [], "overdue"),
        ("03-11", [make.promised("2026-03-20", at("03-09"))], "moved"),
        ("03-21", [make.promised("2026-03-20", at("03-09"))], "overdue"),
    ],
)
def test_a_promise_that_passed_or_was_moved(day: str, events: list[Json], kind: str | None) -> None:
    found = gathered([*order(1, on=None), *events], instant(day)).open_orders
    assert [each.kind for each in found] == ([] if kind is None else [kind])


def test_orders_that_were_changed_late_or_stopped_by_an_error() -> None:
    late = make.changed("qty", 90, at("03-04"), order_id="SO-2", inside_frozen_fence=True)
    wrong = make.raised(order_id="SO-3", customer_id="C-2", category="order_error")
    found = gathered([*KEPT_AND_MISSED, late, wrong])
    assert (found.placed, found.clean, found.late_changed, found.with_errors) == (5, 3, 1, 1)


def test_early_warnings_are_those_of_sales() -> None:
    given = [make.intervened(at("03-06"), who, "heads_up") for who in (make.SALES, make.OPERATIONS)]
    before = make.intervened(at("02-27"), make.SALES, "heads_up")
    found = gathered([*order(1), *given, before])
    assert [(each.department, each.on) for each in found.warnings] == [("sales", date(2026, 3, 6))]


def test_a_product_with_both_forecasts_is_compared() -> None:
    stood = at("01-15")
    events = [make.demand(100, at("04-01"), product_id=name) for name in ("P-1", "P-2")]
    events += [make.forecast(130, stood, product_id=name, step="statistical") for name in ("P-1", "P-2")]
    events.append(make.forecast(110, stood, product_id="P-1", step="sales"))
    events += order(1)
    (found,) = gathered(events).forecasts
    assert (found.product_id, found.statistical, found.sales, found.demand) == (
        "P-1", Decimal(130), Decimal(110), Decimal(100),
    )  # fmt: skip


def test_an_order_that_contradicts_itself_is_named() -> None:
    events = [*order(1), make.delivered(1, at("02-20"), order_id="SO-1")]
    ((order_id, reason),) = gathered(events).quarantined
    assert order_id == "SO-1"
    assert "before" in reason


def test_nothing_at_all() -> None:
    found = gathered([make.registered()])
    assert (found.accounts, found.open_orders, found.placed, found.missed, found.forecasts) == (
        (),
        (),
        0,
        0,
        (),
    )
