"""Mappings by name: those that come with Tandem, and anyone's own files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from shared.mapping.checks import columns_of
from shared.mapping.columns import Columns, WrongKeyError
from shared.mapping.errors import MappingError
from shared.mapping.model import ENDINGS, MappingFile
from shared.mapping.ocel_forms import unread
from shared.mapping.questions import QUESTION, OpenQuestionsError, open_questions
from shared.mapping.run import Mapped, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pydantic_core import ErrorDetails

R = TypeVar("R", bound=Run)
_BUILT_IN = resources.files("shared.mapping")


@dataclass(frozen=True)
class Mapping:
    """A mapping that has been checked."""

    name: str
    spec: MappingFile
    columns: Columns

    def events(self, paths: Sequence[Path]) -> Iterator[Mapped]:
        """Map these files, or those in these folders; MappingError where one that is needed is missing."""
        return self.run(paths, Run).events()

    def run(self, paths: Sequence[Path], kind: type[R], exported_at: datetime | None = None) -> R:
        """A pass over these files, of the kind that someone wants to follow."""
        found = self._find(paths)
        many = next((name for name, files in found.items() if len(files) > 1), None)
        if self.spec.snapshot is not None and many is not None:
            raise MappingError(
                f"{self.name}: files.{many}: an export is one file of each kind, and here are "
                f"{len(found[many])}; import them one by one, from the oldest to the newest"
            )
        return kind(self.name, self.spec, self.columns, found, exported_at)

    def _find(self, paths: Sequence[Path]) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {name: [] for name in self.spec.files}
        for path in paths:
            matches = {name: _matches(path, spec.path) for name, spec in self.spec.files.items()}
            if not path.is_dir() and not any(matches.values()):
                raise MappingError(f"{path}: {self._unwanted(path)}")
            for name, files in matches.items():
                found[name] += [file for file in files if file not in found[name]]
        for name, spec in self.spec.files.items():
            if not found[name] and not spec.optional:
                self._refuse_logs(paths)
                places = ", ".join(map(str, paths)) or "what was given"
                raise MappingError(
                    f"{self.name}: files.{name}: no {spec.path} in {places}; add it, or write "
                    "`optional = true`"
                )
        return found

    def _refuse_logs(self, folders: Sequence[Path]) -> None:
        """Nothing can be read: perhaps since what is there is a log in another form."""
        for file in (each for folder in folders if folder.is_dir() for each in sorted(folder.iterdir())):
            if (what := unread(file)) is not None:
                raise MappingError(f"{file}: {what}")

    def _unwanted(self, path: Path) -> str:
        if not path.exists():
            return "no such file or folder; check the path"
        if (what := unread(path)) is not None:
            return what
        known = f"any of {', '.join(ENDINGS)}"
        read = [known if spec.path == "*.*" else spec.path for spec in self.spec.files.values()]
        return f"{self.name} reads no such file; it reads {', '.join(dict.fromkeys(read))}"


def find(name: str, zone: str | None = None) -> Mapping:
    """The mapping built in as `name`, or of a path to a .toml file; raises MappingError.

    `zone` is the time zone of a mapping that leaves it open.
    """
    if not name.endswith(".toml"):
        return _read(f"{name}.toml", text_of(name).encode(), zone)
    try:
        return _read(name, Path(name).read_bytes(), zone)
    except OSError as error:
        raise MappingError(
            f"{name}: cannot be read ({error.strerror}); check the path, or write one of {', '.join(names())}"
        ) from None


def text_of(name: str) -> str:
    """A built-in mapping as it stands, to be copied from; raises MappingError."""
    if name not in (built_in := names()):
        raise MappingError(
            f"{name!r} is no mapping; write one of {', '.join(built_in)}, or a path to a .toml"
        )
    return (_BUILT_IN / f"{name}.toml").read_text(encoding="utf-8")


def names() -> list[str]:
    """The mappings that come with Tandem."""
    return sorted(
        file.name.removesuffix(".toml") for file in _BUILT_IN.iterdir() if file.name.endswith(".toml")
    )


def _read(name: str, raw: bytes, zone: str | None) -> Mapping:
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
        if zone is not None:
            _set_zone(name, document, zone)
        if questions := list(open_questions(document)):
            raise OpenQuestionsError(name, questions)
        spec = MappingFile.model_validate(document)
        return Mapping(name, spec, columns_of(spec))
    except UnicodeDecodeError as error:
        raise MappingError(f"{name}: byte {error.start} is no UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: no TOML: {error}; mend it there") from None
    except ValidationError as error:
        raise MappingError(f"{name}: {_first(error.errors(include_url=False)[0])}") from None
    except WrongKeyError as wrong:
        raise MappingError(f"{name}: {wrong}") from None
    except RecursionError:
        raise MappingError(f"{name}: is nested too deeply; make it flatter") from None


def _set_zone(name: str, document: dict[str, Any], zone: str) -> None:
    said = document.get("timezone", QUESTION)
    if said != zone and not (isinstance(said, str) and said.startswith(QUESTION)):
        raise MappingError(
            f"{name}: timezone: is {said!r} already; leave --zone {zone} out, or change it there"
        )
    document["timezone"] = zone


def _matches(path: Path, pattern: str) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.glob(pattern) if _readable(file))
    return [path] if _readable(path) and path.match(pattern) else []


def _readable(file: Path) -> bool:
    return file.is_file() and file.suffix in ENDINGS


def _first(error: ErrorDetails) -> str:
    path = ".".join(str(part) for part in error["loc"] if not str(part).startswith("<"))
    return f"{path}: {error['msg']}" if path else error["msg"]
