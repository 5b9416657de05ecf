"""`POST /v1/drafts`: a person's own story, handed in by another system on that person's behalf."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.newsroom.access import may
from services.newsroom.bodies import read_body
from services.newsroom.contract import Json, problem, reference
from services.newsroom.problems import Problem
from shared.events.decoding import Rejected
from shared.events.drafts import MOST_PHOTOS, Markdown, Title
from shared.events.payload import Person
from shared.events.scalars import Id
from shared.store.tokens import Token
from shared.stories.submission import MOST_BYTES, read
from shared.submitting import OtherContentError, submit

WRITE = "drafts"
_KINDS = {"application/json", "text/markdown"}
_MOST_OF_A_KEY = 200

log = logging.getLogger("tandem.newsroom")
router = APIRouter()


class Draft(BaseModel):
    """A story that a person tells; an editor reads it before anyone else does."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    body: Markdown
    by: Person
    draft_id: Id | None = Field(default=None, description="To hand in another version of the same draft.")
    order_ids: list[Id] = Field(default=[], max_length=1000)
    customer_id: Id | None = None
    thanks: list[Person] = Field(default=[], max_length=1000)
    named: list[Person] = Field(default=[], max_length=1000)
    photos: list[Id] = Field(
        default=[], max_length=MOST_PHOTOS, description="Photos that were uploaded in the newsroom, by id."
    )


class DraftReport(BaseModel):
    """A draft that is in the journal now and waits for an editor."""

    draft_id: str
    story_id: str = Field(description="As the editors' desk calls it.")
    outcome: Literal["submitted", "known"] = Field(description="`known`: the same was handed in before.")


class RefusedDraft(BaseModel):
    """What is wrong with a draft; nothing of it was kept."""

    type: str
    title: str
    status: int
    detail: str
    field: str = Field(description="Such as `title`; empty where the body as a whole cannot be read.")


_RESPONSES: dict[int | str, Json] = {
    HTTPStatus.CREATED: {
        "description": "The draft is in the journal and waits for an editor.",
        "content": {"application/json": {"schema": reference(DraftReport.__name__)}},
    },
    HTTPStatus.OK: {
        "description": "The same was handed in before; nothing changed.",
        "content": {"application/json": {"schema": reference(DraftReport.__name__)}},
    },
    HTTPStatus.BAD_REQUEST: problem("The body, or the key, cannot be read.", RefusedDraft.__name__),
    HTTPStatus.UNAUTHORIZED: problem("No valid token.", "ProblemDetails", "WWW-Authenticate"),
    HTTPStatus.FORBIDDEN: problem("The token is not for drafts."),
    HTTPStatus.REQUEST_TIMEOUT: problem("The body came too slowly."),
    HTTPStatus.CONFLICT: problem("Another story was handed in under this key, and stands."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: problem("Too many bytes."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: problem("Neither JSON nor Markdown."),
    HTTPStatus.UNPROCESSABLE_ENTITY: problem("A field is wrong.", RefusedDraft.__name__),
    HTTPStatus.SERVICE_UNAVAILABLE: problem(
        "The database does not take it now; send the same again.", "ProblemDetails", "Retry-After"
    ),
}
_OPERATION: Json = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Names this hand-in: the same key and body again is the same draft. "
            "Without one the content names it.",
            "schema": {"type": "string", "minLength": 1, "maxLength": _MOST_OF_A_KEY, "pattern": "^[!-~]+$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": reference(Draft.__name__)}},
    },
}


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send a draft as application/json, or as text/markdown below its front matter.",
            headers={"Accept": ", ".join(sorted(_KINDS))},
        )
    return await read_body(request, MOST_BYTES)


def _key(request: Request) -> str | None:
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    if len(given) > 1 or not 0 < len(given[0]) <= _MOST_OF_A_KEY or not given[0].isascii() or " " in given[0]:
        raise _refused(
            HTTPStatus.BAD_REQUEST, "Idempotency-Key", "Send one of at most 200 letters, without spaces"
        )
    return given[0]


Caller = Annotated[Token, Depends(may(WRITE))]
Body = Annotated[bytes, Depends(_body)]
Key = Annotated[str | None, Depends(_key)]


@router.post(
    "/v1/drafts",
    status_code=HTTPStatus.CREATED,
    responses=_RESPONSES,
    openapi_extra=_OPERATION,
    operation_id="post_draft",
    summary="Hand in a story",
)
def post_draft(request: Request, token: Caller, key: Key, body: Body) -> Response:
    """Hand in a story; sending the same again is harmless."""
    state = request.app.state
    now, via = datetime.now(UTC), f"tandem/http/{token.name}"
    try:
        made = submit(state.store, read(body), via=via, key=key, now=now, rules=state.settings.rules)
    except Rejected as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.BAD_REQUEST
        raise _refused(status, error.field, error.reason) from None
    except OtherContentError as error:
        raise Problem(HTTPStatus.CONFLICT, f"{error}.") from None
    log.info("%s handed in %s: %s", token.name, made.draft_id, made.outcome)
    status = HTTPStatus.CREATED if made.outcome == "submitted" else HTTPStatus.OK
    return Response(orjson.dumps(made._asdict()), status, media_type="application/json")


def _refused(status: HTTPStatus, field: str, reason: str) -> Problem:
    where = f"{field}: " if field else ""
    return Problem(
        status, f"{where}{reason}. Nothing was recorded; mend it and send it again.", more={"field": field}
    )
