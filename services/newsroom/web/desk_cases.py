"""A story as it is opened at the desk: who opens it, what they are to it, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import Depends, Request

from services.newsroom.web import faults
from services.newsroom.web.forms import Form, line
from services.newsroom.web.guard import Sent, Visit, declare, may, sends
from shared import roles
from shared.editing import Desk, EditingError
from shared.roles import Action, Actor
from shared.stories.review import Story, is_overdue, refusal, standings

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Case:
    """A story that someone opened, and the form they sent, which is empty where they only look."""

    desk: Desk
    actor: Actor
    story: Story
    form: Form
    overdue: bool

    def may(self, action: Action) -> bool:
        """Whether it may be done to this story now, by whoever opened it."""
        return refusal(self.story, action, self.actor, overdue=self.overdue) is None

    @property
    def stands_in(self) -> bool:
        """Whether it came to this person because it waits too long."""
        return self.actor.deputy and self.overdue and "editor" not in self.actor.roles


def desk_of(request: Request) -> Desk:
    """The desk as of now."""
    settings: Settings = request.app.state.settings
    now = datetime.now(UTC)
    return Desk(request.app.state.store, now, settings.rules, settings.patience, settings.brand.hosts)


def opens(action: Action) -> Callable[..., Case]:
    """A dependency: a story that the visitor may do this to; to others it is not there. Raises Fault."""

    def found(
        request: Request,
        story_id: str,
        visit: Visit = Depends(may("browse")),  # noqa: B008 - how FastAPI is told
    ) -> Case:
        return _case(request, visit, story_id, action, Form({}))

    return declare(found, action)


def decides(action: Action) -> Callable[..., Case]:
    """The same of a form about a story."""

    def found(
        request: Request,
        story_id: str,
        sent: Sent = Depends(sends("browse")),  # noqa: B008 - how FastAPI is told
    ) -> Case:
        return _case(request, sent.visit, story_id, action, sent.form)

    return declare(found, action)


def _case(request: Request, visit: Visit, story_id: str, action: Action, form: Form) -> Case:
    """By role or by what someone is to the story; its state is judged where something is done to it."""
    desk = desk_of(request)
    actor = Actor(visit.me.person_id, visit.roles, visit.deputy)
    try:
        story = desk.find(line("story", story_id))
    except EditingError:
        raise faults.not_here() from None
    overdue = is_overdue(story, desk.patience, desk.rules, desk.as_of)
    held = standings(story, actor, overdue=overdue)
    if not roles.may("read", actor.roles, held):
        raise faults.not_here()
    if not roles.may(action, actor.roles, held):
        raise faults.not_yours(roles.who_may(action))
    return Case(desk, actor, story, form, overdue)


def path_of(story_id: str) -> str:
    """A story's id as the end of an address."""
    return quote(story_id, safe="")
