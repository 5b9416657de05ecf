"""Figures that released editions told, and that read otherwise now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.restating import restated
from shared.rules import DEFAULTS
from tests import make
from tests.make import at, confirmed, delivered, placed
from tests.test_publishing import APRIL, MARCH, MAY, composed, fifth, published, tell

if TYPE_CHECKING:
    from shared.editions.model import Edition, Restated
    from shared.periods import Period
    from shared.store.engine import Store


def on_time() -> list[make.Json]:
    return [placed(), confirmed("2026-03-10"), delivered(100, at("03-09"))]


def late() -> list[make.Json]:
    """Another line due in March, of which the warehouse tells in April."""
    of = {"order_id": "SO-2"}
    due = make.line(requested_on="2026-03-20")
    return [
        placed(at("03-02"), due, **of),
        confirmed("2026-03-20", at("03-03"), **of),
        delivered(100, at("03-25"), recorded_at=at("04-20"), **of),
    ]


def now(store: Store, period: Period, as_of: Period, name: str | None = None) -> list[str]:
    with store.reading() as connection:
        return told(restated(connection, period, 12, fifth(as_of), DEFAULTS, name))


def told(found: tuple[Restated, ...]) -> list[str]:
    return [
        f"{one.period} {one.key} {one.basis} {one.told} → {one.now} {one.told_in}"
        for one in found
        if one.basis == "first_commit"
    ]


CHANGED = [
    "2026-03 on_time first_commit 100.0000 → 50.0000 newsletter-2026-03",
    "2026-03 otif first_commit 100.0000 → 50.0000 newsletter-2026-03",
]


def test_what_came_late_restates_what_was_told(store: Store) -> None:
    tell(store, *on_time(), as_of=fifth(MARCH))
    published(store, MARCH)
    assert now(store, MARCH, MARCH) == []
    tell(store, *late(), as_of=fifth(APRIL))
    assert now(store, MARCH, APRIL) == now(store, APRIL, APRIL, "newsletter") == CHANGED
    assert now(store, APRIL, APRIL, "leadership") == []


def test_what_was_only_composed_was_not_told(store: Store) -> None:
    tell(store, *on_time(), as_of=fifth(MARCH))
    composed(store, MARCH)
    tell(store, *late(), as_of=fifth(APRIL))
    assert now(store, MARCH, APRIL) == []


def test_an_edition_restates_once(store: Store) -> None:
    tell(store, *on_time(), as_of=fifth(MARCH))
    published(store, MARCH)
    tell(store, *late(), as_of=fifth(APRIL))
    april = published(store, APRIL)
    assert told(april.restated) == CHANGED
    assert final(april) == {(True, True)}
    assert published(store, MAY).restated == ()


def test_a_mail_restates_what_a_mail_told(store: Store) -> None:
    """What was on the page alone is restated by the page alone."""
    tell(store, *on_time(), as_of=fifth(MARCH))
    published(store, MARCH)
    tell(store, *late(), as_of=fifth(APRIL))
    changed = published(store, APRIL).restated
    assert {one.key for one in changed if one.mailed} == {"on_time", "otif"}
    assert {(one.key, one.basis) for one in changed if not one.mailed} >= {
        ("otif", "requested"),
        ("sales_volume", "units"),
    }


def final(edition: Edition) -> set[tuple[bool, bool]]:
    kept = (one for one in edition.restated if one.basis == "first_commit")
    return {(one.told_final, one.now_final) for one in kept}


def test_less_than_is_printed_is_no_restatement(store: Store) -> None:
    """999 of 1,000 and 1,000 of 1,001 both read 99.9."""
    lines = [make.line(line_id=str(number)) for number in range(1000)]
    names = [str(number) for number in range(999)]
    receipts = [{"line_id": name, "qty_delivered": 100} for name in names]
    tell(
        store,
        placed(at("03-01"), *lines),
        make.of_order("delivery.delivered", at("03-09"), {"shipment_id": "S-1", "lines": receipts}),
        as_of=fifth(MARCH),
    )
    published(store, MARCH)
    of = {"order_id": "SO-2"}
    tell(store, placed(at("03-02"), recorded_at=at("04-20"), **of), as_of=fifth(APRIL))
    tell(store, delivered(100, at("03-09"), recorded_at=at("04-20"), **of), as_of=fifth(APRIL))
    changed = published(store, APRIL).restated
    assert [one for one in changed if one.key in {"otif", "on_time"}] == []
