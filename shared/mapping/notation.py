"""How a column writes its dates and numbers, said once for all values that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.mapping import moments, numerals
from shared.mapping.section import Section

if TYPE_CHECKING:
    from decimal import Decimal


def _format(text: str) -> str:
    if why := moments.format_problem(text):
        raise PydanticCustomError("format", "{why}", {"why": why})
    return text


def _formats(formats: str | list[str]) -> str | list[str]:
    """Refuse formats of which two read one text as different days."""
    if isinstance(formats, list) and (both := moments.clashing(formats)):
        raise PydanticCustomError(
            "formats",
            "{one} and {other} read {text} as different days; write the one that holds",
            dict(zip(("one", "other", "text"), both, strict=True)),
        )
    return formats


Format = Annotated[str, AfterValidator(_format)]
Formats = Annotated[Format | Annotated[list[Format], Field(min_length=1)], AfterValidator(_formats)]


class Spelling(Section):
    """How numbers are written."""

    decimal: Annotated[str, Field(min_length=1, max_length=1)] = "."
    thousands: Annotated[str, Field(max_length=1)] = ""
    strip: str | list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _two_signs(self) -> Self:
        if self.decimal == self.thousands:
            raise PydanticCustomError("spelling", "write another `thousands` than `decimal`")
        return self

    @property
    def spells(self) -> bool:
        """Whether it says anything of numbers."""
        return not self.model_fields_set.isdisjoint({"decimal", "thousands", "strip"})

    def number_in(self, text: str) -> Decimal | None:
        """Read one number; None where the text is none in this spelling."""
        symbols = (self.strip,) if isinstance(self.strip, str) else tuple(self.strip)
        return numerals.decimal(text, self.decimal, self.thousands, symbols)


class Notation(Spelling):
    """How one column writes its dates, or its numbers."""

    format: Formats | None = None
