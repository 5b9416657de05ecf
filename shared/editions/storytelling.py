"""From picked wins to stories: form, voice, which side is named first, and what not everyone may see."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from zlib import crc32

from shared.editions.discretion import opened, trimmed
from shared.editions.model import Balance, Form, Highlight, Story
from shared.editions.selection import strength
from shared.languages import ENGLISH, languages
from shared.stories.facts import facts_of
from shared.stories.headlines import headline, words
from shared.stories.languages import grammar, phrases
from shared.stories.model import EvidenceRef, OrderFacts
from shared.stories.sentences import stopped
from shared.stories.telling import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.editions.model import Material
    from shared.editions.selection import Pick
    from shared.patterns.model import Win
    from shared.stories.model import Facts, Side
    from shared.stories.names import Names

VOICES: Final = 3


def tell(
    picked: Sequence[Pick], material: Material, full: int, short: int, lead: Side | None = None
) -> tuple[Story, ...]:
    """Stories of the picked wins: `full` leads, then `short` ones, the rest as lines.

    Voices go round per pattern, and the side that is named first alternates unless it is given, so that
    no two read alike; each period begins with another voice and side, so that no two editions in a row
    open alike. A pattern's first voice follows from its name, so that another pattern does not change it.
    """
    start = material.period.start
    begin = start.toordinal() // 7 if material.period.unit == "week" else start.month
    names = _names(material)
    turns: Counter[str] = Counter()
    told: set[tuple[str, int, Side]] = set()
    first: Side = "operations" if begin % 2 else "sales"
    stories = []
    for index, (win, also) in enumerate(picked):
        voice = (begin + turns[win.pattern] + crc32(win.pattern.encode())) % VOICES
        turns[win.pattern] += 1
        first = OTHER[first] if (win.pattern, voice, OTHER[first]) not in told else first
        told.add((win.pattern, voice, first))
        form: Form = "lead" if index < full else "short" if index < full + short else "listed"
        story = _story(win, material, names, form, voice, lead or first)
        stories.append(_in_own_words(story.model_copy(update={"also": also}), material))
    return tuple(stories)


def _in_own_words(story: Story, material: Material) -> Story:
    """The story as the person told it who wrote it, where someone did."""
    own = material.written.get(story.win_id)
    if own is None:
        return story
    told = {"headline": own.title, "text": own.body, "written": own.hash}
    discreet = story.discreet and story.discreet.model_copy(update=told)
    return story.model_copy(update=told | {"discreet": discreet})


def _names(material: Material) -> Names:
    """With those of confidential customers, where the audience may see any."""
    return material.names if material.sight.names == "none" else opened(material.names)


def _story(win: Win, material: Material, names: Names, form: Form, voice: int, lead: Side) -> Story:
    """The story for those who may see all that the audience may, and beside it one for those who may not."""
    sight = material.sight
    facts = trimmed(facts_of(win, names), money=sight.money, margin=sight.margin)
    discreet = trimmed(facts_of(win, material.names), money=False, margin=False)
    account = material.trading.account(win.customer_id)
    story, other = (_of(each, win, account, form, voice, lead) for each in (facts, discreet))
    if discreet == facts:
        return story
    hidden = discreet.customer != facts.customer
    return story.model_copy(update={"confidential": hidden, "discreet": other})


def _of(facts: Facts, win: Win, account: str | None, form: Form, voice: int, lead: Side) -> Story:
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
        account_id=account,
    )


def highlights(material: Material, limit: int | None = 3, side: Side | None = None) -> tuple[Highlight, ...]:
    """One line each on what one side did alone, the strongest first; `side`: only what that side did."""
    told = (
        win for win in material.highlights if win.side and side in {None, win.side} and win.pattern in words()
    )
    found = sorted(told, key=lambda win: strength(win, material.rarity))
    names = _names(material)
    return tuple(_highlight(win, material, names) for win in found[:limit])


def _highlight(win: Win, material: Material, names: Names) -> Highlight:
    side: Side = win.side or "operations"
    lines, discreet = _lines(win, side, names), _lines(win, side, material.names)
    return Highlight(
        win_id=win.win_id,
        side=side,
        line=lines[ENGLISH],
        lines=lines,
        account_id=material.trading.account(win.customer_id),
        discreet=None if discreet == lines else discreet,
    )


def _lines(win: Win, side: Side, names: Names) -> dict[str, str]:
    """What one side did, by language."""
    facts = trimmed(facts_of(win, names), money=False, margin=False)
    return {language: _line(facts, side, language) for language in languages()}


def _line(facts: Facts, side: Side, language: str) -> str:
    """What one side did; where no order says for whom, the headline as a sentence of its own."""
    line = grammar(language).alone(facts, side)
    return line if isinstance(facts, OrderFacts) else f"{line} {stopped(headline(facts, 0, language))}"


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
    return tuple(sorted({phrases().department(each) for each in departments}))
