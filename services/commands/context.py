"""What every command shares: settings, store, instants, and answers as JSON or text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from shared.events.scalars import Time
from shared.languages import languages
from shared.periods import Period
from shared.settings import Settings, load
from shared.store.engine import Store

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATETIME", help="Answer as of this instant (RFC 3339; default: now)."),
]
ActedAt = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATETIME", help="Act as of this instant (RFC 3339; default: now)."),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--zone", metavar="ZONE", help="IANA time zone of files that say none, such as Europe/Berlin."
    ),
]
Month = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="A calendar month.")]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        help=f"One of: {', '.join(languages())}; by default that of the organisation.",
    ),
]
Week = Annotated[str | None, typer.Option("--week", metavar="YYYY-Www", help="An ISO week.")]

_UNSEEN = {*range(32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2060, 0x206A)}  # bidi ones too
_CONTROLS = dict.fromkeys(_UNSEEN - {ord("\n")}, "\ufffd")
_ESCAPES = {code: f"\\u{code:04x}" for code in _UNSEEN - set(range(32))}  # orjson escapes those


class UsageError(Exception):
    """The command was called wrongly; the message is one line that says what to write."""


class NotFoundError(Exception):
    """What was asked for is not there; the message is one line that says how to find it."""


@contextmanager
def opened() -> Iterator[tuple[Settings, Store]]:
    """Yield the settings and the open database."""
    settings = load()
    store = Store.open(settings.database_url)
    try:
        yield settings, store
    finally:
        store.close()


def instant(text: str | None, option: str = "--as-of") -> datetime:
    """Read `--as-of`, or another option; now where it is not given."""
    if text is None:
        return datetime.now(UTC)
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - only a given instant needs it

    try:
        return TypeAdapter[datetime](Time).validate_strings(text)
    except ValidationError:
        raise UsageError(
            f"{option} {text}: write RFC 3339 with an offset, such as 2026-01-05T08:00:00+01:00 "
            "(1900 to 2199)"
        ) from None


def named(text: str) -> Path:
    """Read a path; nothing is no path, least of all the folder in which one happens to be."""
    if not str(text):
        raise typer.BadParameter("it is empty; name a file or folder")
    return Path(text)


def period(month: str | None, week: str | None) -> Period:
    """Read `--month` or `--week`."""
    if (month is None) == (week is None):
        raise UsageError("Write either --month 2026-10 or --week 2026-W43")
    try:
        found = Period.parse(month or week or "")
    except ValueError as error:
        raise UsageError(str(error)) from None
    if found.unit != ("month" if month else "week"):
        raise UsageError(f"{found.name} is a {found.unit}; write --{found.unit} {found.name}")
    return found


def calendar_month(text: str | None) -> str | None:
    """Read a `--month` that no `--week` can stand in for."""
    if text is not None and (text.count("-") != 1 or "W" in text):
        raise UsageError(f"--month {text}: write a month such as 2026-10")
    return None if text is None else period(text, None).name


def spoken(settings: Settings, code: str | None) -> Settings:
    """The settings with the language that was asked for."""
    if code is None:
        return settings
    if code not in languages():
        raise UsageError(
            f"--language {code}: there is no such language; write one of: {', '.join(languages())}"
        )
    return settings.model_copy(update={"language": code})


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Make the folder of `--out`; what cannot be written there is the caller's to mend."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except BrokenPipeError:
        raise  # whoever read what we print has gone; the folder is fine
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}; name a folder that you may write to") from None


def answer(document: Any) -> None:
    """Print one JSON document."""
    text = orjson.dumps(document, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
    typer.echo(text.translate(_ESCAPES))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value))


def moment(value: datetime) -> str:
    """A point in time for people: to the minute, in its own zone."""
    return f"{value:%Y-%m-%d %H:%M}"


def day(value: date | None) -> str | None:
    """An ISO date."""
    return None if value is None else value.isoformat()


def say(text: str = "") -> None:
    """Tell the user something on stdout; what came in from outside cannot steer the terminal."""
    typer.echo(text.translate(_CONTROLS))


def heading(text: str) -> None:
    """Begin a part of an answer; in bold where someone looks."""
    typer.echo()
    typer.secho(text.translate(_CONTROLS), bold=True)


def note(text: str) -> None:
    """The same on stderr."""
    typer.echo(text.translate(_CONTROLS), err=True)
