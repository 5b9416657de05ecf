"""A simulation is never mixed into real trade, and never mailed by a relay."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from services.publisher.opening import check
from services.simulator.envelope import event
from shared.mailing.post import MailError
from shared.recording import Report, record
from shared.rules import DEFAULTS
from shared.settings import Settings
from shared.store.engine import fact
from tests import make

if TYPE_CHECKING:
    from shared.store.engine import Store

AT = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


def invented(name: str = "b-1") -> dict[str, Any]:
    data = {"complete_until": AT.isoformat()}
    return event("source.heartbeat", name, AT, "source/erp", data, "erp")


def recorded(store: Store, *events: dict[str, Any]) -> Report:
    return record(store, make.raw(list(events)), as_of=make.LATER, rules=DEFAULTS)


def is_simulation(store: Store) -> bool:
    with store.reading() as connection:
        return bool(fact(connection, "simulated"))


def relay_takes(store: Store) -> None:
    check(Settings(_env_file=None, smtp_host="relay.example.com", reply_to="e@example.com"), store)  # type: ignore[call-arg]


def test_it_never_comes_into_real_trade_and_its_neighbours_do(store: Store) -> None:
    recorded(store, make.placed(name="real"))
    report = recorded(store, invented(), make.placed(order="SO-2", name="other"))
    assert (report.accepted, [(r.index, r.field) for r in report.rejects]) == (1, [(0, "simulated")])
    assert "TANDEM_DATABASE_URL" in report.rejects[0].reason
    relay_takes(store)


def test_an_empty_database_becomes_a_simulation_that_no_relay_mails(store: Store) -> None:
    relay_takes(store)
    assert recorded(store, invented()).accepted == 1
    assert recorded(store, invented("b-2"), make.placed()).accepted == 2
    with pytest.raises(MailError, match="simulation"):
        relay_takes(store)


def test_headers_say_it_in_text(store: Store) -> None:
    recorded(store, make.placed(name="real"))
    assert recorded(store, invented() | {"simulated": "true"}).accepted == 0


@pytest.mark.parametrize("said", ["no", [], None, 1])
def test_the_word_alone_says_nothing(store: Store, said: object) -> None:
    recorded(store, make.placed(name="real"))
    told = invented() | {"simulated": said}
    inside = make.placed(order="SO-2", name="other")
    inside["data"]["simulated"] = True
    assert recorded(store, told, inside).accepted == 2
    assert not is_simulation(store)
