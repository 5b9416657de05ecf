"""A small event log written as each of its forms, after the published OCEL 2.0 formats."""

from __future__ import annotations

import csv
import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TYPES = ("customers", "items", "orders", "packages", "products")
HEAD = ["ocel:eid", "ocel:activity", "ocel:timestamp", "price"]
Told = dict[str, Any]


def told(name: str, activity: str, time: str, price: str = "", **objects: list[str]) -> Told:
    return {"id": name, "activity": activity, "time": time, "price": price, "objects": objects}


def read_csv(path: Path) -> list[Told]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            told(
                row["ocel:eid"],
                row["ocel:activity"],
                row["ocel:timestamp"],
                row["price"],
                **{
                    name: json.loads(row[f"ocel:type:{name}"].strip().replace("'", '"') or "[]")
                    for name in TYPES
                },
            )
            for row in csv.DictReader(file)
        ]


def write_csv(path: Path, log: Iterable[Told]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        log = list(log)
        types = sorted({name for each in log for name in each["objects"]})
        writer.writerow([*HEAD[:3], *(f"ocel:type:{name}" for name in types), *HEAD[3:]])
        for each in log:
            cells = [str(each["objects"][name]) if each["objects"].get(name) else " " for name in types]
            writer.writerow([each["id"], each["activity"], each["time"], *cells, each["price"]])
    return path


def write_json(path: Path, log: Iterable[Told]) -> Path:
    log = list(log)
    kinds = {each: name for event in log for name, ids in event["objects"].items() for each in ids}
    document = {
        "eventTypes": [
            {"name": name, "attributes": []} for name in sorted({each["activity"] for each in log})
        ],
        "objectTypes": [{"name": name, "attributes": []} for name in sorted(set(kinds.values()))],
        "events": [
            {
                "id": each["id"],
                "type": each["activity"],
                "time": each["time"].replace(" ", "T"),
                "attributes": [{"name": "price", "value": float(each["price"])}] if each["price"] else [],
                "relationships": [
                    {"objectId": name, "qualifier": ""}
                    for ids in each["objects"].values()
                    for name in reversed(ids)
                ],
            }
            for each in log
        ],
        "objects": [{"id": name, "type": kind, "attributes": []} for name, kind in kinds.items()],
    }
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def write_sqlite(path: Path, log: Iterable[Told]) -> Path:
    log = list(log)
    kinds = {each: name for event in log for name, ids in event["objects"].items() for each in ids}
    maps = {each["activity"]: each["activity"].title().replace(" ", "") for each in log}
    with sqlite3.connect(path) as connection:
        for statement in (
            "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)",
            "CREATE TABLE object (ocel_id TEXT, ocel_type TEXT)",
            "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)",
            "CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT)",
            *(
                f'CREATE TABLE "event_{name}" (ocel_id TEXT, ocel_time TEXT, price REAL)'
                for name in maps.values()
            ),
        ):
            connection.execute(statement)
        connection.executemany("INSERT INTO object VALUES (?, ?)", kinds.items())
        connection.executemany("INSERT INTO event_map_type VALUES (?, ?)", maps.items())
        for each in log:
            time = each["time"].removesuffix("Z")
            connection.execute("INSERT INTO event VALUES (?, ?)", (each["id"], each["activity"]))
            price = float(each["price"]) if each["price"] else None
            connection.execute(
                f'INSERT INTO "event_{maps[each["activity"]]}" VALUES (?, ?, ?)', (each["id"], time, price)
            )
            related = [(each["id"], name, "") for ids in each["objects"].values() for name in ids]
            connection.executemany("INSERT INTO event_object VALUES (?, ?, ?)", related)
    connection.close()
    return path


FORMS = {"csv": write_csv, "json": write_json, "sqlite": write_sqlite}


ONE = {
    "ocel:global-log": {"ocel:object-types": ["orders"], "ocel:version": "1.0"},
    "ocel:events": {
        "1": {
            "ocel:activity": "place order",
            "ocel:timestamp": "2026-03-02T08:00:00Z",
            "ocel:omap": ["O1"],
            "ocel:vmap": {},
        }
    },
    "ocel:objects": {"O1": {"ocel:type": "orders", "ocel:ovmap": {}}},
}
UNREAD = {
    "1.0 (JSON)": ("jsonocel", json.dumps(ONE, indent=1)),
    "1.0 (XML)": (
        "xmlocel",
        """<?xml version='1.0'?>
<log><global scope="object"><string key="type" value="__INVALID__"/></global><global scope="log">
<list key="object-types"><string key="object-type" value="orders"/></list><string key="version" value="1.0"/>
</global><events/><objects/></log>""",
    ),
    "2.0 (XML)": (
        "xml",
        """<?xml version='1.0'?>
<log><object-types><object-type name="orders"/></object-types><event-types/><objects/><events/></log>""",
    ),
}
"""Forms that are not read: what each is called, its ending and a small log."""
