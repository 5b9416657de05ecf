"""The wire form: CloudEvents as dictionaries, and the order in which they arrive."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

_SOURCES = {
    "order": "erp", "delivery": "tms", "intervention": "erp", "return": "quality", "document": "erp",
    "invoice": "erp", "customer": "crm", "opportunity": "crm", "feedback": "survey", "forecast": "planning",
    "demand": "planning", "product": "erp", "stock": "erp", "draft": "newsroom",
}  # fmt: skip
SOURCES = tuple(dict.fromkeys(_SOURCES.values()))
Event = dict[str, Any]


def source_of(kind: str) -> str:
    """The system that tells of events of this kind, such as `order.placed`."""
    return _SOURCES[kind.partition(".")[0]]


def event(kind: str, id_: str, at: datetime, subject: str, data: dict[str, Any], source: str) -> Event:
    """One structured CloudEvent; fields that are None are left out."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": f"tandem.{kind}.v1",
        "time": at.isoformat(),
        "subject": subject,
        "simulated": True,
        "data": {name: value for name, value in data.items() if value is not None},
    }


def arrival(event: Event) -> datetime:
    """When Tandem hears of it."""
    return datetime.fromisoformat(event["data"].get("recorded_at", event["time"]))


def placing(event: Event) -> tuple[float, str, str]:
    """Where the event comes in the order of arrival: a key that compares fast and is never equal."""
    return arrival(event).timestamp(), event["source"], event["id"]


def heartbeats(first: datetime, last: datetime) -> Iterator[Event]:
    """Each source says every Monday, and on the 3rd of each month, that it has told all."""
    day = first.date()
    while day <= last.date():
        at = datetime.combine(day, time(5), UTC)
        if at > first and (day.weekday() == 0 or day.day == 3):  # noqa: PLR2004 - the third
            for source in (*SOURCES, "edi"):
                data = {"complete_until": at.isoformat()}
                yield event("source.heartbeat", f"{source}.{day}", at, f"source/{source}", data, source)
        day += timedelta(days=1)


def number(qty: Decimal) -> int | str:
    """A quantity on the wire: an integer where it is one, else a decimal string."""
    return int(qty) if qty == int(qty) else str(qty.normalize())


def money(amount: Decimal, currency: str) -> dict[str, str]:
    """Money on the wire, to the cent."""
    return {"amount": f"{amount:.2f}", "currency": currency}
