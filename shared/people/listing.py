"""A list of people as CSV, row by row: what it says of each, or why it cannot be taken."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from shared.events.scalars import HINTS, Id
from shared.languages import languages
from shared.people.addresses import plain
from shared.people.model import DEPARTMENTS, NAMINGS, ROLES, PeopleError
from shared.stories.names import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEEDED: Final = ("person_id", "email", "name", "department")
COLUMNS: Final = (*NEEDED, "language", "naming", "roles", "customers")
MOST_BYTES: Final = 100_000_000
_MOST_NAME: Final = 300
_ID: Final = TypeAdapter[str](Id)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be taken: its line, from 1, the column at fault, and what to write."""

    line: int
    field: str
    reason: str


class _Wrong(Exception):  # noqa: N818 - becomes a Reject, never leaves this module
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def read(raw: bytes) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
    """Each row's line and what it says, by column; PeopleError where the file is no list of people."""
    table = csv.reader(io.StringIO(_text(raw), newline=""), delimiter=_delimiter(raw), strict=True)
    names = _heads(table)
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Reject(line, "", f"is no CSV from here on ({error}); mend the quotes")
            return
        if any(cell.strip() for cell in cells):
            yield line, _row(line, names, cells)


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise PeopleError(f"The file has {len(raw):,} bytes; split it into files of at most {MOST_BYTES:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PeopleError(
            f"The file is not UTF-8 (byte {error.start:,}); save it as CSV UTF-8 and import it again"
        ) from None
    if "\0" in text:
        raise PeopleError("The file holds NUL characters; save it as CSV UTF-8 and import it again")
    return text


def _delimiter(raw: bytes) -> str:
    head = raw.partition(b"\n")[0]
    return ";" if head.count(b";") > head.count(b",") else ","


def _heads(table: Iterator[list[str]]) -> list[str]:
    names = [name.strip().lower() for name in next(table, [])]
    if missing := [name for name in NEEDED if name not in names]:
        raise PeopleError(
            f"There is no column {missing[0]}; the first line names the columns: {', '.join(COLUMNS)}"
        )
    if unknown := [name for name in names if name not in COLUMNS]:
        raise PeopleError(
            f"There is no such column as {unknown[0]!r}; name it one of {', '.join(COLUMNS)}, or take it out"
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise PeopleError(f"The column {twice[0]} stands twice; take one of them out")
    return names


def _row(line: int, names: list[str], cells: list[str]) -> dict[str, Any] | Reject:
    if len(cells) != len(names):
        return Reject(line, "", f"has {len(cells)} cells, not {len(names)} as the first line; mend the row")
    told = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    try:
        return {name: _READ[name](told) for name in names}
    except _Wrong as wrong:
        return Reject(line, wrong.field, str(wrong))


def _person_id(told: Mapping[str, str]) -> str:
    return _an_id("person_id", told["person_id"])


def _an_id(field: str, text: str) -> str:
    try:
        return _ID.validate_python(text)
    except ValidationError as error:
        first = error.errors()[0]
        hint = HINTS.get(first.get("ctx", {}).get("pattern", ""), "write an id of 1 to 200 characters")
        raise _Wrong(field, hint) from None


def _email(told: Mapping[str, str]) -> str:
    try:
        return plain(told["email"])
    except ValueError as error:
        raise _Wrong("email", str(error)) from None


def _name(told: Mapping[str, str]) -> str:
    name = clean(told["name"])
    if not name or len(name) > _MOST_NAME:
        raise _Wrong("name", f"write the person's name, 1 to {_MOST_NAME} characters")
    return name


def _department(told: Mapping[str, str]) -> str:
    return _one_of("department", told["department"].lower().replace(" ", "_"), DEPARTMENTS)


def _language(told: Mapping[str, str]) -> str:
    return _one_of("language", told["language"].lower() or "en", languages())


def _naming(told: Mapping[str, str]) -> str:
    return _one_of("naming", told["naming"].lower() or "team", NAMINGS)


def _roles(told: Mapping[str, str]) -> frozenset[str]:
    return frozenset(_one_of("roles", role.lower(), ROLES, several=True) for role in _split(told["roles"]))


def _customers(told: Mapping[str, str]) -> frozenset[str] | None:
    """None where the cell is empty: the owners of accounts decide."""
    return frozenset(_an_id("customers", each) for each in _split(told["customers"])) or None


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _one_of(field: str, word: str, words: tuple[str, ...], *, several: bool = False) -> str:
    if word not in words:
        more = ", or several with ; between them" if several else ""
        raise _Wrong(field, f"{word!r} is none of {', '.join(words)}; write one of these{more}")
    return word


_READ: Final = {
    "person_id": _person_id,
    "email": _email,
    "name": _name,
    "department": _department,
    "language": _language,
    "naming": _naming,
    "roles": _roles,
    "customers": _customers,
}
