"""The thanks that are for one person: who gave them for which story, and what they wrote."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shared import tables
from shared.editions.discretion import seen_by
from shared.editions.model import Edition
from shared.editions.reader import ANYONE, ForYou, Words
from shared.editions.withholding import without
from shared.gathering.thanked import signed
from shared.languages import languages
from shared.people.reading import those
from shared.people.withheld import withheld
from shared.quoting import personal
from shared.rendering.writing import in_language
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from shared.people.model import Person

FRESH: Final = timedelta(days=92)
"""Days in which someone is told of thanks."""
STORIES: Final = 5
NOTES: Final = 3
"""Of each story; a mail has no room for more."""
_E, _W = tables.editions.c, tables.wins.c
_EDITIONS = select(_E.body).where(Among(_E.edition_id), _E.state == "released")
_HOLDING = select(_W.win_id).where(Among(_W.win_id), _W.reason.is_(None))


class Letters:
    """Thanks for some people, with all that it takes to tell each of theirs."""

    def __init__(self, connection: Connection, thanks: Sequence[Row[Any]]) -> None:
        standing = _holding(connection, {each.story_id for each in thanks})
        held = [each for each in thanks if each.story_id in standing]
        self._headlines = _headlines(connection, {each.edition_id for each in held})
        unique = list({each.thanks_id: each for each in held}.values())
        self._notes = personal(connection, unique)
        self._givers = those(connection, {each.person_id for each in unique})
        self._of: dict[str, dict[str, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
        for each in held:
            self._of[each.thanked][each.story_id].append(each)

    def to(self, person_id: str, language: str) -> tuple[ForYou, ...]:
        """What one person is told, of the stories thanked for last."""
        stories = list(self._of.get(person_id, {}).items())[:STORIES]
        return tuple(self._one(story_id, given, language) for story_id, given in stories)

    def names(self, person_id: str) -> list[str]:
        """The thanks that are told with it."""
        stories = list(self._of.get(person_id, {}).values())[:STORIES]
        return [each.thanks_id for given in stories for each in given]

    def _one(self, story_id: str, given: Sequence[Row[Any]], language: str) -> ForYou:
        headline = self._headlines[language].get((given[0].edition_id, story_id), "")
        noted = [each for each in given if each.thanks_id in self._notes][:NOTES]
        return ForYou(headline, len(given), tuple(self._words(each) for each in noted))

    def _words(self, given: Row[Any]) -> Words:
        giver: Person | None = self._givers.get(given.person_id)
        return Words(self._notes[given.thanks_id], *signed(giver, given.department))


def _holding(connection: Connection, story_ids: Iterable[str]) -> set[str]:
    """Those of the stories that nothing contradicts."""
    wins = {story_id.removeprefix("story-"): story_id for story_id in story_ids}
    return {wins[row.win_id] for row in run_among(connection, _HOLDING, wins)}


def _headlines(
    connection: Connection, edition_ids: Iterable[str]
) -> Mapping[str, dict[tuple[str, str], str]]:
    """By language, edition and story, the headlines that anybody may read."""
    names = withheld(connection)
    found = run_among(connection, _EDITIONS, edition_ids)
    editions = [without(Edition.from_json(row.body), names) for row in found]
    return {
        language: {
            (edition.edition_id, story.story_id): story.headline
            for edition in editions
            for story in in_language(seen_by(ANYONE, edition), language).stories
        }
        for language in languages()
    }
