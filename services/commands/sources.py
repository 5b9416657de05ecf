"""`tandem sources`: who tells Tandem of the world, and up to when each has told all."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.commands.context import AsJson, AsOf, answer, instant, moment, opened, say
from shared.completeness import Source
from shared.completeness import sources as all_sources

_HEADS = ("source", "told all up to", "says", "last event", "last received", "events", "")


def sources(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List each source of events with its watermark, and which have gone silent."""
    at = instant(as_of)
    with opened() as (settings, store):
        with store.reading() as connection:
            found = all_sources(connection, at)
        patience = timedelta(hours=settings.source_silence_hours)
        zone = settings.rules.zone
    if as_json:
        answer([_document(source, source.silent_since(at, patience)) for source in found])
        return
    if not found:
        say("No source has told anything yet; tandem import or tandem detect brings events in.")
        return
    rows = [_HEADS]
    for one in found:
        instants = (one.watermark, one.last_event, one.received_at)
        watermark, last_event, received_at = (moment(value.astimezone(zone)) for value in instants)
        silent = one.silent_since(at, patience)
        note = f"silent since {moment(silent.astimezone(zone))}" if silent else ""
        by = "a heartbeat" if one.by == "heartbeat" else "its last event"
        rows.append((one.source, watermark, by, last_event, received_at, f"{one.events:,}", note))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADS))]
    for row in rows:
        say("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _document(source: Source, silent: datetime | None) -> dict[str, object]:
    return {
        "source": source.source,
        "watermark": source.watermark.isoformat(),
        "by": source.by,
        "last_event": source.last_event.isoformat(),
        "last_received": source.received_at.isoformat(),
        "events": source.events,
        "silent_since": silent.isoformat() if silent else None,
    }
