"""What must be judged by the clock: which periods of which customers, products, weeks, holds and drafts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared import tables
from shared.events.customers import FeedbackReceived, OpportunityWon
from shared.events.deliveries import InterventionRecorded, InvoicePosted, ReturnReceived
from shared.events.forecasts import StockCounted
from shared.patterns.registry import subject_patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from shared.history.order import Order
    from shared.rules import Rules
    from shared.store.groups import Groups
    from shared.store.journal import Entry

_DATED = (
    FeedbackReceived,
    InterventionRecorded,
    InvoicePosted,
    OpportunityWon,
    ReturnReceived,
    StockCounted,
)
"""What counts when it happened; who somebody is, and what came of a return, counts ever since."""
_ZONES = 2
"""Days: an instant's date differs by less between any two time zones."""
_A, _W = tables.agenda.c, tables.wins.c
Subject = tuple[str, str]
"""Kind and name, such as `customer` and `C-1`; weeks and quarters are the company's and have no name."""


@dataclass(slots=True)
class Agenda:
    """What one transaction touched: for each subject the earliest day that may be judged otherwise."""

    since: dict[Subject, date] = field(default_factory=dict)

    def put(self, kind: str, name: str, day: date) -> None:
        """Have the periods of a subject that end after a day judged again."""
        known = self.since.get((kind, name))
        if known is None or day < known:
            self.since[kind, name] = day

    def put_order(self, order: Order, groups: Groups) -> None:
        """An order changed: whatever looks at it may be judged otherwise from the day of its placing."""
        assert order.placed is not None, "only placed orders are looked at"
        day = order.placed.time.astimezone(order.rules.zone).date()
        self.put("customer", groups.root(order.placed.data.customer_id), day)
        due: date | None = None
        for line in order.lines.values():
            self.put("product", line.placed.product_id, min(day, line.first_requested))
            if line.earliest_commit is not None and (due is None or line.earliest_commit < due):
                due = line.earliest_commit
        if due is not None:
            self.put_due(due)

    def put_due(self, day: date) -> None:
        """Something was due on a day, or was once: the company's weeks and quarters count it."""
        self.put("week", "", day)
        self.put("quarter", "", day)

    def write(self, connection: Connection) -> None:
        """Note what was touched; an earlier day than before counts."""
        if not self.since:
            return
        rows = [{"kind": k, "name": n, "since": day} for (k, n), day in sorted(self.since.items())]
        connection.execute(_earlier(connection.dialect.name), rows)
        self.since.clear()


@cache
def _earlier(dialect: str) -> Any:
    upsert = (postgresql if dialect == "postgresql" else sqlite).insert(tables.agenda)
    return upsert.on_conflict_do_update(
        index_elements=["kind", "name"],
        set_={"since": upsert.excluded.since},
        where=upsert.excluded.since < _A.since,
    )


def first_told(fresh: Iterable[Entry], changed: set[str], rules: Rules) -> dict[str, date]:
    """From which day on customers and products may be judged otherwise, of which new events are dated.

    Of `changed` subjects something else changed, too.
    """
    found: dict[str, date] = {}
    undated = set(changed)
    for entry in fresh:
        event, subject = entry.event, entry.known.subject
        if not isinstance(event.data, _DATED):
            undated.add(subject)
        elif not subject.startswith("order/"):
            day = event.time.date() - timedelta(days=_heeded(subject.partition("/")[0], rules))
            found[subject] = min(day, found.get(subject, day))
    return {subject: day for subject, day in found.items() if subject not in undated}


def _heeded(kind: str, rules: Rules) -> int:
    """For how many days after its end a period may be judged otherwise by what is told of its subject."""
    own = [int(each.heeds.of(rules)) for each in subject_patterns(kind).values() if each.heeds]
    known = (rules.return_window_days, rules.feedback_window_days, rules.late_tolerance_days)
    return max(*known, *own) + _ZONES


def due(connection: Connection, kind: str, ended: date) -> dict[str, date]:
    """The subjects of a kind of which a period may end after their day and up to `ended`."""
    query = select(_A.name, _A.since).where(_A.kind == kind, _A.since < ended)
    return {row[0]: row[1] for row in connection.execute(query)}


def anything_due(connection: Connection, ended: Mapping[str, date]) -> bool:
    """Whether anything is."""
    return any(
        connection.scalar(select(func.count()).where(_A.kind == kind, _A.since < day))
        for kind, day in ended.items()
    )


def done(connection: Connection, kind: str, names: Iterable[str], ended: date) -> None:
    """These were judged up to that day."""
    names = list(names)
    if names:
        at = update(tables.agenda).where(_A.kind == kind, _A.name.in_(names), _A.since < ended)
        connection.execute(at.values(since=ended))


def rewind(connection: Connection, day: date) -> None:
    """Time goes back: no period that ends after `day` has ended, and from there all is judged again.

    So is the last week that has ended: it is due then, and with it those that looked at the weeks after them.
    """
    connection.execute(delete(tables.wins).where(_W.ends_on > day))
    before = day if day == date.min else day - timedelta(weeks=1)
    connection.execute(update(tables.agenda).where(_A.since > before).values(since=before))
