"""Audiences and what each may see: one table, and a reader is never shown more than the audience's row."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, NamedTuple

from shared.editions.reader import Reader
from shared.languages import ENGLISH

Audience = Literal["everyone", "leadership", "operations", "sales"]


class Sight(NamedTuple):
    """What may be seen."""

    money: bool
    margin: bool
    names: Literal["all", "own", "none"]
    """Of confidential customers: all names, those of one's own customers, or none."""


AUDIENCES: Final[dict[Audience, Sight]] = {
    "leadership": Sight(money=True, margin=True, names="all"),
    "sales": Sight(money=True, margin=False, names="own"),
    "operations": Sight(money=False, margin=False, names="none"),
    "everyone": Sight(money=False, margin=False, names="none"),
}


def reader_of(audience: Audience, language: str = ENGLISH) -> Reader:
    """A reader of an audience of whom nothing else is known."""
    sight = AUDIENCES[audience]
    every_name = sight.names == "all"
    return Reader(language, sees_money=sight.money, sees_margin=sight.margin, sees_confidential=every_name)


def narrowed(reader: Reader, audience: Audience) -> Reader:
    """The reader with no more rights than the audience has."""
    sight = AUDIENCES[audience]
    return replace(
        reader,
        accounts=reader.accounts if sight.names != "none" else frozenset(),
        sees_money=reader.sees_money and sight.money,
        sees_margin=reader.sees_margin and sight.margin,
        sees_confidential=reader.sees_confidential and sight.names == "all",
    )
