"""Use case: a period becomes an edition, frozen when it is released."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, delete, insert, select

from shared import tables
from shared.clearance import cleared
from shared.editions.choice import CHOICE, Choice
from shared.editions.model import Edition
from shared.editions.registry import compose as compose_edition
from shared.editions.withholding import without
from shared.gathering.material import material
from shared.gathering.quoted import unwanted
from shared.gathering.taken_back import mark_corrected, untaken
from shared.languages import languages
from shared.people.withheld import confidential_by_now
from shared.rendering.writing import write
from shared.store import choosing, stories
from shared.store.choosing import chosen
from shared.store.stories import Entry
from shared.stories.names import clean
from shared.stories.proofreading import faults
from shared.stories.redaction import Hidden, folded, redacted, stands_in
from shared.stories.review import TELLABLE, TRANSITIONS
from shared.viewing import view

if TYPE_CHECKING:
    from datetime import datetime

    from shared.kpis.targets import Targets
    from shared.periods import Period
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.model import Side

_SIDES: Final[tuple[Side, ...]] = ("sales", "operations")


class EditionError(Exception):
    """An edition cannot be had; the message says what to do."""


def compose(
    store: Store,
    name: str,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Targets,
    choice: Choice = CHOICE,
) -> Edition:
    """Compose an edition and keep it; one that was released stays as it was (EditionError)."""
    with view(store, as_of, rules) as connection:
        found = material(connection, period, as_of, rules, targets, name)
        by_hand = chosen(choosing.history(connection, f"{name}-{period.name}"))
        found = cleared(connection, replace(found, choice=choice, by_hand=by_hand), rules)
        edition = write(compose_edition(name, found))
    proofread(edition)
    with store.writing(alone=True) as connection:
        if _state(connection, edition.edition_id) == "released":
            raise EditionError(f"{edition.edition_id} was released and stays as it is; preview shows it")
        _put(connection, edition)
    return edition


def proofread(edition: Edition) -> None:
    """Refuse an edition with a story that claims what no fact backs, or in words that are not ours to use."""
    told = [
        each
        for story in edition.stories
        for each in (story, story.discreet)
        if each is not None and each.text is None
    ]
    for each, language in product(told, languages()):
        words = each.texts[language]
        if found := faults(each.facts, words.headline, f"{words.subject}\n\n{words.full}", language):
            raise EditionError(
                f"{edition.edition_id} was not composed: the story of {each.win_id} {found[0]}; "
                f"correct templates/stories/{language}/{each.pattern}.md.j2 or the win's facts"
            )


def release(store: Store, edition_id: str) -> Edition:
    """Freeze an edition: what it told is not told again; releasing twice changes nothing."""
    with store.writing(alone=True) as connection:
        return release_in(connection, edition_id)[0]


def release_in(connection: Connection, edition_id: str) -> tuple[Edition, bool]:
    """The same inside a transaction, and whether it was released just now."""
    edition = get_in(connection, edition_id)
    if edition.state == "released":
        return edition, False
    _refuse_chosen(connection, edition)
    _refuse_told(connection, edition)
    _refuse_named(connection, edition)
    _refuse_confidential(connection, edition)
    _refuse_quoted(connection, edition)
    _publish(connection, edition)
    edition = edition.model_copy(update={"state": "released"})
    _put(connection, edition)
    _tell(connection, edition)
    return edition, True


def get(store: Store, edition_id: str) -> Edition:
    """Read an edition as it was composed or released; raises EditionError."""
    with store.reading() as connection:
        return get_in(connection, edition_id)


def _tell(connection: Connection, edition: Edition) -> None:
    """Note what a released edition told and took back; by the headline that anybody may read."""
    rows = [
        {
            "name": edition.name,
            "win_id": story.win_id,
            "edition_id": edition.edition_id,
            "headline": (story.discreet or story).headline,
        }
        for story in edition.stories
    ]
    if rows:
        connection.execute(insert(tables.told), rows)
    mark_corrected(connection, edition)


def _refuse_chosen(connection: Connection, edition: Edition) -> None:
    """Refuse to tell other stories than editors chose since it was composed."""
    if chosen(choosing.history(connection, edition.edition_id)) != edition.by_hand:
        raise EditionError(f"An editor chose otherwise since; compose {edition.edition_id} again")


def _refuse_told(connection: Connection, edition: Edition) -> None:
    """Refuse to tell again what another edition told since this one was composed."""
    ids = {story.win_id for story in edition.stories}
    for win_id, _, told_in in untaken(connection, edition):
        if win_id in ids:
            raise EditionError(f"{told_in} has told {win_id} since; compose {edition.edition_id} again")


def _refuse_named(connection: Connection, edition: Edition) -> None:
    """Refuse to name who took that wish back since it was composed."""
    shown = {
        name
        for story in edition.stories
        for side in _SIDES
        for d in story.facts.deeds(side)
        for name in d.who
    }
    person = tables.people.c
    agreed = select(person.name).where(person.naming == "named", person.erased_at.is_(None))
    gone = shown - {clean(name or "") for name in connection.scalars(agreed)} if shown else set()
    gone |= _named_in_own_words(connection, edition)
    if gone:
        raise EditionError(
            f"{len(gone)} of those it names wish it no more; compose {edition.edition_id} again"
        )


def _refuse_confidential(connection: Connection, edition: Edition) -> None:
    """Refuse to name a customer that became confidential since it was composed."""
    if without(edition, confidential_by_now(connection, edition)) != edition:
        raise EditionError(
            f"a customer that it names is confidential by now; compose {edition.edition_id} again"
        )


def _named_in_own_words(connection: Connection, edition: Edition) -> set[str]:
    """Who stands in a person's own words, of a story or of thanks, and does not wish it."""
    own = [f"{story.headline}\n{story.text}" for story in edition.stories if story.written]
    own += [note.text for note in edition.thanked.notes] if edition.thanked else []
    person = tables.people.c
    others = select(person.name).where(person.naming != "named", person.name.is_not(None))
    names = set(connection.scalars(others)) if own else set()
    told = {text: folded(text) for text in own}
    near = {name for name in names if any(stands_in(name, plain) for plain in told.values())}
    return {name for name in near if any(redacted(text, [Hidden(name)]) != text for text in own)}


