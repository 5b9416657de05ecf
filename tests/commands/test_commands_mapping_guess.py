"""`tandem mapping guess`: from a file nobody described to figures, with a person's answers in between."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from shared import tables
from shared.store.engine import Store
from tests.guessing.sheets import GERMAN, answered

if TYPE_CHECKING:
    from tests.commands.conftest import Tandem

SALES = Path(__file__).parents[2].parent / "shared" / "data" / "us_regional_sales"
ISO, DAY_FIRST = SALES / "US_Regional_Sales_Data.csv", SALES / "US_Regional_Sales_Data_dmy_dollar.csv"
PROMISED_AFTER = 21
EACH = 8
THEN = ("--as-of", "2021-06-01T00:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Without a database: a mapping is guessed without one."""
    return tmp_path


def test_it_writes_a_file_and_says_what_is_left_to_do(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / "auftraege.csv").write_bytes(GERMAN.encode("cp1252"))
    answer = tandem("mapping", "guess", "auftraege.csv", "--out", "m.toml")
    assert answer.code == 0
    assert "It asks 4 questions" in answer.out
    assert "Then: tandem mapping check m.toml auftraege.csv" in answer.out
    assert "files.table" not in answer.err
    assert "timezone: the IANA zone" in answer.err
    refused = tandem("import", "auftraege.csv", "--format", "m.toml")
    assert (refused.code, "confirmed_by: is a question not answered yet" in refused.err) == (2, True)
    assert not (tmp_path / "tandem.db").exists()
    again = tandem("mapping", "guess", "auftraege.csv", "--out", "m.toml")
    assert (again.code, "what you have written is not replaced" in again.err) == (2, True)


def test_as_json_and_on_stdout(tandem: Tandem, tmp_path: Path) -> None:
    (tmp_path / "auftraege.csv").write_bytes(GERMAN.encode("cp1252"))
    found = tandem("mapping", "guess", "auftraege.csv", "--json").json
    assert found["reads"]["header"] == 4
    order = next(each for each in found["guesses"] if each["role"] == "order_id")
    assert (order["column"], order["confidence"]) == ("Auftragsnr.", "certain")
    assert {
        "key": "events.2.data.currency",
        "asks": "the currency of all orders, such as EUR; no column tells it",
    } in [{"key": each["key"], "asks": each["asks"].partition("; prices")[0]} for each in found["questions"]]
    assert tomllib.loads(found["mapping"]) == tomllib.loads(tandem("mapping", "guess", "auftraege.csv").out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv is no file"),
        (["."], ". is no file"),
        (["a.csv", "--out", "a"], "ends in .toml"),
    ],
)
def test_called_wrongly(tandem: Tandem, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "a.csv").write_text("Order No,Qty\nO-1,1\n")
    answer = tandem("mapping", "guess", *arguments)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err


def confirmed(mapping: str) -> str:
    """What a person writes: the answers, and the policy that orders were promised as asked."""
    lines, live = [], False
    for line in mapping.split("\n"):
        live = "promised as asked" in line or (live and line.startswith("# "))
        lines.append(line.removeprefix("# ") if live and not line.startswith("# Policy") else line)
    answers = {"timezone": '"UTC"', "plus_days": str(PROMISED_AFTER)}
    return answered("\n".join(lines), answers)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    if not ISO.exists():
        pytest.skip(f"the order book is not here: {ISO}")
    with ISO.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[::EACH]


def outcomes(url: str) -> dict[str, tuple[Any, ...]]:
    store = Store.open(url)
    with store.reading() as connection:
        lines = connection.execute(select(tables.order_lines)).all()
    store.close()
    return {
        line.order_id: (line.first_commit_due, line.first_commit_on_time, line.ordered_qty) for line in lines
    }


def test_one_order_book_in_two_styles_has_the_same_figures(
    tandem: Tandem, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    """Each eighth order, worked out from the ISO file alone; the other has 31/5/18 and $1,001.18."""
    found = []
    for name, whole in (("iso", ISO), ("dmy", DAY_FIRST)):
        head, *lines = whole.read_bytes().splitlines(keepends=True)
        file = tmp_path / f"{name}.csv"
        file.write_bytes(head + b"".join(lines[::EACH]))
        assert tandem("mapping", "guess", file, "--out", f"{name}.toml").code == 0
        mapping = tmp_path / f"{name}.toml"
        mapping.write_text(confirmed(mapping.read_text(encoding="utf-8")), encoding="utf-8")
        url = f"sqlite:///{tmp_path / name}.db"
        told = tandem("import", file, "--format", f"{name}.toml", "--json", *THEN, TANDEM_DATABASE_URL=url)
        assert (told.code, told.json["read"], told.json["accepted"]) == (0, 4 * len(rows), 4 * len(rows))
        found.append(outcomes(url))
    expected = {
        row["OrderNumber"]: (
            due := dt.date.fromisoformat(row["OrderDate"]) + dt.timedelta(days=PROMISED_AFTER),
            dt.date.fromisoformat(row["DeliveryDate"]) <= due,
        )
        for row in rows
    }
    assert {order: line[:2] for order, line in found[0].items()} == expected
    assert found[0] == found[1]
    assert len(found[0]) == len(rows) == 1000 - 1
