"""Units of measure that count single things."""

from __future__ import annotations

PIECES = frozenset({"each", "ea", "pc", "pcs", "piece", "unit", "units"})


def is_piece(uom: str) -> bool:
    """Whether a unit of measure counts single things."""
    return uom.casefold() in PIECES
