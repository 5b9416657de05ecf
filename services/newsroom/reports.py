"""The answer to a post of events: what became of each, and which status says so."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

import orjson
from fastapi import Response
from pydantic import BaseModel, Field

from services.newsroom.problems import Problem, ProblemDetails

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.newsroom.recorder import Fate


class EventReport(BaseModel):
    """What became of one event."""

    index: int = Field(description="Its place in the request, from 0.")
    source: str | None = Field(description="Null where it could not be read.")
    id: str | None = Field(description="Null where it could not be read.")
    outcome: Literal["accepted", "duplicate", "conflict", "rejected"]
    field: str | None = Field(description="What is wrong with a rejected event, such as `data.lines.0.qty`.")
    reason: str | None = Field(description="Why it was rejected, or what it conflicts with.")


class Report(BaseModel):
    """What became of all events of a request."""

    accepted: int = Field(description="Recorded now.")
    duplicates: int = Field(description="Recorded before, with the same content.")
    conflicts: int = Field(description="Recorded before with other content, which stands.")
    rejected: int = Field(description="Not recorded; kept as dead letters.")
    events: list[EventReport]


class RefusedReport(ProblemDetails, Report):
    """The same where some events were not recorded; all others are."""


def answer(raws: Sequence[bytes], fates: Sequence[Fate]) -> Response:
    """202 where every event is in the journal now; else 422 or 409, which no client takes for success."""
    counts = Counter(fate.outcome for fate in fates)
    report = {
        "accepted": counts["accepted"],
        "duplicates": counts["duplicate"],
        "conflicts": counts["conflict"],
        "rejected": counts["rejected"],
        "events": [
            _event(index, raw, fate) for index, (raw, fate) in enumerate(zip(raws, fates, strict=True))
        ],
    }
    if counts["rejected"]:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, counts["rejected"], report, "kept as dead letters")
    if counts["conflict"]:
        return _refused(HTTPStatus.CONFLICT, counts["conflict"], report, "kept aside as conflicts")
    return Response(orjson.dumps(report), HTTPStatus.ACCEPTED, media_type="application/json")


def _refused(status: HTTPStatus, count: int, report: dict[str, Any], kept: str) -> Response:
    total = len(report["events"])
    detail = (
        f"{count} of {total} events cannot be recorded and are {kept}; every other one is recorded. "
        "Mend what `events` names and send that again; the same again changes nothing."
    )
    return Problem(status, detail, more=report).response()


def _event(index: int, raw: bytes, fate: Fate) -> dict[str, Any]:
    source, name = named(raw)
    return {
        "index": index,
        "source": source,
        "id": name,
        "outcome": fate.outcome,
        "field": fate.field,
        "reason": fate.reason,
    }


def named(raw: bytes) -> tuple[str | None, str | None]:
    """The source and id of an event, as far as they can be read."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None, None
    if not isinstance(document, dict):
        return None, None
    return _text(document.get("source")), _text(document.get("id"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
