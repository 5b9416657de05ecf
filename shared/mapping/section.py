"""The base of every table in a mapping file: strict, closed, and helpful about its keys."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """A table of a mapping file; a key it does not know is an error that lists those it knows."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, table: Any) -> Any:
        if not isinstance(table, dict):
            raise PydanticCustomError("table", "write a table here, with {keys}", {"keys": cls._keys()})
        names = {field.alias or name: field for name, field in cls.model_fields.items()}
        for key in table:
            if key not in names:
                raise PydanticCustomError(
                    "key", "has no key `{key}`; write one of {keys}", {"key": key, "keys": cls._keys()}
                )
        for key, field in names.items():
            if field.is_required() and key not in table:
                raise PydanticCustomError("key", "needs the key `{key}`; write it", {"key": key})
        return table

    @classmethod
    def _keys(cls) -> str:
        return ", ".join(field.alias or name for name, field in cls.model_fields.items())
