"""Bad news told early: a promise moved once, with the customer's agreement, and the new day kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.finality import midnight_after
from shared.patterns.model import Verdict
from shared.patterns.registry import pattern
from shared.patterns.thresholds import threshold
from shared.workdays import working_days_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.events.envelope import Event
    from shared.events.orders import OrderPromiseChanged
    from shared.history.line import Line
    from shared.history.order import Roadblock
    from shared.patterns.claim import Making

    Move = Event[OrderPromiseChanged]

NOTICE = threshold(
    "bad_news_early.notice", "3", "working days", "with less, a customer can hardly plan anew: no early news"
)
CEILING = threshold(
    "bad_news_early.most_score",
    "60",
    "score",
    "the first promise was missed, so no promise kept ranks below it",
)
FULL_NOTICE = threshold(
    "bad_news_early.full_notice",
    "10",
    "days",
    "told so many days before the first day counts as full difficulty",
)
_FALSE = ("false_alarm", "cancelled")


@pattern(premise=lambda case: case.order.slips > 0)
def bad_news_early(case: OrderCase) -> Finding:
    """Operations warned early; Sales told the customer and agreed a day; Operations kept it."""
    news = _News(case)
    checks = (news.moved_once, news.new_day_kept, news.agreed_in_time, news.warned_early)
    return Finding(
        (*(lambda _, check=check: check() for check in checks), gates.material, gates.seen_live),
        news.warnings,
        news.difficulty,
        refine=news.refine,
    )


@dataclass(frozen=True)
class _News:
    """The lines of an order whose promise we moved, and how."""

    case: OrderCase

    @cached_property
    def slipped(self) -> Mapping[str, Line]:
        """The lines that we promised later than at first."""
        return {line_id: line for line_id, line in self.case.order.lines.items() if line.slips}

    @cached_property
    def moves(self) -> Mapping[str, list[Move]]:
        """Every change of their promises but those that the customer wanted."""
        moves = [move for move in self.case.order.moves if move.data.initiator != "customer"]
        return {line_id: [m for m in moves if m.data.line_id == line_id] for line_id in self.slipped}

    @cached_property
    def told(self) -> tuple[Move, ...]:
        """The one change of each line."""
        return tuple(moves[0] for moves in self.moves.values() if moves)

    @cached_property
    def first_day(self) -> date:
        """The first of the days that we could not keep."""
        return min(line.first_commit for line in self.slipped.values() if line.first_commit is not None)

    @cached_property
    def due(self) -> datetime:
        """When that day starts, where the goods go."""
        return datetime.combine(self.first_day, time(), self.case.order.zone)

    @cached_property
    def warnings(self) -> tuple[Roadblock, ...]:
        """The roadblocks that told of it early enough; none before there is news to tell."""
        if not self.slipped or not self.moved_once().passed:
            return ()
        return tuple(block for block in self.case.order.roadblocks.values() if self._warns(block))

    def _warns(self, block: Roadblock) -> bool:
        raised = block.raised
        false = block.resolved is not None and block.resolved.data.outcome in _FALSE
        about = set(raised.data.line_ids or self.slipped) & self.slipped.keys()
        serious = self.case.roadblock_values(block)["passed"]["serious"]
        agreed = [move.data.customer_agreed_at or move.time for move in self.told]
        on = raised.time.astimezone(self.case.order.zone).date()
        early = on <= working_days_before(self.first_day, int(NOTICE.of(self.case.rules)), self.case.rules)
        return bool(about) and serious and early and not false and raised.time <= min(agreed)

    def moved_once(self) -> Verdict:
        """Each line at most once, by an announced change, and all of them on one day."""
        zone, slips = self.case.order.zone, self.case.order.slips
        once = bool(self.slipped) and all(
            line.slips == 1 and len(moves := self.moves[line_id]) == 1 and _is_news(line, moves[0])
            for line_id, line in self.slipped.items()
        )
        days = {move.time.astimezone(zone).date() for move in self.told}
        return Verdict(
            "promise_moved_once",
            once and len(days) == 1,
            lambda: {"promise_slips": slips, "told_on": [day.isoformat() for day in sorted(days)]},
            premise=not slips,
        )

    def new_day_kept(self) -> Verdict:
        """Every line in full on the last commit, and the first was truly missed."""
        kept = gates.promise_kept(self.case, "last_commit")
        first = gates.promise_kept(self.case)
        return kept._replace(passed=kept.passed and not first.passed, premise=first.passed)

    def agreed_in_time(self) -> Verdict:
        """The customer was told and agreed before the first day began, and that was written down then."""
        return Verdict(
            "agreed_in_time",
            bool(self.told) and all(_in_time(move, self.due) for move in self.told),
            lambda: {
                "due": self.due.isoformat() if self.slipped else None,
                "moves": [
                    {
                        "line_id": move.data.line_id,
                        "new_on": move.data.new_on.isoformat(),
                        "customer_notified_at": _iso(move.data.customer_notified_at),
                        "customer_agreed_at": _iso(move.data.customer_agreed_at),
                        "recorded_at": move.known_at.isoformat(),
                    }
                    for move in self.told
                ],
            },
        )

    def warned_early(self) -> Verdict:
        """A serious roadblock was raised working days ahead, before the customer agreed."""
        blocks = self.case.order.roadblocks.values()
        return Verdict(
            "warned_early",
            bool(self.warnings),
            lambda: {
                "least_working_days": str(NOTICE.of(self.case.rules)),
                "roadblocks": [self.case.roadblock_values(block) for block in blocks],
            },
        )

    @cached_property
    def notice_days(self) -> int:
        """Days from the news to the first day."""
        zone = self.case.order.zone
        told = min(move.data.customer_notified_at or move.time for move in self.told)
        return (self.first_day - told.astimezone(zone).date()).days

    @property
    def difficulty(self) -> Decimal:
        """Days of notice, in full at a threshold."""
        if not self.warnings:
            return gates.SMOOTH
        return min(Decimal(1), max(0, self.notice_days) / FULL_NOTICE.of(self.case.rules))

    def refine(self, made: Making) -> Making:
        """It never scores like a promise kept; final once answers to what returned are in, too."""
        return replace(
            made,
            ceiling=CEILING.of(self.case.rules),
            final_at=self._final_at(),
            facts=made.facts | {"more": self._more()},
        )

    def _final_at(self) -> datetime:
        rules = self.case.rules
        closed = self.case.closed_at.astimezone(rules.zone).date()
        answered = timedelta(days=rules.return_window_days + rules.feedback_window_days)
        due = max(line.last_commit for line in self.case.order.lines.values() if line.last_commit)
        return midnight_after(
            rules, max(closed + answered, due + timedelta(days=rules.late_event_grace_days))
        )

    def _more(self) -> dict[str, Any]:
        zone = self.case.order.zone
        new_day = max(line.last_commit for line in self.slipped.values() if line.last_commit is not None)
        agreed = max(move.data.customer_agreed_at or move.time for move in self.told)
        warned = min(block.raised.time for block in self.warnings)
        return {
            "first_day": self.first_day.isoformat(),
            "new_day": new_day.isoformat(),
            "later_days": (new_day - self.first_day).days,
            "notice_days": self.notice_days,
            "warned_on": warned.astimezone(zone).date().isoformat(),
            "agreed_on": agreed.astimezone(zone).date().isoformat(),
        }


def _is_news(line: Line, move: Move) -> bool:
    """Whether a change of promise is what the line is now promised for, later than at first."""
    first, last = line.first_commit, line.last_commit
    return first is not None and last == move.data.new_on and first < last


def _in_time(move: Move, due: datetime) -> bool:
    told, agreed = move.data.customer_notified_at, move.data.customer_agreed_at
    return told is not None and agreed is not None and told <= agreed <= move.known_at < due


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
