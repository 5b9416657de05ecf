"""Before events are taken in: what stands by other rules is rebuilt, with progress instead of silence."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.commands.context import note
from services.commands.progress import progress
from shared.replaying import replay, rules_changed
from shared.store import journal
from shared.store.recorders import ReplayingError

if TYPE_CHECKING:
    from shared.rules import Rules
    from shared.store.engine import Store

_WAIT_SECONDS = 2


def rebuild_by(rules: Rules, store: Store, as_of: datetime | None = None, *, quiet: bool = False) -> None:
    """Replay the journal where the rules have changed; whoever does so already is waited for."""
    while rules_changed(store, rules):
        with store.reading() as connection:
            orders = journal.orders(connection)
        if not quiet:
            note(
                f"The rules have changed: judging {orders:,} orders anew; what stands can be read meanwhile."
            )
        try:
            with progress("Replaying", unit="orders", total=orders, quiet=quiet) as advance:
                replay(store, as_of=as_of or datetime.now(UTC), rules=rules, advance=advance)
        except ReplayingError:
            time.sleep(_WAIT_SECONDS)
