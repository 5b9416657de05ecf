"""As of when, and by which rules, the projections were built; what must be rebuilt to stand otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from shared.projecting import agenda
from shared.projecting.projector import PROJECTED
from shared.store import journal, recorders
from shared.store.engine import facts, put_facts
from shared.store.recorders import CrowdedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from shared.rules import Rules

JUDGING: Final = 2
"""Raised by whoever makes the code judge the same events otherwise, so that what stands is judged anew."""
_LITTLE = timedelta(minutes=1)


def instant(connection: Connection, as_of: datetime) -> datetime:
    """As of when to build: clocks differ and recorders wait, so what stands a little later stays."""
    built, _ = _built(connection)
    return built if built is not None and as_of < built <= as_of + _LITTLE else as_of


def by_other_rules(connection: Connection, rules: Rules) -> bool:
    """Whether what stands was judged by other rules than these, or by code that judged otherwise."""
    built, built_by = _built(connection)
    return built is not None and built_by != fingerprint(rules)


def stale(connection: Connection, as_of: datetime) -> set[str]:
    """The subjects whose rows would be others as of this instant, by the same rules; raises CrowdedError."""
    built, _ = _built(connection)
    if built is None or built == as_of:
        return set()
    if as_of < built:
        recorders.must_be_alone(connection)
    return journal.subjects_known_between(connection, min(built, as_of), max(built, as_of))


def goes_back(connection: Connection, as_of: datetime) -> bool:
    """Whether an instant lies before that of which the projections stand."""
    built, _ = _built(connection)
    return built is not None and as_of < built


def latest(connection: Connection, as_of: datetime) -> datetime:
    """An instant, or that of which the projections stand if that is later: people's work never goes back."""
    built, _ = _built(connection)
    return as_of if built is None else max(built, as_of)


def turn_back(connection: Connection, as_of: datetime, rules: Rules) -> None:
    """Where time goes back, take out the wins of periods that have not ended; raises CrowdedError."""
    if goes_back(connection, as_of):
        recorders.must_be_alone(connection)
        agenda.rewind(connection, as_of.astimezone(rules.zone).date())


def mark(connection: Connection, as_of: datetime, rules: Rules) -> None:
    """Note as of when, and by which rules, the projections stand."""
    put_facts(connection, {"projected_at": as_of.isoformat(), "projected_by": fingerprint(rules)})


def leave_behind(connection: Connection, events: Sequence[object]) -> None:
    """Note that of these events the projections know nothing: they stand by no rules at all."""
    if events:
        put_facts(connection, {"projected_by": ""})


def mark_beside_others(connection: Connection, as_of: datetime, rules: Rules, rebuilt: set[str]) -> None:
    """The same in one's turn, where other recorders may have noted something since; raises CrowdedError.

    `rebuilt` subjects stand as of `as_of`, all others as of what is noted. Where nothing became known
    between the two that only one of them has, the later instant is true of both.
    """
    built, built_by = _built(connection)
    if built is None or built == as_of:
        mark(connection, as_of, rules)
        return
    between = journal.subjects_known_between(connection, min(built, as_of), max(built, as_of))
    different = between - rebuilt if built < as_of else between & rebuilt
    if built_by != fingerprint(rules) or any(subject.partition("/")[0] in PROJECTED for subject in different):
        raise CrowdedError
    if built < as_of:
        mark(connection, as_of, rules)


def _built(connection: Connection) -> tuple[datetime | None, str | None]:
    """As of when, and by which rules; None before anything was."""
    known = facts(connection, ["projected_at", "projected_by"])
    built_at = known.get("projected_at")
    return None if built_at is None else datetime.fromisoformat(built_at), known.get("projected_by")


@lru_cache(maxsize=16)
def fingerprint(rules: Rules) -> str:
    """Other rules or other code, other outcomes: every number of them counts."""
    told = "|".join(
        (str(JUDGING), *(f"{name}={getattr(rules, name)}" for name in sorted(rules.__dataclass_fields__)))
    )
    return blake2b(told.encode(), digest_size=16).hexdigest()
