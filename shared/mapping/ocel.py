"""Object-centric event logs (OCEL) as rows: an event each, in whichever of three forms the log is kept."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.events.catalogue import Rejected
from shared.mapping.csv_rows import csv_rows, first_cells
from shared.mapping.errors import MappingError
from shared.mapping.json_rows import json_array
from shared.mapping.ocel_forms import unread
from shared.mapping.rows import Row
from shared.mapping.sqlite_rows import SUFFIXES, selected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from shared.mapping.relations import Source

Related = tuple[str, str, str]
"""Type, id and qualifier of an object."""

_TYPE, _EVENT = "ocel:type:", ("ocel:eid", "ocel:activity", "ocel:timestamp")
_JSON = (".json", ".jsonocel")
OF_EVENTS = frozenset({"event", "activity", "time", "object", "qualifier"})
"""The columns of every row, whatever the log tells."""
_MAP = "event_map_type"
_EVENTS = """
    SELECT event.rowid, e.*, o.ocel_type, o.ocel_id, eo.ocel_qualifier
    FROM {table} e
    JOIN event ON event.ocel_id = e.ocel_id
    LEFT JOIN event_object eo ON eo.ocel_event_id = e.ocel_id
    LEFT JOIN object o ON o.ocel_id = eo.ocel_object_id
    ORDER BY event.rowid
"""


@dataclass(slots=True)
class _Event:
    line: int
    cells: dict[str, str]
    related: list[Related] = field(default_factory=list)


def ocel_rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The events of the wanted activities: `event`, `activity`, `time`, attributes, and a list per type.

    Where an event has one object of a type, the type is a column too, with its id. Only `columns` are kept.
    """
    wanted = source.spec.heard.keys()
    match path.suffix:
        case suffix if suffix in _JSON:
            found = _of_json(source, path, wanted)
        case suffix if suffix in SUFFIXES:
            found = _of_sqlite(path, wanted)
        case _:
            found = _of_csv(source, path, wanted)
    return (each if isinstance(each, Row) else _row(source, path, each, columns) for each in found)


def activities(source: Source, path: Path) -> list[str]:
    """What the events of a log are called, for whoever looked for others."""
    if path.suffix in _JSON:
        names = {row.cells.get("type", "") for row in json_array(source, path, "events")}
    elif path.suffix in SUFFIXES:
        names = {str(kind) for (kind,) in selected(path, "SELECT ocel_type FROM event_map_type")}
    else:
        column = first_cells(source.spec, path) or []
        names = {row.cells.get(_EVENT[1], "") for row in csv_rows(source, path, column, _EVENT[1:2])}
    return sorted(names - {""})


class Named(NamedTuple):
    """What a log has: types of objects, and attributes of events."""

    types: set[str]
    attributes: set[str]


def named(source: Source, path: Path) -> Named:
    """The names in a log; raises MappingError where it is none, or in a form that is not read."""
    if path.suffix in _JSON:
        if (what := unread(path)) is not None:
            raise MappingError(f"{path}: {what}")
        types = {row.cells.get("type", "") for row in json_array(source, path, "objects")}
        events = (row.lists.get("attributes", []) for row in json_array(source, path, "events"))
        return Named(
            types, {_text(each.get("name")) for told in events for each in told if isinstance(each, dict)}
        )
    if path.suffix in SUFFIXES:
        tables = _tables(path)
        types = {str(kind) for (kind,) in selected(path, "SELECT DISTINCT ocel_type FROM object")}
        return Named(types, {name for table in tables.values() for name in _columns(path, table)})
    names = _head(source, path)
    types = {name.removeprefix(_TYPE) for name in names if name.startswith(_TYPE)}
    return Named(types, {name for name in names if not name.startswith("ocel:")})


def _row(source: Source, path: Path, event: _Event, columns: Collection[str]) -> Row:
    lists: dict[str, list[Any]] = {}
    for kind, name, qualifier in sorted(set(event.related)):
        lists.setdefault(kind, []).append({"object": name, "qualifier": qualifier})
    alone = {kind: objects[0]["object"] for kind, objects in lists.items() if len(objects) == 1}
    spec, called = source.spec, source.spec.log.objects
    told = event.cells | {"activity": spec.heard[event.cells["activity"]]}
    found = {name: told.get(name, alone.get(called.get(name, name))) for name in columns}
    cells = {name: spec.clean(text) for name, text in found.items() if text is not None}
    kept = {name: lists[kind] for name in spec.lists if (kind := called.get(name, name)) in lists}
    return Row(source, path, event.line, cells, kept)


