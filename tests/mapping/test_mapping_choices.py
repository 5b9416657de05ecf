"""What rows are meant and what they come to: conditions, choices, working days, lists as rows, tables."""

from __future__ import annotations

import re
import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping import MappingError, find
from shared.mapping.moments import working_days_after
from tests.mapping.examples import FLAT, HEADER, ROW, event, events, rejects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shared.mapping import Mapped

    Run = Callable[..., list[Mapped]]

DUE = 'requested_on = { date = "{due}" }'
FROM = 'from = "orders"\n'


def first(mapped: list[Mapped]) -> dict[str, Any]:
    found: dict[str, Any] = event(mapped[0])["data"]["lines"][0]
    return found


@pytest.mark.parametrize(
    ("condition", "admitted"),  # how many rows
    [
        ('due = { after = { date = "{placed}" } }', 1),
        ('due = { until = { date = "{placed}" } }', 0),
        ('due = { until = { date = "{placed}", plus_days = 8 } }', 1),
        ('due = { until = { date = "{placed}", plus_days = 7 } }', 0),
        ('due = { until = { date = "{placed}", plus_working_days = 6 } }', 1),
        ('due = { until = { date = "{placed}", plus_working_days = 5 } }', 0),
        ('due = { after = { datetime = "{placed}" } }', 1),
        ('due = { after = { date = "{region?}" } }', 0),
        ('region = { until = { date = "{due}" } }', 0),
        ('product = "P-{qty}"', 0),
        ('product = "P-1"', 1),
        ('customer = "C-{one}"', 1),
        ('customer = "{region?}"', 0),
    ],
)
def test_conditions_hold_a_column_against_others(run: Run, condition: str, admitted: int) -> None:
    mapping = FLAT.replace(FROM, f"{FROM}when = {{ {condition} }}\n")
    found = run(mapping, orders_csv=HEADER.strip() + ",region,one\n" + ROW.strip() + ",,1\n")
    assert len(events(found)) == admitted, found


def test_a_limit_reads_the_column_as_it_reads_the_other(run: Run) -> None:
    limit = 'due = { until = { date = "{placed}", format = "%d.%m.%Y", plus_days = 3 } }'
    mapping = FLAT.replace(DUE, "requested_on = 2026-10-09").replace(FROM, f"{FROM}when = {{ {limit} }}\n")
    mapping = mapping.replace('datetime = "{placed}"', 'datetime = "{placed}", format = "%d.%m.%Y"')
    rows = [
        ROW.replace("2026-10-01", "01.10.2026").replace("2026-10-09", due)
        for due in ("04.10.2026", "05.10.2026", "5")
    ]
    found = run(mapping, orders_csv=HEADER + "".join(rows))
    assert len(events(found)) == 1
    ((line, _, reason),) = rejects(found)
    assert (line, "column due of orders.csv line 4 holds '5'" in reason) == (4, True)


def test_if_chooses_between_two_values(run: Run) -> None:
    choice = 'product_id = { if = { qty = "5" }, then = "few", else = "many" }'
    found = run(
        FLAT.replace('product_id = "{product}"', choice), orders_csv=HEADER + ROW + ROW.replace(",5,", ",6,")
    )
    assert [each["data"]["lines"][0]["product_id"] for each in events(found)] == ["few", "many"]


def test_if_without_else_leaves_out(run: Run) -> None:
    choice = 'uom = { if = { qty = "6" }, then = "box" }'
    found = run(FLAT.replace("requested_on", f"{choice}, requested_on"), orders_csv=HEADER + ROW)
    assert "uom" not in first(found)


def test_working_days_skip_the_weekend(run: Run) -> None:
    mapping = FLAT.replace(DUE, 'requested_on = { date = "{placed}", plus_working_days = 2 }')
    assert first(run(mapping, orders_csv=HEADER + ROW))["requested_on"] == "2026-10-05"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    plain = day
    for _ in range(count):
        plain += timedelta(days=1)
        while plain.weekday() > 4:
            plain += timedelta(days=1)
    assert working_days_after(day, count) == plain


SELF = 'path = "orders.csv"\n'
SELF += 'many.beside = { file = "orders", on = { customer = "{customer}" }, optional = true }\n'


def test_a_rule_may_make_an_event_for_each_related_row(run: Run) -> None:
    mapping = FLAT.replace('path = "orders.csv"\n', SELF).replace(FROM, f'{FROM}for_each = "beside"\n')
    mapping = mapping.replace('id = "{order}/placed"', 'id = "{order}/{beside.order}"').replace(
        FROM, f'{FROM}unless = {{ "beside.order" = "{{order}}" }}\n'
    )
    found = events(
        run(mapping, orders_csv=HEADER + ROW + ROW.replace("O-1", "O-2") + ROW.replace("-1", "-3"))
    )
    assert [each["id"] for each in found] == ["O-1/O-2", "O-2/O-1"]


