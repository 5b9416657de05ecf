"""A broken row is told of, with its line, and the rows around it go on."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.mapping import find
from tests.mapping.examples import FLAT, HEADER, ROW, event, events, rejects

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.mapping import Mapped

    Run = Callable[..., list[Mapped]]

BAD = [
    (
        b"O-2,,P-1,5,2026-10-01,2026-10-09",
        "data.customer_id",
        "column customer of orders.csv line 3 is empty",
    ),
    (b"O-2,C-1,P-1,5,2026-10-01,2026-02-30", "data.lines.0.requested_on", "column due .* '2026-02-30'"),
    (
        b"O-2,C-1,P-1,5,2026-10-01,09.10.2026",
        "data.lines.0.requested_on",
        "'09.10.2026', no date .* `format`",
    ),
    (
        b"O-2,C-1,P-1,5,2026-03-29 02:30,2026-10-09",
        "time",
        "'2026-03-29T02:30:00', a time that Europe/Berlin skip",
    ),
    (b"O-2,C-1,P-1,-5,2026-10-01,2026-10-09", "data.lines.0.qty", "more than 0; it is '-5'; mend column qty"),
    (b"O-2,C-1,P-1,many,2026-10-01,2026-10-09", "data.lines.0.qty", "'many'; mend column qty"),
    (b"O-2,C-1,P-1,5,2026-10-01,2026-10-09,x", "", "7 cells, more than the 6 columns"),
    (b"O-2,C-1,P-1,5", "", "4 cells, fewer than the 6 columns"),
    (b"O-2,C\x00,P-1,5,2026-10-01,2026-10-09", "data.customer_id", "column customer .* holds a NUL"),
    (b"O-2,C\xe9,P-1,5,2026-10-01,2026-10-09", "data.customer_id", "byte 0xE9, .* `encoding`"),
    (b'O-2,"C-1,P-1,5,2026-10-01,2026-10-09', "", "a quote .* does not close it"),
    (b'O-2,"C"1,P-1,5,2026-10-01,2026-10-09', "", "double the quotes"),
    (b"O-2,C\r1,P-1,5,2026-10-01,2026-10-09", "", "carriage return"),
    (b'O-2,"' + b"x" * 150_000 + b'",P-1,5,2026-10-01,2026-10-09', "", "a quote"),
]


@pytest.mark.parametrize(("row", "field", "reason"), BAD, ids=[reason for _, _, reason in BAD])
def test_only_the_broken_row_is_rejected(run: Run, row: bytes, field: str, reason: str) -> None:
    mapped = run(
        FLAT, orders_csv=HEADER.encode() + ROW.encode() + row + b"\n" + ROW.replace("O-1", "O-3").encode()
    )
    assert [each["data"]["order_id"] for each in events(mapped)] == ["O-1", "O-3"]
    ((line, where, why),) = rejects(mapped)
    assert (line, where) == (3, field)
    assert re.search(reason, why), why
    assert "\n" not in why


def test_again_gives_the_same_rejects(run: Run) -> None:
    broken = HEADER.encode() + b"\n".join(row for row, _, _ in BAD) + b"\n" + ROW.encode()
    first, second = (repr(run(FLAT, orders_csv=broken)) for _ in range(2))
    assert first == second
    assert first.count("Rejected(") > len(BAD) // 2


def test_the_earlier_of_two_times_counts_when_clocks_go_back(run: Run) -> None:
    (placed,) = run(FLAT, orders_csv=HEADER + ROW.replace("2026-10-01", "2026-10-25 02:30"))
    assert event(placed)["time"] == "2026-10-25T02:30:00+02:00"


def test_an_offset_in_the_file_wins_over_the_zone(run: Run) -> None:
    (placed,) = run(FLAT, orders_csv=HEADER + ROW.replace("2026-10-01", "2026-10-01T08:00:00-05:00"))
    assert event(placed)["time"] == "2026-10-01T08:00:00-05:00"


def test_a_time_without_any_zone_is_rejected(run: Run) -> None:
    mapped = run(FLAT.replace('timezone = "Europe/Berlin"', ""), orders_csv=HEADER + ROW)
    assert "a time without a zone; write `zone`" in rejects(mapped)[0][2]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_marks_and_line_ends_make_no_difference(run: Run, ending: str, mark: str) -> None:
    mapped = run(FLAT, orders_csv=(mark + HEADER + ROW + "\n" + ROW).replace("\n", ending))
    assert [each.line for each in mapped] == [2, 4]


def test_a_file_without_rows_makes_no_events(run: Run) -> None:
    assert run(FLAT, orders_csv=HEADER) == []


JOINED = (
    FLAT.replace(
        'path = "orders.csv"', 'path = "orders.csv"\none.who = { file = "who", on = { id = "{customer}" } }'
    )
    .replace("[[events]]", '[files.who]\npath = "who.csv"\n[[events]]')
    .replace('currency = "EUR"', 'currency = "EUR"\nship_to = { country = "{who.country}" }')
)


def test_an_unknown_key_rejects_the_events_that_need_it(run: Run) -> None:
    mapped = run(
        JOINED, orders_csv=HEADER + ROW + ROW.replace("C-1", "C-9"), who_csv="id,country\nC-1,Chile\n"
    )
    assert [each["data"]["ship_to"]["country"] for each in events(mapped)] == ["Chile"]
    assert rejects(mapped) == [
        (
            3,
            "data.ship_to.country",
            "who.csv has no row with id 'C-9'; add it, or write `optional = true` for `who`",
        )
    ]


def test_a_key_that_is_there_twice_is_no_answer(run: Run) -> None:
    mapped = run(JOINED, orders_csv=HEADER + ROW, who_csv="id,country\nC-1,Chile\nC-1,China\n")
    assert rejects(mapped)[0][2] == "who.csv has 2 rows with id 'C-1' (lines 2, 3); keep one"


def test_a_broken_row_is_told_once_and_again_by_what_needs_it(run: Run) -> None:
    mapped = run(JOINED, orders_csv=HEADER + ROW, who_csv="id,country\nC-1,Chile,x\n")
    assert [(Path(each.file).name, each.line) for each in mapped] == [("who.csv", 2), ("orders.csv", 2)]
    assert rejects(mapped)[1][2].startswith("who.csv line 2: the row has 3 cells")


LINED = """
source = "urn:test"
timezone = "UTC"
[files.orders]
path = "orders.csv"
many.item = { file = "items", on = { order = "{id}" } }
[files.items]
path = "items.csv"
[[events]]
type = "tandem.delivery.shipped.v1"
from = "orders"
id = "{id}"
time = { datetime = "{day}" }
[events.data]
order_id = "{id}"
customer_id = "C-1"
shipment_id = "{id}"
lines = { each = "item", make = { line_id = "{item.line}", qty = { number = "{item.qty}" } } }
"""
SHIPPED = "id,day\nO-1,2026-10-01\nO-2,2026-10-02\n"


def test_a_broken_line_rejects_its_order_and_no_other(run: Run) -> None:
    mapped = run(LINED, orders_csv=SHIPPED, items_csv="order,line,qty\nO-1,1,5\nO-1,2,x\nO-2,1,7\n")
    assert [each["id"] for each in events(mapped)] == ["O-2"]
    assert rejects(mapped) == [
        (
            2,
            "data.lines.1.qty",
            (
                "column qty of items.csv line 3 holds 'x', no number in the declared notation; "
                "mend it, or `decimal`, `thousands`, `strip`"
            ),
        )
    ]


def test_a_line_of_no_order_is_told(run: Run) -> None:
    mapped = run(LINED, orders_csv=SHIPPED, items_csv="order,line,qty\nO-1,1,5\nO-2,1,7\nO-3,1,7\n,1,7\n")
    assert len(events(mapped)) == 2
    assert [(line, why) for line, _, why in rejects(mapped)] == [
        (5, "column order of items.csv line 5 is empty, so that no row finds this one; fill it"),
        (4, "no row of orders.csv goes with order 'O-3'; add it there, or take this row out"),
    ]


def test_an_order_without_lines_is_rejected(run: Run) -> None:
    mapped = run(LINED, orders_csv=SHIPPED, items_csv="order,line,qty\nO-1,1,5\n")
    assert rejects(mapped) == [(3, "data.lines", "no item goes with this row; add one, or narrow `when`")]


JSON = FLAT.replace("orders.csv", "orders.json")
OBJECT = '{"order":"O-1","customer":"C-1","product":"P","qty":5,"placed":"2026-10-01","due":"2026-10-09"}'


def test_a_broken_json_line_is_rejected_alone(run: Run) -> None:
    lines = [
        "{",
        "[1]",
        OBJECT,
        '{"order": 1, "order": 2}',
        OBJECT.replace('"P"', '"\\ud800"'),
        "[" * 90_000,
        OBJECT,
    ]
    mapped = run(FLAT.replace("orders.csv", "orders.jsonl"), orders_jsonl="\n".join(lines))
    assert [each.line for each in mapped if isinstance(each.event, bytes)] == [3, 7]
    assert [line for line, _, _ in rejects(mapped)] == [1, 2, 4, 5, 6]
    assert "the key 'order' occurs twice" in rejects(mapped)[2][2]
    assert "surrogate" in rejects(mapped)[3][2]


def test_json_that_breaks_off_keeps_what_came_before(run: Run) -> None:
    mapped = run(JSON, orders_json=f"[\n{OBJECT},\n{OBJECT},\n{{")
    assert [each.line for each in mapped] == [2, 3, 4]
    assert "what follows cannot be read" in rejects(mapped)[0][2]


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[\n]\n"])
def test_an_empty_array_makes_no_events(run: Run, text: str) -> None:
    assert run(JSON, orders_json=text) == []


CELL = st.text(st.sampled_from("aé🚢',;\"\n\r \t"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(notes=st.lists(CELL, max_size=6), ending=st.sampled_from(["\n", "\r\n"]))
def test_lines_are_right_whatever_cells_hold(notes: list[str], ending: str) -> None:
    mapping = FLAT.replace('currency = "EUR"', 'currency = "EUR"\nparticipants = []')
    text, starts = "order,customer,product,qty,placed,due,note" + ending, []
    for index, note in enumerate(notes):
        starts.append((text.count("\n") + 1, f"O-{index}"))
        row = io.StringIO()
        csv.writer(row, lineterminator=ending, quoting=csv.QUOTE_ALL).writerow(
            [f"O-{index}", "C", "P", "1", "2026-10-01", "2026-10-09", note]
        )
        text += row.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "orders.csv").write_bytes(text.encode())
        (Path(folder) / "m.toml").write_text(mapping)
        mapped = list(find(f"{folder}/m.toml").events([Path(folder)]))
    assert [(each.line, event(each)["data"]["order_id"]) for each in mapped] == starts


@settings(max_examples=60, deadline=None)
@given(rubbish=st.binary(max_size=300))
def test_any_bytes_end_in_events_and_rejects(rubbish: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "orders.csv").write_bytes(HEADER.encode() + rubbish + b"\n" + ROW.encode())
        (Path(folder) / "m.toml").write_text(FLAT)
        mapped = list(find(f"{folder}/m.toml").events([Path(folder)]))
    assert all("\n" not in why for _, _, why in rejects(mapped))
    assert [each["data"]["order_id"] for each in events(mapped)][-1:] == ["O-1"] or b'"' in rubbish
