"""The publisher's part in asking: new questions become mails of the ledger, which the sender then finds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from shared.asking.asking import Asker, ask
from shared.replaying import rules_changed

if TYPE_CHECKING:
    from datetime import datetime

    from shared.settings import Settings
    from shared.store.engine import Store

log = logging.getLogger("tandem.publisher")


def asker(settings: Settings, store: Store) -> Asker:
    """Who asks, as the settings say."""
    return Asker(store, settings.rules, settings.post, settings.brand, settings.asking, settings.choice)


def ask_on(store: Store, settings: Settings, now: datetime) -> None:
    """Ask what can be asked now; again is harmless. Nobody is asked about a win that is to be judged anew."""
    if rules_changed(store, settings.rules):
        return
    found = ask(asker(settings, store), now)
    if found.asked:
        log.info("%d people are asked something", len(found.asked))
