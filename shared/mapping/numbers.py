"""Values that are numbers, in declared notations."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Field, Tag

from shared.events.catalogue import Rejected
from shared.mapping import numerals
from shared.mapping.leaves import Constant, Text, misread
from shared.mapping.notation import Spelling
from shared.mapping.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.mapping.rows import Scope


class Number(Spelling):
    """A decimal in a declared notation, with the little arithmetic that prices need."""

    number: Operand
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    times: Operand | None = None
    divided_by: Operand | None = None
    discount: Operand | None = None

    def children(self) -> Iterable[tuple[str, Any]]:
        """The number and what it is reckoned with."""
        for name in ("number", "times", "divided_by", "discount"):
            if (operand := getattr(self, name)) is not None:
                yield name, operand

    def read(self, scope: Scope) -> str | None:
        """A decimal string; rounding is half up."""
        number = self.value(scope)
        return None if number is None else numerals.shortest(number)

    def value(self, scope: Scope) -> Decimal | None:
        """The number itself; None where a column it may lack is empty."""
        values = {}
        for name, operand in self.children():
            if (value := self._operand(operand, scope)) is None:
                return None
            values[name] = value
        try:
            return self._rounded(_reckon(**values))
        except (DecimalException, ZeroDivisionError):
            raise Rejected(
                "", f"cannot reckon with {', '.join(f'{k} {v}' for k, v in values.items())}; mend the cells"
            ) from None

    def _rounded(self, number: Decimal) -> Decimal:
        if self.decimals is None:
            return number
        return number.quantize(Decimal(1).scaleb(-self.decimals), context=numerals.EXACT)

    def _operand(self, operand: Any, scope: Scope) -> Decimal | None:
        if isinstance(operand, Number):
            return operand.value(scope)
        text = operand.read(scope)
        if text is None:
            return None
        spelling = self if self.spells else scope.notation(operand) or self
        found = spelling.number_in(str(text))
        if found is None:
            raise misread(
                operand,
                scope,
                text,
                "no number in the declared notation",
                "mend it, or `decimal`, `thousands`, `strip`",
            )
        return found


class Integer(Section):
    """A whole number, as JSON's own."""

    integer: Text

    def children(self) -> Iterable[tuple[str, Any]]:
        """The text to read."""
        yield "integer", self.integer

    def read(self, scope: Scope) -> int | None:
        """The number; `12.0` is 12, `12.5` is none."""
        text = self.integer.read(scope)
        if text is None:
            return None
        spelling = scope.notation(self.integer)
        found = spelling.number_in(text) if spelling else numerals.decimal(text)
        if found is None or found != found.to_integral_value() or abs(found) >= 10**15:  # exact in JSON
            raise misread(self.integer, scope, text, "no whole number", "mend it")
        return int(found)


def _reckon(
    number: Decimal,
    times: Decimal = Decimal(1),
    divided_by: Decimal = Decimal(1),
    discount: Decimal = Decimal(0),
) -> Decimal:
    exact = numerals.EXACT
    if times == divided_by == 1 and not discount:
        return number
    return exact.divide(exact.multiply(exact.multiply(number, times), 1 - discount), divided_by)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "<number>"
    return "<text>" if isinstance(value, str) else "<constant>"


Operand = Annotated[
    Annotated[Text, Tag("<text>")]
    | Annotated[Constant, Tag("<constant>")]
    | Annotated[Number, Tag("<number>")],
    Discriminator(_kind),
]

Number.model_rebuild()
