"""Send events and a draft with a generated client: run in its environment, with the URL and a token."""

from __future__ import annotations

import datetime as dt
import sys

from tandem_client import AuthenticatedClient
from tandem_client.api.default import post_batch, post_draft, post_events
from tandem_client.models import (
    CustomerRegistered,
    CustomerRegisteredEvent,
    Draft,
    DraftReport,
    OrderLine,
    OrderPlaced,
    OrderPlacedEvent,
    Person,
    PersonDepartment,
    RefusedDraft,
    RefusedReport,
    Report,
)

MARCH = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def order(currency: str) -> OrderPlacedEvent:
    line = OrderLine(line_id="1", product_id="P-1", qty="2.5", requested_on=dt.date(2026, 3, 10))
    data = OrderPlaced(order_id="SO-1", customer_id="C-1", currency=currency, lines=[line])
    return OrderPlacedEvent("1.0", currency, "erp", "tandem.order.placed.v1", MARCH, data)


def customer() -> CustomerRegisteredEvent:
    data = CustomerRegistered(customer_id="C-1", name="Alba")
    return CustomerRegisteredEvent("1.0", "c1", "erp", "tandem.customer.registered.v1", MARCH, data)


def story(title: str) -> Draft:
    return Draft(
        title=title,
        body="We drove it over.",
        by=Person("p-weber", PersonDepartment.WAREHOUSE),
        order_ids=["SO-1"],
    )


with AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2]) as client:
    report = post_events.sync(client=client, body=order("EUR"))
    assert isinstance(report, Report), report
    assert report.accepted == 1
    batch = post_batch.sync(client=client, body=[order("EUR"), customer()])
    assert isinstance(batch, Report), batch
    assert (batch.duplicates, batch.accepted) == (1, 1)
    refused = post_events.sync(client=client, body=order("euro"))
    assert isinstance(refused, RefusedReport), refused
    assert refused.events[0].field == "data.currency"
    draft = post_draft.sync(client=client, body=story("The last crate"), idempotency_key="crate-1")
    assert isinstance(draft, DraftReport), draft
    assert draft.outcome == "submitted"
    again = post_draft.sync(client=client, body=story("The last crate"), idempotency_key="crate-1")
    assert isinstance(again, DraftReport), again
    assert (again.outcome, again.story_id) == ("known", draft.story_id)
    nameless = post_draft.sync(client=client, body=story(""))
    assert isinstance(nameless, RefusedDraft), nameless
    assert nameless.field == "title"
with AuthenticatedClient(base_url=sys.argv[1], token="wrong") as client:
    assert post_draft.sync_detailed(client=client, body=story("The last crate")).status_code == 401
    assert post_events.sync_detailed(client=client, body=order("EUR")).status_code == 401
