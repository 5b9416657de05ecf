"""From wins, editions, stories and thanks to the events that tell of them."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, get_args

import orjson

from shared.events.emitted import (
    MODELS,
    SOURCE,
    ContributionTold,
    Counts,
    EditionComposed,
    EditionReleased,
    News,
    Role,
    StoryApproved,
    StoryPublished,
    StoryRetracted,
    StoryReturned,
    StorySubmitted,
    ThanksGiven,
    ThanksTakenBack,
    WinConfirmed,
    WinDetected,
    WinRevoked,
)
from shared.events.payload import EventName
from shared.stories.facts import facts_of
from shared.stories.headlines import headline
from shared.stories.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from sqlalchemy import Row

    from shared.editions.model import Edition
    from shared.patterns.model import Contribution, Win
    from shared.stories.review import Story

NEWS: dict[str, type[News]] = {
    "provisional": WinDetected,
    "final": WinConfirmed,
    "revoked": WinRevoked,
    "composed": EditionComposed,
    "released": EditionReleased,
    "submitted": StorySubmitted,
    "approved": StoryApproved,
    "returned": StoryReturned,
    "published": StoryPublished,
    "retracted": StoryRetracted,
    "given": ThanksGiven,
    "taken_back": ThanksTakenBack,
}
"""What is emitted when a win, an edition, a story or thanks come into a state."""
_ROLES = frozenset(get_args(Role))
_NOBODY = Names()
_OWN_WORDS = frozenset({"site"})
"""Facts that a person may have written freely."""


def of_win(win: Win, as_of: datetime, zone: tzinfo) -> News:
    """What is said of a win; of customers and people only ids, departments and known roles."""
    final_at = win.final_at.astimezone(zone)
    status = win.status(as_of)
    return NEWS[status].model_validate(
        {
            "win_id": win.win_id,
            "pattern": win.pattern,
            "kind": win.kind,
            "status": status,
            "headline": headline(facts_of(win, _NOBODY)),
            "customer_id": win.customer_id,
            "subject": win.subject,
            "month": f"{final_at:%Y-%m}",
            "score": float(win.score),
            "jointness": float(win.jointness),
            "sales": _contributions(win.sales),
            "operations": _contributions(win.operations),
            "facts": {name: value for name, value in win.facts.items() if name not in _OWN_WORDS},
            "evidence": tuple(EventName(**ref._asdict()) for ref in win.evidence),
            "final_at": final_at,
        }
    )


def of_edition(edition: Edition) -> News:
    """What is said of an edition; nobody has received it yet."""
    return NEWS[edition.state].model_validate(
        {
            "edition_id": edition.edition_id,
            "kind": "newsletter" if edition.name == "newsletter" else "digest",
            "audience": edition.audience,
            "period": edition.period.name,
            "counts": Counts(),
        }
    )


def of_story(story: Story, by: str | None, edition: str | None) -> News:
    """What is said of a story; `by` is who brought it into its state, of whom only the part is told."""
    author = story.submitted_by.person_id if story.submitted_by else None
    return NEWS[story.state].model_validate(
        {
            "story_id": story.story_id,
            "win_id": story.story_id.removeprefix("story-"),
            "edition": edition,
            "state": story.state,
            "by": "rule" if by is None else "reporter" if by == author else "editor",
        }
    )


def of_thanks(thanks: Row[Any], to: str, note: str | None, *, is_named: bool) -> News:
    """What is said of thanks to one department; `note` is what everyone may read of them."""
    giver = {"person_id": thanks.person_id if is_named else None, "department": thanks.department}
    return NEWS["given" if thanks.taken_back_at is None else "taken_back"].model_validate(
        {
            "thanks_id": thanks.thanks_id,
            "story_id": thanks.story_id,
            "from": giver,
            "to_department": to,
            "note": note,
        }
    )


def gone(data: bytes) -> News:
    """What is said of a win whose facts were taken away: what was said last, revoked."""
    return WinRevoked.model_validate_json(orjson.dumps(orjson.loads(data) | {"status": "revoked"}))


def dump(news: News) -> bytes:
    """The data as it leaves, always the same bytes for the same news."""
    return news.model_dump_json(exclude_none=True).encode()


def event(news: News, turn: int, as_of: datetime) -> bytes:
    """The structured event; its id follows from what is said, and for the how-manieth time."""
    said = f"{news.TYPE}\n{turn}\n".encode() + dump(news)
    emitted = MODELS[news.TYPE].model_validate(
        {
            "specversion": "1.0",
            "id": blake2b(said, digest_size=16).hexdigest(),
            "source": SOURCE,
            "type": news.TYPE,
            "time": as_of.isoformat(),
            "subject": news.about,
            "data": news,
        }
    )
    return emitted.model_dump_json(exclude_none=True).encode()


def _contributions(parts: Iterable[Contribution]) -> tuple[ContributionTold, ...]:
    """Nobody is named: no preference says so yet."""
    return tuple(
        ContributionTold.model_validate(
            {
                "department": part.department,
                "role": part.role if part.role in _ROLES else None,
                "action": part.action,
                "weight": float(part.weight),
                "event": EventName(**part.event._asdict()),
            }
        )
        for part in parts
    )
