"""Other rules, other outcomes: a changed setting holds for what was recorded before, too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.recording import record
from shared.rules import Rules
from shared.viewing import view
from tests import seen
from tests.make import raw

if TYPE_CHECKING:
    from shared.store.engine import Store

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
STRICT, LENIENT = Rules(), Rules(late_tolerance_days=2)


def _event(number: int, kind: str, day: str, **data: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": str(number), "source": "erp", "type": f"tandem.{kind}.v1",
        "time": f"2026-03-{day}T09:00:00Z", "data": {"order_id": "SO-1", "customer_id": "C-1", **data},
    }  # fmt: skip


EVENTS = [
    _event(1, "order.placed", "01", currency="EUR",
           lines=[{"line_id": "1", "product_id": "P", "qty": 5, "requested_on": "2026-03-10"}]),
    _event(2, "order.confirmed", "02",
           lines=[{"line_id": "1", "committed_on": "2026-03-10", "committed_qty": 5}]),
    _event(3, "delivery.delivered", "11", shipment_id="S", lines=[{"line_id": "1", "qty_delivered": 5}]),
]  # fmt: skip


def test_a_view_judges_by_the_rules_of_now(store: Store) -> None:
    record(store, raw(EVENTS), as_of=AS_OF, rules=STRICT)
    lenient, strict = (seen.recorded(EVENTS, AS_OF, rules) for rules in (LENIENT, STRICT))
    with view(store, AS_OF, LENIENT) as now, lenient.reading() as fresh:
        assert list(seen.differences(seen.dump(now), seen.dump(fresh))) == []
    with store.reading() as before, strict.reading() as fresh:
        assert list(seen.differences(seen.dump(before), seen.dump(fresh))) == [], "a view writes nothing"
    lenient.close()
    strict.close()


def test_recording_rebuilds_what_stood_by_other_rules(store: Store) -> None:
    record(store, raw(EVENTS), as_of=AS_OF, rules=STRICT)
    record(store, [], as_of=AS_OF, rules=LENIENT)
    lenient = seen.recorded(EVENTS, AS_OF, LENIENT)
    with store.reading() as now, lenient.reading() as fresh:
        assert list(seen.differences(seen.dump(now), seen.dump(fresh))) == []
    lenient.close()
