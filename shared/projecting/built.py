"""As of when, and by which rules, the projections were built; what must be rebuilt to stand otherwise."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from shared.store import journal
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from shared.rules import Rules


def stale(connection: Connection, as_of: datetime, rules: Rules) -> set[str]:
    """The subjects whose rows would be others as of this instant, by these rules."""
    built_at, built_by = fact(connection, "projected_at"), fact(connection, "projected_by")
    if built_at is None:
        return set()
    if built_by != _fingerprint(rules):
        return journal.all_subjects(connection)
    built = datetime.fromisoformat(built_at)
    if built == as_of:
        return set()
    return journal.subjects_known_between(connection, min(built, as_of), max(built, as_of))


def mark(connection: Connection, as_of: datetime, rules: Rules) -> None:
    """Note as of when, and by which rules, the projections stand."""
    put_fact(connection, "projected_at", as_of.isoformat())
    put_fact(connection, "projected_by", _fingerprint(rules))


def _fingerprint(rules: Rules) -> str:
    """Other rules, other outcomes: every number of them counts."""
    told = "|".join(f"{name}={getattr(rules, name)}" for name in sorted(rules.__dataclass_fields__))
    return blake2b(told.encode(), digest_size=16).hexdigest()
