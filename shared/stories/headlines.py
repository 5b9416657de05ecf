"""Headlines: a fact in at most nine words, one function per pattern, three voices each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from shared.stories import phrases

if TYPE_CHECKING:
    from shared.stories.model import Facts

MAX_WORDS: Final = 9
MAX_CHARS: Final = 90
Headline = Callable[["Facts"], tuple[str, ...]]
HEADLINES: Final[dict[str, Headline]] = {}


def headlines(function: Headline) -> Headline:
    """Register a pattern's headlines under the function's name."""
    if function.__name__ in HEADLINES:
        raise ValueError(f"headlines for {function.__name__} are registered already; rename one of the two")
    HEADLINES[function.__name__] = function
    return function


def headline(facts: Facts, voice: int = 0) -> str:
    """The first headline that fits, beginning with the voice's own; the plainest one if none does."""
    candidates = HEADLINES[facts.pattern](facts)
    start = voice % len(candidates)
    turned = (*candidates[start:], *candidates[:start])
    return next((text for text in turned if _fits(text)), candidates[-1])


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARS


def _whose(facts: Facts, otherwise: str) -> str:
    """`Acme’s`, or for a customer who is not named, `a new customer’s`."""
    return phrases.possessive(facts.customer) if facts.customer_named else otherwise


def _to(facts: Facts, otherwise: str) -> str:
    return facts.customer if facts.customer_named else otherwise


@headlines
def new_customer_first_order(facts: Facts) -> tuple[str, ...]:
    """The last of each list names no customer and always fits."""
    obstacle = phrases.roadblock(facts.roadblocks[0].category) if facts.roadblocks else "a roadblock"
    return (
        f"{phrases.sentence(_whose(facts, 'a new customer’s'))} first order: on time after {obstacle}",
        f"{phrases.sentence(obstacle)}, a first order, a promise kept",
        f"First order for {_to(facts, 'a new customer')}: complete by {phrases.day(facts.due_on)}",
        f"First order on time after {obstacle}",
    )


@headlines
def new_customer_smooth_start(facts: Facts) -> tuple[str, ...]:
    """A first order without a roadblock."""
    return (
        f"{phrases.sentence(_whose(facts, 'a new customer’s'))} first order: complete and on time",
        f"Promised for {phrases.day(facts.due_on)}, delivered in full",
        f"First order for {_to(facts, 'a new customer')}: nothing missing",
        "A new customer’s first order: complete and on time",
    )


@headlines
def roadblock_beaten(facts: Facts) -> tuple[str, ...]:
    """An existing customer's order that kept its first promise."""
    obstacle = phrases.roadblock(facts.roadblocks[0].category) if facts.roadblocks else "a roadblock"
    days = facts.predicted_delay_days
    paper = f"{phrases.count(days, 'day')} late on paper" if days else "At risk on paper"
    return (
        f"{paper}, on time at the dock",
        f"{phrases.sentence(obstacle)}, and {_whose(facts, 'the customer’s')} date still held",
        f"{phrases.day(facts.due_on)} stood: {_to(facts, 'the customer')} served after {obstacle}",
        f"On time after {obstacle}",
    )
