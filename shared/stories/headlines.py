"""Headlines: a fact in at most nine words, one function per pattern, three voices each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from shared.stories import phrases

if TYPE_CHECKING:
    from shared.stories.model import Facts

MAX_WORDS: Final = 9
MAX_CHARS: Final = 90
Headline = Callable[["Facts"], tuple[tuple[str, ...], ...]]
"""For each voice the headline, and shorter ones for when a long name does not fit; the last always does."""
HEADLINES: Final[dict[str, Headline]] = {}


def headlines(function: Headline) -> Headline:
    """Register a pattern's headlines under the function's name."""
    if function.__name__ in HEADLINES:
        raise ValueError(f"headlines for {function.__name__} are registered already; rename one of the two")
    HEADLINES[function.__name__] = function
    return function


def headline(facts: Facts, voice: int = 0) -> str:
    """The headline of a voice, or the first shorter form that fits."""
    voices = HEADLINES[facts.pattern](facts)
    candidates = voices[voice % len(voices)]
    return next((text for text in candidates if _fits(text)), candidates[-1])


def _fits(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS and len(text) <= MAX_CHARS


def _whose(facts: Facts, otherwise: str) -> str:
    """`Acme's`, or for a customer who is not named, `a new customer's`."""
    return phrases.possessive(facts.customer) if facts.customer_named else otherwise


def _who(facts: Facts, otherwise: str) -> str:
    return facts.customer if facts.customer_named else otherwise


def _obstacle(facts: Facts) -> str:
    return phrases.roadblock(facts.roadblocks[0].category) if facts.roadblocks else "a roadblock"


@headlines
def new_customer_first_order(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """A first order that met a roadblock."""
    obstacle, due = _obstacle(facts), phrases.day(facts.due_on)
    who = _who(facts, "a new customer")
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    plain = f"First order on time after {obstacle}"
    return (
        (f"{whose} first order beat {obstacle}", f"{phrases.sentence(who)}: first order, on time", plain),
        (f"{phrases.sentence(obstacle)}, a first order, a promise kept", plain),
        (f"First order for {who}: complete by {due}", f"First order for {who}, complete", plain),
    )


@headlines
def new_customer_smooth_start(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """A first order without a roadblock."""
    due = phrases.day(facts.due_on)
    who = _who(facts, "a new customer")
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    plain = f"Promised for {due}, delivered in full"
    return (
        (
            f"{whose} first order: complete and on time",
            f"{phrases.sentence(who)}: first order, on time",
            plain,
        ),
        (plain,),
        (f"First order for {who}: nothing missing", f"Nothing missing for {who}", plain),
    )


@headlines
def roadblock_beaten(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """An existing customer's order that kept its first promise."""
    obstacle, due = _obstacle(facts), phrases.day(facts.due_on)
    who = _who(facts, "the customer")
    begin, whose = phrases.sentence(obstacle), _whose(facts, "the customer\u2019s")
    return (
        _on_paper(facts),
        (f"{begin}, and {whose} date held", f"{begin}, and the date still held"),
        (
            f"{due} stood for {who} after {obstacle}",
            f"{due} stood for {who}",
            f"{due} stood after {obstacle}",
        ),
    )


def _on_paper(facts: Facts) -> tuple[str, ...]:
    """The delay that was foreseen and did not come."""
    days = facts.roadblocks[0].predicted_delay_days if facts.roadblocks else None
    if not days or facts.delivered_at.date() > facts.due_on:
        return ("At risk on paper, on time at the dock",)
    late = f"{phrases.count(days, 'day')} late on paper"
    named = (f"{facts.customer}: {late} only",) if facts.customer_named else ()
    return (*named, f"{late}, none at the dock")
