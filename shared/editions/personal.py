"""An edition for one reader: a salesperson's own customers first, and nothing that the reader may not see.

Pure, and without a query: what all readers share is gathered once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.editions.discretion import seen_by
from shared.editions.storytelling import balance

if TYPE_CHECKING:
    from shared.editions.model import Edition
    from shared.editions.reader import Reader

STORIES: Final = 5
LINES: Final = 8
"""Customers, orders and highlights of one digest: what a person can act on in a week."""


def personal(edition: Edition, reader: Reader) -> Edition:
    """The edition as this reader gets it; of one for Sales, what is of the reader's customers.

    A reader without customers gets the department's.
    """
    return seen_by(reader, _own(edition, reader) if edition.name == "sales" else edition)


def _own(edition: Edition, reader: Reader) -> Edition:
    """The lists cut to what a mail has room for; `counts` say how much there was, and that they were cut."""
    if "due" in edition.counts:
        return edition
    mine = reader.accounts

    def own(account_id: str | None) -> bool:
        return not mine or account_id in mine

    stories = [each for each in edition.stories if own(each.account_id)]
    lines = [each for each in edition.highlights if own(each.account_id)]
    items = [each for each in edition.open_items if own(each.customer.account_id)]
    accounts = [each for each in edition.accounts if own(each.customer.account_id)]
    counts = {
        "due": sum(each.due for each in accounts),
        "on_time": sum(each.on_time for each in accounts),
        "in_full": sum(each.in_full for each in accounts),
        "otif": sum(each.otif for each in accounts),
        "own_stories": len(stories),
        "own_highlights": len(lines),
        "accounts": len(accounts),
        "open": len(items),
    }
    return edition.model_copy(
        update={
            "stories": tuple(stories[:STORIES]),
            "highlights": tuple(lines[:LINES]),
            "open_items": tuple(items[:LINES]),
            "accounts": tuple(accounts[:LINES]),
            "balance": balance(stories[:STORIES]),
            "counts": edition.counts | counts,
        }
    )
