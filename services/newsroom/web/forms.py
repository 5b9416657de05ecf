"""Forms and questions as browsers send them: bounded, UTF-8, each field checked before anyone reads it."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from services.newsroom.bodies import read_body
from services.newsroom.web import faults
from shared.events.scalars import HINTS, Line, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 100_000
MOST_FIELDS: Final = 500
_LINE: Final = TypeAdapter[str](Line)
_PROSE: Final = TypeAdapter[str](Reason)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values."""

    fields: Mapping[str, list[str]]

    def one(self, name: str) -> str:
        """The line of a field, without space around it; empty where it is not there. Raises Fault."""
        return line(name, self.fields.get(name, [""])[0]).strip()

    def typed(self, name: str) -> str:
        """What was typed, as it came, over several lines: whoever takes it checks it, or shows it again."""
        return self.fields.get(name, [""])[0].replace("\r\n", "\n").replace("\r", "\n")

    def prose(self, name: str) -> str:
        """The same, fit to be kept and shown; raises Fault."""
        return _checked(_PROSE, name, self.typed(name)).strip()

    def all(self, name: str) -> list[str]:
        """Every line of a field that may be ticked several times; raises Fault."""
        return [line(name, each).strip() for each in self.fields.get(name, [])]


async def read_form(request: Request) -> Form:
    """Read the body as a form; raises Problem."""
    told = Message()
    told["content-type"] = request.headers.get("content-type", "text/plain")
    if told.get_content_type() != "application/x-www-form-urlencoded":
        raise faults.no_form()
    body = await read_body(request, MOST_BYTES)
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise faults.no_form() from None
    return Form(fields)


def line(field: str, text: str) -> str:
    """The text itself, fit to be shown and kept on one line; raises Fault."""
    return _checked(_LINE, field, text)


def _checked(kind: TypeAdapter[str], field: str, text: str) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise faults.wrong(field, HINTS.get(first.get("ctx", {}).get("pattern", ""), first["msg"])) from None


def asked(request: Request, name: str) -> str:
    """One line of the question in the address; empty where it is not there. Raises Fault."""
    return line(name, request.query_params.get(name, "")).strip()


def number(request: Request, name: str, most: int = 100_000) -> int:
    """A whole number from 1 of the question, 1 where it is not there; raises Fault."""
    text = asked(request, name) or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise faults.wrong(name, f"Write a whole number from 1 to {most}")
    return int(text)
