"""What stands by other rules is judged anew: before events are imported, or beside what is served."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.commands.context import note
from services.commands.progress import progress
from shared.replaying import clear_left, judge_anew, rules_changed
from shared.store import journal
from shared.store.recorders import ReplayingError

if TYPE_CHECKING:
    from shared.rules import Rules
    from shared.store.engine import Store

_WAIT_SECONDS = 2

log = logging.getLogger("tandem.clock")


def rebuild_by(rules: Rules, store: Store, as_of: datetime, *, quiet: bool = False) -> None:
    """Judge anew where the rules have changed, with progress; whoever does so already is waited for."""
    while rules_changed(store, rules):
        with store.reading() as connection:
            orders = journal.orders(connection)
        if not quiet:
            note(
                f"The rules or Tandem itself have changed: judging {orders:,} orders anew; "
                "what stands can be read meanwhile."
            )
        try:
            with progress("Replaying", unit="orders", total=orders, quiet=quiet) as advance:
                judge_anew(store, clock=lambda: as_of, rules=rules, advance=advance)
        except ReplayingError:
            time.sleep(_WAIT_SECONDS)


class _EndedError(Exception):
    """Whoever serves is told to stop; the rest is for the next time."""


def rebuild_beside(rules: Rules, store: Store, ended: threading.Event) -> None:
    """The same while others read and record, until `ended`; it then goes on at the next start."""
    if not rules_changed(store, rules):
        clear_left(store)

    def advance(_: int) -> None:
        if ended.is_set():
            raise _EndedError

    while rules_changed(store, rules) and not ended.is_set():
        log.info(
            "The rules or Tandem have changed: all orders are judged anew; events are taken in meanwhile"
        )
        try:
            done = judge_anew(store, clock=lambda: datetime.now(UTC), rules=rules, advance=advance)
            log.info("%d orders are judged by the rules of now", done.orders)
        except _EndedError:
            log.info("Judging was broken off; the next start goes on with it")
        except ReplayingError:
            ended.wait(_WAIT_SECONDS)
