"""Use case: an input that breaks the recording of its batch is put aside, and its neighbours are recorded.

What cannot be right is rejected where it is read. This is for what nobody foresaw: a value that the database
does not take, or a fault of Tandem. It is kept like any other dead letter, to be replayed after an update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from shared.recording import Reject, Report, keep_dead, record
from shared.store.letters import Unread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.intake import Intake, Origin
    from shared.rules import Rules
    from shared.store.engine import Store

_OURS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_TOO_MUCH = "54"
"""The class of PostgreSQL's errors of limits that a value exceeds, such as the size of an index row."""


def at_fault(error: Exception) -> bool:
    """Whether an input may be at fault; of a database that is away, locked or full none is."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return isinstance(error, DataError | IntegrityError) or state.startswith(_TOO_MUCH)
    return isinstance(error, _OURS)


def record_apart(
    store: Store,
    raws: Sequence[bytes],
    *,
    as_of: datetime,
    rules: Rules,
    intake: Intake,
    backfill: bool = False,
    origins: Sequence[Origin] | None = None,
) -> Report:
    """Record as `record` does; what breaks the recording is found by halves and rejected with the error."""
    report, waiting, alone = Report(), [(0, len(raws))], set()
    while waiting:
        start, end = waiting.pop()
        some = None if origins is None else origins[start:end]
        try:
            part = record(
                store,
                raws[start:end],
                as_of=as_of,
                rules=rules,
                backfill=backfill,
                origins=some,
                intake=intake,
            )
        except Exception as error:
            if not at_fault(error):
                raise
            if end - start > 1:
                middle = (start + end) // 2
                waiting += [(middle, end), (start, middle)]
            elif start not in alone:  # once more: another process may have been in the way
                alone.add(start)
                waiting.append((start, end))
            else:
                part = _refused(store, raws[start], some, error, as_of, intake)
                _add(report, part, start)
        else:
            _add(report, part, start)
    return report


def _refused(
    store: Store,
    raw: bytes,
    origins: Sequence[Origin] | None,
    error: Exception,
    as_of: datetime,
    intake: Intake,
) -> Report:
    """Reject one input for an error, and keep it as a dead letter where its origin is known."""
    reason = f"Tandem could not record it ({_brief(error)}); report this, and replay it after an update"
    if origins is not None:
        with store.writing() as connection:
            keep_dead(connection, [Unread(origins[0], raw, "", reason)], as_of, intake)
    return Report(rejects=[Reject(0, "", reason)])


def _add(report: Report, part: Report, start: int) -> None:
    report.accepted += part.accepted
    report.duplicates += part.duplicates
    report.conflicts += part.conflicts
    report.rejects += [Reject(start + one.index, one.field, one.reason) for one in part.rejects]
    report.known |= {start + index: same for index, same in part.known.items()}


def _brief(error: Exception) -> str:
    """What the error is, without the values that may stand in its text."""
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {error.orig}".partition("\n")[0]
    return type(error).__name__
