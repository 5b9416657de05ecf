"""Which column is what: names and values weighed, with the evidence and the other candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.guessing.names import WEAK, roles, words_of
from shared.mapping import MappingError, moments

if TYPE_CHECKING:
    from datetime import datetime

    from shared.guessing.names import Role
    from shared.guessing.table import Column, Table

_CURRENCY = re.compile("[A-Z]{3}")
_FLOOR, _NEAR, _PULL = 0.4, 0.15, 0.2
CERTAIN, LIKELY = 0.95, 0.7
_OF_LINES = {"item", "line", "ligne", "pos", "position"}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for; `others` are roles or columns that come near."""

    role: str
    column: str
    score: float
    evidence: str
    others: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """How sure this is."""
        if self.score >= CERTAIN:
            return "certain"
        return "likely" if self.score >= LIKELY else "unsure"


@dataclass
class Guesses:
    """The guesses by role, the columns that are none, and what else was seen."""

    table: Table
    found: dict[str, Guess] = field(default_factory=dict)

    def column(self, role: str) -> Column | None:
        """The column of a role, if one was found."""
        guess = self.found.get(role)
        return self.table.columns[guess.column] if guess else None

    @property
    def unsure(self) -> list[Guess]:
        """Those that someone should look at above all."""
        return [guess for guess in self.found.values() if guess.score < LIKELY or guess.others]


def guesses_of(table: Table) -> Guesses:
    """Give each role the column that fits it best, the surest first."""
    scores = {
        (role.name, column.name): _score(role, column, table)
        for role in roles().values()
        for column in table.columns.values()
    }
    guesses = Guesses(table)
    open_ = {pair: score for pair, (score, _) in scores.items() if score >= _FLOOR}
    while open_:
        role, column = max(open_, key=lambda pair: (open_[pair], *_claim(pair, open_)))
        score, evidence = scores[role, column]
        taken = set(guesses.found)
        others = [
            f"{roles()[r].means} (`{c}`)"
            for (r, c), near in sorted(open_.items())
            if (c == column) != (r == role) and near > score - _NEAR and r not in taken
        ]
        guesses.found[role] = Guess(role, column, min(score, 1.0), evidence, tuple(others))
        open_ = {pair: near for pair, near in open_.items() if pair[0] != role and pair[1] != column}
    if "order_id" not in guesses.found:
        raise MappingError(
            f"{table.path}: no column is called like the number of an order; name it so, such as Order No, "
            "or write a mapping by hand (docs/mapping.md)"
        )
    return guesses


def _claim(pair: tuple[str, str], open_: dict[tuple[str, str], float]) -> tuple[float, int, str]:
    """Of equals first the column that can be the least else: `Kd.-Nr.` before `Kunde`, maybe a name."""
    role, column = pair
    otherwise = [score for (other, name), score in open_.items() if name == column and other != role]
    return -max(otherwise, default=0.0), _rank(role), column


def _rank(role: str) -> int:
    """Of equals the role that stands first in the list, as what every order has stands there."""
    return -list(roles()).index(role)


def _score(role: Role, column: Column, table: Table) -> tuple[float, str]:
    named = role.score(column.name)
    if not named or not _fits(role, column):
        return 0.0, ""
    said = (
        "its name"
        if named >= CERTAIN
        else "a part of its name"
        if named > WEAK
        else "its name, which is vague"
    )
    pull, seen = _values(role, column, table) if named < CERTAIN else (0.0, _shape(role, column))
    return named + pull, f"{said}; {seen}" if seen else said


def _fits(role: Role, column: Column) -> bool:
    """Whether the values can be what the role needs; a column without values may be anything."""
    if not column.filled:
        return True
    if role.kind == "date":
        return column.dates is not None
    if role.kind == "number":
        return column.amounts is not None and column.days is None
    if role.name == "currency":
        return all(_CURRENCY.fullmatch(text) for text in set(column.filled))
    return column.days is None


def _shape(role: Role, column: Column) -> str:
    """What its values look like."""
    if not column.filled:
        return "it is empty here"
    if role.kind == "text":
        distinct = len(set(column.filled))
        if distinct == 1:
            return f"always {column.filled[0]!r}"
        return "all its values differ" if column.unique else f"{distinct:,} different values"
    return f"such as {column.filled[0]!r}"


def _values(role: Role, column: Column, table: Table) -> tuple[float, str]:
    """What the values say where the name is vague: how far they pull, and why."""
    if role.name in ("delivered_on", "promised_on"):
        arrival, why = _is_arrival(column, table)
        if arrival is not None:
            return (_PULL if arrival == (role.name == "delivered_on") else 0.0), why
    if role.name == "line_id" and column.filled:
        small = all(text.isdigit() and len(text) < 7 for text in column.filled)  # noqa: PLR2004 # as 000010
        return (
            _PULL if small and not column.unique else -_PULL
        ), "small numbers that repeat" if small else ""
    if (
        role.name == "order_id"
        and column.unique
        and column.filled
        and not _OF_LINES & set(words_of(column.name))
    ):
        return _PULL / 2, "all its values differ"
    return 0.0, _shape(role, column)


def _is_arrival(column: Column, table: Table) -> tuple[bool | None, str]:
    """Whether a `delivery date` is the day of arrival (or else a promise), by the days of shipment."""
    shipped = _best("shipped_on", table)
    if shipped is not None and shipped is not column:
        pairs = list(zip(_times(shipped), _times(column), strict=True))
        both = [(left, came) for left, came in pairs if left and came]
        if both:
            before = sum(came < left for left, came in both)
            if not before:
                return True, f"never before `{shipped.name}`"
            return False, f"before `{shipped.name}` in {before:,} of {len(both):,} rows"
    if len(column.filled) < len(column.texts):
        return True, "empty in some rows, as goods on their way are"
    return False, "filled in every row, as promises are"


def _best(role: str, table: Table) -> Column | None:
    named = [(roles()[role].score(c.name), c.name) for c in table.columns.values() if c.dates is not None]
    score, name = max(named, default=(0.0, ""))
    return table.columns[name] if score else None


def _times(column: Column) -> list[datetime | None]:
    """Each row's date, by the first reading of the column."""
    days = column.dates
    formats = days.readings[0].formats if days and days.readings else ()
    found = (moments.moment(text, formats or moments.ISO) if text else None for text in column.texts)
    return [at.replace(tzinfo=None) if at else None for at in found]
