"""The mapping file: which files there are, how their rows belong together, which events they make."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.events.payload import Initiator  # noqa: TC001 # pydantic reads it
from shared.events.scalars import Id  # noqa: TC001 # pydantic reads it
from shared.mapping.dates import Datetime  # noqa: TC001 # the same
from shared.mapping.errors import MappingError
from shared.mapping.filters import Filter
from shared.mapping.leaves import Text  # noqa: TC001 # the same
from shared.mapping.moments import zone_named
from shared.mapping.notation import Notation  # noqa: TC001 # the same
from shared.mapping.section import Section
from shared.mapping.sqlite_rows import SUFFIXES
from shared.mapping.values import Object, Value  # noqa: TC001 # the same
from shared.mapping.xlsx_rows import SUFFIXES as SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".jsonocel", *SHEETS, *SUFFIXES)
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$")]


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise PydanticCustomError("path", "write a file name such as orders.csv or orders-*.csv")
    if pure.suffix not in {*ENDINGS, ".*"}:
        raise PydanticCustomError("path", "must end in one of {known}", {"known": ", ".join(ENDINGS)})
    return path


def _zone(name: str) -> str:
    if zone_named(name) is None:
        raise PydanticCustomError("zone", "is no IANA time zone; write one such as Europe/Berlin")
    return name


def _marked(path: Path) -> str:
    """UTF-8, unless the file's byte order mark says UTF-16, as a spreadsheet's "Unicode text" does."""
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"


class One(Section):
    """The row of another file that a row belongs to."""

    file: Name
    on: Annotated[dict[str, Text], Field(min_length=1)]
    optional: bool = False


class Many(Section):
    """The rows of another file that belong to a row, or a list inside it."""

    file: Name | None = None
    on: dict[str, Text] = Field(default_factory=dict)
    list: str | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _of_one_sort(self) -> Self:
        if (self.list is None) == (self.file is None) or bool(self.on) != (self.file is not None):
            raise PydanticCustomError("many", "write either `file` and `on`, or `list`")
        return self


class Log(Section):
    """What event logs call the types of objects and the activities for which the mapping has other names."""

    objects: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    activities: dict[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)


class File(Filter):
    """One kind of file; its filter says which of its rows count at all."""

    path: Annotated[str, AfterValidator(_inside)]
    optional: bool = False
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1"] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1, pattern=r'^[^"\r\n]$')] | None = None
    sheet: str | None = None
    header: Annotated[int, Field(ge=1)] | None = None
    columns: list[str] = Field(default_factory=list)
    fill_down: list[str] = Field(default_factory=list)
    notation: dict[str, Notation] = Field(default_factory=dict)
    short: bool = False
    trim: bool = False
    empty: list[str] = Field(default_factory=list)
    at: str | None = None
    table: str | None = None
    activity: str | list[str] | None = None
    log: Log = Log()
    rows: str | None = None
    one: dict[Name, One] = Field(default_factory=dict)
    many: dict[Name, Many] = Field(default_factory=dict)

    @property
    def headless(self) -> bool:
        """Whether no line of it names the columns."""
        return bool(self.columns) and self.header is None

    @property
    def label(self) -> str:
        """For people: which rows these are."""
        named = " or ".join(repr(each) for each in sorted(self.activities))
        return f"{self.path} ({named})" if named else self.path

    @property
    def activities(self) -> frozenset[str]:
        """The activities of the log's events that are rows; none where the file is no log."""
        named = [self.activity] if isinstance(self.activity, str) else self.activity or []
        return frozenset(named)

    @property
    def heard(self) -> dict[str, str]:
        """The same by what the log calls them."""
        return {self.log.activities.get(name, name): name for name in sorted(self.activities)}

    @property
    def lists(self) -> set[str]:
        """The lists inside a row that are read."""
        return {name for name in (self.rows, *(many.list for many in self.many.values())) if name is not None}

    @property
    def separator(self) -> str:
        """What stands between two cells."""
        return self.delimiter or ("\t" if self.path.endswith(".tsv") else ",")

    def open(self, path: Path) -> IO[str]:
        """The text of one such file; bytes its encoding lacks are kept apart, for the cell to tell."""
        try:
            encoding = _marked(path) if self.encoding == "utf-8" else self.encoding
            return path.open(encoding=encoding, errors="surrogateescape", newline="\n")
        except OSError as error:
            raise MappingError(f"{path}: cannot be read ({error.strerror}); check the path") from None

    def clean(self, text: str) -> str:
        """A cell without the padding, and without the words for nothing, that this file is said to have."""
        if self.trim:
            text = text.strip()
        return "" if text in self.empty else text

    def joins(self) -> Iterator[tuple[str, dict[str, Text]]]:
        """The files its rows find other rows in, and by what."""
        yield from ((each.file, each.on) for each in self.one.values())
        yield from ((each.file, each.on) for each in self.many.values() if each.file is not None)


class Rule(Filter):
    """One event for each row of a file, or each of its related rows, that the filter admits."""

    type: str
    file: Name = Field(alias="from")
    id: Text
    time: Value | None = None
    for_each: Name | None = None
    once_per: Text | None = None
    data: Object


class Initiators(Section):
    """Whose decision a change is that an export shows without saying so."""

    qty: Initiator = "us"
    requested_on: Initiator = "us"
    promise: Initiator = "us"
    missing: Initiator = "us"


class Snapshot(Section):
    """The files are an export of all that the system knows now: what has changed since the last is told."""

    file: Name | None = None
    exported_at: Datetime | None = None
    initiator: Initiators = Initiators()
    missing_line: Literal["kept", "cancelled", "closed"] = "kept"
    missing_order: Literal["kept", "cancelled", "delivered"] = "kept"
    missing_event: Literal["kept", "retracted"] = "kept"

    @model_validator(mode="after")
    def _said_somewhere(self) -> Self:
        if (self.file is None) != (self.exported_at is None):
            raise PydanticCustomError("snapshot", "write both `file` and `exported_at`, or neither")
        return self


class MappingFile(Section):
    """The whole of it."""

    source: Id
    confirmed_by: str | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    log: Log = Log()
    files: Annotated[dict[Name, File], Field(min_length=1)]
    snapshot: Snapshot | None = None
    events: Annotated[list[Rule], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _of_every_log(cls, table: Any) -> Any:
        """What is said of logs at the top holds for each file that is one and does not say it itself."""
        if not isinstance(table, dict) or "log" not in table or not isinstance(table.get("files"), dict):
            return table
        logs = {
            name: {"log": table["log"], **file}
            for name, file in table["files"].items()
            if isinstance(file, dict) and "activity" in file
        }
        return {**table, "files": table["files"] | logs}
