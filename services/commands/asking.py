"""`tandem ask`: what people are asked by mail, once, and what they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.commands.context import ActedAt, AsJson, answer, instant, note, opened, say
from services.publisher.asking import asker
from services.publisher.opening import check
from shared.asking.asking import NotAsked, ask, plan
from shared.store import questions

if TYPE_CHECKING:
    from shared.store.questions import Question


def ask_(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show who would be asked, and who would not; change nothing.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what was asked, and the answers.")] = False,
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Ask people what only they know: to confirm, to be named, what their side did; each once."""
    now = instant(as_of)
    with opened() as (settings, store):
        if listed:
            with store.reading() as connection:
                known = (
                    questions.listed(connection)
                    if as_of is None
                    else questions.listed_at(connection, now, now.astimezone(settings.rules.zone).date())
                )
            _tell(known, [], as_json=as_json)
            return
        check(settings, store)
        found = (plan if dry_run else ask)(asker(settings, store), now)
        reachable = settings.public_url is not None
    _tell(found.asked, found.not_asked, as_json=as_json)
    if not reachable:
        note("Nobody can be asked: set TANDEM_PUBLIC_URL, where people open the links.")
    elif found.asked and not dry_run:
        note("tandem send sends these mails.")


def _tell(asked: list[Question], not_asked: list[NotAsked], *, as_json: bool) -> None:
    if as_json:
        answer(
            {
                "asked": [_document(each) for each in asked],
                "not_asked": [
                    {"kind": each.wanted.kind, "subject": each.wanted.subject, "person_id": each.person_id}
                    | {"why": each.why}
                    for each in not_asked
                ],
            }
        )
        return
    for each in asked:
        said = f": {each.answer}" if each.answer else f" until {each.due_on}" if each.state == "asked" else ""
        say(f"{each.kind:8} {each.subject}  {each.person_id}  {each.state}{said}")
    for other in not_asked:
        say(f"{other.wanted.kind:8} {other.wanted.subject}  {other.person_id}  not asked: {other.why}")
    if not asked:
        note("Nobody is asked anything.")


def _document(each: Question) -> dict[str, Any]:
    return {
        "question_id": each.question_id,
        "kind": each.kind,
        "subject": each.subject,
        "person_id": each.person_id,
        "state": each.state,
        "answer": each.answer,
        "asked_at": each.asked_at,
        "due_on": each.due_on,
        "settled_at": each.settled_at,
    }
