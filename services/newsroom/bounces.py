"""`POST /v1/bounces`: what a provider of mail says came back, or complained."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.newsroom.access import may
from services.newsroom.bodies import read_body
from services.newsroom.contract import Json, problem, reference
from services.newsroom.problems import Problem, ProblemDetails
from shared.mailing.bouncing import take_in
from shared.mailing.returned import MOST_BYTES, Returned, plain, read_report, tokens_in, weigh
from shared.store.tokens import Token

WRITE: Final = "bounces:write"
RAW: Final = "message/rfc822"
_KINDS: Final = ("application/json", RAW)
_MOST: Final = 1000

log = logging.getLogger("tandem.newsroom")
router = APIRouter()


class Bounce(BaseModel):
    """A mail that came back, or about which somebody complained."""

    model_config = ConfigDict(extra="ignore")

    token: str = Field(
        min_length=1, max_length=500, description="The return path of the mail, or its header X-Tandem-Mail."
    )
    kind: Literal["bounce", "complaint"] = "bounce"
    status: str = Field(
        default="", max_length=50, description="As RFC 3463 has it, such as `5.1.1`; empty: not for good."
    )
    text: str = Field(default="", max_length=5000, description="What the other side said.")


class BounceFate(BaseModel):
    """What became of one."""

    index: int = Field(description="Its place in the request, from 0.")
    outcome: Literal["hard", "soft", "other", "complaint", "known", "refused", "ignored"]
    reason: str


class BounceReport(BaseModel):
    """What became of all of a request."""

    taken: int = Field(description="Taken in now.")
    known: int = Field(description="Taken in before.")
    ignored: int = Field(description="Nothing to act on, such as an automatic answer.")
    refused: int = Field(description="About no mail that Tandem sent.")
    bounces: list[BounceFate]


class RefusedBounces(ProblemDetails, BounceReport):
    """The same where some were refused; all others are taken in."""


class WrongBounces(ProblemDetails):
    """What is wrong with the body; nothing of it was taken in."""

    field: str = Field(description="Such as `0.status`; empty where the body as a whole cannot be read.")


MODELS: Final = (Bounce, BounceReport, RefusedBounces, WrongBounces)
_BODY = TypeAdapter[list[Bounce]](Annotated[list[Bounce], Field(min_length=1, max_length=_MOST)])
_RESPONSES: dict[int | str, Json] = {
    HTTPStatus.OK: {
        "description": "All are taken in, or need nothing.",
        "content": {"application/json": {"schema": reference(BounceReport.__name__)}},
    },
    HTTPStatus.BAD_REQUEST: problem("The body cannot be read.", WrongBounces.__name__),
    HTTPStatus.UNAUTHORIZED: problem("No valid token.", ProblemDetails.__name__, "WWW-Authenticate"),
    HTTPStatus.FORBIDDEN: problem("The token is not for bounces."),
    HTTPStatus.REQUEST_TIMEOUT: problem("The body came too slowly."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: problem("Too many bytes."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: problem("Neither JSON nor a mail."),
    HTTPStatus.UNPROCESSABLE_ENTITY: problem(
        "Some are about no mail that Tandem sent. All others are taken in.", RefusedBounces.__name__
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: problem(
        "The database does not take it now; send the same again.", ProblemDetails.__name__, "Retry-After"
    ),
}
_OPERATION: Json = {
    "requestBody": {
        "required": True,
        "description": f"One or up to {_MOST} as JSON; or the mail that came back, as it came.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        reference(Bounce.__name__),
                        {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": _MOST,
                            "items": reference(Bounce.__name__),
                        },
                    ]
                }
            },
            RAW: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


async def _body(request: Request) -> bytes:
    if _kind(request) not in _KINDS:
        detail = f"Send bounces as {_KINDS[0]}, or a mail that came back as {RAW}."
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": ", ".join(_KINDS)})
    return await read_body(request, MOST_BYTES)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


Caller = Annotated[Token, Depends(may(WRITE))]
Body = Annotated[bytes, Depends(_body)]


@router.post(
    "/v1/bounces",
    responses=_RESPONSES,
    openapi_extra=_OPERATION,
    operation_id="post_bounces",
    summary="Tell what came back",
)
def post_bounces(request: Request, token: Caller, body: Body) -> Response:
    """Take in bounces and complaints; sending the same again is harmless."""
    state = request.app.state
    reports = [read_report(body)] if _kind(request) == RAW else _reports(body)
    now = datetime.now(UTC)
    fates = [take_in(state.store, report, now, state.settings.bounces) for report in reports]
    counts = Counter(fate.outcome for fate in fates)
    log.info("%s told of %d that came back: %s", token.name, len(fates), dict(counts))
    told: dict[str, Any] = {
        "taken": len(fates) - counts["known"] - counts["ignored"] - counts["refused"],
        "known": counts["known"],
        "ignored": counts["ignored"],
        "refused": counts["refused"],
        "bounces": [
            {"index": index, "outcome": fate.outcome, "reason": fate.reason}
            for index, fate in enumerate(fates)
        ],
    }
    if counts["refused"]:
        detail = (
            f"{counts['refused']} of {len(fates)} name no mail that Tandem sent, and are counted; every "
            "other is taken in. Send the return path of the mail, or its header X-Tandem-Mail, as `token`."
        )
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, more=told).response()
    return Response(orjson.dumps(told), media_type="application/json")


def _reports(body: bytes) -> list[Returned]:
    try:
        told = orjson.loads(body)
        many = isinstance(told, list)
        return [_returned(each) for each in _BODY.validate_python(told if many else [told])]
    except orjson.JSONDecodeError as error:
        raise _wrong("", f"is no JSON ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"] if many else first["loc"][1:]
        raise _wrong(".".join(str(part) for part in where), first["msg"]) from None


def _returned(bounce: Bounce) -> Returned:
    kind = "complaint" if bounce.kind == "complaint" else weigh(bounce.status)
    return Returned(kind, tokens_in(bounce.token), plain(bounce.status), plain(bounce.text))


def _wrong(field: str, reason: str) -> Problem:
    where = f"{field}: " if field else ""
    detail = f"{where}{reason}. Nothing was taken in; mend it and send it again."
    return Problem(HTTPStatus.BAD_REQUEST, detail, more={"field": field})
