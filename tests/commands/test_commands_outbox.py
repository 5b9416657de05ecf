"""What the doctor says of the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared.store import outbox
from shared.store.engine import Store
from shared.store.outbox import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    Tandem = Callable[..., Any]

LONG_AGO = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def said(tandem: Tandem) -> tuple[bool, str]:
    checks = tandem("doctor", "--json").json
    return next((check["ok"], check["says"]) for check in checks if check["check"] == "Outbox")


@pytest.mark.parametrize(
    ("since", "refused", "verdict", "says"),
    [
        (None, None, True, "2 records wait to leave for Kafka since "),
        (
            LONG_AGO,
            None,
            False,
            "2 records wait to leave for Kafka since 2026-03-01 08:30 UTC; tandem detect",
        ),
        (None, "too large", False, "it refuses one for wins (too large): raise max.message.bytes there"),
    ],
)
def test_the_doctor_counts_what_waits(
    tandem: Tandem, since: datetime | None, refused: str | None, verdict: object, says: str
) -> None:
    assert said(tandem) == (True, "nothing waits to leave for Kafka")
    store, since = Store.open("sqlite:///tandem.db"), since or datetime.now(UTC)
    with store.noting() as connection:
        outbox.put(connection, [Record("wins", b"A", b"1")], since)
        outbox.put(connection, [Record("wins", b"A", b"2")], since + timedelta(seconds=1))
        if refused:
            outbox.refuse(connection, outbox.first(connection, "wins", 1)[0].number, refused)
    store.close()
    found = said(tandem)
    assert found[0] is verdict
    assert says in found[1]
