from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.events.catalogue import parse
from tests.mapping.examples import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.mapping import Mapped

MAPPING = (Path(__file__).parent / "harbour.toml").read_text(encoding="utf-8")
CUSTOMERS = """Nr;Name;Branche;Intern;Seit;Betreuer
K1 ;Müller & Söhne; Werft ;N;03.04.2020;s7
K2;Küsten-Depot;NULL;J;01.02.2019;-
""".encode("cp1252")
STAFF = "code\tname\ns7\tÅsa O'Neill\nc1\tZoë 🚢\n"
COLUMNS = (
    "Auftrag;Pos;Art;Kunde;Erfasser;Datum;Zeit;Artikel;Menge;Preis;Wunsch;"
    "Bestätigt;Zusage;Geliefert;Status;Grund;Geändert\n"
)
POSITIONS_1 = COLUMNS + (
    "A1;10;Ware;K1;c1;05.10.2026;09:30;Tau;1.200,5;€ 1.001,18;09.10.2026;"
    "06.10.2026;12.10.2026;09.10.2026 16:00;ok;;\n"
    "A1;15;Text;K1;c1;05.10.2026;09:30;;;;;;;;;;\n"
    'A1;20;Ware;K1;c1;05.10.2026;09:30;"Boje; groß";3;12,00;10.10.2026;;;;storniert;Kunde;08.10.2026\n'
)
POSITIONS_2 = (
    COLUMNS
    + "A2;1;Ware;K2;;06.10.2026;10:00:30;Tau;1;6,00;20.10.2026;;;21.10.2026 08:00;gelöscht;;07.10.2026\n"
)
DESK = """[
  {"id": "d1", "kind": "survey", "at": "2026-10-20T10:00:00Z", "customer": {"id": "K1"},
   "score": 4.5, "text": "Prima \\ud83d\\udc4d"},
  {"id": "d2", "kind": "return", "at": "2026-10-21 09:00", "zone": "America/New_York",
   "customer": {"id": "K1"}, "order": "A1", "line": "10", "qty": 2, "agent": {"code": "x9"}},
  {"id": "d3", "kind": "shipment", "at": "2026-10-08T10:00:00+02:00", "customer": {"id": "K1"},
   "order": "A1", "items": [{"line": 10, "qty": 14406.0}, {"line": 20, "qty": 36}]}
]"""
PLAN = (
    '{"version": "v1", "product": "Tau", "start": "2026-12-01", "made": "10/05/2026", "qty": "1,500",'
    ' "by": "p1"}\n\n'
    '{"version": "v1", "product": "Boje", "start": "2026-12-01", "made": "10/05/2026", "qty": 80, "by": "p1",'
    ' "customer": "K1", "value": "$1,001.18"}\n'
)


@pytest.fixture
def mapped(tmp_path: Path, run: Callable[..., list[Mapped]]) -> list[Mapped]:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "positionen-1.csv").write_text(POSITIONS_1, encoding="utf-8-sig")
    (folder / "positionen-2.csv").write_text(POSITIONS_2, encoding="utf-8")
    return run(MAPPING, kunden_csv=CUSTOMERS, staff_tsv=STAFF, desk_json=DESK, plan_jsonl=PLAN)


@pytest.fixture
def by_id(mapped: list[Mapped]) -> dict[str, dict[str, Any]]:
    return {event["id"]: event for event in events(mapped)}


def test_all_of_it_fits_the_contract(mapped: list[Mapped]) -> None:
    assert [parse(each.event).type.split(".", 1)[1] for each in mapped if isinstance(each.event, bytes)] == [
        "customer.registered.v1",
        "customer.registered.v1",
        "order.placed.v1",
        "order.confirmed.v1",
        "delivery.delivered.v1",
        "order.confirmed.v1",
        "order.cancelled.v1",
        "order.placed.v1",
        "order.confirmed.v1",
        "order.cancelled.v1",
        "feedback.received.v1",
        "return.received.v1",
        "delivery.shipped.v1",
        "forecast.published.v1",
        "forecast.published.v1",
        "opportunity.won.v1",
    ]
    assert len(events(mapped)) == len(mapped)