def test_rows_no_one_asks_for_may_be_declared_so(run: Run) -> None:
    many = 'path = "orders.csv"\nmany.part = { file = "parts", on = { order = "{order}" }OPTIONAL }\n'
    mapping = FLAT.replace('path = "orders.csv"\n', many) + '[files.parts]\npath = "parts.csv"\n'
    files = {"orders_csv": HEADER + ROW, "parts_csv": "order,part\nO-9,X\n"}
    assert len(rejects(run(mapping.replace("OPTIONAL", ""), **files))) == 1
    assert rejects(run(mapping.replace("OPTIONAL", ", optional = true"), **files)) == []


def test_a_list_inside_a_record_may_be_the_rows(run: Run) -> None:
    mapping = FLAT.replace("orders.csv", "book.json").replace(
        "[[events]]", 'at = "orders"\nrows = "items"\n[[events]]', 1
    )
    book = """{"made": {"at": [1, 2]}, "orders": [
      {"customer": "C-1", "placed": "2026-10-01", "items": [
        {"order": "O-1", "product": "P", "qty": 1, "due": "2026-10-09"},
        {"order": "O-2", "product": "P", "qty": 2, "due": "2026-10-09", "customer": "C-2"}]},
      {"customer": "C-3", "items": "none"}]}"""
    found = run(mapping, book_json=book)
    assert [(e["id"], e["data"]["customer_id"]) for e in events(found)] == [
        ("O-1/placed", "C-1"),
        ("O-2/placed", "C-2"),
    ]
    ((line, _, reason),) = rejects(found)
    assert (line, "column items of book.json line 5 is no list" in reason) == (5, True)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "book.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            'CREATE TABLE "the orders" ("order", customer, product, qty NUMERIC, placed, due, raw)'
        )
        cells = ("C-1", "P-1", 12.5, "2026-10-01", "2026-10-09")
        connection.execute('INSERT INTO "the orders" VALUES (?, ?, ?, ?, ?, ?, NULL)', ("O-1", *cells))
        connection.execute('INSERT INTO "the orders" VALUES (?, ?, ?, ?, ?, ?, ?)', ("O-2", *cells, b"\x00"))
    connection.close()
    return path


def of_table(tmp_path: Path, *lines: str) -> Path:
    mapping = FLAT.replace('path = "orders.csv"', "\n".join(['path = "*.sqlite"', *lines]))
    (tmp_path / "m.toml").write_text(mapping)
    return tmp_path / "m.toml"


def test_a_table_of_a_database(tmp_path: Path, database: Path) -> None:
    found = list(find(str(of_table(tmp_path, 'table = "the orders"'))).events([database]))
    assert [each["data"]["lines"][0]["qty"] for each in events(found)] == ["12.5"]
    ((line, _, reason),) = rejects(found)
    assert (line, reason) == (2, "column raw of book.sqlite line 2 holds bytes; export it as text")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "book.sqlite: is a database; write the `table` of files.orders"),
        (['table = "orders"'], 'book.sqlite: has no table "orders"; write one of the orders'),
        (
            ['table = "the orders"', 'one.x = { file = "orders", on = { y = "{order}" } }'],
            "has no column `y`",
        ),
    ],
)
def test_a_table_that_is_not_there(tmp_path: Path, database: Path, lines: list[str], message: str) -> None:
    with pytest.raises(MappingError, match=re.escape(message)):
        list(find(str(of_table(tmp_path, *lines))).events([database]))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            'when = { due = { after = { date = "{x}" }, until = { date = "{x}" } } }',
            "write either `after` or `until`",
        ),
        ('when = { due = { before = { date = "{x}" } } }', "has no key `before`; write one of after, until"),
        ('when = { due = { after = { date = "{nowhere}" } } }', "events.0.when.due: .* no column `nowhere`"),
        ('when = { due = "{nowhere}" }', "events.0.when.due: .* no column `nowhere`"),
        ('for_each = "part"', r"events.0.for_each: 'part' is not declared as files.orders.many \(none yet\)"),
        ('once_per = "{part.x}"\nfor_each = "part"', "events.0.for_each: 'part' is not declared"),
    ],
)
def test_an_error_names_the_key(run: Run, wrong: str, message: str) -> None:
    with pytest.raises(MappingError) as error:
        run(FLAT.replace(FROM, f"{FROM}{wrong}\n"), orders_csv=HEADER + ROW)
    assert re.search(message, str(error.value)), error.value
