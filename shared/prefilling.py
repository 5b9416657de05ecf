"""Use case: a first draft about an order: seven questions, with what is known filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from shared.languages import ENGLISH, translations
from shared.patterns.contributions import of_order
from shared.projecting.reading import Reading
from shared.store.names import names
from shared.stories.languages import phrases
from shared.stories.model import Deed
from shared.stories.sentences import sentence, stopped
from shared.stories.submission import questions
from shared.viewing import view

if TYPE_CHECKING:
    from datetime import datetime

    from babel.support import NullTranslations

    from shared.history.order import Order
    from shared.patterns.model import Side
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.languages import Phrases
    from shared.stories.names import Names


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that someone goes on writing."""

    order_id: str
    customer_id: str | None
    answers: tuple[str, ...]
    """To each question what is known; empty where only the writer knows."""
    language: str = ENGLISH
    people: tuple[str, ...] = ()
    """Who took part, by id, those first who did most."""

    def document(self) -> dict[str, Any]:
        """The same for a form."""
        asked = zip(questions(self.language), self.answers, strict=True)
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
        asked = zip(questions(self.language), self.answers, strict=True)
        parts = [f"## {question}\n{answer}" for question, answer in asked]
        return "\n".join(["+++", *head, "+++", "", "\n\n".join(part.rstrip() for part in parts)])


def begun(
    store: Store, order_id: str, as_of: datetime, rules: Rules, language: str = ENGLISH
) -> Begun | None:
    """A first draft about an order; None where nobody knows the order."""
    with view(store, as_of, rules) as connection:
        return known(Reading(connection, as_of, rules), order_id, language)


def known(
    reading: Reading, order_id: str, language: str = ENGLISH, helping: Side | None = None
) -> Begun | None:
    """The same from what is read already; `helping` is the side whose help is told, both where it is None."""
    order = reading.histories([order_id]).get(order_id)
    if order is None or order.placed is None:
        return None
    called = names(reading.connection, {order.customer_id} if order.customer_id else ())
    answers = _Known(order, phrases(language), translations(language), helping).answers(called)
    parts = sorted(of_order(order), key=lambda part: (-part.weight, part.time))
    people = tuple(dict.fromkeys(part.person_id for part in parts))
    return Begun(order_id, order.customer_id, answers, language, people)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records say of an order, in the words of a language."""

    order: Order
    said: Phrases
    spoken: NullTranslations
    helping: Side | None

    def answers(self, called: Names) -> tuple[str, ...]:
        """To each of the seven questions."""
        return (
            self._customer(called),
            " ".join(self._threats()),
            "",
            " ".join(self._helpers()),
            self._result(),
            "",
            "",
        )

    def _customer(self, called: Names) -> str:
        name, is_named = called.customer(self.order.customer_id)
        customer = name if is_named else self.spoken.gettext("a customer")
        told = {"customer": sentence(customer), "order": self.order.order_id}
        promised = {line.first_commit for line in self.order.lines.values() if line.first_commit}
        if not promised:
            return self.spoken.gettext("%(customer)s, order %(order)s.") % told
        days = self.said.listing([self.said.full_day(day) for day in sorted(promised)])
        first = self.spoken.gettext("%(customer)s, order %(order)s, first promised for %(days)s.")
        return first % {**told, "days": days}

    def _threats(self) -> list[str]:
        blocks = sorted(self.order.roadblocks.values(), key=lambda each: each.raised.time)
        return [self._threat(each.raised) for each in blocks]

    def _threat(self, raised: Any) -> str:
        days = raised.data.predicted_delay_days or 0
        told = {
            "roadblock": sentence(self.said.roadblock(raised.data.category)),
            "day": self.said.full_day(raised.time.astimezone(self.order.zone).date()),
            "count": days,
        }
        if not days:
            return self.spoken.gettext("%(roadblock)s was raised on %(day)s.") % told
        foreseen = self.spoken.ngettext(
            "%(roadblock)s was raised on %(day)s; %(count)s day of delay was foreseen.",
            "%(roadblock)s was raised on %(day)s; %(count)s days of delay were foreseen.",
            days,
        )
        return foreseen % told

    def _helpers(self) -> list[str]:
        """Teams and what they did: people are named by those who write, not by Tandem."""
        deeds = (
            Deed(side=part.side, department=part.department, action=part.action, on=part.time.date())
            for part in of_order(self.order)
            if self.helping in {None, part.side}
        )
        return [sentence(stopped(each)) for each in dict.fromkeys(self.said.did(deed) for deed in deeds)]

    def _result(self) -> str:
        if self.order.closed_at is None:
            return self.spoken.gettext("The order is not delivered yet.")
        delivered = self.order.closed_at.astimezone(self.order.zone).date()
        lines = self.order.lines.values()
        late = [(delivered - line.first_commit).days for line in lines if line.first_commit]
        told = {"day": self.said.full_day(delivered), "count": (worst := max(late, default=0))}
        if worst > 0:
            after = self.spoken.ngettext(
                "Delivered on %(day)s, %(count)s day after the first promise.",
                "Delivered on %(day)s, %(count)s days after the first promise.",
                worst,
            )
            return after % told
        if late:
            return self.spoken.gettext("Delivered on %(day)s, as first promised.") % told
        return self.spoken.gettext("Delivered on %(day)s.") % told


def _quoted(text: str) -> str:
    """A string of TOML; JSON writes the same."""
    return orjson.dumps(text).decode()
