"""The totals of whole orders, counted a second time from the rows of their parts, plainly."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Table

    Row = Mapping[str, Any]
    Sums = dict[tuple[Any, ...], tuple[Any, ...]]

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
NEVER = date.min


def check_totals(connection: Connection) -> None:
    """Each total is what the rows say, and none stands for nothing."""
    rows = {
        table: connection.execute(select(table)).mappings().all()
        for table in (tables.orders, tables.order_lines, tables.receipts, tables.shipments, tables.invoices)
    }
    counted = {row["order_id"]: row for row in rows[tables.orders] if row["counted"]}
    lines = [row for row in rows[tables.order_lines] if row["order_id"] in counted]
    first = dict(first_shipments(rows[tables.shipments]))
    arrived = {(row["order_id"], row["line_id"]) for row in rows[tables.receipts]}
    receipts = [row for row in rows[tables.receipts] if row["order_id"] in counted]
    assert all(row["arrived"] == (key(row) in arrived) for row in rows[tables.order_lines])
    assert all(row["first_shipped"] == first.get(key(row)) for row in rows[tables.order_lines])
    assert found(connection, tables.first_passes) == summed(first_passes(lines))
    assert found(connection, tables.order_days) == summed(order_days(lines))
    assert found(connection, tables.placed_times) == summed(placed(lines, counted))
    assert found(connection, tables.received_days) == summed(received(receipts))
    assert found(connection, tables.margin_times) == summed(charged(rows[tables.invoices], counted))
    assert found(connection, tables.sold_days) == summed(sold(receipts, counted))


def key(row: Row) -> tuple[str, str]:
    return row["order_id"], row["line_id"]


def found(connection: Connection, table: Table) -> Sums:
    """A total by key; whole units and millionths as one."""
    keys = [column.name for column in table.primary_key]
    sums: Sums = {}
    for row in connection.execute(select(table)).mappings():
        amounts = {name: Decimal(row[name]) for name in row if name not in keys}
        for name in [name for name in amounts if name.endswith("rest")]:
            amounts[name.replace("rest", "whole")] += amounts.pop(name) / 10**6
        sums[tuple(row[name] for name in keys)] = tuple(amounts.values())
    return sums


def summed(parts: Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> Sums:
    sums: Sums = {}
    for at, amounts in parts:
        before = sums.get(at, (Decimal(0),) * len(amounts))
        sums[at] = tuple(one + other for one, other in zip(before, amounts, strict=True))
    return sums


def first_shipments(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str], Decimal]]:
    ordered = sorted(rows, key=lambda row: (*key(row), row["time"], row["source"], row["id"]))
    for line, group in groupby(ordered, key):
        told = list(group)
        same = [row for row in told if all(row[n] == told[0][n] for n in ("source", "shipment_id"))]
        yield line, sum((row["qty"] for row in same), Decimal(0))


def scored_from(line: Row) -> datetime | None:
    verdict = line["first_commit_verdict"]
    if verdict == "waiting":
        overdue: datetime = line["first_commit_overdue_at"]
        return overdue
    return ALWAYS if verdict in {"closed", "missed"} else None


def filled(line: Row) -> str:
    if line["first_shipped"] is None and line["arrived"]:
        return "unknown"
    return "filled" if (line["first_shipped"] or 0) >= line["enough_qty"] else "short"


def first_passes(lines: Iterable[Row]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for line in lines:
        if (since := scored_from(line)) is not None:
            known, shipped = filled(line) != "unknown", line["first_shipped"]
            at = (line["first_commit_due"], since, line["uom"], filled(line), shipped is not None)
            ordered = line["ordered_qty"]
            yield at, (min(shipped or 0, ordered) * known, ordered * known, 1)


def order_days(lines: Iterable[Row]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    of = defaultdict(list)
    for line in lines:
        if line["first_commit_verdict"] != "excluded":
            of[line["order_id"]].append(line)
    for kept in of.values():
        if days := [line["first_commit_due"] for line in kept if line["first_commit_due"]]:
            since = max((scored_from(line) or ALWAYS for line in kept), default=ALWAYS)
            told = any(line["first_shipped"] is not None for line in kept)
            fills = {filled(line) for line in kept}
            first = "bad" if "short" in fills else "unknown" if "unknown" in fills else "good"
            yield (max(days), since, perfect(kept), first, told), (1,)


def perfect(lines: Iterable[Row]) -> str:
    verdicts = set()
    for line in lines:
        verdict = line["first_commit_verdict"]
        in_time_and_full = verdict == "closed" and line["first_commit_on_time"] and line["in_full"]
        parts = {line["documents_ok"], line["condition_ok"]}
        parts |= set() if verdict == "unconfirmed" else {bool(in_time_and_full)}
        parts |= {None} if verdict == "unconfirmed" else set()
        verdicts |= {"bad" if False in parts else "unknown" if None in parts else "good"}
    return next(said for said in ("bad", "unknown", "good") if said in verdicts)


def placed(
    lines: Iterable[Row], orders: Mapping[str, Row]
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for line in lines:
        yield (quarter(orders[line["order_id"]]["placed_at"]),), (line["backordered"] + 0, 1)


def quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def received(receipts: Iterable[Row]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for row in receipts:
        yield (row["uom"], row["day"]), (row["returned_bad_qty"], row["accepted_qty"], 1)


def charged(
    invoices: Iterable[Row], orders: Mapping[str, Row]
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    for row in invoices:
        if row["order_id"] in orders:
            freight, cost = row["premium_freight"], row["cost_of_goods"]
            known = cost is not None and (freight is None or row["freight_currency"] == row["currency"])
            sums = (row["net_sales"], cost + (freight or 0), 0) if known else (0, 0, 1)
            yield (row["currency"], quarter(row["time"])), (*sums, 1)


def sold(
    receipts: Iterable[Row], orders: Mapping[str, Row]
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    of = defaultdict(list)
    for row in receipts:
        if row["kept_value"] is None or row["kept_value"] != 0 or row["kept_qty"] == 0:
            of[row["order_id"], False, row["uom"]].append((row["day"], row["kept_qty"]))
            of[row["order_id"], True, orders[row["order_id"]]["currency"]].append(
                (row["day"], row["kept_value"])
            )
    for (_, priced, unit), told in of.items():
        known = sorted({day for day, amount in told if amount is not None})
        for day, number in Counter(day for day, _ in told).items():
            amounts = [amount for at, amount in told if at == day and amount is not None]
            before = max((other for other in known if other < day), default=None)
            sums = (sum(amounts, Decimal(0)), number - len(amounts), int(bool(amounts)), number)
            yield (priced, unit, day, before or NEVER), sums
