"""An edition as it may be read later: without the names of people who do not wish to be named any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from shared.editions.audiences import AUDIENCES
from shared.languages import ENGLISH, translations
from shared.stories.languages import phrases
from shared.stories.names import shortened
from shared.stories.redaction import Hidden, folded, redacted, stands_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.editions.model import Edition, Highlight, Story, StoryText
    from shared.editions.sections import Thanked
    from shared.stories.model import Deed

_PARTS: Final = ("kicker", "headline", "short", "full", "subject")


class Withheld(NamedTuple):
    """A name that is not to be read any more: in one story, or, where none is named, in any.

    Of a customer that became confidential: where not everyone may see such names, and it is told of.
    """

    name: str
    department: str | None
    story_id: str | None = None
    customer_id: str | None = None
    segment: str | None = None
    in_own_words: bool = False
    """Whether it is looked for in what a person wrote, who may call a customer by a short name."""

    def concerns(self, edition: Edition) -> bool:
        """Whether readers of an edition may not read it."""
        if self.customer_id is None:
            return True
        told_of = {story.customer_id for story in edition.stories if story.facts.customer_named}
        told_of |= {each.account_id for each in edition.highlights}
        return AUDIENCES[edition.audience].names == "none" and self.customer_id in told_of

    def stands_in(self, told: str) -> bool:
        """Whether every word of it is in a text, which is folded."""
        return stands_in(self.name, told)

    def hidden(self, language: str, *, parts: bool) -> Hidden:
        """What is said instead; a part of a name gives away only who is in the story."""
        if self.customer_id is not None:
            short = shortened(self.name) if self.in_own_words else ()
            return Hidden(self.name, instead=phrases(language).undisclosed(self.segment), short=short)
        team = phrases(language).department(self.department) if self.department else None
        spoken = translations(language)
        words = (
            spoken.gettext("a colleague in %(team)s") % {"team": team}
            if team
            else spoken.gettext("a colleague")
        )
        return Hidden(self.name, self.department if parts else None, words)


def without(edition: Edition, names: Sequence[Withheld]) -> Edition:
    """The edition in which a colleague stands where these names were; without one of them the same."""
    told = folded(edition.to_json())
    found = [each for each in names if each.stands_in(told) and each.concerns(edition)]
    if not found:
        return edition
    return edition.model_copy(
        update={
            "stories": tuple(_story(each, found) for each in edition.stories),
            "highlights": tuple(_highlight(each, found) for each in edition.highlights),
            "headline": _said(edition.headline, found),
            "headlines": _lines(edition.headlines, found),
            "corrections": tuple(_said(each, found) for each in edition.corrections),
            "notes": {
                language: tuple(_said(each, found, language) for each in notes)
                for language, notes in edition.notes.items()
            },
            "thanked": edition.thanked and _thanked(edition.thanked, found),
        }
    )


def _thanked(thanked: Thanked, names: Sequence[Withheld]) -> Thanked:
    """What people wrote in thanks without these names; who signed takes back a note itself."""
    notes = (note.model_copy(update={"text": _said(note.text, names)}) for note in thanked.notes)
    return thanked.model_copy(update={"notes": tuple(notes)})


def _story(story: Story, names: Sequence[Withheld]) -> Story:
    told = folded(story.model_dump_json())
    customer_id = story.customer_id if story.facts.customer_named else None
    own = [
        each._replace(in_own_words=story.written is not None)
        for each in names
        if each.story_id in (None, story.story_id)
        and each.customer_id in (None, customer_id)
        and each.stands_in(told)
    ]
    if not own:
        return story
    gone = {each.name for each in own}
    facts = story.facts.model_copy(
        update={
            "sales": tuple(_deed(each, gone) for each in story.facts.sales),
            "operations": tuple(_deed(each, gone) for each in story.facts.operations),
            "told": {field: _said(text, own, parts=True) for field, text in story.facts.told.items()},
            **_customer(story, own),
        }
    )
    return story.model_copy(
        update={
            "facts": facts,
            "headline": _said(story.headline, own, parts=True),
            "text": None if story.text is None else _said(story.text, own, parts=True),
            "texts": {language: _text(each, own, language) for language, each in story.texts.items()},
            "discreet": None if story.discreet is None else _story(story.discreet, own),
        }
    )


def _customer(story: Story, names: Sequence[Withheld]) -> dict[str, object]:
    """What of the facts names the customer, in other words where it is not to be read any more."""
    if not (secret := next((each for each in names if each.customer_id is not None), None)):
        return {}
    instead = phrases().undisclosed(secret.segment)
    label = {"label": instead} if getattr(story.facts, "label", None) == story.facts.customer else {}
    return {"customer": instead, "customer_named": False, "segment": secret.segment, **label}


def _text(text: StoryText, names: Sequence[Withheld], language: str) -> StoryText:
    said = {part: _said(getattr(text, part), names, language, parts=True) for part in _PARTS}
    return text.model_copy(update=said)


def _deed(deed: Deed, gone: set[str]) -> Deed:
    left = tuple(name for name in deed.who if name not in gone)
    return deed if left == deed.who else deed.model_copy(update={"who": left, "others": True})


def _highlight(each: Highlight, names: Sequence[Withheld]) -> Highlight:
    discreet = None if each.discreet is None else _lines(each.discreet, names)
    said = {"line": _said(each.line, names), "lines": _lines(each.lines, names), "discreet": discreet}
    return each.model_copy(update=said)


def _lines(lines: Mapping[str, str], names: Sequence[Withheld]) -> dict[str, str]:
    return {language: _said(text, names, language) for language, text in lines.items()}


def _said(text: str, names: Sequence[Withheld], language: str = ENGLISH, *, parts: bool = False) -> str:
    return redacted(text, [each.hidden(language, parts=parts) for each in names])
