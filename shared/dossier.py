"""What an editor looks at beside a story: the evidence, the fact check, and what it still waits for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared import tables
from shared.clearance import printed, with_mentioned
from shared.events.emitted import SOURCE
from shared.history.timeline import tell
from shared.patterns.model import Gate
from shared.patterns.team_told import team_told
from shared.projecting.naming import names_of
from shared.projecting.reading import Reading
from shared.projecting.subjects import KINDS, Span
from shared.quoting import secret
from shared.rendering.markdown import MarkdownError, links, to_text
from shared.rendering.writing import render_story
from shared.store import stories
from shared.store.names import everybody
from shared.store.rows import win_of
from shared.stories.concerns import Concern, concerns
from shared.stories.facts import facts_of
from shared.stories.figures import backing_of
from shared.stories.headlines import headline
from shared.stories.order_figures import backing_of_orders
from shared.stories.review import OBJECTIONS, Content, Mention, Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.editions.model import Written
    from shared.history.order import Order
    from shared.patterns.model import Win
    from shared.rules import Rules
    from shared.store.stories import Entry
    from shared.stories.figures import Backing


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an order that a story names."""

    at: datetime
    order_id: str
    text: str
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A story with all that speaks for and against telling it."""

    story: Story
    concerns: tuple[Concern, ...]
    gates: tuple[Gate, ...]
    """What must hold for its win, up to the first that does not: told, delivered, confirmed."""
    win: Win | None
    evidence: tuple[Happening, ...]
    missing_orders: tuple[str, ...]
    """Orders that it names and nobody knows."""
    history: tuple[Entry, ...]
    printed: Written
    """As readers will see it: without the names of those who are not to be named."""

    @property
    def pattern(self) -> str:
        """That of its win; what people told themselves is to become one of this pattern."""
        return self.win.pattern if self.win else "team_told"


def dossier(
    connection: Connection, story: Story, as_of: datetime, rules: Rules, hosts: Collection[str]
) -> Dossier:
    """Gather what there is to know of a story."""
    reading = Reading(connection, as_of, rules)
    orders = reading.histories(story.content.order_ids)
    win = _win(connection, story.story_id)
    names = with_mentioned(connection, names_of(reading, [win] if win else []), [story])
    history = tuple(stories.history(connection, story.story_id))
    objected = frozenset(each.by for each in history if each.action in OBJECTIONS and each.by)
    customers = {story.content.customer_id, *(order.customer_id for order in orders.values())}
    language = stories.languages_of(connection, [story])[story.story_id]
    willing = {person_id: name for person_id, name in names.people.items() if person_id not in objected}
    return Dossier(
        story=story,
        concerns=tuple(fact_check(story.content, _backing(reading, win, orders), hosts)),
        gates=tuple(_gates(reading, story))
        if story.subject.startswith(stories.DRAFTS)
        else win.gates
        if win
        else (),
        win=win,
        evidence=tuple(_evidence(orders)),
        missing_orders=tuple(name for name in story.content.order_ids if name not in orders),
        history=history,
        printed=printed(
            story.content,
            story,
            replace(names, people=willing),
            everybody(connection),
            secret(connection, customers, language),
            language,
        ),
    )


def check(
    connection: Connection, story: Story, as_of: datetime, rules: Rules, hosts: Collection[str]
) -> list[Concern]:
    """The fact check alone."""
    reading = Reading(connection, as_of, rules)
    orders = reading.histories(story.content.order_ids)
    return fact_check(story.content, _backing(reading, _win(connection, story.story_id), orders), hosts)


def fact_check(content: Content, backing: Backing, hosts: Collection[str]) -> list[Concern]:
    """What an editor must see in a text before it is told."""
    try:
        plain = to_text(content.body)
        found = [link for link in links(content.body) if link.host not in hosts or link.misleads()]
    except MarkdownError as error:
        return [Concern("unreadable", str(error))]
    told = [Concern("link", f"{link.text} leads to {link.target or 'nothing'}") for link in found]
    return [*concerns(f"{content.title}\n\n{plain}", backing), *told]


def by_rule(connection: Connection, story_id: str, as_of: datetime, rules: Rules) -> Story | None:
    """The story that Tandem tells of a final win: approved by rule, until someone says otherwise."""
    win = _win(connection, story_id)
    if win is None or win.kind != "joint" or win.status(as_of) != "final" or win.pattern == "team_told":
        return None
    facts = facts_of(win, names_of(Reading(connection, as_of, rules), [win]))
    people = {
        each.person_id: Mention(each.person_id, each.department) for each in (*win.sales, *win.operations)
    }
    content = Content(
        title=headline(facts),
        body=render_story(facts).full,
        order_ids=(win.order_id,) if win.order_id else (),
        customer_id=win.customer_id,
        named=tuple(people.values()),
    )
    return Story(
        story_id=story_id,
        subject=f"win/{win.win_id}",
        state="approved",
        content=content,
        submitted_by=None,
        via=SOURCE,
        submitted_at=win.final_at,
        changed_at=win.final_at,
        waits_since=win.final_at,
    )


def parties(connection: Connection, story_id: str) -> frozenset[str]:
    """Who has a part in a story's win, such as whoever confirmed it."""
    win = _win(connection, story_id)
    return frozenset(part.person_id for part in (*win.sales, *win.operations)) if win else frozenset()


def _win(connection: Connection, story_id: str) -> Win | None:
    query = select(tables.wins.c.body).where(tables.wins.c.win_id == story_id.removeprefix("story-"))
    body = connection.scalar(query)
    return None if body is None else win_of(body)


def _backing(reading: Reading, win: Win | None, orders: dict[str, Order]) -> Backing:
    backing = backing_of_orders(orders.values())
    if win is not None:
        backing |= backing_of(facts_of(win, names_of(reading, [win])))
    return backing


def _gates(reading: Reading, story: Story) -> Iterator[Gate]:
    draft_id = story.subject.removeprefix(stories.DRAFTS)
    for _, case in KINDS["draft"].cases(reading, Span({draft_id: date.min}, date.max, 0)):
        claim = team_told(case)  # type: ignore[arg-type] # a kind of subject gathers the cases of its patterns
        for ask in claim.gates if claim else ():
            verdict = ask()
            yield Gate(verdict.name, verdict.passed, verdict.values())
            if not verdict.passed:
                return


def _evidence(orders: dict[str, Order]) -> list[Happening]:
    found = [
        Happening(event.time, name, tell(event), event.source, event.id)
        for name, order in orders.items()
        for event in order.events
    ]
    return sorted(found, key=lambda each: (each.at, each.order_id, each.source, each.id))
