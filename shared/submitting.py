"""Use case: people hand in stories, and the other side confirms them; each is an event of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from shared.events.decoding import Rejected, decode
from shared.intake import INTAKE
from shared.isolating import record_apart
from shared.store import journal, stories
from shared.stories.review import story_id_of
from shared.stories.submission import confirmed, submitted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shared.recording import Report
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.submission import Submission

Outcome = Literal["submitted", "known"]


class OtherContentError(Exception):
    """Another content came under this key before; the message says what to do."""


class Submitted(NamedTuple):
    """A draft that is in the journal: `known` where the same was handed in before."""

    draft_id: str
    story_id: str
    outcome: Outcome


def submit(
    store: Store, submission: Submission, *, via: str, key: str | None, now: datetime, rules: Rules
) -> Submitted:
    """Hand in a story; when this returns, it is in the journal and waits for an editor.

    Handing in the same again changes nothing: without a `key` the content names it. Raises Rejected and
    OtherContentError.
    """
    name = submission.hash if key is None else f"key {key}"
    event, report = _once(store, lambda time: submitted(submission, via, name, time), now, rules, submission)
    draft_id = str(event["data"]["draft_id"])
    if report.conflicts:
        raise OtherContentError(
            "Another story was handed in under this key, and stands; send this one under a new key"
        )
    return Submitted(draft_id, story_id_of(draft_id), "submitted" if report.accepted else "known")


def confirm(
    store: Store, draft_id: str, line: str, by: dict[str, Any], *, via: str, now: datetime, rules: Rules
) -> Outcome:
    """Confirm another side's story in one line; raises Rejected."""
    with store.reading() as connection:
        known = stories.found(connection, [story_id_of(draft_id)])
    if not known:
        raise Rejected("draft_id", f"There is no draft {draft_id}; tandem stories lists them")
    _, report = _once(store, lambda time: confirmed(draft_id, line, by, via, time), now, rules)
    return "submitted" if report.accepted else "known"


def _once(
    store: Store,
    made: Callable[[datetime], bytes],
    now: datetime,
    rules: Rules,
    submission: Submission | None = None,
) -> tuple[dict[str, Any], Report]:
    """Record an event that its content or key names: the same again has the time of the first."""
    for _ in range(2):  # whoever comes at the same instant may have been first
        event = decode(made(now))
        name = (event["source"], event["id"])
        with store.reading() as connection:
            before = journal.named(connection, [name]).get(name)
            if submission is not None:
                _check_author(connection, event["data"])
        raw = made(before.time if before else now)
        report = record_apart(store, [raw], as_of=now, rules=rules, intake=INTAKE)
        if report.rejects:
            raise Rejected(report.rejects[0].field.removeprefix("data."), report.rejects[0].reason)
        if not report.conflicts or before is not None:
            break
    return event, report


def _check_author(connection: Any, data: dict[str, Any]) -> None:
    """Nobody hands in anew what another person tells; editors edit it."""
    story = stories.found(connection, [story_id_of(data["draft_id"])]).get(story_id_of(data["draft_id"]))
    if story and story.submitted_by and story.submitted_by.person_id != data["actor"]["person_id"]:
        raise Rejected(
            "draft_id", "Someone else tells a story of this id; leave draft_id out to tell another one"
        )
