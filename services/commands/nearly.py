"""`tandem wins --near-misses`: what almost was a win, and the one gate that stopped it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.commands.context import answer, day, opened, say
from services.commands.explaining import paragraphs, wrapped
from shared.patterns.conditions import condition
from shared.patterns.model import Gate
from shared.patterns.nearly import NearMiss
from shared.periods import Period
from shared.projecting.naming import names_of
from shared.projecting.nearly import near_misses
from shared.projecting.reading import Reading
from shared.stories.facts import about
from shared.viewing import view

_NONE = "Nothing nearly was a win; other --month may hold something."
_HINT = (
    "A gate that stops what you would call a win is worth an argument: docs/patterns.md says why it stands."
)


def list_near_misses(at: datetime, month: str | None, *, as_json: bool) -> None:
    """Print them as of an instant: orders that closed, and periods that ended, in a month, or ever."""
    wanted = Period.parse(month) if month else None
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        reading = Reading(connection, at, settings.rules)
        found = list(near_misses(reading, wanted))
        called = names_of(reading, found)
    if as_json:
        answer([_document(miss) for miss in found])
        return
    for miss in found:
        _show(miss, about(miss, called), settings.rules.zone)
    gates = Counter(miss.stopped.name for miss in found)
    most = ", ".join(f"{count} by {_words(name)}" for name, count in gates.most_common(3))
    say(f"{len(found)} nearly were: {most}. {_HINT}" if found else _NONE)


def _show(miss: NearMiss, label: str, zone: ZoneInfo) -> None:
    named = "" if label in _words(miss.subject) else f", {label}"
    say(f"{day(miss.day) or '':<10}  {miss.pattern}: {miss.subject}{named}")
    wrapped(condition(miss.pattern, miss.stopped.name), " " * 14, f"{'':<12}did not hold: ")
    for text in paragraphs(miss.stopped.values, zone):
        wrapped(text, " " * 14)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _document(miss: NearMiss) -> dict[str, Any]:
    return {
        "pattern": miss.pattern,
        "subject": miss.subject,
        "customer_id": miss.customer_id,
        "day": day(miss.day),
        "stopped": _gate(miss.stopped),
        "gates": [_gate(gate) for gate in miss.held],
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {"name": gate.name, "passed": gate.passed, "values": gate.values}
