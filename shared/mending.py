"""Use case: what could not be read is recorded again, as it came or mended, or given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from shared.isolating import record_apart
from shared.store import journal, letters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.intake import Intake
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.store.letters import Letter


_AS_IT_CAME, _MENDED = "Recorded as it came", "Recorded in a mended version"
_DUPLICATE = "It was recorded already"
_CONFLICT = "Another event has its source and id, and stands; tandem conflicts shows both"
_AT_A_TIME = 100
"""Letters in one transaction: few enough to hold in memory, whatever their size."""


class LetterError(Exception):
    """A dead letter is not there, or no longer to be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Still:
    """A letter that still cannot be read: its number, the field and the reason."""

    number: int
    field: str
    reason: str


@dataclass(slots=True)
class Replay:
    """What became of the letters that were recorded again; `read` is the sum of the other four."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejects: list[Still] = field(default_factory=list)


def erase_old(store: Store, now: datetime, intake: Intake) -> None:
    """Erase the bytes of all letters that are too old."""
    before, erased = now - timedelta(days=intake.dead_letter_days), True
    while erased:
        with store.noting() as connection:
            erased = letters.erase(connection, before, now)


def is_recorded(connection: Connection, event: bytes) -> bool | None:
    """Whether an event of its source and id is recorded by now; None where its bytes name none."""
    try:
        document = orjson.loads(event)
    except orjson.JSONDecodeError:
        return None
    named = document if isinstance(document, dict) else {}
    source, event_id = named.get("source"), named.get("id")
    if not isinstance(source, str) or not isinstance(event_id, str) or "\0" in source + event_id:
        return None
    return bool(journal.stored(connection, {(source, event_id)}))


class Mending:
    """Dead letters of one database, as of now."""

    def __init__(self, store: Store, *, now: datetime, rules: Rules, intake: Intake) -> None:
        self._store, self._now, self._rules, self._intake = store, now, rules, intake

    def replay(self, numbers: Sequence[int] | None = None) -> Replay:
        """Record letters again: those of these numbers, or all that wait; raises LetterError.

        What still cannot be read goes on waiting, with its reason of today. Replaying twice is harmless:
        what was recorded before, also just before a crash, counts as a duplicate.
        """
        found, waiting = Replay(), self._waiting()
        if numbers is not None:
            named = self._named(numbers)
            waiting = [letter.number for letter in named if letter.state != "replayed"]
            found.read = found.duplicates = len(named) - len(waiting)
        for start in range(0, len(waiting), _AT_A_TIME):
            some = waiting[start : start + _AT_A_TIME]
            with self._store.reading() as connection:
                kept = letters.contents(connection, some)
            self._record([(number, each.event) for number, each in kept.items()], _AS_IT_CAME, found)
        return found

    def mend(self, number: int, event: bytes) -> Replay:
        """Record this event in the place of a letter; raises LetterError."""
        self._known([number])
        found = Replay()
        self._record([(number, event)], _MENDED, found)
        return found

    def discard(self, numbers: Sequence[int], reason: str) -> None:
        """Give up letters that wait, for a reason; raises LetterError."""
        known = self._known(numbers)
        for letter in known:
            if letter.state in ("replayed", "expired"):
                raise LetterError(
                    f"Dead letter {letter.number} is {letter.state}; only one that waits is discarded"
                )
        given_up = [letter.number for letter in known if letter.state == "waiting"]
        with self._store.noting() as connection:
            letters.settle(connection, "discarded", dict.fromkeys(given_up, reason), self._now)

    def _waiting(self) -> list[int]:
        with self._store.reading() as connection:
            return letters.waiting(connection)

    def _named(self, numbers: Sequence[int]) -> list[Letter]:
        known = self._known(numbers)
        for letter in known:
            if letter.erased_at is not None and letter.state != "replayed":
                raise LetterError(
                    f"The bytes of dead letter {letter.number} were erased on {letter.erased_at:%Y-%m-%d}; "
                    "ask its source to send it again, or name a mended event with --file"
                )
        return known

    def _known(self, numbers: Sequence[int]) -> list[Letter]:
        with self._store.reading() as connection:
            found = letters.listed(connection, set(numbers))
        if missing := sorted(set(numbers) - {letter.number for letter in found}):
            raise LetterError(f"There is no dead letter {missing[0]}; tandem dead list shows their numbers")
        return found

    def _record(self, inputs: Sequence[tuple[int, bytes]], note: str, found: Replay) -> None:
        raws = [raw for _, raw in inputs]
        report = record_apart(self._store, raws, as_of=self._now, rules=self._rules, intake=self._intake)
        still = [Still(inputs[one.index][0], one.field, one.reason) for one in report.rejects]
        notes = {number: note for number, _ in inputs}
        notes |= {inputs[index][0]: _DUPLICATE if same else _CONFLICT for index, same in report.known.items()}
        for one in still:
            del notes[one.number]
        with self._store.noting() as connection:
            letters.settle(connection, "replayed", notes, self._now)
            for one in still:
                letters.keep_waiting(connection, one.number, one.field, one.reason)
        found.read += len(raws)
        found.accepted += report.accepted
        found.duplicates += report.duplicates
        found.conflicts += report.conflicts
        found.rejects += still
