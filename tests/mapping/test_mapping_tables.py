"""Tables as programs write them: parents named once, totals, preambles, notations, spreadsheets."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shared.mapping import MappingError
from shared.mapping.model import File
from shared.mapping.narrowing import narrowed
from shared.mapping.relations import Source
from shared.mapping.rows import Row
from tests.mapping.examples import FLAT, HEADER, ROW, events, rejects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shared.mapping import Mapped

    Run = Callable[..., list[Mapped]]

PATH = 'path = "orders.csv"\n'
LINES = (
    FLAT.replace(PATH, PATH + 'many.row = { file = "orders", on = { order = "{order}" } }\n')
    .replace('id = "{order}/placed"', 'once_per = "{order}"\nid = "{order}/placed"')
    .replace('lines = [ { line_id = "1"', 'lines = { each = "row", make = { line_id = "{row.product}"')
    .replace('"{product}"', '"{row.product}"')
    .replace('"{qty}"', '"{row.qty}"')
    .replace('"{due}" } } ]', '"{row.due}" } } }')
)
FILLED = LINES.replace(PATH, PATH + 'fill_down = ["order", "customer", "placed"]\n')


def with_file(keys: str, mapping: str = FLAT) -> str:
    return mapping.replace(PATH, f"{PATH}{keys}\n")


def book(*rows: list[Any], **more: list[list[Any]]) -> bytes:
    made = Workbook()
    sheets = {"Sheet": list(rows), **more}
    made.remove(made.worksheets[0])
    for title, cells in sheets.items():
        sheet = made.create_sheet(title)
        for row in cells:
            sheet.append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_parent_written_once_is_the_parent_of_the_rows_below(run: Run) -> None:
    rows = "O-1,C-1,P-1,5,2026-10-01,2026-10-09\n,,P-2,6,,2026-10-10\nO-2,C-2,P-1,1,2026-10-02,2026-10-09\n"
    found = [each["data"] for each in events(run(FILLED, orders_csv=HEADER + rows))]
    assert [(data["order_id"], data["customer_id"]) for data in found] == [("O-1", "C-1"), ("O-2", "C-2")]
    assert [line["product_id"] for line in found[0]["lines"]] == ["P-1", "P-2"]


def test_what_a_parent_leaves_empty_stays_empty(run: Run) -> None:
    rows = ROW + "O-2,,P-1,1,2026-10-02,2026-10-09\n"
    assert (
        "column customer of orders.csv line 3 is empty"
        in rejects(run(FILLED, orders_csv=HEADER + rows))[0][2]
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [("O-2,too few\n", "line 3, which may begin it, is broken"), ('O-2,"C\n', "line 3, which may begin it")],
)
def test_below_a_broken_row_nothing_is_taken_over(run: Run, row: str, why: str) -> None:
    mapped = run(FILLED, orders_csv=HEADER + ROW + row + ",,P-2,6,,2026-10-10\n")
    assert [line["product_id"] for each in events(mapped) for line in each["data"]["lines"]] == ["P-1"]
    assert [line for line, _, _ in rejects(mapped)] == [3, 4]
    assert f"column order is empty and {why}" in rejects(mapped)[1][2]


def test_a_first_row_without_a_parent(run: Run) -> None:
    mapped = run(FILLED, orders_csv=HEADER + ",,P-2,6,,2026-10-10\n")
    assert rejects(mapped) == [(2, "", "column order is empty and no row above it has one; mend that first")]


@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["", "x", "y"])), min_size=1))
def test_filling_down_undoes_writing_once(table: list[tuple[str, str]]) -> None:
    """Whoever writes a parent's columns once, as exports do, loses nothing by it."""
    spec = File(path="a.csv", fill_down=["key", "value"])
    source = Source("a", spec, {})
    whole, above = [], None
    for key, value in table:
        whole.append((key, value if above is None or above[0] != key else above[1]))
        above = whole[-1]
    once = [row if not at or row != whole[at - 1] else ("", "") for at, row in enumerate(whole)]
    rows = [Row(source, None, 0, {"key": key, "value": value}) for key, value in once]  # type: ignore[arg-type] # no file is read
    assert [(row.cells["key"], row.cells["value"]) for row in narrowed(iter(rows), source)] == whole


