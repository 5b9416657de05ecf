"""Headlines: a fact in at most nine words, one function per pattern, three voices each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from shared.stories import phrases

if TYPE_CHECKING:
    from shared.stories.model import Facts

MAX_WORDS: Final = 9
MAX_CHARS: Final = 90
Headline = Callable[["Facts"], tuple[tuple[str, str], ...]]
"""For each voice the headline, and a shorter one for when a long name does not fit."""
HEADLINES: Final[dict[str, Headline]] = {}


def headlines(function: Headline) -> Headline:
    """Register a pattern's headlines under the function's name."""
    if function.__name__ in HEADLINES:
        raise ValueError(f"headlines for {function.__name__} are registered already; rename one of the two")
    HEADLINES[function.__name__] = function
    return function


def headline(facts: Facts, voice: int = 0) -> str:
    """The headline of a voice, or its shorter form where a name makes it too long."""
    voices = HEADLINES[facts.pattern](facts)
    full, short = voices[voice % len(voices)]
    return full if _fits(full) else short


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARS


def _whose(facts: Facts, otherwise: str) -> str:
    """`Acme's`, or for a customer who is not named, `a new customer's`."""
    return phrases.possessive(facts.customer) if facts.customer_named else otherwise


def _to(facts: Facts, otherwise: str) -> str:
    return facts.customer if facts.customer_named else otherwise


def _obstacle(facts: Facts) -> str:
    return phrases.roadblock(facts.roadblocks[0].category) if facts.roadblocks else "a roadblock"


@headlines
def new_customer_first_order(facts: Facts) -> tuple[tuple[str, str], ...]:
    """A first order that met a roadblock."""
    obstacle, due = _obstacle(facts), phrases.day(facts.due_on)
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    return (
        (f"{whose} first order beat {obstacle}", f"First order on time after {obstacle}"),
        (f"{phrases.sentence(obstacle)}, a first order, a promise kept", "A first order and a promise kept"),
        (
            f"First order for {_to(facts, 'a new customer')}: complete by {due}",
            f"A first order, complete by {due}",
        ),
    )


@headlines
def new_customer_smooth_start(facts: Facts) -> tuple[tuple[str, str], ...]:
    """A first order without a roadblock."""
    due = phrases.day(facts.due_on)
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    return (
        (f"{whose} first order: complete and on time", "A first order, complete and on time"),
        (f"Promised for {due}, delivered in full", f"Promised for {due}, delivered in full"),
        (
            f"First order for {_to(facts, 'a new customer')}: nothing missing",
            "A first order with nothing missing",
        ),
    )


@headlines
def roadblock_beaten(facts: Facts) -> tuple[tuple[str, str], ...]:
    """An existing customer's order that kept its first promise."""
    obstacle, due = _obstacle(facts), phrases.day(facts.due_on)
    days = facts.roadblocks[0].predicted_delay_days if facts.roadblocks else None
    plain = "At risk on paper, on time at the dock"
    by_the_day = days and facts.delivered_at.date() <= facts.due_on
    paper = f"{phrases.count(days or 0, 'day')} late on paper, none at the dock" if by_the_day else plain
    begin, whose = phrases.sentence(obstacle), _whose(facts, "the customer\u2019s")
    return (
        (paper, plain),
        (f"{begin}, and {whose} date held", f"{begin}, and the date still held"),
        (f"{due} stood for {_to(facts, 'the customer')} after {obstacle}", f"{due} stood after {obstacle}"),
    )
