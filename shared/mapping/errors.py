"""What can be wrong: the mapping or its files (MappingError), or one row (Rejected)."""

from __future__ import annotations

from shared.events.catalogue import Rejected


class MappingError(ValueError):
    """A mapping, or a file it names, cannot be used; one line that says what to write."""


def under(name: str | int, rejected: Rejected) -> Rejected:
    """The same verdict, seen from the payload field `name` that holds it."""
    field = f"{name}.{rejected.field}" if rejected.field else str(name)
    return Rejected(field, rejected.reason)
