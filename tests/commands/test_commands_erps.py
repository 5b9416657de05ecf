"""Exports of ERPNext and Odoo: outcomes that were worked out by hand from their rows."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.mapping import MappingError, find
from tests.mapping.examples import events
from tests.mapping.test_mapping_tables import book

if TYPE_CHECKING:
    from tests.commands.conftest import Answer, Tandem

DATA = Path(__file__).parents[1] / "data"
ZONE = ("--zone", "Europe/Berlin")
THEN = ("--as-of", "2026-06-01T00:00:00Z")
ERPNEXT = {
    "SAL-ORD-2026-00001": {"1a00000001": ("2026-03-10", True, True)},  # at 23:30 of its day
    "SAL-ORD-2026-00002": {
        "2a00000001": (
            "2026-03-13",
            False,
            True,
        ),  # ten boxes of 12: five on the 12th, sixty pieces on the 17th
        "2a00000002": ("2026-03-16", True, True),  # and later 5 of 50 came back
    },
    "SAL-ORD-2026-00003-1": {"3b00000001": ("2026-03-19", True, True)},  # the amended order
    "SAL-ORD-2026-00004": {"4a00000001": ("2026-03-20", False, False)},  # its Delivery Note was cancelled
}
ODOO = {
    "S00021": {
        "__export__.sale_order_line_51_00000051": ("2026-03-12", True, True),
        "__export__.sale_order_line_53_00000053": ("2026-03-12", False, True),  # two of six by a backorder
    },
    "S00022": {"__export__.sale_order_line_55_00000055": (None, None, None)},  # no delivery date was given
    "S00025": {
        "__export__.sale_order_line_58_00000058": (
            "2026-03-18",
            False,
            False,
        ),  # moved in another unit: refused
        "__export__.sale_order_line_59_00000059": ("2026-03-18", False, False),  # ready, but never sent
    },
}
NO_ORDERS = {
    "erpnext": (
        "SAL-ORD-2026-00003",
        "SAL-ORD-2026-00005",
        "SAL-ORD-2026-00006",
    ),  # cancelled, draft, maintenance
    "odoo": ("S00023", "S00024"),  # cancelled, quotation
}


def imported(tandem: Tandem, name: str, folder: Path = DATA, at: str = "2026-03-26T18:00:00Z") -> Answer:
    answer = tandem("import", folder / name, "--format", name, *ZONE, "--exported-at", at, "--json", *THEN)
    assert answer.json["conflicts"] == 0
    return answer


def first_commit(tandem: Tandem, order_id: str) -> dict[str, tuple[Any, ...]]:
    shown = tandem("orders", "show", order_id, "--json", *THEN).json
    assert shown["quarantined"] is None
    lines = {line["line_id"]: line["outcomes"]["first_commit"] for line in shown["lines"]}
    return {line: (each["due"], each["on_time"], each["in_full"]) for line, each in lines.items()}


@pytest.mark.parametrize(("name", "golden", "refused"), [("erpnext", ERPNEXT, 0), ("odoo", ODOO, 2)])
def test_the_outcomes_are_those_worked_out_by_hand(
    tandem: Tandem, name: str, golden: dict[str, Any], refused: int
) -> None:
    answer = imported(tandem, name)
    assert (answer.code, answer.json["rejected"]) == (int(refused > 0), refused)
    assert {order: first_commit(tandem, order) for order in golden} == golden
    for order_id in NO_ORDERS[name]:
        assert tandem("orders", "show", order_id, *THEN).code == 1
    again = imported(tandem, name).json
    assert (again["accepted"], again["duplicates"]) == (0, answer.json["accepted"])


def test_a_unit_that_differs_is_refused_by_its_name(tandem: Tandem) -> None:
    shipped, delivered = imported(tandem, "odoo").json["rejects"]
    assert (shipped["line"], delivered["line"]) == (11, 11)
    assert "Order Lines/Unit of Measure 'Units'" in shipped["reason"]


def test_an_order_without_a_delivery_date_is_judged_by_what_was_asked(tandem: Tandem) -> None:
    imported(tandem, "odoo")
    [line] = tandem("orders", "show", "S00022", "--json", *THEN).json["lines"]
    assert line["outcomes"]["first_commit"]["status"] == "unconfirmed"
    assert (line["outcomes"]["requested"]["due"], line["outcomes"]["requested"]["otif"]) == (
        "2026-03-11",
        True,
    )


def changed(folder: Path, name: str, **changes: tuple[str, str]) -> Path:
    """A copy of an export in which one text was another."""
    (folder / name).mkdir()
    for file in (DATA / name).glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        for one, other in changes.values():
            text = text.replace(one, other)
        (folder / name / file.name).write_text(text, encoding="utf-8")
    return folder


def test_a_document_cancelled_later_takes_back_what_was_recorded(tandem: Tandem, tmp_path: Path) -> None:
    before = changed(tmp_path, "erpnext", status=('"Cancelled"', '"Completed"'))
    assert imported(tandem, "erpnext", before, "2026-03-20T18:00:00Z").code == 0
    assert tandem("orders", "show", "SAL-ORD-2026-00003", *THEN).code == 0
    assert first_commit(tandem, "SAL-ORD-2026-00004") == {"4a00000001": ("2026-03-20", True, True)}
    imported(tandem, "erpnext")
    assert tandem("orders", "show", "SAL-ORD-2026-00003", *THEN).code == 1
    assert first_commit(tandem, "SAL-ORD-2026-00004") == ERPNEXT["SAL-ORD-2026-00004"]


def test_what_changed_by_the_next_export_becomes_events(tandem: Tandem, tmp_path: Path) -> None:
    imported(tandem, "erpnext", at="2026-03-19T18:00:00Z")
    later = changed(
        tmp_path, "erpnext", day=('"2026-03-20",55', '"2026-03-24",55'), sent=('"Draft","d8', '"To Bill","d8')
    )
    answer = imported(tandem, "erpnext", later)
    assert (answer.code, answer.json["rejected"]) == (0, 0)
    shown = tandem("orders", "show", "SAL-ORD-2026-00004", "--json", *THEN).json
    [line] = shown["lines"]
    dues = {basis: (each["due"], each["on_time"]) for basis, each in line["outcomes"].items()}
    assert dues == {
        "requested": ("2026-03-20", False),
        "first_commit": ("2026-03-20", False),
        "last_commit": ("2026-03-24", True),
    }
    assert shown["promise_slips"] == 1


def through_a_german_spreadsheet(file: Path, into: Path) -> None:
    """Semicolons, decimal commas, days first, another encoding: as it saves what it opened."""
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    cells = [[re.sub(r"^(\d+)-(\d\d)-(\d\d)$", r"\3.\2.\1", cell) for cell in row] for row in rows]
    cells = [[re.sub(r"^(-?\d+)\.0$", r"\1,00", cell) for cell in row] for row in cells]
    cells = [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in cells]
    with (into / file.name).open("w", encoding="cp1252", newline="") as out:
        csv.writer(out, delimiter=";").writerows(cells)


def test_a_copy_of_a_mapping_reads_what_a_spreadsheet_has_saved(tandem: Tandem, tmp_path: Path) -> None:
    for file in (DATA / "erpnext").glob("*.csv"):
        through_a_german_spreadsheet(file, tmp_path)
    numbers = ("Quantity (Items)", "UOM Conversion Factor (Items)", "Net Rate (Items)")
    written = 'delimiter = ";"\nencoding = "windows-1252"\n'
    of_orders = "".join(f'notation."{name}".decimal = ","\n' for name in numbers) + "".join(
        f'notation."{name}".format = "%d.%m.%Y"\n' for name in ("Date", "Delivery Date (Items)")
    )
    of_notes = "".join(f'notation."{name}".decimal = ","\n' for name in numbers[:2])
    ours = (
        tandem("mapping", "show", "erpnext")
        .out.replace("[files.orders]\n", f"[files.orders]\n{written}{of_orders}")
        .replace("[files.notes]\n", f"[files.notes]\n{written}{of_notes}")
        .replace("%Y-%m-%d", "%d.%m.%Y")
    )
    (tmp_path / "ours.toml").write_text(ours, encoding="utf-8")
    at = ("--exported-at", "2026-03-26T18:00:00Z", "--json", *THEN)
    answer = tandem("import", tmp_path, "--format", "ours.toml", *ZONE, *at)
    assert (answer.code, answer.json["rejected"]) == (0, 0)
    assert {order: first_commit(tandem, order) for order in ERPNEXT} == ERPNEXT
    again = imported(tandem, "erpnext").json
    assert (again["accepted"], again["conflicts"]) == (0, 0), "the files say the same"


def test_a_mapping_is_shown_as_it_stands(tandem: Tandem) -> None:
    assert find("odoo", "UTC").spec.source in tandem("mapping", "show", "odoo", "--json").json["mapping"]
    answer = tandem("mapping", "show", "sap")
    assert (answer.code, answer.out) == (2, "")
    assert "'sap' is no mapping; write one of erpnext, northwind" in answer.err


@pytest.mark.parametrize("name", ["erpnext", "odoo"])
def test_numbers_written_otherwise_are_no_change(tandem: Tandem, tmp_path: Path, name: str) -> None:
    """As a spreadsheet writes 4 for 4.0, and another version of the system 4.00."""
    before = imported(tandem, name, at="2026-03-26T18:00:00Z").json
    for day, written in (("27", ""), ("28", ".00")):
        folder = tmp_path / day
        folder.mkdir()
        other = changed(folder, name, plain=('.0"', f'{written}"'), bare=(".0,", f"{written},"))
        again = imported(tandem, name, other, f"2026-03-{day}T18:00:00Z").json
        heartbeat = int(not again["rejected"])
        assert (again["accepted"], again["duplicates"]) == (heartbeat, before["accepted"] - heartbeat)


@pytest.mark.parametrize("name", ["erpnext", "odoo"])
def test_the_zone_is_asked_for_and_given_once(tandem: Tandem, name: str) -> None:
    answer = tandem("import", DATA / name, "--format", name)
    assert answer.code == 2
    assert "timezone: is a question not answered yet" in answer.err
    assert "or --zone Europe/Berlin" in answer.err
    with pytest.raises(MappingError, match="timezone: is 'UTC' already; leave --zone Europe/Berlin out"):
        find("northwind", "Europe/Berlin")
    assert tandem("import", DATA / name, "--format", name, "--zone", "Berlin").code == 2


@pytest.mark.parametrize("name", ["erpnext", "odoo"])
def test_parents_on_every_row_and_spreadsheets_say_the_same(name: str, tmp_path: Path) -> None:
    """As other exports of the same systems write them."""
    plain = events(find(name, "Europe/Berlin").events([DATA / name]))
    mapping = find(name, "Europe/Berlin")
    for file in (DATA / name).glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            names, *rows = csv.reader(stream)
        spec = next(each for each in mapping.spec.files.values() if file.match(each.path))
        carried = [names.index(column) for column in spec.fill_down]
        for above, row in pairwise(rows):
            if not row[carried[0]]:
                row[:] = [above[at] if at in carried else cell for at, cell in enumerate(row)]
        (tmp_path / f"{file.stem}.xlsx").write_bytes(book(names, *rows))
    assert events(mapping.events([tmp_path])) == plain
