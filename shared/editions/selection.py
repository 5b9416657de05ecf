"""Which wins an edition tells, in which form, voice and order of departments."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from shared.editions.model import Balance, Form, Highlight, Story
from shared.stories import phrases
from shared.stories.facts import facts_of
from shared.stories.headlines import headline, words
from shared.stories.model import EvidenceRef, OrderFacts
from shared.stories.telling import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.editions.model import Material
    from shared.patterns.model import Win
    from shared.stories.model import Facts, Side
    from shared.stories.names import Names

VOICES: Final = 3
MAX_STORIES: Final = 12


def pick(wins: Iterable[Win], limit: int = MAX_STORIES) -> tuple[Win, ...]:
    """The strongest first, then for variety of pattern; never two of one customer."""
    left = sorted((w for w in wins if w.kind == "joint" and w.pattern in words()), key=_strength)
    picked: list[Win] = []
    while left and len(picked) < limit:
        told = Counter(win.pattern for win in picked)
        best = min(left, key=lambda win: (told[win.pattern], *_strength(win)))
        picked.append(best)
        left = [win for win in left if win.customer_id != best.customer_id]
    return tuple(picked)


def _strength(win: Win) -> tuple[float, float, str]:
    return -float(win.score), -float(win.jointness), win.win_id


def tell(wins: Sequence[Win], material: Material, full: int, short: int) -> tuple[Story, ...]:
    """Stories of the picked wins: `full` leads, then `short` ones, the rest as lines.

    Voices go round per pattern, and the side that is named first alternates, so that no two read alike;
    each period begins with another voice and side, so that no two editions in a row open alike.
    """
    start = material.period.start
    begin = start.toordinal() // 7 if material.period.unit == "week" else start.month
    turns: Counter[str] = Counter()
    told: set[tuple[str, int, Side]] = set()
    lead: Side = "operations" if begin % 2 else "sales"
    stories = []
    for index, win in enumerate(wins):
        voice = (begin + turns[win.pattern] + list(words()).index(win.pattern)) % VOICES
        turns[win.pattern] += 1
        lead = OTHER[lead] if (win.pattern, voice, OTHER[lead]) not in told else lead
        told.add((win.pattern, voice, lead))
        form: Form = "lead" if index < full else "short" if index < full + short else "listed"
        stories.append(_story(win, material.names, form, voice, lead))
    return tuple(stories)


def _story(win: Win, names: Names, form: Form, voice: int, lead: Side) -> Story:
    facts = facts_of(win, names)
    return Story(
        story_id=f"story-{win.win_id}",
        win_id=win.win_id,
        pattern=win.pattern,
        customer_id=win.customer_id,
        headline=headline(facts, voice),
        form=form,
        voice=voice,
        lead=lead,
        facts=facts,
        evidence=tuple(EvidenceRef(source=ref.source, id=ref.id) for ref in win.evidence),
    )


def highlights(material: Material, limit: int = 3) -> tuple[Highlight, ...]:
    """One line each on what one side did alone, the strongest first."""
    found = sorted((w for w in material.highlights if w.side and w.pattern in words()), key=_strength)
    return tuple(_highlight(win, material.names) for win in found[:limit])


def _highlight(win: Win, names: Names) -> Highlight:
    side: Side = win.side or "operations"
    facts = facts_of(win, names)
    deeds = facts.deeds(side)
    who = phrases.team(deeds[0].department) if deeds else side.capitalize()
    did = phrases.verb(deeds[0].action, deeds[0].of).past if deeds else "held the date"
    line = f"{phrases.sentence(who)} {did}{_for_whom(facts)}"
    return Highlight(win_id=win.win_id, side=side, line=line)


def _for_whom(facts: Facts) -> str:
    """` for Acme after a customs hold; delivered on 9 March.`, or the headline as a sentence of its own."""
    if not isinstance(facts, OrderFacts):
        return f". {phrases.stopped(headline(facts))}"
    after = f" after {phrases.roadblock(facts.roadblocks[0].category)}" if facts.roadblocks else ""
    return f" for {facts.customer}{after}; delivered on {phrases.day(facts.delivered_at.date())}."


def balance(stories: Sequence[Story]) -> Balance:
    """How often each side is credited in the stories, and by which teams."""
    sales = [deed.department for story in stories for deed in story.facts.sales]
    operations = [deed.department for story in stories for deed in story.facts.operations]
    return Balance(
        sales=len(sales),
        operations=len(operations),
        sales_teams=_teams(sales),
        operations_teams=_teams(operations),
    )


def _teams(departments: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({phrases.department(each) for each in departments}))
