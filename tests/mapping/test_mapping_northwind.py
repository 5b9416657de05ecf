from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared.events.catalogue import parse
from shared.mapping import find

if TYPE_CHECKING:
    from shared.events.envelope import Event

FOLDER = Path(__file__).parents[1] / "data" / "northwind"


@pytest.fixture(scope="module")
def events() -> dict[str, Event[Any]]:
    mapped = find("northwind").events([FOLDER])
    found = [parse(each.event) for each in mapped if isinstance(each.event, bytes)]
    return {event.id: event for event in found}


def test_every_row_becomes_its_events() -> None:
    mapped = list(find("northwind").events([FOLDER]))
    kinds = Counter(parse(each.event).type for each in mapped if isinstance(each.event, bytes))
    assert kinds == {
        "tandem.customer.registered.v1": 91,
        "tandem.product.registered.v1": 77,
        "tandem.order.placed.v1": 830,
        "tandem.order.confirmed.v1": 830,
        "tandem.delivery.shipped.v1": 809,
        "tandem.delivery.delivered.v1": 809,
        "tandem.source.heartbeat.v1": 1,
    }
    assert len(mapped) == sum(kinds.values())


def test_ids_are_distinct(events: dict[str, Event[Any]]) -> None:
    assert len(events) == 3447


def test_every_line_of_the_sample_is_ordered_once(events: dict[str, Event[Any]]) -> None:
    placed = [event for event in events.values() if event.type == "tandem.order.placed.v1"]
    assert sum(len(event.data.lines) for event in placed) == 2155


def test_on_time_by_the_dates_alone(events: dict[str, Event[Any]]) -> None:
    due = {
        event.data.order_id: event.data.lines[0].committed_on
        for event in events.values()
        if event.type == "tandem.order.confirmed.v1"
    }
    arrived = {
        event.data.order_id: event.time.date()
        for event in events.values()
        if event.type == "tandem.delivery.delivered.v1"
    }
    on_time = [order for order, day in arrived.items() if day <= due[order]]
    assert (len(on_time), len(arrived) - len(on_time), len(due) - len(arrived)) == (772, 37, 21)


def test_an_order_in_full(events: dict[str, Event[Any]]) -> None:
    order = events["order/10250/placed"].data
    assert order.model_dump(mode="json", exclude_defaults=True) == {
        "order_id": "10250",
        "customer_id": "HANAR",
        "currency": "USD",
        "ship_to": {"timezone": "UTC", "country": "Brazil", "site": "Rio de Janeiro"},
        "actor": {
            "person_id": "employee-4",
            "name": "Margaret Peacock",
            "department": "sales",
            "role": "order_taker",
        },
        "lines": [
            _line("41", "10", "7.7"),
            _line("51", "35", "36.04"),  # 42.40 less 15 %
            _line("65", "15", "14.28"),
        ],
    }


def test_who_confirmed_and_who_carried_is_no_colleague(events: dict[str, Event[Any]]) -> None:
    confirmed, delivered = events["order/10250/confirmed"].data, events["order/10250/delivered"].data
    assert (confirmed.actor.department, confirmed.actor.is_human) == ("system", False)
    assert (delivered.actor.department, delivered.actor.is_human) == ("carrier", False)
    assert (delivered.actor.name, delivered.evidence) == ("United Package", "estimated")


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("customer/ANATR/registered", "Ana Trujillo Emparedados y helados"),
        ("customer/BLAUS/registered", "Blauer See Delikatessen"),
        ("customer/FOLIG/registered", "Folies gourmandes"),
        ("customer/GODOS/registered", "Godos Cocina Típica"),
        ("customer/BONAP/registered", "Bon app'"),
        ("product/64/registered", "Wimmers gute Semmelknödel"),
    ],
)
def test_names_keep_accents_and_apostrophes(events: dict[str, Event[Any]], event: str, name: str) -> None:
    assert events[event].data.name == name


def test_again_gives_the_same_bytes_in_the_same_order() -> None:
    first, second = (list(find("northwind").events([FOLDER])) for _ in range(2))
    assert first == second


def test_one_by_one_the_files_are_the_same_as_their_folder() -> None:
    files = sorted(FOLDER.glob("*.csv"), reverse=True)
    assert list(find("northwind").events(files)) == list(find("northwind").events([FOLDER]))


def test_lines_point_at_the_rows() -> None:
    orders = (FOLDER / "orders.csv").read_text(encoding="utf-8").split("\n")
    for mapped in find("northwind").events([FOLDER]):
        assert isinstance(mapped.event, bytes)
        order = orjson.loads(mapped.event)["data"].get("order_id")
        if order is not None:
            assert orders[mapped.line - 1].startswith(f"{order},")


def _line(product: str, qty: str, price: str) -> dict[str, str]:
    return {
        "line_id": product,
        "product_id": product,
        "qty": qty,
        "unit_price": price,
        "requested_on": "1996-08-05",
    }
