"""An error in a mapping is one line: the file, the key path, what is wrong, what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shared.events.catalogue import PAYLOADS
from shared.mapping import MappingError, find
from shared.mapping.values import KINDS
from tests.mapping.examples import FLAT, HEADER, ROW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shared.mapping import Mapped

    Run = Callable[..., list[Mapped]]

JOIN = 'path = "orders.csv"\n'
WRONG = [
    ('source = "urn:test"', "", "needs the key `source`"),
    ('source = "urn:test"', "source = 7", "source: Input should be a valid string"),
    ('source = "urn:test"', "source = ", "no TOML: .* line 2"),
    ('source = "urn:test"', 'source = "urn:test"\nfoo = 1', "no key `foo`; write one of source, confirm"),
    ("Europe/Berlin", "CEST+1", "timezone: is no IANA time zone; write one such as Europe/Berlin"),
    ("orders.csv", "../orders.csv", r"files.orders.path: write a file name such as orders.csv"),
    ("orders.csv", "orders.xls", r"files.orders.path: must end in one of .csv"),
    (JOIN, JOIN + 'encoding = "ebcdic"\n', "files.orders.encoding: Input should be 'utf-8'"),
    (
        JOIN,
        JOIN + 'one.a = { file = "b", on = { x = "{order}" } }\n',
        "files.orders.one.a.file: no file is .* 'b'",
    ),
    (
        JOIN,
        JOIN + 'one.a = { file = "orders", on = { x = "{a.b}" } }\n',
        "files.orders.one.a.on: finds its row by",
    ),
    (
        JOIN,
        JOIN + 'many.a = { file = "orders" }\n',
        "files.orders.many.a: write either `file` and `on`, or `list`",
    ),
    (
        'from = "orders"',
        'from = "order"',
        "events.0.from: no file is declared as 'order'; write one of orders",
    ),
    ('type = "tandem.order.placed.v1"', 'type = "order.placed"', "events.0.type: .* tandem.order.placed.v1"),
    ('id = "{order}/placed"', 'id = "{order/placed"', "events.0.id: has a lone brace"),
    ('id = "{order}/placed"', 'id = "{or..der}"', "events.0.id: `or..der` names no column"),
    ('id = "{order}/placed"', "id = 5", "events.0.id: write text in quotes"),
    ('datetime = "{placed}"', 'datetime = "{placed}", format = "%Q"', "time.format.*'%Q' reads no year"),
    ('datetime = "{placed}"', 'datetime = "{placed}", format = "%Y %Q"', "'%Y %Q' is no date format"),
    ('datetime = "{placed}"', 'datetime = "{placed}", at = "25:00"', "time.at: '25:00' is no time of day"),
    (
        'datetime = "{placed}"',
        'datetime = "{placed}", fromat = "x"',
        "time: has no key `fromat`; write one of",
    ),
    ('time = { datetime = "{placed}" }', "time = 2026-10-01T00:00:00", "events.0.time: has no offset"),
    ('time = { datetime = "{placed}" }', 'time = "soon"', "events.0.time: 'soon' does not fit .* RFC 3339"),
    (
        "customer_id =",
        "custumer_id =",
        "events.0.data.custumer_id: is no field of the contract; write one of",
    ),
    ("product_id =", "product =", "events.0.data.lines.0.product: is no field"),
    ('currency = "EUR"', "", "events.0.data: needs the field `currency`"),
    ('currency = "EUR"', 'currency = "euro"', "events.0.data.currency: 'euro' .* ISO 4217"),
    ('currency = "EUR"', 'currency = { a = "b" }', "events.0.data.currency: is one value in the contract"),
    ('currency = "EUR"', 'currency = ["EUR"]', "events.0.data.currency: is no list"),
    (
        '"EUR"',
        '"EUR"\nactor = { person_id = "x", department = "slaes" }',
        "data.actor.department: 'slaes' .*'sales'",
    ),
    ('"EUR"', '"EUR"\nstrategic = { map = "{qty}", to = { a = 1 } }', "data.strategic.to.a: 1 does not fit"),
    (
        '"EUR"',
        '"EUR"\nbackfill = "yes"',
        "events.0.data.backfill: 'yes' does not fit the contract: .* boolean",
    ),
    (
        'qty = "{qty}"',
        'qty = { number = "{qty}", decimals = 9 }',
        "lines.0.qty.decimals: .* less than or equal to 6",
    ),
    (
        'qty = "{qty}"',
        'qty = { number = "{qty}", discount = { x = 1 } }',
        "lines.0.qty.discount: .*no key `x`",
    ),
    (
        "lines = [ ",
        'participants = { each = "who", make = { person_id = "x", department = "sales" } }\nlines = [ ',
        "'who' is not declared as files.orders.many",
    ),
    ('from = "orders"', 'from = "orders"\nwhen = { qty = 5 }', "events.0.when.qty"),
    ('from = "orders"', 'from = "orders"\nwhen = { "qty?" = true }', "events.0.when.qty.*needs no ?"),
    (
        'product_id = "{product}"',
        'product_id = "{Product}"',
        "orders.csv has no column `Product`; write one of order, ",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "message"), WRONG, ids=[message for _, _, message in WRONG])
def test_an_error_names_the_key_and_what_to_write(run: Run, right: str, wrong: str, message: str) -> None:
    assert right in FLAT
    with pytest.raises(MappingError) as error:
        run(FLAT.replace(right, wrong), orders_csv=HEADER + ROW)
    assert re.search(message, str(error.value)), error.value
    assert "m.toml" in str(error.value)
    assert "\n" not in str(error.value)
    assert "<" not in str(error.value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(
        MappingError, match=r"'southwind' is no mapping; write one of .*northwind, .*, or a path"
    ):
        find("southwind")


def test_a_mapping_that_is_not_there() -> None:
    with pytest.raises(MappingError, match=r"nowhere\.toml: cannot be read \(No such file or directory\)"):
        find("nowhere.toml")


def test_many_rows_are_read_in_a_list_only(run: Run) -> None:
    mapping = FLAT.replace(JOIN, JOIN + 'many.row = { file = "orders", on = { order = "{order}" } }\n')
    with pytest.raises(MappingError, match='`row` is many rows; read them in a list with each = "row"'):
        run(mapping.replace('"{product}"', '"{row.product}"'), orders_csv=HEADER)


def test_a_file_that_is_missing(run: Run) -> None:
    with pytest.raises(
        MappingError, match=r"files.orders: no orders.csv in .*; add it, or write `optional = true`"
    ):
        run(FLAT)


def test_a_file_that_may_be_missing(run: Run) -> None:
    assert run(FLAT.replace(JOIN, JOIN + "optional = true\n")) == []


def test_a_file_no_one_reads(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    with pytest.raises(
        MappingError, match=r"x.csv: northwind.toml reads no such file; it reads categories.csv, "
    ):
        find("northwind").events([tmp_path / "x.csv"])
    with pytest.raises(MappingError, match=r"y.csv: no such file or folder; check the path"):
        find("northwind").events([tmp_path / "y.csv"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"orders\.csv: line 1 names no columns; put their names there, or write `header`"),
        (
            HEADER.encode("utf-16-le"),
            r"orders\.csv: line 1 is not readable as utf-8; save it so, or set `encoding`",
        ),
        (b"order,order\n", r"orders\.csv: line 1 names the column 'order' twice; rename one"),
        (HEADER.replace(",", ";").encode(), r"order;customer.*write their `delimiter`"),
        (b"Orders of May\n\n" + HEADER.encode(), r"one of Orders of May;.*if it is a title, write `header`"),
    ],
)
def test_a_csv_without_the_right_columns(run: Run, content: bytes, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        run(FLAT, orders_csv=content)


def test_a_csv_without_a_header_has_declared_columns(run: Run) -> None:
    columns = str(HEADER.strip().split(",")).replace("'", '"')
    assert [
        each.line for each in run(FLAT.replace(JOIN, f"{JOIN}columns = {columns}\n"), orders_csv=ROW)
    ] == [1]


def test_json_that_is_no_array(run: Run) -> None:
    with pytest.raises(MappingError, match=r"orders\.json: is no JSON array"):
        run(FLAT.replace("orders.csv", "orders.json"), orders_json='{"a": 1}')


def test_no_field_of_the_contract_is_named_as_a_kind_of_value() -> None:
    fields = {name for payload in PAYLOADS.values() for name in payload.model_fields}
    assert not fields & KINDS.keys()
