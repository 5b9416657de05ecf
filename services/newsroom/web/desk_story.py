"""One story at the desk: its text beside its evidence, and what an editor decides about it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web.desk_cases import Case, decides, opens, path_of
from services.newsroom.web.differences import differences
from services.newsroom.web.faults import Fault
from services.newsroom.web.forms import asked
from services.newsroom.web.pages import language, page, then
from services.newsroom.web.telling_photos import photos_of
from services.newsroom.web.values import described
from shared.consent import called, consents
from shared.editing import EditingError, OtherwiseError, ReasonNeededError
from shared.patterns.conditions import condition
from shared.rendering.markdown import MarkdownError, to_html
from shared.store import stories
from shared.stories.review import PAST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from services.newsroom.web.differences import Part
    from shared.dossier import Dossier
    from shared.roles import Action
    from shared.settings import Settings
    from shared.store.stories import Entry
    from shared.stories.review import Content, Story

router = APIRouter(include_in_schema=False)


@router.get("/desk/stories/{story_id:path}")
def story(request: Request, case: Annotated[Case, Depends(opens("read"))]) -> Response:
    """Show one story with all that speaks for and against telling it."""
    return _shown(request, case)


@router.post("/desk/approve/{story_id:path}")
def approve(request: Request, case: Annotated[Case, Depends(decides("approve"))]) -> Response:
    """Let it be told as it was read."""
    seen = case.form.one("hash")
    return _decide(
        request,
        case,
        "approve",
        lambda: case.desk.approve(
            case.story.story_id, case.actor, seen=seen, reason=case.form.prose("reason") or None
        ),
    )


@router.post("/desk/return/{story_id:path}")
def give_back(request: Request, case: Annotated[Case, Depends(decides("return"))]) -> Response:
    """Give it back to whoever told it."""
    return _decide(
        request,
        case,
        "return",
        lambda: case.desk.give_back(case.story.story_id, case.actor, case.form.prose("comment")),
    )


@router.post("/desk/retract/{story_id:path}")
def retract(request: Request, case: Annotated[Case, Depends(decides("retract"))]) -> Response:
    """Take it out for good."""
    return _decide(
        request,
        case,
        "retract",
        lambda: case.desk.retract(case.story.story_id, case.actor, case.form.prose("why")),
    )


@router.post("/desk/merge/{story_id:path}")
def merge(request: Request, case: Annotated[Case, Depends(decides("merge"))]) -> Response:
    """Take it out, for another one tells it."""
    return _decide(
        request,
        case,
        "merge",
        lambda: case.desk.merge(case.story.story_id, case.actor, case.form.one("into")),
    )


@router.post("/desk/comment/{story_id:path}")
def comment(request: Request, case: Annotated[Case, Depends(decides("comment"))]) -> Response:
    """Say something about it."""
    return _decide(
        request,
        case,
        "comment",
        lambda: case.desk.comment(case.story.story_id, case.actor, case.form.prose("said")),
    )


def _decide(request: Request, case: Case, action: Action, do: Callable[[], object]) -> Response:
    """Decide, then show the story as it stands; what was sent twice was done once."""
    try:
        do()
    except OtherwiseError:
        changed = changed_since(case, case.form.one("hash"))
        return _shown(request, case, HTTPStatus.CONFLICT, changed=changed)
    except Fault as fault:
        return _shown(request, case, fault.status, problem=str(fault))
    except ReasonNeededError:
        return _shown(request, case, HTTPStatus.UNPROCESSABLE_ENTITY, needs_reason=True)
    except EditingError as error:
        if not _was_done(case, action):
            code = HTTPStatus.UNPROCESSABLE_ENTITY if case.may(action) else HTTPStatus.CONFLICT
            return _shown(request, case, code, problem=str(error))
    return then(f"/desk/stories/{path_of(case.story.story_id)}?done={action}")


def _was_done(case: Case, action: Action) -> bool:
    """Whether this was the last thing that happened, by the same person."""
    with case.desk.store.reading() as connection:
        history = stories.history(connection, case.story.story_id)
    return bool(history) and (history[-1].action, history[-1].by) == (action, case.actor.person_id)


def _shown(request: Request, case: Case, code: int = HTTPStatus.OK, **told: Any) -> Response:
    """The story as it stands now, with what went wrong and what was typed."""
    settings: Settings = request.app.state.settings
    desk = case.desk
    waiting, dossier = desk.show(case.story.story_id)
    case = replace(case, story=dossier.story)
    with desk.store.reading() as connection:
        people = consents(connection, dossier, desk.as_of, settings.choice, desk.rules)
        names = called(connection, _people(dossier))
        shown = photos_of(connection, dossier.story)
    done = asked(request, "done")
    return page(
        request,
        "desk_story",
        code=code,
        case=case,
        waiting=waiting,
        dossier=dossier,
        text=as_html(dossier.printed.body, desk.hosts),
        gates=[
            (
                gate,
                condition(dossier.pattern, gate.name),
                described(gate.values, desk.rules.zone, language(request)),
            )
            for gate in dossier.gates
        ],
        people=people,
        photos=shown,
        names=names,
        alike=desk.alike(dossier.story),
        next=_next(case),
        path_of=path_of,
        zone=desk.rules.zone,
        done=done if done in PAST else "",
        **{"problem": "", "changed": None, "needs_reason": False, **told},
    )


def changed_since(case: Case, seen: str) -> list[Part]:
    """What became other words since someone read the story; empty where its orders or people did."""
    with case.desk.store.reading() as connection:
        history = stories.history(connection, case.story.story_id)
        now = case.desk.find(case.story.story_id).content
    before = _as_read(history, seen)
    return differences(before, _whole(now)) if before else []


def _as_read(history: Iterable[Entry], seen: str) -> str:
    """The words that a hash is of; empty where the log does not hold them."""
    words = ""
    for entry in history:
        if entry.title is not None:
            words = f"{entry.title}\n\n{entry.body}"
        if seen and entry.hash == seen:
            return words
    return ""


def _whole(content: Content) -> str:
    return f"{content.title}\n\n{content.body}"


def as_html(text: str, hosts: Iterable[str]) -> Markup | None:
    """The text as readers see it; None where it cannot be shown as Markdown."""
    try:
        return to_html(text, frozenset(hosts))
    except MarkdownError:
        return None


def _next(case: Case) -> Story | None:
    """The next story that waits and that the same person may decide about."""
    for each in case.desk.queue("submitted"):
        other = replace(case, story=each.story, overdue=each.overdue)
        if each.story.story_id != case.story.story_id and other.may("approve"):
            return each.story
    return None


def _people(dossier: Dossier) -> Iterable[str | None]:
    by = dossier.story.submitted_by
    return [by.person_id if by else None, dossier.story.edited_by, *(each.by for each in dossier.history)]
