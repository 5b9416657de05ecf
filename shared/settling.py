"""Use case: the clock: periods that have ended, and what was touched since, are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.projecting.built import by_other_rules, instant, stale
from shared.projecting.judging import anything_due, judge_due
from shared.projecting.reading import Reading
from shared.recording import record
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from datetime import datetime

    from shared.rules import Rules
    from shared.store.engine import Store


def settle(store: Store, *, as_of: datetime, rules: Rules) -> int:
    """Judge what is due as of an instant; return how many subjects were looked at.

    What stands by other rules is left to a replay.

    Asking again costs next to nothing. Some subjects at a time, so that whoever records waits for these
    alone; what ends it before all are judged leaves the rest for the next time.
    """
    with store.reading() as connection:
        if by_other_rules(connection, rules):
            return 0
        now = instant(connection, as_of)
        behind = bool(stale(connection, now))
        if not behind and not anything_due(connection, now, rules):
            return 0
    if behind:
        record(store, [], as_of=as_of, rules=rules)
    total = 0
    while judged := _judge_some(store, as_of, rules):
        total += judged
    return total


def _judge_some(store: Store, as_of: datetime, rules: Rules) -> int:
    with store.writing(alone=True) as connection:
        judged = judge_due(Reading(connection, instant(connection, as_of), rules), some=True)
        if judged:  # whoever announces sees by this that wins may have changed
            put_fact(connection, "judged", str(int(fact(connection, "judged") or 0) + 1))
        return judged
