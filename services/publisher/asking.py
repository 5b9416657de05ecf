"""The publisher's part in asking: new questions become mails of the ledger, which the sender then finds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from shared.asking.asking import Asker, ask

if TYPE_CHECKING:
    from datetime import datetime

    from shared.settings import Settings
    from shared.store.engine import Store

log = logging.getLogger("tandem.publisher")


def asker(settings: Settings, store: Store) -> Asker:
    """Who asks, as the settings say."""
    return Asker(store, settings.rules, settings.post, settings.brand, settings.asking, settings.choice)


def ask_on(store: Store, settings: Settings, now: datetime) -> None:
    """Ask what can be asked now; again is harmless."""
    found = ask(asker(settings, store), now)
    if found.asked:
        log.info("%d people are asked something", len(found.asked))
