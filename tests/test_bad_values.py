"""No value in any field of any type is a fault: it is recorded, or refused by its field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared.intake import Origin
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make
from tests.events.contract import COMMON, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.store.engine import Store

Json = dict[str, Any]
NASTY: list[Any] = [
    None, True, -1, 2**63, 1e308, 0.1, "", "\0", "a\x7f", "\u202e", "u\u0308", "x" * 30_000, "9" * 400, "NaN",
    "2199-12-31", "2199-12-31T23:59:59.999999999-12:00", "2026-W53", [], [[]], {}, {"": {"\0": "\0"}}, ["\0"],
]  # fmt: skip


def spoiled(kind: str) -> Iterator[tuple[str, Json]]:
    """Events, each of an order of its own, with one value replaced by a nasty one, and its path."""
    told = TYPES[kind]
    full = {"actor": COMMON["actor"], **told.least, **told.more}
    for path in paths(full):
        for number, nasty in enumerate(NASTY):
            name = ".".join(map(str, ("data", *path)))
            own = full | ({"order_id": f"{name}-{number}"} if "order_id" in full else {})
            yield name, make.event(kind, make.at("03-02"), replaced(own, path, nasty))


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in below:
        yield (*path, name)
        yield from paths(value, (*path, name))


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = data.copy()
    copied[path[0]] = replaced(data[path[0]], path[1:], value)
    return copied


@pytest.mark.parametrize("kind", TYPES)
def test_no_value_is_a_fault(store: Store, kind: str) -> None:
    cases = list(spoiled(kind))
    raws = [orjson.dumps(event) for _, event in cases]
    origins = [Origin(str(number)) for number in range(len(raws))]
    report = record(store, raws, as_of=make.LATER, rules=DEFAULTS, origins=origins)
    assert report.accepted + len(report.rejects) == len(raws)
    assert report.accepted > len(raws) / 100
    for reject in report.rejects:
        where = cases[reject.index][0]
        assert re.fullmatch(r"data(\.\w+)*", reject.field), (where, reject)
        assert reject.reason.isprintable(), (where, reject)
