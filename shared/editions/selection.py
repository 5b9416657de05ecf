"""Which wins an edition tells, in which form, voice and order of departments."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from shared.editions.choice import events_of, ranking, unspent
from shared.editions.model import Balance, Form, Highlight, Story
from shared.stories import phrases
from shared.stories.facts import facts_of
from shared.stories.headlines import headline, words
from shared.stories.model import EvidenceRef, OrderFacts
from shared.stories.telling import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from shared.editions.model import Material
    from shared.patterns.model import Win
    from shared.stories.model import Facts, Side
    from shared.stories.names import Names

VOICES: Final = 3
MAX_STORIES: Final = 12


class Pick(NamedTuple):
    """A win to be told, with the deeds that no story has told yet, and others that it stands for."""

    win: Win
    also: tuple[str, ...] = ()


def pick(material: Material, limit: int = MAX_STORIES) -> tuple[Pick, ...]:
    """The strongest first, then for variety of pattern; never two of one customer, and no deed twice."""
    left = _candidates(material)
    picked: list[Pick] = []
    used = {event for told in material.before for event in told.events}
    while left and len(picked) < limit:
        counts = Counter(each.win.pattern for each in picked)
        best = min(left, key=lambda win: (counts[win.pattern], *_strength(win, material.rarity)))
        left.remove(best)
        if counts[best.pattern] >= material.choice.most_per_pattern:
            continue
        if (fresh := unspent(best, used)) is None:
            picked = [_standing_for(each, best) for each in picked]
            continue
        picked.append(Pick(fresh))
        used |= events_of(fresh)
        picked, left = _settled(picked, left)
    return tuple(picked)


def _candidates(material: Material) -> list[Win]:
    """What may be told: in words, of no order that was told, and not of that customer so soon again."""
    orders = {told.order_id for told in material.before} - {None}
    since = material.period.end - timedelta(days=material.choice.cooldown_days)
    cooling = {(told.pattern, told.customer_id) for told in material.before if told.on >= since}
    return [
        win
        for win in material.wins
        if win.kind == "joint"
        and win.pattern in words()
        and win.order_id not in orders
        and (win.customer_id is None or (win.pattern, win.customer_id) not in cooling)
    ]


def _settled(picked: list[Pick], left: list[Win]) -> tuple[list[Pick], list[Win]]:
    """Leave what is not of the last order, which then names it, nor of the last customer."""
    last = picked[-1].win
    same = [win for win in left if last.order_id is not None and win.order_id == last.order_id]
    for win in same:
        picked = [_standing_for(each, win) for each in picked]
    rest = [win for win in left if win not in same]
    return picked, [w for w in rest if w.customer_id is None or w.customer_id != last.customer_id]


def _standing_for(each: Pick, other: Win) -> Pick:
    """The same pick, which names another win if both tell of the same order or deed."""
    of_one_order = each.win.order_id is not None and each.win.order_id == other.order_id
    same = of_one_order or events_of(each.win) & events_of(other)
    return each._replace(also=tuple(sorted({*each.also, other.win_id}))) if same else each


def _strength(win: Win, rarity: Mapping[str, Decimal]) -> tuple[Decimal, Decimal, str]:
    return -ranking(win, rarity.get(win.pattern)), -win.jointness, win.win_id


def tell(picked: Sequence[Pick], material: Material, full: int, short: int) -> tuple[Story, ...]:
    """Stories of the picked wins: `full` leads, then `short` ones, the rest as lines.

    Voices go round per pattern, and the side that is named first alternates, so that no two read alike;
    each period begins with another voice and side, so that no two editions in a row open alike. A pattern's
    first voice follows from its name, so that another pattern does not change it.
    """
    start = material.period.start
    begin = start.toordinal() // 7 if material.period.unit == "week" else start.month
    turns: Counter[str] = Counter()
    told: set[tuple[str, int, Side]] = set()
    lead: Side = "operations" if begin % 2 else "sales"
    stories = []
    for index, (win, also) in enumerate(picked):
        voice = (begin + turns[win.pattern] + crc32(win.pattern.encode())) % VOICES
        turns[win.pattern] += 1
        lead = OTHER[lead] if (win.pattern, voice, OTHER[lead]) not in told else lead
        told.add((win.pattern, voice, lead))
        form: Form = "lead" if index < full else "short" if index < full + short else "listed"
        told_so = _story(win, material.names, form, voice, lead)
        own = material.written.get(win.win_id)
        in_words = {"headline": own.title, "text": own.body, "written": own.hash} if own else {}
        stories.append(told_so.model_copy(update={"also": also, **in_words}))
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
    told = (win for win in material.highlights if win.side and win.pattern in words())
    found = sorted(told, key=lambda win: _strength(win, material.rarity))
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
