"""A new customer's first order, on time although something stood in the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.make import at, merged, registered
from tests.patterns.found import order, statuses

Json = dict[str, Any]
FIRST = {"new_customer_first_order": "joint final"}
NOT_FIRST = {"roadblock_beaten": "joint final"}
KNOWN = registered(history_from="2020-01-01")


def earlier(time: str, customer: str = "C-1", **more: Any) -> Json:
    return make.placed(time, order_id="SO-0", customer_id=customer, **more)


def test_new_and_proven() -> None:
    assert statuses(order(more=(KNOWN,))) == FIRST


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (registered(), NOT_FIRST),
        (registered(history_from="2024-03-01"), FIRST),
        (registered(history_from="2024-03-02"), NOT_FIRST),
        (registered(first_won_at=at("2025-12-01")), FIRST),
        (registered(first_won_at=at("2025-12-01", "11:59")), NOT_FIRST),
        (registered(first_won_at=at("03-01")), FIRST),
        (registered(first_won_at=at("03-01", "12:01")), NOT_FIRST),
    ],
)
def test_what_proves_that_a_customer_is_new(account: Json, expected: dict[str, str]) -> None:
    assert statuses(order(more=(account,))) == expected


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (earlier(at("2025-06-01")), NOT_FIRST),
        (earlier(at("2025-06-01"), backfill=True), NOT_FIRST),
        (earlier(at("2024-03-01")), NOT_FIRST),
        (earlier(at("2024-03-01", "11:59")), FIRST),
        (earlier(at("2025-06-01"), kind="sample"), FIRST),
        (earlier(at("2025-06-01"), kind="intercompany"), FIRST),
        (earlier(at("2025-06-01"), customer="C-2"), FIRST),
        (earlier(at("03-02")), FIRST),
        (earlier(at("03-01")), NOT_FIRST),
    ],
)
def test_which_orders_came_before(prior: Json, expected: dict[str, str]) -> None:
    found = statuses(order(more=(KNOWN, prior)))
    assert {name: said for name, said in found.items() if name in (*FIRST, *NOT_FIRST)} == expected


def test_a_prior_order_counts_at_any_status() -> None:
    cancelled = make.cancelled(at("2025-06-02"), order_id="SO-0", initiator="customer")
    again = earlier(at("2025-06-03"), source="crm", strategic=True)
    for fate in (cancelled, again):
        assert statuses(order(more=(KNOWN, earlier(at("2025-06-01")), fate))) == NOT_FIRST


@pytest.mark.parametrize(
    "family",
    [
        (merged("C-2", into="C-1"),),
        (registered("C-2", parent_id="C-1"),),
        (registered("C-1", parent_id="C-9"), registered("C-2", parent_id="C-9")),
        (merged("C-2", into="C-3"), registered("C-3", parent_id="C-1")),
    ],
)
def test_orders_of_the_family_came_before(family: tuple[Json, ...]) -> None:
    prior = earlier(at("2025-06-01"), customer="C-2")
    history = [registered(name, history_from="2020-01-01", time=at("01-02")) for name in ("C-1", "C-9")]
    assert statuses(order(more=(*history, *family, prior))) == NOT_FIRST


def test_history_is_that_of_the_root() -> None:
    child = registered(parent_id="C-9", history_from="2020-01-01")
    assert statuses(order(more=(child,))) == NOT_FIRST
    assert statuses(order(more=(child, registered("C-9", history_from="2020-01-01")))) == FIRST