def test_a_row_that_does_not_count_still_begins_its_order(run: Run) -> None:
    mapping = FILLED.replace(PATH, PATH + 'unless = { product = "note" }\n')
    rows = ROW + "O-2,C-2,note,0,2026-10-02,\n,,P-2,6,,2026-10-10\n"
    found = [each["data"] for each in events(run(mapping, orders_csv=HEADER + rows))]
    assert [(data["order_id"], data["customer_id"]) for data in found] == [("O-1", "C-1"), ("O-2", "C-2")]


@pytest.mark.parametrize("total", ["Total,,,5,,\n", "Total,5\n"])
def test_a_total_is_no_row(run: Run, total: str) -> None:
    mapping = with_file('unless = { order = "Total" }')
    assert len(run(mapping, orders_csv=HEADER + ROW + total)) == 1


def test_rows_that_end_early_are_refused_unless_they_may(run: Run) -> None:
    rows = HEADER.replace("\n", ",note\n") + ROW
    assert "write `short = true` where the last ones may be" in rejects(run(FLAT, orders_csv=rows))[0][2]
    assert len(events(run(with_file("short = true"), orders_csv=rows))) == 1
    more = HEADER + ROW.replace("\n", ",x\n")
    assert "7 cells, more than the 6" in rejects(run(with_file("short = true"), orders_csv=more))[0][2]


def test_a_broken_row_is_told_of_whatever_the_filter(run: Run) -> None:
    mapped = run(with_file("when = { order = true }"), orders_csv=HEADER + ROW + '"O-2,C\n')
    assert [line for line, _, _ in rejects(mapped)] == [3]


def test_the_names_once_more_are_no_row(run: Run) -> None:
    """Exports that were put together repeat them, maybe in the middle of an order."""
    rows = ROW + HEADER + ",,P-2,6,,2026-10-10\n" + HEADER
    (placed,) = events(run(FILLED, orders_csv=HEADER + rows))
    assert [line["product_id"] for line in placed["data"]["lines"]] == ["P-1", "P-2"]
    cells = [line.split(",") for line in (HEADER + ROW + HEADER + ROW.replace("O-1", "O-2")).splitlines()]
    sheet = events(run(SHEET, orders_xlsx=book(*cells)))
    assert [each["data"]["order_id"] for each in sheet] == ["O-1", "O-2"]


def test_dates_that_a_spreadsheet_left_as_numbers(run: Run) -> None:
    mapping = with_file('notation.placed.format = ["serial", "%d.%m.%Y"]\nnotation.due.format = "serial"')
    rows = (
        "O-1,C-1,P-1,5,46300.395833333336,46304\nO-2,C-1,P-1,5,05.10.2026,46304.0\nO-3,C-1,P-1,5,46300,-1\n"
    )
    mapped = run(mapping, orders_csv=HEADER + rows)
    assert [(each["time"], each["data"]["lines"][0]["requested_on"]) for each in events(mapped)] == [
        ("2026-10-05T09:30:00+02:00", "2026-10-09"),
        ("2026-10-05T00:00:00+02:00", "2026-10-09"),
    ]
    assert "holds '-1', no date in the format serial" in rejects(mapped)[0][2]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("9. Oktober 2026", "10-09"),
        ("09. MÄR 2026", "03-09"),
        ("9. août 2026", "08-09"),
        ("9. ene 2026", "01-09"),
    ],
)
def test_months_by_their_names(run: Run, written: str, day: str) -> None:
    mapping = with_file('notation.due = { format = "%d. %B %Y" }').replace("2026-10-01", "2026-01-01")
    (placed,) = events(run(mapping, orders_csv=HEADER + f"O-1,C-1,P-1,5,2026-01-01,{written}\n"))
    assert placed["data"]["lines"][0]["requested_on"] == f"2026-{day}"


