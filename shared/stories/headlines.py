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
    obstacle = _obstacle(facts)
    bare, who = phrases.bare(obstacle), _who(facts, "a new customer")
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    plain = f"First order on time after {obstacle}"
    return (
        (f"{whose} first order beat {obstacle}", f"{phrases.sentence(who)}: first order, on time", plain),
        (f"First order for {who} on time after {bare}", f"First order for {who} on time", plain),
        (
            f"First order complete for {who} after {bare}",
            f"First order complete for {who}",
            f"First order complete after {obstacle}",
        ),
    )


@headlines
def new_customer_smooth_start(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """A first order without a roadblock."""
    due = phrases.day(facts.due_on)
    who = _who(facts, "a new customer")
    whose = phrases.sentence(_whose(facts, "a new customer\u2019s"))
    plain = f"First order complete, promised for {due}"
    return (
        (
            f"{whose} first order: complete and on time",
            f"{phrases.sentence(who)}: first order, on time",
            plain,
        ),
        (f"First delivery to {who} complete and on time", f"First delivery to {who}: on time", plain),
        (f"First order for {who}: nothing missing", f"Nothing missing for {who}", plain),
    )


@headlines
def roadblock_beaten(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """An existing customer's order that kept its first promise."""
    obstacle, kept = _obstacle(facts), f"{phrases.day(facts.due_on)} promise kept"
    bare, who = phrases.bare(obstacle), _who(facts, "a customer")
    overcome, plain = f"{phrases.sentence(bare)} overcome", f"On time after {obstacle}"
    if facts.delivered_at.date() > facts.due_on:  # within the tolerance, so the day itself was not kept
        return ((plain,),)
    if not facts.customer_named:
        averted = phrases.sentence(_averted(facts))
        return (
            (f"{averted}, {kept}",),
            (f"{overcome}, {who} served on time",),
            (f"On time after {bare}: {kept}",),
        )
    return (
        (f"{who}: {_averted(facts)}", f"{who}: delay averted", plain),
        (f"{overcome}, {who} served on time", f"{overcome} for {who}", f"{overcome}, {kept}"),
        (f"{who}: on time after {obstacle}", f"{who}: on time after {bare}", f"{who}: on time", plain),
    )


def _averted(facts: Facts) -> str:
    """The delay that was foreseen and did not come."""
    days = facts.roadblocks[0].predicted_delay_days if facts.roadblocks else None
    return f"{phrases.count(days, 'day')} of delay averted" if days else "delay averted"
