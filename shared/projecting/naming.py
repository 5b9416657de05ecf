"""What the subjects of wins are called, and what people told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.events.forecasts import ProductRegistered
from shared.patterns.model import Win
from shared.store import journal, people
from shared.store.names import event_texts, names, person_names, product_names
from shared.stories.told import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.patterns.model import About, Contribution
    from shared.projecting.reading import Reading
    from shared.stories.names import Names


def names_of(reading: Reading, wins: Iterable[About]) -> Names:
    """The names of the customers and products that these are about, as they were registered last.

    People are named who took part and wish it now, whatever the instant that is asked for.
    """
    wins = list(wins)
    called = names(reading.connection, {win.customer_id for win in wins if win.customer_id})
    helpers = people.named(reading.connection, {part.person_id for win in wins for part in _parts(win)})
    called = replace(called, told=_told(reading, wins), people=helpers)
    products = {name for kind, _, name in (win.about.partition("/") for win in wins) if kind == "product"}
    return replace(called, products=products_called(reading, products)) if products else called


def products_called(reading: Reading, product_ids: Iterable[str]) -> dict[str, str]:
    """The names of products, as they were registered last."""
    told = {
        name: max((e for e in events if isinstance(e.data, ProductRegistered)), key=_when, default=None)
        for name, events in reading.in_force("product", product_ids).items()
    }
    keys = {name: (e.source, e.id) for name, e in told.items() if e is not None}
    return product_names(reading.connection, keys)


def _parts(win: About) -> tuple[Contribution, ...]:
    """What people did for it; of what nearly was a win nobody asks."""
    return (*win.sales, *win.operations) if isinstance(win, Win) else ()


def _told(reading: Reading, wins: Sequence[About]) -> dict[tuple[str, str, str], str]:
    """What may be printed of the texts that wins rest on; who is named in them has not been asked."""
    refs = {tuple(ref) for win in wins for ref in win.facts.get("texts", {}).values()}
    if not refs:
        return {}
    events = journal.named(reading.connection, {(source, id_) for source, id_, _ in refs})
    hidden = person_names(reading.connection, {p for event in events.values() for p in _people(event.data)})
    customers = names(reading.connection, {c for win in wins for c in win.facts.get("customer_ids", ())})
    hidden |= {each.name for each in customers.customers.values() if each.confidential}
    texts = event_texts(reading.connection, events)
    return {ref: printable(texts[ref], hidden) for ref in sorted(refs & texts.keys())}


def _people(data: Any) -> Iterator[str]:
    """Everybody that a draft or its confirmation mentions."""
    mentioned = (*data.participants, *getattr(data, "thanks", ()), *getattr(data, "named", ()))
    yield from (person.person_id for person in (data.actor, *mentioned) if person is not None)


def _when(event: Event[ProductRegistered]) -> tuple[datetime, str, str]:
    return event.time, event.source, event.id
