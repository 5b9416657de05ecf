"""What can be wrong: the mapping or its files (MappingError), or one row (Rejected)."""

from __future__ import annotations

from shared.events.catalogue import Rejected


class MappingError(ValueError):
    """A mapping, or a file it names, cannot be used; one line that says what to write."""


class CellRejected(Rejected):
    """A verdict on one cell: its column, and what it holds."""

    def __init__(self, field: str, reason: str, column: str, value: str) -> None:
        super().__init__(field, reason)
        self.column = column
        self.value = value


def under(name: str | int, rejected: Rejected) -> Rejected:
    """The same verdict, seen from the payload field `name` that holds it."""
    field = f"{name}.{rejected.field}" if rejected.field else str(name)
    if isinstance(rejected, CellRejected):
        return CellRejected(field, rejected.reason, rejected.column, rejected.value)
    return Rejected(field, rejected.reason)
