"""`tandem mapping check`: what each row becomes, why others do not, and nothing recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.mapping.examples import FLAT, HEADER, ROW
from tests.mapping.ocel_forms import FORMS
from tests.mapping.test_mapping_ocel import LOG
from tests.mapping.test_mapping_tables import LINES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Answer, Tandem

    Check = Callable[..., Answer]

NORTHWIND = Path(__file__).parents[1] / "data" / "northwind"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Without a database: a mapping is checked without one."""
    return tmp_path


@pytest.fixture
def check(tandem: Tandem, tmp_path: Path) -> Check:
    """Check a mapping on rows, in a folder without a database."""

    def call(mapping: str, rows: str, *options: str) -> Answer:
        (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
        (tmp_path / "orders.csv").write_text(rows, encoding="utf-8")
        answer = tandem("mapping", "check", "m.toml", "orders.csv", *options)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["m.toml", "orders.csv"], "no database"
        return answer

    return call


def test_each_row_is_told(check: Check) -> None:
    bad = "O-2,C-1,P-1,5,2026-10-01,2026-02-30\n"
    answer = check(FLAT, HEADER + ROW + bad, "--json")
    found = answer.json
    assert answer.code == 1
    assert found["rows"] == {"read": 2, "mapped": 1, "refused": 1, "left_out": 0, "share": 50.0}
    first, second = found["sample"]
    assert (first["line"], [event["id"] for event in first["became"]]) == (2, ["O-1/placed"])
    assert first["became"][0]["data"]["lines"][0]["product_id"] == "P-1"
    assert (second["line"], second["became"]) == (3, [])
    assert found["rejects"] == [
        {
            "file": "orders.csv",
            "line": 3,
            "column": "due",
            "value": "2026-02-30",
            "field": "data.lines.0.requested_on",
            "reason": "column due of orders.csv line 3 holds '2026-02-30', no date in the format ISO 8601",
            "fix": "mend it, or `format`",
        }
    ]
    assert found["events"] == {
        "tandem.order.placed.v1": {
            "count": 1,
            "first": "2026-10-01T00:00:00+02:00",
            "last": "2026-10-01T00:00:00+02:00",
        }
    }


def test_a_row_that_went_into_the_event_of_another(check: Check) -> None:
    rows = HEADER + ROW + ROW.replace("P-1", "P-2") + ROW.replace("O-1", "O-2")
    found = check(LINES, rows, "--json").json
    assert [[event["id"] for event in row["became"]] for row in found["sample"]] == [
        ["O-1/placed"],
        [],
        ["O-2/placed"],
    ]
    assert found["sample"][1]["part_of"] == ["O-1/placed"]
    assert found["rows"]["mapped"] == 3


def test_a_row_that_nothing_means(check: Check) -> None:
    mapping = FLAT.replace('from = "orders"', 'from = "orders"\nunless = { customer = "C-2" }')
    mapping = mapping.replace('path = "orders.csv"', 'path = "orders.csv"\nunless = { order = "Total" }')
    rows = HEADER + ROW + ROW.replace("C-1", "C-2") + "Total,,,5,,\n"
    answer = check(mapping, rows, "--json")
    assert answer.code == 0
    assert answer.json["rows"] == {"read": 3, "mapped": 1, "refused": 0, "left_out": 2, "share": 33.33}
    assert [row["line"] for row in answer.json["left_out"]] == [3, 4]


def test_columns_that_are_missing_or_not_used(check: Check) -> None:
    answer = check(FLAT, HEADER.replace("customer", "customers") + ROW, "--json")
    assert answer.code == 1
    assert answer.json["columns_missing"] == [
        {
            "file": "orders.csv",
            "column": "customer",
            "used_by": "events.0.data.customer_id",
            "similar": "customers",
        }
    ]
    assert answer.json["columns_unused"] == {"orders.csv": ["customers"]}
    assert "did you mean 'customers'?" in check(FLAT, HEADER.replace("customer", "customers") + ROW).out


@pytest.mark.parametrize("form", FORMS)
def test_activities_that_nothing_reads(tandem: Tandem, tmp_path: Path, form: str) -> None:
    log = FORMS[form](tmp_path / f"log.{form}", LOG)
    answer = tandem("mapping", "check", "ocel_orders", log, "--json")
    assert answer.json["activities_unused"] == {str(log): ["pay order"]}
    assert f"Activities not read\n  {log}: pay order" in tandem("mapping", "check", "ocel_orders", log).out


def test_open_questions_are_listed(check: Check) -> None:
    answer = check(FLAT.replace('"EUR"', '"? which currency"'), HEADER + ROW, "--json")
    assert answer.code == 1
    assert answer.json["questions"] == [{"key": "events.0.data.currency", "asks": "which currency"}]


def dated(format_: str, *dues: str) -> tuple[str, str]:
    rows = "".join(ROW.replace("2026-10-09", due).replace("O-1", f"O-{at}") for at, due in enumerate(dues))
    return FLAT.replace('date = "{due}"', f'date = "{{due}}"{format_}'), HEADER + rows


def test_a_date_of_two_readings_shows_both_and_what_to_write(check: Check) -> None:
    answer = check(*dated("", "03/04/2026", "05/06/2026"), "--json")
    assert answer.code == 1
    [doubt] = answer.json["doubts"]
    assert doubt == (
        "due is not written as ISO 8601: if '03/04/2026' is 3 April 2026, write format = \"%d/%m/%Y\"; "
        "if '03/04/2026' is 4 March 2026, write format = \"%m/%d/%Y\""
    )


def test_a_stated_reading_that_nothing_confirms_is_worth_a_look(check: Check) -> None:
    answer = check(*dated(', format = "%d/%m/%Y"', "03/04/2026"), "--json")
    assert answer.code == 0, "it is stated"
    [doubt] = answer.json["doubts"]
    assert doubt == (
        "due is read as %d/%m/%Y, so that '03/04/2026' is 3 April 2026; no value rules out %m/%d/%Y, by "
        "which it is 4 March 2026. Compare one with its source"
    )
    assert check(*dated(', format = "%d/%m/%Y"', "03/04/2026", "25/04/2026"), "--json").json["doubts"] == []


@pytest.mark.parametrize(
    ("notation", "quantity", "doubt"),
    [
        ("", "1.234", "is read so that '1.234' is 1.234; no value rules out that it is 1234"),
        ("", '"12,5"', 'is not written so: if \'12,5\' is 12.5, write decimal = ",", thousands = ""'),
        (', decimal = ",", thousands = "."', "1.234", "is read so that '1.234' is 1234; no value rules out"),
        ("", "12.5", ""),
    ],
)
def test_a_number_of_two_readings(check: Check, notation: str, quantity: str, doubt: str) -> None:
    mapping = FLAT.replace('"{qty}"', f'{{ number = "{{qty}}"{notation} }}')
    found = check(mapping, HEADER + ROW.replace(",5,", f",{quantity},"), "--json").json["doubts"]
    assert bool(found) is bool(doubt)
    assert doubt in "".join(found)


def silences(check: Check, mapping: str = FLAT) -> str:
    found: list[str] = check(mapping, HEADER + ROW, "--json").json["silences"]
    return "\n".join(found)


def test_what_the_source_cannot_say(check: Check) -> None:
    said = silences(check)
    assert "no people of Sales or Operations: no joint win is possible" in said
    assert "no promise: on the bases first commit" in said
    assert "no receipt: lines stay open" in said
    assert "no prices" in said
    person = 'currency = "EUR"\nactor = { person_id = "x", department = "sales" }'
    assert "no people of Operations:" in silences(check, FLAT.replace('currency = "EUR"', person))
    system = person.replace('"sales"', '"warehouse", is_human = false')
    assert "no people of Sales or Operations:" in silences(check, FLAT.replace('currency = "EUR"', system))


def test_northwind_for_people(tandem: Tandem, tmp_path: Path) -> None:
    answer = tandem("mapping", "check", "northwind", NORTHWIND, "--rows", "1")
    assert answer.code == 0
    assert "3,176 rows read: 3,173 went into events (99.91 %), 0 refused, 3 left out." in answer.out
    assert "lines.0: line_id 11 · product_id 11 · qty 12 · requested_on 1996-08-01" in answer.out
    assert "no people of Operations" in answer.out
    assert f"tandem import {NORTHWIND} --format northwind" in answer.out
    assert not list(tmp_path.iterdir())


def test_a_file_steers_no_terminal(check: Check) -> None:
    assert "\x1b" not in check(FLAT, HEADER + ROW.replace("P-1", "P\x1b[2J")).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "."], "'nowhere' is no mapping"),
        (["northwind", "missing.csv"], "missing.csv does not exist"),
        (["northwind", "."], "no categories.csv in ."),
        (["northwind"], "Missing argument 'FILES...'"),
    ],
)
def test_called_wrongly(tandem: Tandem, arguments: list[str], said: str) -> None:
    answer: Any = tandem("mapping", "check", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1
