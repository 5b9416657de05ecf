"""Chains of corrections: what corrects what, and whom all events of a chain concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.events.sources import EventRetracted
from shared.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from shared.store.journal import Entry, Key, Known


class Chains:
    """What corrects what: an event may not correct itself by a detour, nor one of another type."""

    def __init__(self, connection: Connection, entries: Iterable[Entry], known: dict[Key, Known]) -> None:
        self._known = known
        self._above: dict[Key, Known] = {}
        wanted = {target for entry in entries if (target := entry.known.corrects) is not None}
        while wanted:
            found = journal.stored(connection, wanted)
            self._above |= found
            wanted = {row.corrects for row in found.values() if row.corrects} - self._above.keys()

    def impossible(self, entry: Entry, target: Key | None) -> str | None:
        """Why a correction of `target` cannot stand, or None."""
        event = entry.event
        corrected = self._find(target) if target else None
        if corrected and corrected.type != event.type and not isinstance(event.data, EventRetracted):
            return f"A correction has the type of what it corrects, here {corrected.type}"
        seen = {event.key}
        while target is not None:
            if target in seen:
                return "The corrections form a circle; name the event that is really wrong"
            seen.add(target)
            above = self._find(target)
            target = above.corrects if above else None
        return None

    def _find(self, key: Key) -> Known | None:
        return self._known.get(key) or self._above.get(key)


def link(connection: Connection, fresh: Sequence[Entry]) -> set[str]:
    """Tie the events of each chain of corrections to every subject in it; return those subjects."""
    seeds = {entry.key for entry in fresh if entry.known.corrects is not None}
    corrected = journal.corrections(connection, (entry.key for entry in fresh))
    seeds |= {row.corrects for row in corrected.values() if row.corrects}
    touched: set[str] = set()
    for chain in _chains(connection, seeds):
        subjects = {row.subject for row in chain.values()} - {""}
        touched |= subjects
        foreign = [(s, key) for s in subjects for key, row in chain.items() if row.subject != s]
        journal.link(connection, foreign)
    return touched


def _chains(connection: Connection, seeds: set[Key]) -> list[dict[Key, Known]]:
    """The whole chains of corrections that these events belong to, each by its topmost event."""
    found: dict[Key, Known] = {}
    seen: set[Key] = set()
    reach = seeds
    while reach:
        seen |= reach
        new = journal.stored(connection, reach) | journal.corrections(connection, reach)
        found |= new
        reach = (new.keys() | {row.corrects for row in new.values() if row.corrects}) - seen
    chains: dict[Key, dict[Key, Known]] = {}
    for key, row in found.items():
        top, above = key, row.corrects
        while above is not None:
            top, above = above, found[above].corrects if above in found else None
        chains.setdefault(top, {})[key] = row
    return list(chains.values())
