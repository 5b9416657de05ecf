"""What the pages of telling show: a manuscript, what is known of its order, what became of stories."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import Request
from sqlalchemy import select

from services.newsroom.recorder import AWAY
from services.newsroom.web.guard import Visit
from services.newsroom.web.pages import language
from services.newsroom.web.telling_forms import Written
from shared import manuscripts as writing
from shared import seeking, tables
from shared.events.drafts import MOST_OF_A_TITLE, MOST_PHOTOS
from shared.people.model import NAMINGS
from shared.prefilling import known
from shared.projecting.built import latest
from shared.projecting.reading import Reading
from shared.rendering.markdown import MarkdownError, to_html
from shared.store import manuscripts, stories
from shared.stories.concerns import MOST_WORDS
from shared.stories.manuscript import ASKED, Manuscript, Words
from shared.stories.review import Story, story_id_of
from shared.stories.submission import questions

if TYPE_CHECKING:
    from markupsafe import Markup
    from sqlalchemy import Connection

    from services.newsroom.web.kept import Kept
    from shared.people.model import Person
    from shared.store.stories import Entry

_SOUGHT = ("order", "witness", "thanks")


class Told(NamedTuple):
    """A story in the list of those that someone tells."""

    title: str
    state: str
    at: datetime
    manuscript: Manuscript | None
    story_id: str
    note: str = ""
    """What the editor wants changed."""
    edition_id: str = ""
    waits: bool = False
    """Whether there are words that were not handed in yet."""


@dataclass(frozen=True)
class Found:
    """What was looked for in a form that was sent without our code."""

    text: dict[str, str]
    orders: tuple[seeking.FoundOrder, ...] = ()
    witness: tuple[seeking.FoundPerson, ...] = ()
    thanks: tuple[seeking.FoundPerson, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything was looked for."""
        return any(self.text.values())

    @classmethod
    def of(cls, request: Request, sent: Written) -> Found:
        """Look for what the fields say."""
        text = {name: sent.fields.one(f"find-{name}").strip()[:200] for name in _SOUGHT}
        if not any(text.values()):
            return cls(text)
        me, called = sent.visit.me, customers(request)
        with request.app.state.store.reading() as connection:
            return cls(
                text,
                tuple(seeking.orders(connection, text["order"], called)),
                tuple(_people(connection, text["witness"], me, seeking.other_side(me.department))),
                tuple(_people(connection, text["thanks"], me)),
            )


def about_order(request: Request, me: Person, words: Words, order_id: str) -> Words:
    """The words about another order: what nobody wrote is filled in anew."""
    state, now = request.app.state, datetime.now(UTC)
    rules, spoken = state.settings.rules, language(request)
    with state.store.reading() as connection:
        before = writing.filled(connection, me, words.order_id, now, rules, spoken)
        fresh = writing.filled(connection, me, order_id, now, rules, spoken)
    pairs = zip(words.answers, before.answers, fresh.answers, strict=True)
    answers = tuple(new if own.strip() in {"", old} else own for own, old, new in pairs)
    return replace(words, order_id=order_id, answers=answers)


def customers(request: Request) -> dict[str, str]:
    """The names of customers, about a minute old."""
    state = request.app.state
    kept: Kept[dict[str, str]] = state.called

    def work_out() -> dict[str, str]:
        with state.store.reading() as connection:
            return seeking.called(connection)

    return kept.get("customers", work_out)


