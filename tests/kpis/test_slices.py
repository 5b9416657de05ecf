"""Figures cut by customer, family, site and salesperson."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kpis.asked import DIMENSIONS, Dimension
from shared.kpis.registry import kpis
from shared.measuring import count, measure, offered
from shared.rules import DEFAULTS
from tests import make, seen
from tests.kpis.measured import MARCH
from tests.make import at, delivered, line, placed
from tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]
ANNA, OTTO = ({"person_id": name, "department": "sales"} for name in ("anna", "otto"))
dimensions = st.sampled_from(DIMENSIONS)


def otif(events: list[Json], by: Dimension, only: Iterable[str] | None = None) -> dict[str | None, str]:
    """OTIF on the requested day by slice: lines that were both, of lines due."""
    with closing(seen.recorded(events, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        tally = count(connection, MARCH, make.LATER, DEFAULTS, by=by, only=only)
    found = {name: tally.measured({}, [name]).kpis for name in tally.slices}
    return {
        name: f"{kpi.numerator}/{kpi.denominator}"
        for name, figures in found.items()
        for kpi in figures
        if (kpi.key, kpi.basis) == ("otif", "requested") and kpi.n
    }


def sold(order: str, customer: str, day: str = "03-09", **more: Any) -> list[Json]:
    """An order of one line, delivered on a day."""
    of = {"order_id": order, "customer_id": customer}
    product = more.pop("product", "P-1")
    return [
        placed(at("03-01"), line(product_id=product), **of, **more),
        delivered(100, at(day), **of),
    ]


def test_by_customer_follows_parents_and_merges() -> None:
    events = [
        make.registered("C-1"),
        make.registered("C-2", parent_id="C-1"),
        make.merged("C-3", "C-2"),
        *sold("SO-1", "C-1"),
        *sold("SO-2", "C-2", "03-11"),
        *sold("SO-3", "C-3"),
        *sold("SO-4", "C-4"),
    ]
    assert otif(events, "customer") == {"C-1": "2/3", "C-4": "1/1"}
    assert otif(events, "customer", ["C-4", "C-9"]) == {"C-4": "1/1"}


def test_by_family_as_registered_last_and_unknown_without() -> None:
    events = [
        make.event("product.registered", at("01-01"), {"product_id": "P-1", "name": "X", "family": "pumps"}),
        *sold("SO-1", "C-1"),
        *sold("SO-2", "C-1", product="P-2"),
    ]
    assert otif(events, "family") == {"pumps": "1/1", None: "1/1"}
    moved = make.event(
        "product.registered", at("01-02"), {"product_id": "P-1", "name": "X", "family": "seals"}
    )
    assert otif([moved, *events], "family") == {"seals": "1/1", None: "1/1"}


def test_by_site_of_the_ship_to() -> None:
    events = [*sold("SO-1", "C-1", ship_to={"site": "North"}), *sold("SO-2", "C-1")]
    assert otif(events, "site") == {"North": "1/1", None: "1/1"}


def test_by_salesperson_as_registered_last() -> None:
    events = [
        make.registered("C-1", at("01-01"), account_owner=OTTO),
        make.registered("C-1", at("01-02"), account_owner=ANNA),
        make.registered("C-1", at("01-03")),
        *sold("SO-1", "C-1"),
    ]
    assert otif(events, "salesperson") == {"anna": "1/1"}


def test_a_salesperson_owns_what_was_merged_into_the_account_and_what_is_below_it() -> None:
    events = [
        make.registered("C-1", account_owner=ANNA),
        make.registered("C-2", account_owner=OTTO),
        make.merged("C-2", "C-1"),
        make.registered("C-3", parent_id="C-1"),
        make.registered("C-4", parent_id="C-1", account_owner=OTTO),
        *(event for n in (1, 2, 3, 4) for event in sold(f"SO-{n}", f"C-{n}")),
    ]
    assert otif(events, "salesperson") == {"anna": "3/3", "otto": "1/1"}


def test_where_no_account_names_its_owner_the_order_does() -> None:
    named = {"participants": [{**OTTO, "role": "account_owner"}, ANNA]}
    events = [*sold("SO-1", "C-1", **named), *sold("SO-2", "C-2"), make.feedback("nps", at("03-11"), 9)]
    assert otif(events, "salesperson") == {"otto": "1/1", None: "1/1"}
    with closing(seen.recorded(events, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        tally = count(connection, MARCH, make.LATER, DEFAULTS, by="salesperson")
    assert {kpi.key: kpi.n for kpi in tally.measured({}, ["otto"]).kpis}["nps"] == 1


def test_a_kpi_that_cannot_be_cut_so_is_not_offered() -> None:
    assert {"customer", "family"} & set(kpis()["wape"].dimensions) == {"family"}
    assert "family" not in kpis()["nps"].dimensions
    assert {definition.key for definition in offered(None)} == set(kpis())


@settings(max_examples=settings().max_examples // 2)
@given(worlds(), dimensions)
def test_slices_together_are_the_whole(events: list[Json], by: Dimension) -> None:
    keys = {definition.key for definition in offered(by) if definition.adds_up}
    with closing(seen.recorded(events, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        whole = measure(connection, MARCH, make.LATER, DEFAULTS, {})
        tally = count(connection, MARCH, make.LATER, DEFAULTS, by=by)
        together = tally.measured({}, tally.slices)
        assert [kpi for kpi in together.kpis if kpi.key in keys] == [k for k in whole.kpis if k.key in keys]
        for name in sorted(tally.slices.keys() - {None}, key=str):
            alone = count(connection, MARCH, make.LATER, DEFAULTS, by=by, only=[str(name)])
            assert alone.measured({}, [name]) == tally.measured({}, [name])


@pytest.mark.parametrize("by", DIMENSIONS)
def test_nothing_sold_is_no_data_in_any_slice(by: Dimension) -> None:
    with closing(seen.recorded([], make.LATER, DEFAULTS)) as store, store.reading() as connection:
        found = count(connection, MARCH, make.LATER, DEFAULTS, by=by).measured({})
    assert found.kpis
    assert {(kpi.value, kpi.n, kpi.status) for kpi in found.kpis} == {(None, 0, "no_data")}
