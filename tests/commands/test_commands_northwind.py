"""A real order book, from its files to the answers that were worked out without Tandem."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import select

from services.commands.app import run
from shared import tables
from shared.store.engine import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.conftest import Tandem

HERE = Path(__file__).parents[1] / "data" / "northwind"
ANSWERS = Path(__file__).parents[2].parent / "shared" / "data" / "northwind" / "answers.json"
THEN = ("--as-of", "1998-05-07T00:00:00Z")


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    if not ANSWERS.exists():
        pytest.skip(f"the worked answers are not here: {ANSWERS}")
    found: dict[str, Any] = orjson.loads(ANSWERS.read_bytes())["answers"]
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('northwind') / 'tandem.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_DATABASE_URL", url)
        assert run(["import", str(HERE), "--format", "northwind", *THEN]) == 0
    return url


@pytest.fixture
def northwind(tandem: Tandem, database: str, monkeypatch: pytest.MonkeyPatch) -> Tandem:
    monkeypatch.setenv("TANDEM_DATABASE_URL", database)
    return tandem


@pytest.fixture(scope="module")
def lines(database: str) -> Iterator[dict[str, list[Any]]]:
    """The lines of each order, as the KPIs count them."""
    store = Store.open(database)
    found: dict[str, list[Any]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(tables.order_lines)):
            found.setdefault(row.order_id, []).append(row)
    yield found
    store.close()


def verdict(lines: list[Any]) -> str:
    """An order is on time when all its lines are, and open while one is."""
    if any(line.first_commit_verdict == "waiting" for line in lines):
        return "open"
    return "on time" if all(line.first_commit_on_time for line in lines) else "late"


def test_every_order_is_judged(lines: dict[str, list[Any]]) -> None:
    assert Counter(map(verdict, lines.values())) == {"on time": 772, "late": 37, "open": 21}


def test_the_same_orders_are_late_and_open(lines: dict[str, list[Any]], answers: dict[str, Any]) -> None:
    for word in ("late", "open"):
        found = {order_id for order_id, of_order in lines.items() if verdict(of_order) == word}
        assert found == set(map(str, answers[f"{word}_orders"]))


def test_the_command_says_the_same(northwind: Tandem, answers: dict[str, Any]) -> None:
    for order_id in map(str, answers["late_orders"]):
        shown = northwind("orders", "show", order_id, "--json", *THEN).json["lines"]
        assert not all(line["outcomes"]["first_commit"]["on_time"] for line in shown)
    for order_id in map(str, answers["open_orders"]):
        shown = northwind("orders", "show", order_id, "--json", *THEN).json
        assert shown["status"] == "open"
        assert {line["outcomes"]["first_commit"]["status"] for line in shown["lines"]} == {"open"}


def test_first_orders_are_good_and_nobody_in_operations_is_named(
    northwind: Tandem, answers: dict[str, Any]
) -> None:
    found = northwind("wins", "--json", *THEN).json
    assert {win["kind"] for win in found} == {"highlight"}, "no joint win without two sides"
    assert len(found) == answers["customers"]["first_order_on_time"] == 86
    first = [northwind("orders", "show", win["subject"].split("/")[1], "--json", *THEN).json for win in found]
    assert all(order["first_order"] for order in first)
    assert len({order["customer_id"] for order in first}) == 86


def test_the_months_agree(northwind: Tandem, lines: dict[str, list[Any]]) -> None:
    board = northwind("kpis", "--month", "1998-04", "--json", *THEN).json["kpis"]
    [kpi] = [kpi for kpi in board if (kpi["key"], kpi["basis"]) == ("on_time", "first_commit")]
    due = [
        line
        for of_order in lines.values()
        for line in of_order
        if f"{line.first_commit_due:%Y-%m}" == "1998-04" and line.first_commit_verdict == "closed"
    ]
    assert (kpi["numerator"], kpi["n"]) == (sum(line.first_commit_on_time for line in due), len(due))


def test_each_customer_has_one_first_order(northwind: Tandem, answers: dict[str, Any]) -> None:
    """Also those who placed several orders on their first day."""
    with (ANSWERS.parent / "orders.csv").open(encoding="utf-8", newline="") as file:
        by_customer: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            by_customer.setdefault(row["customer_id"], []).append(row["order_id"])
    earliest = {customer: min(orders, key=int) for customer, orders in by_customer.items()}
    assert len(earliest) == answers["customers"]["with_any_order"] == 89
    for customer, orders in sorted(by_customer.items())[::9]:
        for order_id in sorted(orders, key=int)[:3]:
            shown = northwind("orders", "show", order_id, "--json", *THEN).json
            assert shown["first_order"] is (order_id == earliest[customer]), order_id