def _refuse_quoted(connection: Connection, edition: Edition) -> None:
    """Refuse to show a note of thanks whose writer does not wish it any more."""
    if unwanted(connection, edition):
        raise EditionError(f"a note of thanks may not be shown any more; compose {edition.edition_id} again")


def _publish(connection: Connection, edition: Edition) -> None:
    """Mark people's own stories as published; refuse what was decided otherwise since it was composed."""
    ids = [told.story_id for told in edition.stories]
    objected = stories.objected_since(connection, ids, edition.as_of)
    for told in edition.stories:
        story = stories.locked(connection, told.story_id)
        if story is None and told.written is None and told.story_id not in objected:
            continue
        same = story is not None and story.state in TELLABLE and told.written in {None, story.content.hash}
        if story is None or not same or told.story_id in objected:
            why = (
                "names someone who objected"
                if same
                else f"is {story.state if story else 'gone'} or reads otherwise"
            )
            raise EditionError(f"{told.story_id} {why} by now; compose {edition.edition_id} again")
        if told.written is not None and story.state == "approved":
            after = replace(story, state=TRANSITIONS["publish"][story.state], waits_since=edition.as_of)
            stories.put(connection, after, new=False)
            entry = Entry.of(after, edition.as_of, "publish", None, edition.edition_id)
            stories.log(connection, entry)


def _state(connection: Connection, edition_id: str) -> str | None:
    column = tables.editions.c
    return connection.scalar(select(column.state).where(column.edition_id == edition_id))


def get_in(connection: Connection, edition_id: str) -> Edition:
    """The same inside a transaction."""
    column = tables.editions.c
    body = connection.scalar(select(column.body).where(column.edition_id == edition_id))
    if body is None:
        raise EditionError(f"There is no edition {edition_id}; tandem compose makes one and prints its id")
    return Edition.from_json(body)


def _put(connection: Connection, edition: Edition) -> None:
    connection.execute(delete(tables.editions).where(tables.editions.c.edition_id == edition.edition_id))
    row = {
        "edition_id": edition.edition_id,
        "name": edition.name,
        "period": edition.period.name,
        "state": edition.state,
        "composed_at": edition.as_of,
        "body": edition.to_json(),
    }
    connection.execute(insert(tables.editions).values(**row))