def shown(
    request: Request,
    visit: Visit,
    manuscript: Manuscript,
    *,
    wrong: dict[str, Any] | None = None,
    found: Found | None = None,
    preview: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """All that the form shows; where the database cannot be asked, what was written alone."""
    told: dict[str, Any] = {
        "order": None,
        "took_part": (),
        "chosen": {},
        "photos": {},
        "story": None,
        "note": "",
    }
    with suppress(*AWAY):
        told = _known(request, visit.me, manuscript)
    spoken = language(request)
    return {
        **told,
        "manuscript": manuscript,
        "own": manuscript.words,
        "questions": questions(spoken),
        "asked": ASKED,
        "wrong": wrong or {},
        "found": found or Found(dict.fromkeys(_SOUGHT, "")),
        "preview": _preview(request, manuscript.words) if preview else None,
        "namings": NAMINGS,
        "naming": manuscript.words.naming or visit.me.naming,
        "most": {"title": MOST_OF_A_TITLE, "words": MOST_WORDS, "photos": MOST_PHOTOS},
        "side": seeking.side_of(visit.me.department),
        "zone": request.app.state.settings.rules.zone,
        "saved": False,
        "back": False,
        **more,
    }


def _known(request: Request, me: Person, manuscript: Manuscript) -> dict[str, Any]:
    words, settings = manuscript.words, request.app.state.settings
    now = datetime.now(UTC)
    with request.app.state.store.reading() as connection:
        reading = Reading(connection, latest(connection, now), settings.rules)
        begun = known(reading, words.order_id, language(request)) if words.order_id else None
        took_part = [each for each in (begun.people if begun else ()) if each != me.person_id]
        people = seeking.people_by_id(connection, {words.witness, *words.thanks, *took_part})
        story_id = story_id_of(manuscript.draft_id)
        story = stories.found(connection, [story_id]).get(story_id)
        change = stories.changes(connection, [story_id]).get(story_id)
        order = seeking.orders_by_id(connection, [words.order_id])
        return {
            "order": order[0] if order else None,
            "took_part": tuple(people[each] for each in took_part if each in people),
            "chosen": people,
            "photos": manuscripts.photos(connection, [each.photo_id for each in words.photos]),
            "story": story,
            "note": (change.note or "") if change and story and story.state == "returned" else "",
        }


def _preview(request: Request, words: Words) -> Markup | str:
    try:
        return to_html(words.body, request.app.state.settings.brand.hosts)
    except MarkdownError as error:
        return str(error)


def desk_of(connection: Connection, me: Person) -> list[Told]:
    """The stories of a person: those that were begun, and those that came in by other ways."""
    mine = {each.draft_id: each for each in manuscripts.all_of(connection, me.person_id)}
    told = {
        each.subject.removeprefix(stories.DRAFTS): each
        for each in stories.of_author(connection, me.person_id)
    }
    changes = stories.changes(connection, [each.story_id for each in told.values()])
    editions = _editions(connection, [each for each in told.values() if each.state == "published"])
    found = [
        _told(draft_id, mine.get(draft_id), told.get(draft_id), changes, editions)
        for draft_id in {**mine, **told}
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _told(
    draft_id: str,
    manuscript: Manuscript | None,
    story: Story | None,
    changes: dict[str, Entry],
    editions: dict[str, str],
) -> Told:
    story_id = story_id_of(draft_id)
    title = manuscript.words.title if manuscript and manuscript.words.title else ""
    if story is None:
        assert manuscript is not None, "one of them is there"
        state = "draft" if not manuscript.sent else "submitted"
        return Told(title, state, manuscript.changed_at, manuscript, story_id)
    change = changes.get(story_id)
    return Told(
        title or story.content.title,
        story.state,
        max(story.waits_since, manuscript.changed_at) if manuscript else story.waits_since,
        manuscript,
        story_id,
        (change.note or "") if change and story.state == "returned" else "",
        editions.get(story_id.removeprefix("story-"), ""),
        manuscript is not None and not manuscript.is_sent,
    )


def _editions(connection: Connection, published: list[Story]) -> dict[str, str]:
    """The newsletter that tells each story, by the id of its win."""
    if not published:
        return {}
    column = tables.told.c
    win_ids = [each.story_id.removeprefix("story-") for each in published]
    query = select(column.win_id, column.edition_id).where(
        column.win_id.in_(win_ids), column.name == "newsletter"
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _people(connection: Connection, text: str, me: Person, among: Any = ()) -> list[seeking.FoundPerson]:
    return seeking.people(connection, text, among=among, but=me.person_id)
