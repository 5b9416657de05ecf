"""Any days of a book, each imported once or twice, end in the outcomes of the last: the truth known then."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.snapshots import OlderExportError
from shared.store.engine import Store
from tests.snapshots.book import Book, Line

KEYS = [("1", "10"), ("1", "20"), ("2", "10")]


@dataclass
class Truth:
    """What is known of a line: of the export that listed it last, and the first promise that still holds."""

    last: Line
    first_promise: str
    listed: bool = True


@st.composite
def a_day(draw: st.DrawFn) -> list[Line]:
    lines = []
    for order, pos in KEYS:
        if draw(st.sampled_from([True, True, True, False])):
            lines.append(
                Line(
                    order=order,
                    pos=pos,
                    product=draw(st.sampled_from("PQ")),
                    qty=draw(st.sampled_from(["5", "5", "7", "2.5"])),
                    wanted=draw(st.sampled_from(["2027-01-10", "2027-01-10", "2027-01-20"])),
                    promised=draw(st.sampled_from(["2027-01-12", "2027-01-12", "2027-01-09", "2027-01-15"])),
                    delivered=draw(st.sampled_from(["", "", "2026-10-06", "2026-10-07"])),
                    status=draw(st.sampled_from(["open", "open", "open", "void"])),
                )
            )
    return draw(st.permutations(lines))


def known(days: list[list[Line]]) -> dict[tuple[str, str], Truth]:
    truth: dict[tuple[str, str], Truth] = {}
    for lines in days:
        if not lines:
            continue  # an empty export says nothing
        for each in truth.values():
            each.listed = False
        for line in lines:
            key = (line.order, line.pos)
            before = truth.get(key)
            rebased = before is None or before.last.wanted != line.wanted
            first = line.promised if rebased or before is None else before.first_promise
            truth[key] = Truth(line, first)
    return truth


@settings(max_examples=settings.default.max_examples // 6)
@given(
    days=st.lists(a_day(), min_size=5, max_size=5),
    kept=st.lists(st.sampled_from([0, 1, 2]), min_size=5, max_size=5),
    batch=st.sampled_from([1, 3, 100]),
)
def test_any_days_end_in_the_truth_of_the_last(days: list[list[Line]], kept: list[int], batch: int) -> None:
    store = Store.open("sqlite://")
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder), store)
        newest = -1
        for day, (lines, times) in enumerate(zip(days, kept, strict=True)):
            for time in range(times):
                tally = book.export(day, lines, batch=batch)
                assert (tally.conflicts, tally.rejects) == (0, []), tally
                assert tally.accepted == 0 or not time, "the same export again tells nothing"
                newest = day
        if newest > 0:
            with pytest.raises(OlderExportError):
                book.export(newest - 1, days[newest - 1])
        agrees(book, known([lines for lines, times in zip(days, kept, strict=True) if times]))
    store.close()


def agrees(book: Book, truth: dict[tuple[str, str], Truth]) -> None:
    rows, accepted = book.rows(), book.accepted()
    assert rows.keys() == truth.keys()
    for key, each in truth.items():
        row, line = rows[key], each.last
        void = line.status == "void"
        arrived = Decimal(line.qty) if line.delivered and not void else Decimal(0)
        assert row.ordered_qty == Decimal(line.qty), key
        assert row.product_id == line.product, key
        assert f"{row.requested_due}" == line.wanted, key
        assert f"{row.first_commit_due}" == each.first_promise, key
        assert f"{row.last_commit_due}" == line.promised, key
        assert accepted.get(key, 0) == arrived, key
        cancelled = void or (not each.listed and not arrived)
        verdict = "closed" if arrived else "missed" if cancelled else "waiting"
        assert row.last_commit_verdict == verdict, (key, each)


@settings(max_examples=settings.default.max_examples // 9)
@given(days=st.lists(a_day(), min_size=2, max_size=5))
def test_by_default_the_first_word_of_a_line_is_what_we_are_held_to(days: list[list[Line]]) -> None:
    """Whose wish a change was, an export does not say: taken as ours, it never re-bases a line."""
    days = [[replace(line, delivered="", status="open") for line in lines] for lines in days]
    first: dict[tuple[str, str], Line] = {}
    last: dict[tuple[str, str], Line] = {}
    store = Store.open("sqlite://")
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder), store, policy="")
        for day, lines in enumerate(days):
            book.export(day, lines)
            for line in lines:
                first.setdefault((line.order, line.pos), line)
                last[line.order, line.pos] = line
        for key, row in book.rows().items():
            assert row.ordered_qty == Decimal(first[key].qty)
            assert f"{row.requested_due}" == first[key].wanted
            assert f"{row.first_commit_due}" == first[key].promised
            assert f"{row.last_commit_due}" == last[key].promised
            assert row.last_commit_verdict == "waiting"
    store.close()
