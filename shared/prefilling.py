"""Use case: a first draft about an order: seven questions, with what is known filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from shared.patterns.contributions import of_order
from shared.projecting.reading import Reading
from shared.store.names import names
from shared.stories.languages.en import phrases
from shared.stories.sentences import sentence
from shared.stories.submission import QUESTIONS
from shared.viewing import view

if TYPE_CHECKING:
    from datetime import datetime

    from shared.history.order import Order
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.names import Names


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that someone goes on writing."""

    order_id: str
    customer_id: str | None
    answers: tuple[str, ...]
    """To each question what is known; empty where only the writer knows."""

    def document(self) -> dict[str, Any]:
        """The same for a form."""
        asked = zip(QUESTIONS, self.answers, strict=True)
        return {
            "order_ids": [self.order_id],
            "customer_id": self.customer_id,
            "questions": [{"question": question, "answer": answer} for question, answer in asked],
        }

    def markdown(self) -> str:
        """The same as a file that `tandem draft submit` takes once it is filled in."""
        head = [
            'title = ""',
            'by = { person_id = "", department = "" }',
            f"order_ids = [{_quoted(self.order_id)}]",
            *([f"customer_id = {_quoted(self.customer_id)}"] if self.customer_id else []),
            'thanks = []  # such as { person_id = "p-1", department = "sales", name = "Ana Ruiz" }',
            "named = []  # who may be named, the same",
        ]
        parts = [f"## {question}\n{answer}" for question, answer in zip(QUESTIONS, self.answers, strict=True)]
        return "\n".join(["+++", *head, "+++", "", "\n\n".join(part.rstrip() for part in parts)])


def begun(store: Store, order_id: str, as_of: datetime, rules: Rules) -> Begun | None:
    """A first draft about an order; None where nobody knows the order."""
    with view(store, as_of, rules) as connection:
        reading = Reading(connection, as_of, rules)
        order = reading.histories([order_id]).get(order_id)
        if order is None or order.placed is None:
            return None
        called = names(connection, {order.customer_id} if order.customer_id else ())
    return Begun(order_id, order.customer_id, _answers(order, called))


def _answers(order: Order, called: Names) -> tuple[str, ...]:
    customer, _ = called.customer(order.customer_id)
    promised = sorted({line.first_commit for line in order.lines.values() if line.first_commit})
    promise = (
        f", first promised for {phrases.listing([phrases.full_day(day) for day in promised])}"
        if promised
        else ""
    )
    return (
        f"{sentence(customer)}, order {order.order_id}{promise}.",
        " ".join(_threats(order)),
        "",
        " ".join(_helpers(order)),
        _result(order),
        "",
        "",
    )


def _threats(order: Order) -> list[str]:
    told = []
    for block in sorted(order.roadblocks.values(), key=lambda each: each.raised.time):
        days = block.raised.data.predicted_delay_days
        foreseen = f"; {phrases.count(days, 'day')} late were foreseen" if days else ""
        on = phrases.full_day(block.raised.time.astimezone(order.zone).date())
        told.append(
            f"{sentence(phrases.roadblock(block.raised.data.category))} was raised on {on}{foreseen}."
        )
    return told


def _helpers(order: Order) -> list[str]:
    """Teams and what they did: people are named by those who write, not by Tandem."""
    told = {
        f"{phrases.team(part.department)} {phrases.verb(part.action).past}.": None for part in of_order(order)
    }
    return [sentence(each) for each in told]


def _result(order: Order) -> str:
    if order.closed_at is None:
        return f"The order is {order.status}."
    delivered = order.closed_at.astimezone(order.zone).date()
    late = [(delivered - line.first_commit).days for line in order.lines.values() if line.first_commit]
    worst = max(late, default=0)
    kept = (
        f", {phrases.count(worst, 'day')} after the first promise"
        if worst > 0
        else ", as first promised"
        if late
        else ""
    )
    return f"Delivered on {phrases.full_day(delivered)}{kept}."


def _quoted(text: str) -> str:
    """A string of TOML; JSON writes the same."""
    return orjson.dumps(text).decode()
