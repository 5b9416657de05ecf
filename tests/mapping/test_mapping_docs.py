from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from shared.mapping import library, values
from shared.mapping.dates import Date, Datetime
from shared.mapping.filters import Limit
from shared.mapping.model import File, Initiators, Many, MappingFile, One, Rule, Snapshot
from shared.mapping.numbers import Number
from tests.mapping.examples import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.mapping import Mapped
    from shared.mapping.section import Section

PAGE = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")


def test_the_example_works_as_printed(run: Callable[..., list[Mapped]]) -> None:
    mapping, orders, lines = re.findall(r"```(?:toml|csv)\n(.*?)```", PAGE, re.DOTALL)[:3]
    (placed,) = run(mapping, orders_csv=orders, lines_csv=lines)
    assert event(placed) == {
        "specversion": "1.0",
        "id": "order/4711/placed",
        "source": "urn:example:shop",
        "type": "tandem.order.placed.v1",
        "time": "2026-10-05T09:30:00+02:00",
        "data": {
            "order_id": "4711",
            "customer_id": "C-1",
            "currency": "EUR",
            "lines": [{"line_id": "10", "product_id": "Rope", "qty": "12.5", "requested_on": "2026-10-09"}],
        },
    }


def test_every_mapping_that_comes_with_tandem_has_its_page() -> None:
    folder = Path(__file__).parents[2] / "docs" / "mappings"
    for name in library.names():
        assert (folder / f"{name}.md").exists(), name
        assert f"mappings/{name}.md" in PAGE


def test_every_key_is_described() -> None:
    sections: tuple[type[Section], ...] = (
        MappingFile,
        Snapshot,
        Initiators,
        File,
        One,
        Many,
        Rule,
        Limit,
        Date,
        Datetime,
        Number,
    )
    sections += (values.Map, values.If, values.First, values.Each)
    keys = {field.alias or name for each in sections for name, field in each.model_fields.items()}
    missing = {key for key in keys if not re.search(rf"[`{{\[. ]{key}\b", PAGE)}
    assert not missing
