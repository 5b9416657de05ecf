"""Stories that people hand in themselves, and what the other side adds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.dice import Dice
from services.simulator.envelope import Event, event
from services.simulator.people import STAFF, someone
from services.simulator.season import ORGANISATION, clock, workday

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.plan import Plan

OPENINGS = (
    ("A crate repacked before breakfast", "The forwarder called at six: **one crate was too tall** to fly."),
    ("The label nobody had asked for", "The customer's goods-in scans a code that we do not print."),
    ("Two orders, one truck", "Both orders were due on different days, and one truck would do."),
    ("A drawing saved a week", "The order named an old revision, and the new one was already on my desk."),
    ("Spare parts on a Friday evening", "Their pump stood still and the weekend was coming."),
    ("The gate that closes at noon", "Their yard takes no lorries after lunch, which no order had said."),
    ("Forty seals counted by hand", "The scale and the packing list did not agree, so **we counted**."),
    ("A pallet in two colours", "The customer sorts by cell, and a mixed pallet costs them an hour."),
    ("The certificate on page nine", "Their inspector wanted the heat number, and it was in the wrong file."),
    ("Snow on the pass", "The driver rang from the foot of the hill and asked for another way round."),
    ("A spare that was not on the list", "The fitter would have gone home without it."),
    ("What the night shift noticed", "The caps were on, but **the thread was not the one drawn**."),
    ("Nine boxes and one short visit", "Their goods-in was moving house in the very week of the delivery."),
)  # fmt: skip
"""Enough titles for a year of newsletters to repeat few."""
_MIDDLES = (
    "{sales} asked the customer what really mattered, and told us within the hour.",
    "Without {sales} we would not have known which items had to come first.",
)
CONFIRMATIONS = (
    "True, and I only made one phone call. Thank you for staying late.",
    "That is how it was. The customer mentioned it again last week.",
    "Confirmed. I could promise it because the shift leader had told me it would work.",
)


def drafts(seed: int, plans: list[Plan]) -> Iterator[Event]:
    """A draft on each of these orders; most are confirmed by the other side within days."""
    for number, plan in enumerate(plans, 1):
        dice = Dice(seed, "draft", number)
        author = someone(dice, "warehouse", "logistics", "production", "quality")
        helper = dice.pick(STAFF["sales"])
        title, opening = OPENINGS[number % len(OPENINGS)]
        at = clock(dice, workday(plan.closed_at.date() + timedelta(days=dice.between(2, 8))), ORGANISATION)
        data = {
            "draft_id": f"DR-{number:03}", "title": title, "actor": author.wire(),
            "body": f"{opening}\n\n{dice.pick(_MIDDLES).format(sales=helper.name)} It left on time.",
            "order_ids": [plan.order_id], "customer_id": plan.customer.customer_id,
            "thanks": [helper.wire()], "named": [author.wire(), helper.wire()],
        }  # fmt: skip
        subject = f"draft/DR-{number:03}"
        yield event("draft.submitted", f"DR-{number:03}.submitted", at, subject, data, "newsroom")
        if dice.chance(0.8):
            later = at + timedelta(hours=dice.between(20, 70))
            line = {"draft_id": f"DR-{number:03}", "line": dice.pick(CONFIRMATIONS), "actor": helper.wire()}
            yield event("draft.confirmed", f"DR-{number:03}.confirmed", later, subject, line, "newsroom")
