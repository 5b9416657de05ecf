"""The truth table of line outcomes: 100 ordered, requested for 10 March, first promised for 12 March."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.history.folding import folded, verdicts
from tests.make import (
    LATER,
    assessed,
    at,
    cancelled,
    changed,
    confirmed,
    delivered,
    instant,
    line,
    line_closed,
    placed,
    promised,
    raised,
    returned,
)

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]
OT = "OT, not IF"


@dataclass(frozen=True)
class Row:
    """What happens after the promise, the verdict on each basis, and the notes."""

    events: list[Json]
    verdicts: tuple[str, str, str]
    accepted: int
    slips: int = 0
    perfect: bool | None = None
    adjusted: bool = False
    as_of: datetime = LATER
    ordered: Json = field(default_factory=line)
    promise: tuple[Json, ...] = field(default_factory=lambda: (confirmed("2026-03-12"),))


GOOD = {"documents_ok": True}
TABLE = {
    "a: all on 10 March": Row(
        [delivered(100, at("03-10"), part=GOOD)], ("OTIF", "OTIF", "OTIF"), 100, perfect=True
    ),
    "b: all on the promised day": Row([delivered(100, at("03-12"))], ("IF, late", "OTIF", "OTIF"), 100),
    "c: we slip to 14, all on 14": Row(
        [promised("2026-03-14", at("03-11")), delivered(100, at("03-14"))],
        ("IF, late", "IF, late", "OTIF"),
        100,
        slips=1,
        perfect=False,
    ),
    "d: the customer moves it to 17, all on 17": Row(
        [
            changed("requested_on", "2026-03-17", at("03-09"), initiator="customer"),
            confirmed("2026-03-17", at("03-09", "13:00")),
            delivered(100, at("03-17")),
        ],
        ("OTIF", "OTIF", "OTIF"),
        100,
    ),
    "e: 60 on 11, 40 on 13": Row(
        [delivered(60, at("03-11")), delivered(40, at("03-13"))],
        ("IF, late", "IF, late", "IF, late"),
        100,
        perfect=False,
    ),
    "f: 98 on 11, closed short": Row(
        [delivered(98, at("03-11")), line_closed(at("03-11", "13:00"), reason="short_closed")],
        ("miss", OT, OT),
        98,
        perfect=False,
    ),
    "g: 105 on 11, the customer keeps them": Row(
        [delivered(105, at("03-11"))], ("miss", OT, OT), 105, perfect=False
    ),
    "g: 105 on 11, the customer takes 100": Row(
        [delivered(105, at("03-11"), part={"qty_accepted": 100})], ("IF, late", "OTIF", "OTIF"), 100
    ),
    "h: 4 of 100 damaged on 11, replaced on 15": Row(
        [delivered(100, at("03-11"), part={"qty_damaged": 4}), delivered(4, at("03-15"))],
        ("IF, late", "IF, late", "IF, late"),
        100,
        perfect=False,
    ),
    "i: 4 quality returns on 25": Row(
        [delivered(100, at("03-11"), part=GOOD), returned(4, at("03-25")), assessed("quality", at("03-26"))],
        ("IF, late", "OTIF", "OTIF"),
        100,
        perfect=False,
    ),
    "j: the customer cancels on 5": Row(
        [cancelled(at("03-05"), initiator="customer")], ("excluded", "excluded", "excluded"), 0
    ),
    "k: the customer cancels on 13": Row(
        [cancelled(at("03-13"), initiator="customer")], ("miss", "miss", "miss"), 0, perfect=False
    ),
    "l: we cancel on 9, no stock": Row(
        [cancelled(at("03-09"), reason="no_stock")], ("miss", "miss", "miss"), 0, perfect=False
    ),
    "m: all on 7, one day early at most": Row(
        [delivered(100, at("03-07"))],
        ("IF, late", "IF, late", "IF, late"),
        100,
        perfect=False,
        ordered=line(early_tolerance_days=1),
    ),
    "m: all on 7, early is fine": Row([delivered(100, at("03-07"))], ("OTIF", "OTIF", "OTIF"), 100),
    "n: shipped on 12, arrived on 13": Row(
        [delivered(100, at("03-13"))], ("IF, late", "IF, late", "IF, late"), 100, perfect=False
    ),
    "o: the customer's dock was closed on 12, all on 13": Row(
        [raised(at("03-12"), category="customer_site"), delivered(100, at("03-13"))],
        ("IF, late", "IF, late", "IF, late"),
        100,
        perfect=False,
        adjusted=True,
    ),
    "q: never confirmed": Row(
        [delivered(100, at("03-10"))], ("OTIF", "unconfirmed", "unconfirmed"), 100, promise=()
    ),
    "r: due today, nothing came, in the grace": Row(
        [], ("open", "open", "open"), 0, as_of=instant("03-13", "23:59")
    ),
    "r: the grace is over on the first basis": Row(
        [], ("miss", "open", "open"), 0, as_of=instant("03-14", "00:00")
    ),
    "r: the grace is over": Row(
        [], ("miss", "miss", "miss"), 0, perfect=False, as_of=instant("03-16", "00:00")
    ),
}


@pytest.mark.parametrize("row", [pytest.param(row, id=case) for case, row in TABLE.items()])
def test_truth_table(row: Row) -> None:
    order = folded([placed(at("03-01"), row.ordered), *row.promise, *row.events])
    assert order.quarantined is None
    assert verdicts(order, row.as_of) == row.verdicts
    told = order.lines["1"]
    found = (told.accepted, order.slips, order.perfect(told, row.as_of), told.customer_site)
    assert found == (row.accepted, row.slips, row.perfect, row.adjusted)


def test_p_two_lines_of_one_product_are_scored_by_their_own_days() -> None:
    lines = [line(qty=50), line(line_id="2", qty=50, requested_on="2026-03-20")]
    first = delivered(50, at("03-10"))
    second = delivered(50, at("03-21"), part={"line_id": "2"})
    promises = [confirmed("2026-03-10"), confirmed("2026-03-20", line_id="2")]
    order = folded([placed(at("03-01"), *lines), *promises, first, second])
    assert verdicts(order) == ("OTIF", "OTIF", "OTIF")
    assert verdicts(order, line_id="2") == ("IF, late", "IF, late", "IF, late")
