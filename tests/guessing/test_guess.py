"""A first mapping for a table: every name of a column that people use leads to the same one."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events.catalogue import parse
from shared.guessing import guesses_of, table_of, written
from shared.guessing.names import roles, words_of
from shared.mapping import MappingError, find
from tests.guessing.sheets import GERMAN, answered, asked
from tests.mapping.examples import events, rejects
from tests.mapping.test_mapping_tables import book

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.guessing import Guesses
    from shared.mapping import Mapped

TABLE = {
    "order_id": ["4711", "4711", "4712", "4713"],
    "line_id": ["10", "20", "10", "10"],
    "customer_id": ["K1", "K1", "K2", "K1"],
    "product_id": ["A-1", "A-2", "A-1", "A-3"],
    "qty": ["5", "3", "12", "1"],
    "ordered_on": ["2026-10-01", "2026-10-01", "2026-10-02", "2026-10-03"],
    "requested_on": ["2026-10-09", "2026-10-09", "2026-10-20", "2026-10-21"],
    "promised_on": ["2026-10-10", "2026-10-10", "2026-10-20", "2026-10-21"],
    "shipped_on": ["2026-10-08", "", "2026-10-19", ""],
    "delivered_on": ["2026-10-09", "", "2026-10-20", ""],
    "unit_price": ["1.50", "12.00", "1.50", "7.25"],
    "currency": ["EUR", "EUR", "CHF", "EUR"],
}


@pytest.fixture
def guessed(tmp_path: Path) -> Callable[..., Guesses]:
    """Write a file and guess what its columns are."""

    def guess(content: str | bytes, name: str = "orders.csv") -> Guesses:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return guesses_of(table_of(path))

    return guess


def table(names: dict[str, str], order: list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([names[role] for role in order])
    writer.writerows(zip(*(TABLE[role] for role in order), strict=True))
    return text.getvalue()


@given(
    st.permutations(list(TABLE)),
    st.fixed_dictionaries({role: st.sampled_from(roles()[role].words) for role in TABLE}),
    st.sampled_from(
        [str, str.upper, str.lower, lambda name: f" {name}", lambda name: name.replace(" ", "_")]
    ),
)
@settings(max_examples=40)
def test_any_order_and_any_known_name_give_the_same_mapping(
    order: list[str], names: dict[str, str], dress: Callable[[str], str]
) -> None:
    dressed = {role: dress(name) for role, name in names.items()}
    if len({words_of(name) for name in dressed.values()}) < len(dressed):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_text(table(dressed, order), encoding="utf-8")
        guesses = guesses_of(table_of(path))
    assert {role: guess.column for role, guess in guesses.found.items()} == {
        role: " ".join(name.split()) for role, name in dressed.items()
    }


def test_no_name_says_two_things_for_certain() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for role in roles().values():
        for word in role.words:
            assert seen.setdefault(words_of(word), role.name) == role.name, word


def mapped(guesses: Guesses) -> list[dict[str, Any]]:
    """The events of the guessed mapping, once its questions are answered."""
    return events(all_mapped(guesses))


def all_mapped(guesses: Guesses) -> list[Mapped]:
    path = guesses.table.path
    mapping = path.with_suffix(".toml")
    mapping.write_text(answered(written(guesses), {}), encoding="utf-8")
    return list(find(str(mapping)).events([path]))


def test_a_german_export_in_full(guessed: Callable[..., Guesses]) -> None:
    guesses = guessed(GERMAN.replace("\n", "\r\n").encode("cp1252"))
    text = written(guesses)
    document = tomllib.loads(text)
    file = document["files"]["table"]
    assert {key: file[key] for key in ("encoding", "delimiter", "header", "unless")} == {
        "encoding": "windows-1252",
        "delimiter": ";",
        "header": 4,
        "unless": {"Auftragsnr.": ["Summe"]},
    }
    assert "so it reads 'Müller & Söhne': is that right?" in text
    assert set(asked(document)) == {"confirmed_by", "source", "timezone", "events.2.data.currency"}
    unanswered = guesses.table.path.with_name("open.toml")
    unanswered.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="is a question not answered yet"):
        find(str(unanswered))
    found = mapped(guesses)
    by_id = {event["id"]: event for event in found}
    assert sorted(by_id) == [
        "customer/K1/registered",
        "customer/K2/registered",
        "order/4711/10/confirmed",
        "order/4711/10/delivered",
        "order/4711/10/shipped",
        "order/4711/20/confirmed",
        "order/4711/placed",
        "order/4712/10/confirmed",
        "order/4712/10/delivered",
        "order/4712/10/shipped",
        "order/4712/placed",
        "product/A-1/registered",
    ]
    [(line, field, reason)] = rejects(all_mapped(guesses))
    assert (line, field) == (7, "data.name"), "a name of two lines is no name"
    assert "'Boje;\\r\\ngroß'; mend column Bezeichnung" in reason
    placed = by_id["order/4711/placed"]
    assert placed["time"] == "2026-10-15T00:00:00+02:00"
    assert placed["data"]["lines"][0] == {
        "line_id": "10",
        "product_id": "A-1",
        "qty": "1200.5",
        "uom": "m",
        "unit_price": "1.5",
        "requested_on": "2026-10-19",
    }
    assert by_id["order/4712/10/delivered"]["time"] == "2026-10-31T00:00:00+01:00", "clocks went back"


def test_dates_of_two_readings_are_asked(guessed: Callable[..., Guesses]) -> None:
    rows = "Order No,Customer,Product,Qty,Order Date,Requested Date\nO-1,C,P,1,{},04.05.2026\n"
    questions = asked(tomllib.loads(written(guessed(rows.format("01.02.2026")))))
    assert questions["files.table.notation.Order Date"] == (
        "if '01.02.2026' is 1 February 2026, write { format = '%d.%m.%Y' }; "
        "if '01.02.2026' is 2 January 2026, write { format = '%m.%d.%Y' }"
    )
    questions = asked(tomllib.loads(written(guessed(rows.format("21.02.2026")))))
    assert set(questions) & {"files.table.notation.Order Date", "files.table.notation.Requested Date"} == {
        "files.table.notation.Requested Date"
    }
    assert questions["files.table.notation.Requested Date"].endswith("; Order Date of this file is day first")


def test_what_is_proposed_for_dates_stands_in_the_mapping(guessed: Callable[..., Guesses]) -> None:
    rows = "Order No,Customer,Product,Qty,Order Date,Due\nO-1,C,P,1,21/02/26,22/2/2026\nO-2,C,P,1,1/3/2026,\n"
    text = written(guessed(rows))
    assert "\"Order Date\" = { format = ['%d/%m/%y', '%d/%m/%Y'] }" in text
    assert "'21/02/26' is 21 February 2026: check the century" in text


def test_quantities_of_two_readings_are_asked(guessed: Callable[..., Guesses]) -> None:
    rows = "Order No,Customer,Product,Qty,Order Date\nO-1,C,P,1.200,2026-01-01\n"
    assert asked(tomllib.loads(written(guessed(rows))))["files.table.notation.Qty"] == (
        "if '1.200' is 1.200, write { decimal = '.' }; "
        "if '1.200' is 1200, write { decimal = ',', thousands = '.' }"
    )


def delivery(*dates: str) -> str:
    rows = [f"O-{at},C,P,1,2026-01-01,2026-01-05,{date}" for at, date in enumerate(dates)]
    return "\n".join(["Order No,Customer,Product,Qty,Order Date,Ship Date,Delivery Date", *rows])


def test_days_that_a_spreadsheet_left_as_numbers(guessed: Callable[..., Guesses]) -> None:
    rows = "Order No,Customer,Product,Qty,Order Date,Due,Price\n46301,C,P,46300,46300,46304,45000\n"
    guesses = guessed(rows)
    text = written(guesses)
    assert "{ format = 'serial' }  # a spreadsheet's own numbers of days: '46300' is 5 October 2026" in text
    placed = mapped(guesses)[0]
    [line] = placed["data"]["lines"]
    assert (placed["time"][:10], line["requested_on"]) == ("2026-10-05", "2026-10-09")
    assert (placed["data"]["order_id"], line["qty"], line["unit_price"]) == ("46301", "46300", "45000")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Cust Req Dt", "requested_on"),
        ("PROMISE_DTE", "promised_on"),
        ("WunschLiefDat", "requested_on"),
        ("Wunsch-Liefer-Termin", "requested_on"),
        ("Kd.-Nr.", "customer_id"),
        ("E-Preis", "unit_price"),
        ("Best. Termin", "promised_on"),
        ("N° cmde", "order_id"),
        ("ORDERNO", "order_id"),
        ("SellPrice", "unit_price"),
        ("KWMENG", "qty"),
        ("WADAT_IST", "shipped_on"),
        ("Auftr.Menge", "qty"),
        ("Bestät. LT", "promised_on"),
        ("Cd client", "customer_id"),
        ("Date liv. effective", "delivered_on"),
        ("Date sortie march.", "shipped_on"),
    ],
)
def test_names_as_people_shorten_and_join_them(name: str, role: str) -> None:
    best = max(roles().values(), key=lambda each: each.score(name))
    assert (best.name, best.score(name) > 0) == (role, True)


@pytest.mark.parametrize("order", [["Kd.-Nr.", "Kunde"], ["Kunde", "Kd.-Nr."]])
def test_a_number_beside_a_name_is_the_number(guessed: Callable[..., Guesses], order: list[str]) -> None:
    guesses = guessed(f"Auftrag,{','.join(order)},Artikel,Menge\n1,2,3,4,5\n")
    assert guesses.found["customer_id"].column == "Kd.-Nr."
    assert guesses.found["customer_name"].column == "Kunde"


def test_the_number_of_an_item_is_none_of_an_order(guessed: Callable[..., Guesses]) -> None:
    """Though it is the one of which all values differ."""
    names = "shop-order-id,shop-order-item-id,purchase-date,sku,quantity-purchased"
    guesses = guessed(f"{names}\nO-1,901,2026-01-01,A,1\nO-1,902,2026-01-01,B,2\n")
    assert guesses.found["order_id"].column == "shop-order-id"
    assert guesses.found["line_id"].column == "shop-order-item-id"


def test_a_delivery_date_is_arrival_or_promise_by_its_values(guessed: Callable[..., Guesses]) -> None:
    arrival = guessed(delivery("2026-01-06", "2026-01-07"))
    assert arrival.found["delivered_on"].evidence.endswith("never before `Ship Date`")
    promise = guessed(delivery("2026-01-04", "2026-01-07"))
    assert promise.found["promised_on"].evidence.endswith("before `Ship Date` in 1 of 2 rows")
    assert "delivered_on" not in promise.found


def test_orders_written_once_for_their_lines(guessed: Callable[..., Guesses]) -> None:
    rows = (
        "Order No,Customer,Line,Product,Qty,Order Date,Requested Date\nO-1,C-1,1,P,1,2026-01-01,2026-01-05\n"
        ",,2,Q,2,,2026-01-06\nO-2,C-1,1,P,1,2026-01-01,2026-01-05\n"
    )
    guesses = guessed(rows)
    assert guesses.table.keys["fill_down"] == ["Order No", "Customer", "Order Date"]
    placed = [event["data"] for event in mapped(guesses)]
    assert [len(order["lines"]) for order in placed] == [2, 1]


def test_a_discount_is_asked_about(guessed: Callable[..., Guesses]) -> None:
    """Whether it is in the price already, no column says."""
    names = "Order No,Customer,Product,Qty,Order Date,Due,Price,Discount"
    guesses = guessed(f"{names}\nO-1,C,P,1,2026-01-01,2026-01-05,10,0.15\n")
    text = written(guesses)
    [proposed] = re.findall(r"Then add: (discount = .*, decimals = 4);", text)
    assert placed_price(guesses, text) == "10"
    plain = 'unit_price = { number = "{line.Price?}" }'
    assert placed_price(guesses, text.replace(plain, f"{plain[:-2]}, {proposed} }}")) == "8.5"


def placed_price(guesses: Guesses, text: str) -> str:
    path = guesses.table.path
    path.with_suffix(".toml").write_text(answered(text, {}), encoding="utf-8")
    placed = events(find(str(path.with_suffix(".toml"))).events([path]))[0]
    return str(placed["data"]["lines"][0]["unit_price"])


@pytest.mark.parametrize("note", [True, False])
def test_a_line_delivered_in_parts(guessed: Callable[..., Guesses], *, note: bool) -> None:
    """A row for each delivery: the ordered quantity is that of the line, not the sum."""
    head = (
        "Order No;Line;Customer;Product;Qty;Order Date;Promised Date;Qty Delivered;Delivered On;Delivery Note"
    )
    deliveries = [
        "O-1;1;C;P;10;2026-01-01;2026-01-09;4;2026-01-05;N-1",
        "O-1;1;C;P;10;2026-01-01;2026-01-09;6;2026-01-08;N-2",
    ]
    others = ["O-1;2;C;Q;3;2026-01-01;2026-01-09;3;2026-01-05;N-1", "O-2;1;C;P;5;2026-01-02;2026-01-09;;;"]
    rows = [head, *deliveries, *others]
    guesses = guessed("\n".join(row if note else row.rpartition(";")[0] for row in rows))
    found = {event["id"]: event["data"] for event in mapped(guesses)}
    assert [(line["line_id"], line["qty"]) for line in found["order/O-1/placed"]["lines"]] == [
        ("1", "10"),
        ("2", "3"),
    ]
    parts = [
        (data["shipment_id"], data["lines"][0]["line_id"], data["lines"][0]["qty_delivered"])
        for name, data in found.items()
        if name.endswith("/delivered")
    ]
    shipments = (
        ["N-1", "N-2", "N-1"] if note else ["O-1-1-2026-01-05", "O-1-1-2026-01-08", "O-1-2-2026-01-05"]
    )
    assert parts == list(zip(shipments, ["1", "1", "2"], ["4", "6", "3"], strict=True))
    assert sorted(name for name in found if "confirmed" in name) == [
        f"order/{line}/confirmed" for line in ("O-1/1", "O-1/2", "O-2/1")
    ]


def test_rows_that_end_early(guessed: Callable[..., Guesses]) -> None:
    """A spreadsheet saves no separators for the empty cells at the end of some rows."""
    rows = "O-1;C;P;1;2026-01-01;2026-01-05;2026-01-04\nO-2;C;P;1;2026-01-01;2026-01-05\nTotal;2\n"
    guesses = guessed(f"Order No;Customer;Product;Qty;Order Date;Due;Ship Date\n{rows}")
    assert "short = true  # line 3 lacks its last cells" in written(guesses)
    found = all_mapped(guesses)
    assert rejects(found) == []
    assert [each["id"] for each in events(found) if "placed" in each["id"]] == [
        "order/O-1/placed",
        "order/O-2/placed",
    ]
    assert (
        "short"
        not in guessed(table({role: role for role in TABLE} | {"order_id": "order"}, list(TABLE))).table.keys
    )


def test_a_sum_below_each_order_is_no_row(guessed: Callable[..., Guesses]) -> None:
    days = "2026-01-01,2026-01-05"
    orders = [
        f"{order},C,1,P,1,{days}\n{order},C,2,P,1,{days}\nTotal {order},,,,2,,\n" for order in (4711, 4712)
    ]
    guesses = guessed("Order No,Customer,Line,Product,Qty,Order Date,Requested Date\n" + "".join(orders))
    assert guesses.table.keys["unless"] == {"Order No": {"like": "Total*"}}
    assert [event["id"] for event in mapped(guesses)] == ["order/4711/placed", "order/4712/placed"]


def test_words_for_nothing_and_blanks_around_cells(guessed: Callable[..., Guesses]) -> None:
    rows = (
        "Order No;Customer;Product;Qty;Order Date;Requested Date;Ship Date\n"
        "O-1 ;C;P;1;2026-01-01;2026-01-05;00.00.0000\nO-2;C;P;1;2026-01-01;2026-01-05;2026-01-04\n"
    )
    guesses = guessed(rows)
    assert (guesses.table.keys["trim"], guesses.table.keys["empty"]) == (True, ["00.00.0000"])
    assert [event["id"] for event in mapped(guesses) if "shipped" in event["type"]] == ["order/O-2/P/shipped"]


def test_quantities_below_zero_and_cancelled_states_are_asked(guessed: Callable[..., Guesses]) -> None:
    rows = (
        "Order No,Customer,Product,Qty,Order Date,Requested Date,Status\n"
        "O-1,C,P,1,2026-01-01,2026-01-05,open\n"
        "O-2,C,P,-1,2026-01-01,2026-01-05,Cancelled\n"
    )
    questions = asked(tomllib.loads(written(guessed(rows))))
    assert questions["files.table.unless.Qty.like"].startswith("1 quantities are below 0: write -*")
    assert questions["events.1.time"].startswith("when: no column says it")


def test_rows_that_share_order_and_line_are_asked(guessed: Callable[..., Guesses]) -> None:
    rows = (
        "Order No,Line,Customer,Product,Qty,Order Date,Requested Date\n"
        + "O-1,1,C,P,1,2026-01-01,2026-01-05\n" * 2
    )
    assert "events.0.data.lines.make.line_id" in asked(tomllib.loads(written(guessed(rows))))


def test_a_spreadsheet_and_its_csv_are_guessed_alike(guessed: Callable[..., Guesses]) -> None:
    names = {role: roles()[role].words[0] for role in TABLE}
    text = table(names, list(TABLE))
    sheet = guessed(book(["Orders of May"], [], *csv.reader(io.StringIO(text)), Notes=[["x", "y"]]), "o.xlsx")
    assert sheet.table.keys == {"sheet": "Sheet", "header": 3}
    assert mapped(sheet) == mapped(guessed(text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_way_of_writing_gives_the_same_events(
    guessed: Callable[..., Guesses], encoding: str, separator: str
) -> None:
    names = {role: roles()[role].words[0] for role in TABLE}
    plain = mapped(guessed(table(names, list(TABLE))))
    other = "sep=;\n" * (separator == ";") + table(names, list(TABLE)).replace(",", separator)
    assert mapped(guessed(other.encode(encoding))) == plain
    assert {parse(orjson.dumps(event)).type for event in plain} == {
        "tandem.order.placed.v1",
        "tandem.order.confirmed.v1",
        "tandem.delivery.shipped.v1",
        "tandem.delivery.delivered.v1",
    }


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "a.csv", "no comma, semicolon, tab or bar"),
        ("1,2\n3,4\n", "a.csv", "no line names the columns"),
        ("a,b\n1,2\n", "a.csv", "no column is called like the number of an order"),
        (b"a\0b", "a.csv", "save it as UTF-8"),
        (b"PK", "a.xlsx", "is no .xlsx workbook"),
        (book([1, 2]), "a.xlsx", "no sheet has a line that names columns"),
        ("{}", "a.json", "is no table; save it as .csv or .xlsx"),
    ],
)
def test_what_holds_no_order_book(
    guessed: Callable[..., Guesses], content: str | bytes, name: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        guessed(content, name)


def test_names_of_two_columns_or_with_signs_are_made_usable(guessed: Callable[..., Guesses]) -> None:
    rows = (
        "Order No,Customer,Product,Qty,Order Date,Requested Date,Shipped at?,Note {x},Note {x}\n"
        "O-1,C,P,1,2026-01-01,2026-01-05,2026-01-04,a,b\n"
    )
    guesses = guessed(rows)
    assert guesses.table.keys["columns"][6:] == ["Shipped at", "Note x", "Note x (2)"]
    assert [event["id"] for event in mapped(guesses)] == ["order/O-1/placed", "order/O-1/P/shipped"]


def test_a_name_with_signs_of_a_pattern_is_that_file(guessed: Callable[..., Guesses]) -> None:
    names = {role: roles()[role].words[0] for role in TABLE}
    guesses = guessed(table(names, list(TABLE)), "orders [1].csv")
    assert len(mapped(guesses)) == 11


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "-", "NULL", "Total", "1.234", "12,5", "-3", "03/04/2026", "31.12.26", "cancelled", '"', "{x}"]
    ),
    st.dates().map(str),
    st.integers().map(str),
)
NAMES = st.one_of(st.sampled_from([word for role in roles().values() for word in role.words]), PRINTABLE)


@given(
    st.lists(NAMES, min_size=1, max_size=8),
    st.lists(st.lists(CELLS, max_size=9), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-8-sig"]),
)
def test_any_file_gives_a_mapping_or_a_reason(
    names: list[str], rows: list[list[str]], separator: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([["Order No", "Qty", *names], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(text.getvalue().encode(encoding, errors="replace"))
        try:
            mapping = written(guesses_of(table_of(path)))
        except MappingError:
            return
        assert "confirmed_by" in asked(tomllib.loads(mapping))
        path.with_suffix(".toml").write_text(answered(mapping, {}), encoding="utf-8")
        for each in find(str(path.with_suffix(".toml"))).events([path]):
            assert isinstance(each.event, bytes) or "; " in each.event.reason, "what is wrong, and what to do"
