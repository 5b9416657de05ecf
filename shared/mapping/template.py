"""Text with columns in it: `"{order_id}/placed"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from shared.mapping.errors import CellRejected

if TYPE_CHECKING:
    from shared.mapping.rows import Scope

_PART = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row, or with dots of a row it belongs to; `optional` ones may be empty."""

    path: tuple[str, ...]
    optional: bool = False

    @classmethod
    def parse(cls, text: str) -> Column:
        """Read `order_id`, `customer.name` or, where it may be empty, `region?`."""
        path = tuple(text.removesuffix("?").split("."))
        if not all(path[: len(path) - (len(path) > 1)]):  # a name may end with a dot: `Order no.`
            raise PydanticCustomError(
                "column", "`{text}` names no column; write column or relation.column", {"text": text}
            )
        return cls(path, optional=text.endswith("?"))

    @property
    def name(self) -> str:
        """As the mapping writes it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Template:
    """Constant text and columns, in turn."""

    parts: tuple[str | Column, ...]

    @classmethod
    def parse(cls, text: Any) -> Template:
        """Read `"{order_id}/placed"`; braces themselves are doubled."""
        if not isinstance(text, str):
            raise PydanticCustomError(
                "template", "write text in quotes, with columns as {column}", {"column": "{column}"}
            )
        return cls(tuple(_parts(text)))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads."""
        return tuple(part for part in self.parts if isinstance(part, Column))

    def children(self) -> tuple[()]:
        """None: a template is a leaf."""
        return ()

    def read(self, scope: Scope) -> str | None:
        """The text for this row; None where an optional column is empty."""
        texts = []
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            text = scope.cell(part.path)
            if not text:
                if part.optional:
                    return None
                raise CellRejected(
                    "",
                    f"{scope.locate(part.path)} is empty; fill it, "
                    f"or write {{{part.name}?}} in the mapping where it may be empty",
                    part.name,
                    "",
                )
            texts.append(text)
        return texts[0] if len(texts) == 1 else "".join(texts)


def _parts(text: str) -> list[str | Column]:
    parts: list[str | Column] = []
    literal, end = "", 0
    for match in _PART.finditer(text):
        literal += text[end : match.start()]
        end = match.end()
        if match[1]:
            parts += [literal] if literal else []
            parts.append(Column.parse(match[1]))
            literal = ""
        elif len(match[0]) == 1:
            raise PydanticCustomError("template", "has a lone brace; write {{column}}, or double the brace")
        else:
            literal += match[0][0]
    literal += text[end:]
    return [*parts, literal] if literal or not parts else parts
