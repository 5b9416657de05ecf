"""Whether a line was on time and in full, on each of three bases.

| basis | due day |
|---|---|
| `requested` | what the customer asked for |
| `first_commit` | what we promised first: the headline |
| `last_commit` | what we promised last: never a headline, it forgets what was promised before |

In full always means against the ordered quantity. An outcome is a function of the events alone;
`at` adds the time, since an open line becomes a miss by waiting.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from shared.history.line import Line
    from shared.rules import Rules

Basis = Literal["requested", "first_commit", "last_commit"]
BASES: tuple[Basis, ...] = ("requested", "first_commit", "last_commit")
Verdict = Literal["waiting", "closed", "missed", "excluded", "unconfirmed"]
OutcomeStatus = Literal["open", "scored", "excluded", "unconfirmed"]


class Score(NamedTuple):
    """An outcome at an instant; the three are None unless scored."""

    status: OutcomeStatus
    on_time: bool | None
    in_full: bool | None
    otif: bool | None


class Outcome(NamedTuple):
    """What the events say of a line on one basis."""

    due: date | None
    verdict: Verdict
    on_time: bool = False
    in_full: bool = False
    overdue_at: datetime | None = None
    """From this instant an undelivered line counts as a miss."""

    def at(self, as_of: datetime) -> Score:
        """Score the outcome as of an instant."""
        if self.verdict in ("excluded", "unconfirmed"):
            return Score(self.verdict, None, None, None)
        if self.verdict == "waiting" and self.overdue_at is not None and as_of < self.overdue_at:
            return Score("open", None, None, None)
        return Score("scored", self.on_time, self.in_full, self.on_time and self.in_full)


def outcomes(line: Line, zone: ZoneInfo, rules: Rules) -> dict[Basis, Outcome]:
    """Judge a settled line on all three bases; often the three are due on one day."""
    requested = _outcome(line, line.requested, zone, rules)
    first = (
        requested if line.first_commit == line.requested else _outcome(line, line.first_commit, zone, rules)
    )
    last = first if line.last_commit == line.first_commit else _outcome(line, line.last_commit, zone, rules)
    return {"requested": requested, "first_commit": first, "last_commit": last}


def _outcome(line: Line, due: date | None, zone: ZoneInfo, rules: Rules) -> Outcome:
    if due is None:
        return Outcome(None, "unconfirmed")
    closing = line.closing
    if closing is None:
        wait = rules.late_tolerance_days + rules.late_event_grace_days
        return Outcome(due, "waiting", overdue_at=day_starts(due + timedelta(days=wait + 1), zone))
    if closing.how == "cancelled":
        in_time = closing.by_customer and closing.at.astimezone(zone).date() <= due
        return Outcome(due, "excluded" if in_time else "missed")
    return Outcome(due, "closed", _on_time(line, due, zone, rules), line.in_full)


def _on_time(line: Line, due: date, zone: ZoneInfo, rules: Rules) -> bool:
    if line.closed_at is None:
        return False
    day = line.closed_at.astimezone(zone).date()
    early = line.placed.early_tolerance_days
    if early is not None and day < due - timedelta(days=early):
        return False
    return day <= due + timedelta(days=rules.late_tolerance_days)


@lru_cache(maxsize=4096)
def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """The start of a day in a time zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def perfect(line: Line, first_commit: Score, documents: bool | None) -> bool | None:  # noqa: FBT001 - a fact, not a switch
    """Perfect order components of one line: False if one fails, else None if one is unknown, else True.

    Complete, on time (first commit), documents, condition: the four of SCOR's perfect order.
    """
    components = (first_commit.on_time, first_commit.in_full, documents, condition(line))
    if False in components:
        return False
    return None if None in components else True


def condition(line: Line) -> bool | None:
    """Whether the goods arrived and stayed sound; None while nothing came, or a return is not assessed."""
    if line.bad_returns or any(receipt.damaged > 0 for receipt in line.receipts):
        return False
    return None if line.unassessed or not line.receipts else True
