"""`tandem replay`: every projection anew from the journal."""

from __future__ import annotations

import time

from services.commands.context import AsJson, AsOf, answer, instant, opened, say
from services.commands.progress import progress
from shared.replaying import Replayed
from shared.replaying import replay as replay_all
from shared.store import journal


def replay(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Rebuild orders, figures and wins from the journal, and replace what stands at the end."""
    at, began = instant(as_of), time.monotonic()
    with opened() as (settings, store):
        with store.reading() as connection:
            orders = journal.orders(connection)
        with progress("Replaying", unit="orders", total=orders, quiet=as_json) as advance:
            done = replay_all(store, as_of=at, rules=settings.rules, advance=advance)
    seconds = time.monotonic() - began
    if as_json:
        names = Replayed.__dataclass_fields__
        figures = {name: getattr(done, name) for name in names}
        answer({"as_of": at.isoformat(), **figures, "seconds": round(seconds, 3)})
        return
    say(f"Replayed {done.events:,} events (orders: {done.orders:,}) in {seconds:,.1f} s.")
    if done.removed or done.written:
        say(f"{done.removed:,} rows went and {done.written:,} came; the rest stood as the journal says.")
    else:
        say("Everything stood as the journal says; nothing had to be changed.")
