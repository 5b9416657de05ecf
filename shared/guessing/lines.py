"""What names a line within its order, as the rows of a table tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from shared.guessing.guess import Guesses

NO_LINE: Final = (
    "? what names a line within its order: some rows share it, as if a line were delivered in parts"
)


class Line(NamedTuple):
    """What names a line, or a question, with why; and what tells its deliveries apart, if these are rows."""

    name: str
    why: str = ""
    part: str = ""


def line_of(guesses: Guesses) -> Line:
    """What names each row within its order, else what names the line of which it is a delivery."""
    return _of_rows(guesses) or _of_parts(guesses) or Line(NO_LINE)


def placeholder(guesses: Guesses, role: str, prefix: str = "", *, optional: bool = False) -> str:
    """That of a role's column; empty where there is none."""
    guess = guesses.found.get(role)
    return f"{{{prefix}{guess.column}{'?' if optional else ''}}}" if guess else ""


def _of_rows(guesses: Guesses) -> Line | None:
    orders = _texts(guesses, "order_id")
    named = placeholder(guesses, "line_id")
    for role, found in (("line_id", named), ("product_id", placeholder(guesses, "product_id"))):
        pairs = list(zip(orders, _texts(guesses, role), strict=False))
        if found and pairs and len(set(pairs)) == len(pairs):
            why = "  # no column numbers the lines; each product occurs once in an order"
            return Line(found, "" if role == "line_id" else why)
    if len(set(orders)) == len(orders) and not named:
        return Line("1", "  # each order has one row")
    return None


def _of_parts(guesses: Guesses) -> Line | None:
    orders, ordered = _texts(guesses, "order_id"), _texts(guesses, "qty")
    for role in ("line_id", "product_id") if placeholder(guesses, "delivered_qty") else ():
        lines = list(zip(orders, _texts(guesses, role), strict=False))
        if not lines or len(set(zip(lines, ordered, strict=True))) > len(set(lines)):
            continue  # a quantity that differs is that of a delivery
        for apart in ("shipment_id", "delivered_on", "shipped_on"):
            rows = list(zip(lines, _texts(guesses, apart), strict=False))
            if rows and len(set(rows)) == len(rows):
                return Line(placeholder(guesses, role), part=placeholder(guesses, apart))
    return None


def _texts(guesses: Guesses, role: str) -> list[str]:
    column = guesses.column(role)
    return column.texts if column else []
