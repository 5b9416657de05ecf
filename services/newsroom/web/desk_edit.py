"""The words of a story at the desk: changed, looked at before they are kept, and never lost."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web.desk_cases import Case, decides, opens, path_of
from services.newsroom.web.desk_story import as_html, changed_since
from services.newsroom.web.pages import page, then
from shared.editing import EditingError, OtherwiseError

router = APIRouter(include_in_schema=False)


@router.get("/desk/edit/{story_id:path}")
def writing(request: Request, case: Annotated[Case, Depends(opens("edit"))]) -> Response:
    """The words of a story, to be changed."""
    content = case.story.content
    return _editor(request, case, content.title, content.body, seen=content.hash)


@router.post("/desk/edit/{story_id:path}")
def edit(request: Request, case: Annotated[Case, Depends(decides("edit"))]) -> Response:
    """Look at changed words, or keep them; whatever stands in the way, they are shown again."""
    form = case.form
    title, body, seen = form.typed("title"), form.typed("body"), form.typed("hash")
    if form.one("do") == "look":
        return _editor(request, case, title, body, seen=seen, looked=True)
    try:
        case.desk.edit(case.story.story_id, case.actor, title=title, body=body, seen=seen)
    except OtherwiseError:
        now = case.desk.find(case.story.story_id).content
        changed = changed_since(case, seen)
        return _editor(request, case, title, body, seen=now.hash, code=HTTPStatus.CONFLICT, changed=changed)
    except EditingError as error:
        code = HTTPStatus.UNPROCESSABLE_ENTITY if case.may("edit") else HTTPStatus.CONFLICT
        return _editor(request, case, title, body, seen=seen, code=code, problem=str(error))
    return then(f"/desk/stories/{path_of(case.story.story_id)}?done=edit")


def _editor(
    request: Request,
    case: Case,
    title: str,
    body: str,
    *,
    seen: str,
    code: int = HTTPStatus.OK,
    looked: bool = False,
    **told: Any,
) -> Response:
    text = {}
    if looked:
        reworded = replace(case.story, content=case.story.content.reworded(title, body))
        text = {"text": as_html(body, case.desk.hosts), "concerns": case.desk.check(reworded)}
    return page(
        request,
        "desk_edit",
        code=code,
        case=case,
        title=title,
        body=body,
        seen=seen,
        looked=looked,
        path_of=path_of,
        **{"problem": "", "changed": None, **text, **told},
    )