def _of_csv(source: Source, path: Path, wanted: Collection[str]) -> Iterator[_Event | Row]:
    names = _head(source, path)
    for row in csv_rows(source, path, names, names, only=(_EVENT[1], wanted)):
        if row.problem is not None:
            yield row
        else:
            try:
                yield _of_cells(row)
            except Rejected as rejected:
                row.problem = rejected
                yield row


def _head(source: Source, path: Path) -> list[str]:
    names = first_cells(source.spec, path) or []
    if missing := [name for name in _EVENT if name not in names]:
        raise MappingError(
            f"{path}: is no OCEL log: it has no column `{missing[0]}`; export it as such a log"
        )
    return names


def _of_cells(row: Row) -> _Event:
    event = dict(zip(("event", "activity", "time"), (row.cell(name) for name in _EVENT), strict=True))
    related = [
        (name.removeprefix(_TYPE), each, "")
        for name in row.cells
        if name.startswith(_TYPE)
        for each in _ids(row, name)
    ]
    others = {name: row.cell(name) for name in row.cells if not name.startswith("ocel:")}
    return _Event(row.line, others | event, related)


def _ids(row: Row, column: str) -> list[str]:
    """The ids in a cell such as `['a','b']`."""
    text = row.cell(column).strip()
    try:
        found = ast.literal_eval(text) if text else []
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Rejected("", f"{row.locate(column)} is no list of ids; write one such as ['O-1', 'O-2']")
    return found


def _of_json(source: Source, path: Path, wanted: Collection[str]) -> Iterator[_Event | Row]:
    kinds: dict[str, str] = {}
    for row in json_array(source, path, "objects"):
        if row.problem is not None:
            yield row
        kinds[row.cells.get("id", "")] = row.cells.get("type", "")
    for row in json_array(source, path, "events"):
        if row.problem is not None:
            yield row
        elif row.cells.get("type") in wanted:
            try:
                yield _of_object(row, kinds)
            except Rejected as rejected:
                row.problem = rejected
                yield row


def _of_object(row: Row, kinds: dict[str, str]) -> _Event:
    cells = {
        str(each["name"]): _text(each["value"])
        for each in _objects(row, "attributes", ("name", "value"))
        if each["value"] is not None
    }
    cells |= {"event": row.cell("id"), "activity": row.cell("type"), "time": row.cell("time")}
    related: list[Related] = []
    for each in _objects(row, "relationships", ("objectId",)):
        if (name := _text(each["objectId"])) not in kinds:
            raise Rejected(
                "", f"line {row.line} names the object {name!r}, which the log does not list; add it"
            )
        related.append((kinds[name], name, _text(each.get("qualifier") or "")))
    return _Event(row.line, cells, related)


def _objects(row: Row, name: str, needed: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    found = row.lists.get(name, [])
    for each in found:
        if not isinstance(each, dict) or not all(key in each for key in needed):
            raise Rejected("", f"{row.locate(name)} has an item without {' and '.join(needed)}; add it")
    return found


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _of_sqlite(path: Path, wanted: Collection[str]) -> Iterator[_Event | Row]:
    tables = _tables(path)
    for activity in sorted(tables.keys() & wanted):
        table = tables[activity]
        names = _columns(path, table)
        event: _Event | None = None
        for line, *cells, kind, name, qualifier in selected(path, _EVENTS.format(table=table)):
            if event is None or event.line != line:
                if event is not None:
                    yield event
                told = {key: _text(cell) for key, cell in zip(names, cells, strict=True) if cell is not None}
                about = {"event": told.pop("ocel_id", ""), "time": told.pop("ocel_time", "")}
                event = _Event(line, told | about | {"activity": activity})
            if name is not None:
                event.related.append((str(kind), str(name), str(qualifier or "")))
        if event is not None:
            yield event


def _tables(path: Path) -> dict[str, str]:
    """The table of each activity."""
    if (_MAP,) not in selected(path, "SELECT name FROM sqlite_master"):
        raise MappingError(f"{path}: is no OCEL 2.0 log: it has no table `{_MAP}`; export it as such a log")
    kinds = selected(path, "SELECT ocel_type, ocel_type_map FROM event_map_type ORDER BY ocel_type")
    return {str(kind): '"event_{}"'.format(str(suffix).replace('"', '""')) for kind, suffix in kinds}


def _columns(path: Path, table: str) -> list[str]:
    return [str(each[1]) for each in selected(path, f"PRAGMA table_info({table})")]
