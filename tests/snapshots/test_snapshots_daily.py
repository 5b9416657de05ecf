"""A book over five days, and what may go wrong with an export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shared.snapshots import OlderExportError
from tests.snapshots.book import Book, Line

if TYPE_CHECKING:
    from pathlib import Path

    from shared.store.engine import Store

A, B = Line(), Line(pos="20", product="Q", qty="3")
C = Line(order="2", placed="2026-10-06")
DAYS = [
    [A, B],
    [A, replace(B, promised="2027-01-15"), C],
    [replace(A, qty="7", wanted="2027-01-20"), replace(B, promised="2027-01-15"), C],
    [replace(A, qty="7", wanted="2027-01-20", delivered="2026-10-08"), C],
    [replace(A, qty="7", wanted="2027-01-20", delivered="2026-10-08"), B, replace(C, status="void")],
]


@pytest.fixture
def book(tmp_path: Path, store: Store) -> Book:
    return Book(tmp_path, store)


def test_five_days_become_the_right_events(book: Book) -> None:
    told: list[list[tuple[str, str]]] = []
    for day, lines in enumerate(DAYS):
        before = len(book.events())
        tally = book.export(day, lines)
        assert (tally.conflicts, tally.rejects) == (0, [])
        assert tally.read == tally.accepted + tally.duplicates
        told.append([(kind, name) for kind, name in book.events()[before:] if kind != "source.heartbeat"])
    assert told == [
        [("order.placed", "order/1"), ("order.confirmed", "order/1/confirmed")],
        [
            ("order.promise_changed", "order/1/confirmed/20/promise@20261006T060000Z"),
            ("order.placed", "order/2"),
            ("order.confirmed", "order/2/confirmed"),
        ],
        [
            ("order.changed", "order/1/10/qty@20261007T060000Z"),
            ("order.changed", "order/1/10/requested_on@20261007T060000Z"),
            ("order.confirmed", "order/1/confirmed/again@20261007T060000Z"),
        ],
        [
            ("order.cancelled", "order/1/20/missing@20261008T060000Z"),
            ("delivery.delivered", "order/1/10/delivered"),
        ],
        [
            ("event.retracted", "order/1/20/missing@20261008T060000Z/back@20261009T060000Z"),
            ("order.promise_changed", "order/1/confirmed/20/promise@20261009T060000Z"),
            ("order.cancelled", "order/2/10/void"),
        ],
    ]
    assert book.rows()["1", "20"].last_commit_verdict == "waiting"


def test_what_did_not_change_is_a_duplicate(book: Book) -> None:
    book.export(0, DAYS[1])
    tally = book.export(1, DAYS[1])
    assert (tally.read, tally.duplicates, tally.accepted) == (5, 4, 1), "all but the heartbeat"


def test_an_older_export_undoes_nothing(book: Book) -> None:
    book.export(1, DAYS[1])
    before = book.events()
    with pytest.raises(
        OlderExportError, match=r"of 2026-10-05T06:00:00\+00:00, and one of 2026-10-06.* is in already"
    ):
        book.export(0, DAYS[0])
    assert book.events() == before


def test_other_things_than_quantities_and_days_are_corrected(book: Book) -> None:
    book.export(0, [A])
    book.export(1, [replace(A, product="R", clerk="Zoë"), B])
    assert [name for kind, name in book.events() if kind == "order.placed"] == [
        "order/1",
        "order/1@20261006T060000Z",
    ]
    rows = book.rows()
    assert (rows["1", "10"].product_id, rows["1", "20"].product_id) == ("R", "Q")
    assert rows["1", "20"].first_commit_due is not None, "the line that came later is promised, too"
    assert book.export(2, [replace(A, product="R", clerk="Zoë"), B]).accepted == 1, "the heartbeat"


def test_a_delivery_that_grows_is_one_receipt(book: Book) -> None:
    book.export(0, [replace(A, delivered="2026-10-02")])
    book.export(1, [replace(A, qty="8", delivered="2026-10-06")])
    assert book.accepted() == {("1", "10"): 8}


def test_a_delivery_that_is_not_said_any_more_never_happened(book: Book) -> None:
    book.export(0, [replace(A, delivered="2026-10-02")])
    book.export(1, [A])
    assert book.accepted() == {}
    book.export(2, [replace(A, delivered="2026-10-02")])
    assert book.accepted() == {("1", "10"): 5}


def test_an_order_that_is_gone_and_comes_back(book: Book) -> None:
    book.export(0, [A, B, C])
    book.export(1, [C])
    assert book.rows()["1", "10"].last_commit_verdict == "missed"
    assert book.export(2, [C]).accepted == 1, "told once"
    book.export(3, [A, B, C])
    assert book.rows()["1", "10"].last_commit_verdict == "waiting"
    assert book.rows()["1", "20"].last_commit_verdict == "waiting"


def test_an_order_that_is_gone_may_mean_that_it_is_delivered(tmp_path: Path, store: Store) -> None:
    book = Book(tmp_path, store, 'missing_order = "delivered"')
    book.export(0, [replace(A, delivered="2026-10-02"), B, C])
    book.export(1, [C])
    assert book.accepted() == {("1", "10"): 5, ("1", "20"): 3}
    book.export(2, [replace(A, delivered="2026-10-02"), B, C])
    assert book.accepted() == {("1", "10"): 5}


def test_a_line_that_is_gone_may_be_closed(tmp_path: Path, store: Store) -> None:
    book = Book(tmp_path, store, 'missing_line = "closed"')
    book.export(0, [A, B])
    book.export(1, [A])
    assert book.rows()["1", "20"].last_commit_verdict == "closed"
    book.export(2, [A, B])
    assert book.rows()["1", "20"].last_commit_verdict == "waiting"


def test_silence_means_nothing_where_rows_cannot_be_read(
    book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.export(0, [A, B, C, replace(C, order="3")])
    tally = book.export(1, [replace(A, order="9", qty="many"), replace(A, promised="2027-02-01")])
    assert [reject["line"] for reject in tally.rejects] == [2, 2]
    assert not any("missing@" in name for _, name in book.events())
    assert [name for kind, name in book.events() if kind == "source.heartbeat"] == [
        "snapshot@20261005T060000Z"
    ]
    assert "nothing is concluded from what this export does not list" in capsys.readouterr().err
    assert f"{book.rows()['1', '10'].last_commit_due}" == "2027-02-01", "what can be read counts"


def test_an_export_without_orders_says_nothing(book: Book) -> None:
    book.export(0, [A, B])
    book.export(1, [])
    assert book.rows()["1", "10"].last_commit_verdict == "waiting"
    assert len(book.events()) == 3


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_an_import_that_broke_off_is_finished_by_the_next(book: Book, batches: int) -> None:
    book.export(0, DAYS[0])
    book.export(3, DAYS[3], batch=1, most=batches)
    with pytest.raises(OlderExportError):
        book.export(2, DAYS[2])
    book.export(3, DAYS[3], batch=1)
    assert book.accepted() == {("1", "10"): 7}
    assert {key: row.last_commit_verdict for key, row in book.rows().items()} == {
        ("1", "10"): "closed",
        ("1", "20"): "missed",
        ("2", "10"): "waiting",
    }
    assert len(book.events()) == len(set(book.events()))
    assert book.export(3, DAYS[3]).accepted == 0


def test_orders_of_other_sources_are_not_missing(book: Book, tmp_path: Path, store: Store) -> None:
    (tmp_path / "other").mkdir()
    other = Book(tmp_path / "other", store)
    other.mapping.write_text(other.mapping.read_text().replace("urn:book", "urn:other"))
    other.export(0, [C])
    book.export(1, [A])
    assert not any("missing@" in name for _, name in book.events())


def test_an_event_that_an_export_makes_twice_in_two_ways_is_a_conflict(book: Book) -> None:
    book.mapping.write_text(
        book.mapping.read_text().replace("order/{order}/{pos}/delivered", "order/{order}/delivered")
    )
    lines = [replace(each, delivered="2026-10-02") for each in (A, B)]
    for day in (0, 1):
        tally = book.export(day, lines, batch=1)
        assert (tally.conflicts, tally.rejects) == (1, [])
    assert book.accepted() == {("1", "10"): 5}