def test_rows_without_any_content_are_none(run: Run) -> None:
    assert len(run(FLAT, orders_csv=HEADER + ",,,,,\n" + ROW + ",,,,,\n")) == 1


@pytest.mark.parametrize("above", ['Orders of "May,\n\n', "Report,1\n\n"])
def test_names_further_down(run: Run, above: str) -> None:
    (placed,) = run(with_file("header = 3"), orders_csv=above + HEADER + ROW)
    assert placed.line == 4
    assert isinstance(placed.event, bytes)


def test_names_of_our_own_instead_of_twice_the_same(run: Run) -> None:
    mapping = with_file('header = 1\ncolumns = ["order", "customer", "product", "qty", "placed", "due"]')
    assert len(events(run(mapping, orders_csv="a,a,a,a,a,a\n" + ROW))) == 1


def test_names_with_dots_and_line_breaks(run: Run) -> None:
    mapping = FLAT.replace("{order}", "{Order no.}").replace("{due}", "{Due on date}")
    names = HEADER.replace("order,", "Order no.,").replace("due", '"Due on\n date"')
    (placed,) = events(run(mapping, orders_csv=names + ROW))
    assert placed["data"]["order_id"] == "O-1"


def test_a_notation_holds_for_every_value_of_its_column(run: Run) -> None:
    mapping = with_file(
        'notation.placed = { format = "%d.%m.%Y" }\nnotation.due = { format = ["%d/%m/%y", "%d/%m/%Y"] }\n'
        'notation.qty = { decimal = ",", thousands = "." }'
    ).replace('"{qty}"', '{ number = "{qty}" }')
    (placed,) = events(run(mapping, orders_csv=HEADER + 'O-1,C-1,P-1,"1.200,5",05.10.2026,9/10/26\n'))
    assert placed["time"] == "2026-10-05T00:00:00+02:00"
    assert placed["data"]["lines"][0]["qty"] == "1200.5"
    assert placed["data"]["lines"][0]["requested_on"] == "2026-10-09"


def test_a_value_knows_better_than_its_column(run: Run) -> None:
    mapping = with_file('notation.due = { format = "%d/%m/%Y" }').replace(
        'date = "{due}"', 'date = "{due}", format = "%m/%d/%Y"'
    )
    (placed,) = events(run(mapping, orders_csv=HEADER + "O-1,C-1,P-1,1,2026-10-05,10/09/2026\n"))
    assert placed["data"]["lines"][0]["requested_on"] == "2026-10-09"


def test_two_formats_for_one_text_are_refused(run: Run) -> None:
    clash = "%d/%m/%Y and %m/%d/%Y read 01/02/2003 as different days; write the one that holds"
    with pytest.raises(MappingError, match=clash):
        run(with_file('notation.due = { format = ["%d/%m/%Y", "%m/%d/%Y"] }'), orders_csv=HEADER)


def test_a_question_is_answered_before_anything_is_read(run: Run) -> None:
    mapping = with_file('notation.due = { format = "? %d/%m/%Y or %m/%d/%Y" }').replace('"EUR"', '"? which"')
    with pytest.raises(
        MappingError, match=r"notation\.due\.format: is a question .* or %m/%d/%Y.*\(1 more\)"
    ):
        run(mapping, orders_csv=HEADER)


def test_rows_by_what_a_text_looks_like(run: Run) -> None:
    rows = HEADER + ROW + ROW.replace("O-1", "O-2").replace(",5,", ",-5,")
    mapping = FLAT.replace('from = "orders"', 'from = "orders"\nunless = { qty = { like = "-*" } }')
    assert [each["data"]["order_id"] for each in events(run(mapping, orders_csv=rows))] == ["O-1"]


