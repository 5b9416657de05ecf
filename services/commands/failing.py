"""How commands fail: in one line that says what to do, and with an exit code."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError
from typer.exceptions import TyperException

from services.commands.context import NotFoundError, UsageError, note
from shared.editing import EditingError
from shared.mailing.post import MailError
from shared.mapping import MappingError
from shared.mending import LetterError
from shared.people.model import PeopleError, UnknownWordError
from shared.publishing import EditionError
from shared.settings import SettingsError
from shared.snapshots import OlderExportError
from shared.store.engine import StoreError
from shared.store.lock import BusyError, LockedError
from shared.store.recorders import ReplayingError
from shared.store.tokens import TokenError, WrongTokenError

FELL_SHORT, CALLED_WRONGLY = 1, 2
_SHOWN = 60
"""Characters of a path that is too long."""


def tell(error: Exception) -> int:
    """Say on stderr what went wrong; return the exit code."""
    text, code = _failure(error)
    note(" ".join(text.split()))
    return code


def _failure(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    match error:
        case TyperException():
            return _called_wrongly(error), CALLED_WRONGLY
        case (
            UsageError()
            | SettingsError()
            | StoreError()
            | MappingError()
            | OlderExportError()
            | UnknownWordError()
            | WrongTokenError()
        ):
            return str(error), CALLED_WRONGLY
        case (
            NotFoundError()
            | LetterError()
            | EditionError()
            | TokenError()
            | PeopleError()
            | MailError()
            | EditingError()
        ):
            return str(error), FELL_SHORT
        case LockedError() | BusyError() | ReplayingError():
            return str(error), FELL_SHORT
        case OSError(errno=errno.ENAMETOOLONG):
            return f"{error.filename[:_SHOWN]}…: {error.strerror}; check the path", CALLED_WRONGLY
        case DBAPIError():
            what = f"the database says: {error.orig}"
        case OSError(strerror=str(reason)):
            what = f"{error.filename or 'the output'}: {reason}"
        case _:
            what = f"{type(error).__name__}: {error}"[:300]
    return f"Tandem failed: {what}. Nothing half-done was kept; TANDEM_DEBUG=1 shows where.", FELL_SHORT


def _called_wrongly(error: TyperException) -> str:
    text = error.format_message().replace("Value error, ", "").strip().rstrip(".") or "Name a command"
    context = getattr(error, "ctx", None)
    return f"{text}. See {context.command_path if context else 'tandem'} --help."
