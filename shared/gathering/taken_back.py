"""What earlier editions told and does not hold any more: one note each, in one edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, case, func, literal, or_, select, update

from shared import tables
from shared.editions.model import Edition
from shared.languages import ENGLISH, translations
from shared.quoting import secret
from shared.stories.languages import phrases
from shared.stories.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_T = tables.told.c


def corrections(connection: Connection, as_of: datetime, name: str, edition_id: str) -> list[Any]:
    """Each story that was told and does not hold any more, or was taken back; told once."""
    win, story = tables.wins.c, tables.stories.c
    taken_back = case((story.state == "retracted", "it was taken back"))
    query = (
        select(_T.win_id, _T.headline, _T.edition_id, func.coalesce(win.reason, taken_back).label("reason"))
        .join(tables.wins, win.win_id == _T.win_id, isouter=True)
        .join(tables.stories, story.story_id == literal("story-") + _T.win_id, isouter=True)
        .where(
            _T.name == name,
            _T.edition_id != edition_id,
            or_(_T.corrected_in.is_(None), _T.corrected_in == edition_id),
            or_(
                win.win_id.is_(None),
                win.reason.is_not(None),
                win.final_at > as_of,
                story.state == "retracted",
            ),
        )
        .order_by(_T.edition_id, _T.win_id)
    )
    return list(connection.execute(query))


def notes(connection: Connection, taken_back: Iterable[Any], language: str) -> tuple[str, ...]:
    """One note for each, in a language."""
    said = translations(language)
    holds_not, unknown = (
        said.gettext("It does not hold: %(reason)s."),
        said.gettext("its facts were corrected"),
    )
    taken_back = list(taken_back)
    hidden = secret(connection, language=language) if taken_back else []
    said_then = (
        redacted(_headline(connection, each.edition_id, each.win_id, language) or each.headline, hidden)
        for each in taken_back
    )
    return tuple(
        f"{_note(each.edition_id, headline, language)} "
        + holds_not % {"reason": phrases(language).reason(each.reason) if each.reason else unknown}
        for each, headline in zip(taken_back, said_then, strict=True)
    )


def _headline(connection: Connection, told_in: str, win_id: str, language: str) -> str | None:
    """How an edition put a win in a language, for anybody; None where it was fixed in English alone."""
    if language == ENGLISH:
        return None
    edition = tables.editions.c
    body = connection.scalar(select(edition.body).where(edition.edition_id == told_in))
    told = (each for each in Edition.from_json(body).stories if each.win_id == win_id) if body else ()
    texts = ((each.discreet or each).texts.get(language) for each in told)
    return next((text.headline for text in texts if text), None)


def mark_corrected(connection: Connection, edition: Edition) -> None:
    """Note what a released edition took back."""
    if not edition.corrections:
        return
    hidden = secret(connection)
    for win_id, headline, told_in in untaken(connection, edition):
        said = _note(told_in, redacted(headline, hidden))
        if any(note.startswith(said) for note in edition.corrections):
            mine = and_(_T.name == edition.name, _T.win_id == win_id)
            connection.execute(update(tables.told).where(mine).values(corrected_in=edition.edition_id))


def untaken(connection: Connection, edition: Edition) -> list[Any]:
    """What other editions of this kind told and none took back."""
    query = select(_T.win_id, _T.headline, _T.edition_id).where(
        _T.name == edition.name, _T.edition_id != edition.edition_id, _T.corrected_in.is_(None)
    )
    return list(connection.execute(query))


def _note(told_in: str, headline: str, language: str = ENGLISH) -> str:
    told = translations(language).gettext("In %(edition)s we told “%(headline)s”.")
    return told % {"edition": told_in, "headline": headline}