def test_trimmed_cells_words_for_nothing_and_codes(by_id: dict[str, dict[str, Any]]) -> None:
    assert by_id["customer/K1"]["time"] == "2020-04-03T00:00:00+02:00"
    assert by_id["customer/K1"]["data"] == {
        "customer_id": "K1",
        "name": "Müller & Söhne",
        "segment": "Werft",
        "is_internal": False,
    }
    assert by_id["customer/K2"]["data"]["segment"] == "trade"
    assert by_id["customer/K2"]["data"]["is_internal"] is True


def test_rows_of_one_order_are_its_lines(by_id: dict[str, dict[str, Any]]) -> None:
    placed = by_id["order/A1/placed"]
    assert placed["time"] == "2026-10-05T09:30:00+02:00"
    assert placed["data"]["lines"] == [
        {
            "line_id": "10",
            "product_id": "Tau",
            "qty": "14406",
            "uom": "each",
            "unit_price": "83.43",
            "requested_on": "2026-10-09",
        },
        {
            "line_id": "20",
            "product_id": "Boje; groß",
            "qty": "36",
            "uom": "each",
            "unit_price": "1",
            "requested_on": "2026-10-10",
        },
    ]


def test_people_come_from_columns_and_stay_away_with_them(by_id: dict[str, dict[str, Any]]) -> None:
    first, second = by_id["order/A1/placed"]["data"], by_id["order/A2/placed"]["data"]
    assert first["actor"] == {"person_id": "c1", "name": "Zoë 🚢", "department": "customer_service"}
    assert first["participants"] == [{"person_id": "s7", "department": "sales", "role": "account_owner"}]
    assert "actor" not in second
    assert second["participants"] == []


def test_policies_fill_what_the_source_lacks(by_id: dict[str, dict[str, Any]]) -> None:
    said, silent = by_id["order/A1/10/confirmed"], by_id["order/A1/20/confirmed"]
    assert said["time"] == "2026-10-06T17:00:00+02:00"
    assert said["data"]["lines"][0]["committed_on"] == "2026-10-12"
    assert silent["time"] == "2026-10-07T00:00:00+02:00"
    assert silent["data"]["lines"][0]["committed_on"] == "2026-10-10"


def test_filters_decide_which_rows_make_an_event(by_id: dict[str, dict[str, Any]]) -> None:
    assert by_id["order/A1/20/cancelled"]["data"]["line_ids"] == ["20"]
    assert by_id["order/A1/20/cancelled"]["data"]["reason"] == "customer"
    assert "reason" not in by_id["order/A2/1/cancelled"]["data"]
    assert [name for name in by_id if name.endswith("delivered")] == ["order/A1/10/delivered"]


def test_json_is_read_as_it_was_written(by_id: dict[str, dict[str, Any]]) -> None:
    assert by_id["desk/d1"]["data"]["score"] == "4.5"
    assert by_id["desk/d1"]["data"]["scale_max"] == 5
    assert by_id["desk/d1"]["data"]["comment"] == "Prima 👍"
    assert by_id["desk/d2"]["time"] == "2026-10-21T09:00:00-04:00"
    assert by_id["desk/d2"]["data"]["actor"] == {"person_id": "x9", "department": "customer_service"}
    assert by_id["desk/d3"]["data"]["lines"] == [
        {"line_id": "10", "qty": "14406.0"},
        {"line_id": "20", "qty": "36"},
    ]


def test_plans_and_dollars(by_id: dict[str, dict[str, Any]]) -> None:
    assert by_id["plan/v1/Tau/2026-12-01"]["data"]["period"] == "2026-12"
    assert by_id["plan/v1/Tau/2026-12-01"]["data"]["qty"] == "1500"
    assert by_id["won/Boje"]["data"]["value"] == {"amount": "1001.18", "currency": "USD"}


def test_files_and_lines_are_told(mapped: list[Mapped]) -> None:
    places = {
        event["id"]: (Path(each.file).name, each.line)
        for each, event in zip(mapped, events(mapped), strict=True)
    }
    assert places["order/A1/20/cancelled"] == ("positionen-1.csv", 4)
    assert places["order/A2/placed"] == ("positionen-2.csv", 2)
    assert (places["desk/d1"], places["desk/d2"], places["desk/d3"]) == (
        ("desk.json", 2),
        ("desk.json", 4),
        ("desk.json", 6),
    )
    assert places["won/Boje"] == ("plan.jsonl", 3)
