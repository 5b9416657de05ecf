"""How an event that an export makes differs from what its source said before, as events."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.events.orders import (
    OrderCancelled,
    OrderChanged,
    OrderConfirmed,
    OrderLineClosed,
    OrderPlaced,
    OrderPromiseChanged,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.snapshots.export import Export
    from shared.snapshots.said import Said, SaidLine, Told

Json = dict[str, Any]


def differences(wanted: Json, said: Said, export: Export, same: Callable[[Json, Told], bool]) -> list[Json]:
    """The events that make of what was said what is `wanted`; none where it was said already."""
    root = wanted["id"]
    if root not in said.told:
        return [wanted, *_back(wanted, said, export)]
    head = said.head(root)
    match wanted["type"]:
        case OrderPlaced.TYPE if head is not None:
            found = _restated(wanted, head, export, same, ("qty", "requested_on"))
            return [*found, *_back(wanted, said, export), *_placed(wanted, said, export)]
        case OrderConfirmed.TYPE if head is not None:
            found = _restated(wanted, head, export, same, ("committed_on", "committed_qty"), grows=False)
            return [*found, *_confirmed(wanted, said, export)]
    return [] if head is not None and same(wanted, head) else [export.corrected(wanted)]


def _restated(
    wanted: Json,
    head: Told,
    export: Export,
    same: Callable[[Json, Told], bool],
    kept: tuple[str, ...],
    *,
    grows: bool = True,
) -> list[Json]:
    """A correction, where more is new than `kept` of the lines, which are told as changes of their own."""
    told = {line["line_id"]: line for line in wanted["data"]["lines"]}
    lines = []
    for before in head.data["lines"]:
        now = told.pop(before["line_id"], None)
        lines.append(before if now is None else now | {name: before[name] for name in kept})
    lines += told.values() if grows else ()
    restated = {**wanted, "data": {**wanted["data"], "lines": lines}}
    return [] if same(restated, head) else [export.corrected(restated)]


def _placed(wanted: Json, said: Said, export: Export) -> Iterator[Json]:
    root, order = wanted["id"], wanted["data"]
    now = {line["line_id"]: line for line in order["lines"]}
    for line_id, line in said.lines().items():
        if line_id in now:
            yield from _changed(now[line_id], line, wanted, export)
        elif line.open and line.left:
            yield from _missing(line, root, order, export)


def _changed(now: Json, line: SaidLine, wanted: Json, export: Export) -> Iterator[Json]:
    policy = export.policy.initiator
    compared: tuple[tuple[str, Any, str, bool], ...] = (
        ("qty", line.qty, policy.qty, Decimal(str(now["qty"])) == Decimal(str(line.qty))),
        ("requested_on", line.requested_on, policy.requested_on, now["requested_on"] == line.requested_on),
    )
    for name, old, by, equal in compared:
        if not equal:
            told = {"line_id": line.line_id, "field": name, "old": old, "new": now[name]}
            event_id = export.id(wanted["id"], line.line_id, name)
            yield export.of_order(OrderChanged.TYPE, event_id, wanted["data"], told, by)


def _missing(line: SaidLine, root: str, order: Json, export: Export) -> Iterator[Json]:
    """What it means that the order is there and a line of it is not."""
    name = export.id(root, line.line_id, "missing")
    match export.policy.missing_line:
        case "cancelled":
            data: Json = {"line_ids": [line.line_id], "reason": "other"}
            yield export.of_order(OrderCancelled.TYPE, name, order, data, export.policy.initiator.missing)
        case "closed":
            data = {"line_id": line.line_id, "reason": "short_closed"}
            yield export.of_order(OrderLineClosed.TYPE, name, order, data)


def _back(wanted: Json, said: Said, export: Export) -> list[Json]:
    """What was concluded from silence and does not hold, as the export speaks again."""
    if wanted["type"] != OrderPlaced.TYPE:
        return []
    root = wanted["id"]
    signs = [f"{root}/missing@", *(f"{root}/{line['line_id']}/missing@" for line in wanted["data"]["lines"])]
    return [
        export.taken_back(name, "The export lists it again")
        for name, _ in said.standing()
        if any(name.startswith(sign) for sign in signs)
    ]


def _confirmed(wanted: Json, said: Said, export: Export) -> Iterator[Json]:
    """Promised days that moved, and what is promised for the first time, or for another quantity."""
    lines = said.lines()
    anew: list[Json] = []
    for now in wanted["data"]["lines"]:
        line = lines.get(now["line_id"])
        if line is None or line.promise is None:
            anew.append(now)
            continue
        if now["committed_on"] != line.promise:
            yield _moved(now, wanted, export)
        if Decimal(str(now["committed_qty"])) != Decimal(str(line.committed_qty)):
            anew.append(now)
    if anew:
        name = export.id(wanted["id"], "again")
        yield export.of_order(OrderConfirmed.TYPE, name, wanted["data"], {"lines": anew})


def _moved(now: Json, wanted: Json, export: Export) -> Json:
    told = {"line_id": now["line_id"], "new_on": now["committed_on"]}
    name = export.id(wanted["id"], now["line_id"], "promise")
    by = export.policy.initiator.promise
    return export.of_order(OrderPromiseChanged.TYPE, name, wanted["data"], told, by)
