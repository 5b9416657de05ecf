"""Object-centric event logs: three forms of one log, and the real one against what was counted by hand."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.mapping import MappingError, find
from shared.mapping.library import text_of
from tests.mapping.examples import events, rejects
from tests.mapping.ocel_forms import FORMS, UNREAD, read_csv, told, write_csv, write_json, write_sqlite

if TYPE_CHECKING:
    from shared.mapping import Mapped

    Json = dict[str, Any]

REAL = Path(__file__).parents[3] / "shared" / "data" / "ocel_order_management" / "ocel_order_simulated.csv"
LOG = [
    told("1", "place order", "2026-03-02 08:00:00Z", "30.00", orders=["O1"], items=["A", "B"]),
    told("2", "place order", "2026-03-07 09:00:00Z", orders=["O2"], items=["C"]),
    told("3", "confirm order", "2026-03-02 10:00:00Z", orders=["O1"]),
    told("4", "confirm order", "2026-03-07 10:00:00Z", orders=["O2"]),
    told("5", "pick item", "2026-03-03 08:00:00Z", "10.25", items=["A"]),
    told("6", "item out of stock", "2026-03-03 09:00:00Z", items=["B"]),
    told("7", "reorder item", "2026-03-31 09:00:00Z", items=["B"]),
    told("8", "create package", "2026-03-08 08:00:00Z", packages=["P1"], items=["C", "A"]),
    told("9", "send package", "2026-03-09 08:00:00Z", packages=["P1"]),
    told("10", "failed delivery", "2026-03-10 08:00:00Z", packages=["P1"]),
    told("11", "failed delivery", "2026-03-11 08:00:00Z", packages=["P1"]),
    told("12", "package delivered", "2026-03-12 08:00:00Z", packages=["P1"]),
    told("13", "create package", "2026-04-01 08:00:00Z", packages=["P2"], items=["B"]),
    told("14", "send package", "2026-04-01 09:00:00Z", packages=["P2"]),
    told("15", "failed delivery", "2026-04-02 08:00:00Z", packages=["P2"]),
    told("16", "pay order", "2026-04-03 08:00:00Z", orders=["O1"]),
]


def mapped(path: Path) -> list[Mapped]:
    return list(find("ocel_orders").events([path]))


@pytest.fixture(params=FORMS)
def by_id(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Json]:
    path = FORMS[request.param](tmp_path / f"log.{request.param}", LOG)
    found = mapped(path)
    assert rejects(found) == []
    return {event["id"]: event for event in events(found)}


def test_an_order_has_its_items_and_the_policy_for_its_promise(by_id: dict[str, Json]) -> None:
    first, second = by_id["order/O1/placed"], by_id["order/O2/placed"]
    assert first["time"] == "2026-03-02T08:00:00+00:00"
    assert first["data"]["lines"] == [
        {
            "line_id": "A",
            "product_id": "unspecified",
            "qty": 1,
            "unit_price": "10.25",
            "requested_on": "2026-03-30",
        },
        {"line_id": "B", "product_id": "unspecified", "qty": 1, "requested_on": "2026-03-30"},
    ]
    assert second["data"]["lines"][0]["requested_on"] == "2026-04-03", "placed on a Saturday"
    assert by_id["order/O1/confirmed"]["data"]["lines"][1] == {
        "line_id": "B",
        "committed_on": "2026-03-30",
        "committed_qty": 1,
    }


def test_a_package_tells_each_order_of_its_own_items(by_id: dict[str, Json]) -> None:
    parcels = {name: event["data"]["lines"] for name, event in by_id.items() if name.endswith("delivered")}
    assert parcels == {
        "package/P1/order/O1/delivered": [{"line_id": "A", "qty_delivered": 1}],
        "package/P1/order/O2/delivered": [{"line_id": "C", "qty_delivered": 1}],
    }
    assert {name for name in by_id if name.endswith("shipped")} == {
        "package/P1/order/O1/shipped",
        "package/P1/order/O2/shipped",
        "package/P2/order/O1/shipped",
    }


def test_roadblocks_end_as_the_promise_stood(by_id: dict[str, Json]) -> None:
    ended = {
        (event["data"]["order_id"], event["data"]["roadblock_id"]): event["data"]["outcome"]
        for event in by_id.values()
        if event["type"].endswith("roadblock_resolved.v1")
    }
    assert ended == {
        ("O1", "stock/B"): "late",
        ("O1", "delivery/P1"): "on_original_promise",
        ("O2", "delivery/P1"): "on_original_promise",
    }
    raised = [event["data"] for event in by_id.values() if event["type"].endswith("roadblock_raised.v1")]
    assert Counter(each["roadblock_id"] for each in raised) == {
        "stock/B": 1,
        "delivery/P1": 4,
        "delivery/P2": 1,
    }
    assert by_id["package/P1/order/O2/failed/11"]["data"]["line_ids"] == ["C"]


@pytest.mark.parametrize("form", FORMS)
def test_customers_and_products_that_the_log_names(form: str, tmp_path: Path) -> None:
    log = [
        {**each, "objects": each["objects"] | {"customers": ["Acme"]}}
        if each["activity"] == "place order"
        else each
        for each in LOG
    ]
    log[4] = {**log[4], "objects": log[4]["objects"] | {"products": ["Lamp"]}}
    found = events(mapped(FORMS[form](tmp_path / f"log.{form}", log)))
    assert {event["data"]["customer_id"] for event in found} == {"Acme"}
    placed = next(event for event in found if event["id"] == "order/O1/placed")
    assert [line["product_id"] for line in placed["data"]["lines"]] == ["Lamp", "unspecified"]


def test_the_forms_give_the_same_events(tmp_path: Path) -> None:
    found = [
        sorted(repr(each.event) for each in mapped(write(tmp_path / f"log.{form}", LOG)))
        for form, write in FORMS.items()
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 18


def test_a_broken_row_is_told_once(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "log.csv", LOG)
    path.write_text(path.read_text().replace("\"['A', 'B']\"", "A and B").replace("\n9,send", '\n"9,send'))
    found = Counter(reason.split(";")[0] for _, _, reason in rejects(mapped(path)))
    assert found["column ocel:type:items of log.csv line 2 is no list of ids"] == 1
    assert found['a quote (") opens a cell here and does not close it'] == 1
    assert found["*.* ('place order') has no row with object 'A'"] > 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("log.csv", b"a,b\n1,2\n", "log.csv: is no OCEL log: it has no column `ocel:eid`"),
        ("log.json", b"[]", "log.json: is no JSON object with the key `objects`"),
        ("log.json", b'{"events": []}', "log.json: has no key `objects`"),
        ("log.json", b'{"objects": 5}', "log.json: has no JSON array under `objects`"),
        ("log.json", b'{"objects" []}', r"log.json: no JSON \(a colon is missing after a key\)"),
        ("log.sqlite", b"no database at all, but long enough", "cannot be read as SQLite"),
    ],
)
def test_a_file_that_is_no_log(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MappingError, match=message):
        mapped(tmp_path / name)


@pytest.mark.parametrize("form", FORMS)
def test_a_log_of_other_activities_is_refused_by_name(form: str, tmp_path: Path) -> None:
    log = [told("1", "Create Order", "2026-03-02 08:00:00Z", orders=["O1"], items=["A"])]
    with pytest.raises(
        MappingError, match=r"tells of none of 'confirm order', .*, but of 'Create Order'; say"
    ):
        mapped(FORMS[form](tmp_path / f"log.{form}", log))


OTHERWISE = {"items": "OrderLine", "orders": "SalesOrder", "packages": "delivery"}
RENAMED = {"place order": "Create Sales Order", "package delivered": "delivered"}
NAMES = f"""
[log.objects]
{chr(10).join(f'{mine} = "{theirs}"' for mine, theirs in OTHERWISE.items())}
[log.activities]
{chr(10).join(f'"{mine}" = "{theirs}"' for mine, theirs in RENAMED.items())}
"""


def otherwise(log: list[Json]) -> list[Json]:
    """A log that calls its objects, and some of its activities, by other names."""
    return [
        {
            **each,
            "activity": RENAMED.get(each["activity"], each["activity"]),
            "objects": {OTHERWISE[name]: ids for name, ids in each["objects"].items()},
        }
        for each in log
    ]


def ours(folder: Path, names: str = NAMES) -> str:
    """The mapping with a table of names, as someone writes it."""
    path = folder / "ours.toml"
    path.write_text(text_of("ocel_orders").replace('timezone = "UTC"', f'timezone = "UTC"{names}'))
    return str(path)


@pytest.mark.parametrize("form", FORMS)
def test_a_log_of_other_types_of_objects_is_refused_once_by_name(form: str, tmp_path: Path) -> None:
    path = FORMS[form](tmp_path / f"log.{form}", otherwise(LOG))
    with pytest.raises(MappingError) as refused:
        mapped(path)
    assert str(refused.value) == (
        f"ocel_orders.toml: {path} has no objects of the type 'items', 'orders', 'packages', "
        "but of 'OrderLine', 'SalesOrder', 'delivery'; "
        "say in [log.objects] of a mapping of your own what they are called there"
    )


@pytest.mark.parametrize("form", FORMS)
def test_names_that_a_log_has_for_the_same(form: str, tmp_path: Path) -> None:
    path = FORMS[form](tmp_path / f"log.{form}", otherwise(LOG))
    found = list(find(ours(tmp_path)).events([path]))
    plain = mapped(FORMS[form](tmp_path / f"plain.{form}", LOG))
    assert [each.event for each in found] == [each.event for each in plain]


def test_a_name_of_an_activity_stands_for_it_in_conditions(tmp_path: Path) -> None:
    path = write_json(tmp_path / "log.json", otherwise(LOG))
    mapping = Path(ours(tmp_path))
    mapping.write_text(
        mapping.read_text().replace("[files.placed]", '[files.placed]\nwhen = { activity = "place order" }')
    )
    assert any("placed" in event["id"] for event in events(list(find(str(mapping)).events([path]))))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            '[log.objects]\norder = "SalesOrder"',
            "log.objects.order: the mapping reads nothing of this name; .* orders$",
        ),
        ('[log.activities]\n"place" = "x"', "log.activities.place: .* such as place order$"),
        ("[log.objects]\norders = 5", "log.objects.orders: "),
        ("[log]\ntypes = {}", "log: has no key `types`; write one of objects, activities"),
    ],
)
def test_a_slip_in_the_names_is_told(tmp_path: Path, names: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        find(ours(tmp_path, f"\n{names}"))


def test_an_object_that_the_log_does_not_list(tmp_path: Path) -> None:
    path = write_json(tmp_path / "log.json", LOG)
    path.write_text(path.read_text().replace('"id": "A"', '"id": "Z"'))
    assert any(
        "names the object 'A', which the log does not list" in reason
        for _, _, reason in rejects(mapped(path))
    )


@pytest.fixture(scope="module")
def real() -> list[Json]:
    if not REAL.exists():
        pytest.skip(f"the real log is not here: {REAL}")
    return events(mapped(REAL))


def test_the_real_log_is_read_whole(real: list[Json]) -> None:
    assert Counter(event["type"].removeprefix("tandem.") for event in real) == {
        "order.placed.v1": 2000,
        "order.confirmed.v1": 2000,
        "delivery.shipped.v1": 4396,
        "delivery.delivered.v1": 4396,
        "delivery.roadblock_raised.v1": 2922,
        "delivery.roadblock_resolved.v1": 2511,
    }
    assert len({event["id"] for event in real}) == len(real)
    placed = [event["data"] for event in real if event["type"] == "tandem.order.placed.v1"]
    assert sum(len(order["lines"]) for order in placed) == 8159


def test_what_was_counted_of_the_real_log(real: list[Json]) -> None:
    orders, packages = defaultdict(set), defaultdict(set)
    for event in real:
        if event["type"] == "tandem.delivery.delivered.v1":
            orders[event["data"]["order_id"]].add(event["data"]["shipment_id"])
            packages[event["data"]["shipment_id"]].add(event["data"]["order_id"])
    assert (len(packages), sum(len(each) > 1 for each in packages.values())) == (1325, 1192)
    assert (len(orders), sum(len(each) > 1 for each in orders.values())) == (2000, 1529)


def test_an_order_of_the_real_log_is_delivered_with_its_last_package(real: list[Json]) -> None:
    """Held against the raw file, read another way."""
    log = read_csv(REAL)
    arrived = {e["objects"]["packages"][0]: e["time"] for e in log if e["activity"] == "package delivered"}
    at = {
        i: arrived[e["objects"]["packages"][0]]
        for e in log
        if e["activity"] == "create package"
        for i in e["objects"]["items"]
    }
    last = {
        e["objects"]["orders"][0]: max(at[i] for i in e["objects"]["items"])
        for e in log
        if e["activity"] == "place order"
    }
    found: dict[str, str] = {}
    for event in real:
        if event["type"] == "tandem.delivery.delivered.v1":
            order = event["data"]["order_id"]
            found[order] = max(found.get(order, ""), event["time"])
    assert {order: time[:19].replace("T", " ") for order, time in found.items()} == {
        order: time[:19] for order, time in last.items()
    }
    due = {e["data"]["order_id"]: e["data"]["lines"][0]["requested_on"] for e in real if "placed" in e["id"]}
    assert sum(found[order][:10] <= due[order] for order in found) == 1805


def test_a_part_of_the_real_log_in_the_other_forms(tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip(f"the real log is not here: {REAL}")
    log = read_csv(REAL)
    orders = {f"9900{number:02}" for number in range(1, 41)}
    items = {i for e in log if orders & set(e["objects"]["orders"]) for i in e["objects"]["items"]}
    packages = {p for e in log if items & set(e["objects"]["items"]) for p in e["objects"]["packages"]}
    wanted = orders | items | packages
    part = [
        {**e, "objects": {n: [i for i in ids if i in wanted] for n, ids in e["objects"].items()}} for e in log
    ]
    part = [e for e in part if any(e["objects"].values())]
    found = [
        sorted(each.event for each in mapped(path) if isinstance(each.event, bytes))
        for path in (
            write_csv(tmp_path / "part.csv", part),
            write_json(tmp_path / "part.json", part),
            write_sqlite(tmp_path / "part.sqlite", part),
        )
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 300


def test_the_columns_of_the_real_log_are_as_described() -> None:
    if not REAL.exists():
        pytest.skip(f"the real log is not here: {REAL}")
    with REAL.open(encoding="utf-8", newline="") as file:
        assert {"weight", "price"} == {
            name for name in next(csv.reader(file)) if not name.startswith("ocel:")
        }


@pytest.mark.parametrize("form", UNREAD)
def test_a_log_in_another_form_is_named_with_how_to_convert_it(form: str, tmp_path: Path) -> None:
    ending, text = UNREAD[form]
    path = tmp_path / f"old.{ending}"
    path.write_text(text, encoding="utf-8")
    for given in (path, tmp_path):
        with pytest.raises(MappingError) as told:
            mapped(given)
        assert f"is a log of OCEL {form}; Tandem reads OCEL 2.0 as JSON, CSV or SQLite" in str(told.value)
        assert f"pm4py.read_ocel{'2' if form.startswith('2') else ''}_" in str(told.value)


def test_what_is_no_log_is_not_called_one(tmp_path: Path) -> None:
    for name, text in (
        ("cases.xml", '<log xes.version="1.0"><global scope="trace"/><global scope="event"/></log>'),
        ("new.json", '{"ocel:global-log": {}, "objects": [], "events": []}'),
        ("old.db", ""),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"reads no such file; it reads any of \.csv, "):
        mapped(tmp_path / "cases.xml")
    assert mapped(tmp_path / "new.json") == []
    with pytest.raises(MappingError, match=r"is no OCEL 2\.0 log: it has no table `event_map_type`"):
        mapped(tmp_path / "old.db")
