"""A month is read from totals and by index: no figure looks at all lines, receipts, answers or orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from shared.kpis.asked import DIMENSIONS, Asked
from shared.kpis.registry import kpis
from shared.rules import DEFAULTS
from tests import make
from tests.kpis.measured import MARCH

if TYPE_CHECKING:
    from shared.store.engine import Store

LARGE = ("order_lines", "receipts", "feedback", "orders", "shipments", "invoices", "risks", "interventions")


def plan(store: Store, key: str, basis: str | None, asked: Asked) -> list[str]:
    """The steps of the database, a line each, in which tables are looked at from end to end."""
    sqlite_here = store.dialect == "sqlite"
    dialect = sqlite.dialect() if sqlite_here else postgresql.dialect()  # type: ignore[no-untyped-call]
    query = kpis()[key].query(asked, basis)
    sql = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with store.reading() as connection:
        if not sqlite_here:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # tables are empty here
        said = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if sqlite_here else ''} {sql}").all()
    steps = [str(row[-1]).strip() for row in said]
    start = "SCAN" if sqlite_here else "Seq Scan on"
    return [step for step in steps if any(f"{start} {table}" in step for table in LARGE)]


@pytest.mark.parametrize("key", kpis())
def test_of_the_whole_company(store: Store, key: str) -> None:
    asked = Asked((MARCH.previous, MARCH), make.LATER, DEFAULTS)
    assert [step for basis in kpis()[key].bases for step in plan(store, key, basis, asked)] == []


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize("key", kpis())
def test_of_each_slice(store: Store, key: str, by: str) -> None:
    if by in kpis()[key].dimensions:
        asked = Asked((MARCH.previous, MARCH), make.LATER, DEFAULTS, by=by)  # type: ignore[arg-type]
        assert [step for basis in kpis()[key].bases for step in plan(store, key, basis, asked)] == []
