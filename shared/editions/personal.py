"""An edition for one reader: a salesperson's own customers first, and nothing that the reader may not see.

Pure, and without a query: what all readers share is gathered once.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from shared.editions.discretion import seen_by
from shared.editions.storytelling import balance
from shared.keeping import Keeping

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

    if mine:
        found = _BY_ACCOUNT.get((edition,), partial(_by_account, edition))
        stories, lines, items, accounts = (_of(mine, each) for each in found)
    else:
        stories, lines, items, accounts = (list(each) for each in _parts(edition))
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


def _parts(edition: Edition) -> tuple[Sequence[Any], ...]:
    """What belongs to accounts."""
    return edition.stories, edition.highlights, edition.open_items, edition.accounts


def _by_account(edition: Edition) -> list[dict[str | None, list[tuple[int, Any]]]]:
    """The same by account, each with its place: readers are many, and so are accounts."""
    found: list[dict[str | None, list[tuple[int, Any]]]] = []
    for each in _parts(edition):
        by: dict[str | None, list[tuple[int, Any]]] = {}
        for place, part in enumerate(each):
            account_id = part.account_id if hasattr(part, "account_id") else part.customer.account_id
            by.setdefault(account_id, []).append((place, part))
        found.append(by)
    return found


def _of(accounts: Iterable[str], by: dict[str | None, list[tuple[int, Any]]]) -> list[Any]:
    """What belongs to these accounts, in its order."""
    found = [placed for account_id in accounts for placed in by.get(account_id, ())]
    return [part for _, part in sorted(found, key=itemgetter(0))]


_BY_ACCOUNT: Final[Keeping[list[dict[str | None, list[tuple[int, Any]]]]]] = Keeping(8)