@pytest.mark.parametrize("mapping", [FLAT, with_file('encoding = "utf-16"')])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_byte_order_mark_says_utf_16(run: Run, mapping: str, encoding: str) -> None:
    text = HEADER + ROW.replace("C-1", "Čapek")
    rows = ("\ufeff" * (encoding == "utf-16-be") + text).encode(encoding)
    (placed,) = events(run(mapping, orders_csv=rows))
    assert placed["data"]["customer_id"] == "Čapek"


SHEET = FLAT.replace("orders.csv", "orders.xlsx").replace('"{qty}"', '{ number = "{qty}" }')
NAMES = ["order", "customer", "product", "qty", "placed", "due"]


def test_a_sheet_with_real_dates_and_numbers(run: Run) -> None:
    rows = [
        [4711, "C-1", "P-1", 0.1 + 0.2, dt.datetime(2026, 10, 5, 9, 30), dt.date(2026, 10, 9)],  # noqa: DTZ001 # as cells are
        [None] * 6,
        ["O-2", "C-1", "P-1", 1e15, dt.date(2026, 10, 6), "2026-10-09"],
    ]
    mapped = run(SHEET, orders_xlsx=book(NAMES, *rows))
    first = events(mapped)[0]
    assert (first["data"]["order_id"], first["time"]) == ("4711", "2026-10-05T09:30:00+02:00")
    assert first["data"]["lines"][0]["qty"] == "0.3"
    assert first["data"]["lines"][0]["requested_on"] == "2026-10-09"
    assert [each.line for each in mapped] == [2, 4], "as the program counts rows"
    assert "below 1000000000000" in rejects(mapped)[0][2]


def test_a_sheet_and_a_csv_of_the_same_rows_make_the_same_events(run: Run) -> None:
    rows = [
        ["O-1", "C-1", "P-1", "5", "2026-10-01", "2026-10-09"],
        ["O-2", "", "P-1", "5", "x", "2026-10-09"],
    ]
    text = HEADER + "".join(",".join(row) + "\n" for row in rows)
    csv, sheet = run(FLAT, orders_csv=text), run(SHEET, orders_xlsx=book(NAMES, *rows))
    assert events(csv) == events(sheet)
    assert [reject[:2] for reject in rejects(csv)] == [reject[:2] for reject in rejects(sheet)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no zip", "is no .xlsx workbook; save it as one, without a password"),
        (book(), "line 1 names no columns"),
        (book(NAMES, Two=[NAMES]), "which `sheet`. write sheet = one of 'Sheet', 'Two'"),
        (book(["order", "order"]), "line 1 names the column 'order' twice"),
    ],
)
def test_a_book_that_cannot_be_used(run: Run, content: bytes, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        run(SHEET, orders_xlsx=content)


def test_a_cell_with_an_error_and_one_beside_the_table(run: Run) -> None:
    row = ["O-1", "C-1", "P-1", 5, "2026-10-01", "2026-10-09"]
    mapped = run(SHEET, orders_xlsx=book(NAMES, [*row[:3], "#N/A", *row[4:]], [*row, "note"], row))
    assert [line for line, _, _ in rejects(mapped)] == [2, 3]
    assert "column qty holds the error #N/A; mend the formula" in rejects(mapped)[0][2]
    assert "right of the 6 columns" in rejects(mapped)[1][2]
    assert len(events(mapped)) == 1


def test_one_sheet_of_several_with_the_names_further_down(run: Run) -> None:
    mapping = SHEET.replace('path = "orders.xlsx"', 'path = "orders.xlsx"\nsheet = "May"\nheader = 3')
    row = ["O-1", "C-1", "P-1", 5, "2026-10-01", "2026-10-09"]
    (placed,) = run(mapping, orders_xlsx=book(["x"], May=[["Orders"], [], NAMES, row]))
    assert (placed.line, type(placed.event)) == (4, bytes)


def test_a_book_that_is_not_there(run: Run, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"no orders\.xlsx in"):
        run(SHEET)
    assert not (tmp_path / "orders.xlsx").exists()
