"""The answer to a post of events: what became of each, and which status says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Sent:
    """What an event calls itself, as far as that can be read."""

    source: str | None = None
    id: str | None = None

    @classmethod
    def read(cls, raw: bytes) -> Sent:
        """Read the name of an event."""
        try:
            document = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return cls()
        if not isinstance(document, dict):
            return cls()
        return cls(_text(document.get("source")), _text(document.get("id")))


def answer(sent: Sequence[Sent], fates: Sequence[Fate], *, whole: bool) -> Response:
    """202 where every event is in the journal now, else a problem, which no client takes for success.

    `whole`: the body is one event, so that it is unreadable if the event is.
    """
    counts = Counter(fate.outcome for fate in fates)
    report = {
        "accepted": counts["accepted"],
        "duplicates": counts["duplicate"],
        "conflicts": counts["conflict"],
        "rejected": counts["rejected"],
        "events": [
            {"index": index, **asdict(one), **asdict(fate)}
            for index, (one, fate) in enumerate(zip(sent, fates, strict=True))
        ],
    }
    if not (counts["rejected"] or counts["conflict"]):
        return Response(orjson.dumps(report), HTTPStatus.ACCEPTED, media_type="application/json")
    unreadable = whole and fates[0].field == ""
    rejected = HTTPStatus.BAD_REQUEST if unreadable else HTTPStatus.UNPROCESSABLE_ENTITY
    status = rejected if counts["rejected"] else HTTPStatus.CONFLICT
    return Problem(status, _detail(report), more=report).response()


def _detail(report: dict[str, Any]) -> str:
    """What stands in the way of which event, for people who read no further."""
    first = next(told for told in report["events"] if told["outcome"] in {"rejected", "conflict"})
    where = f"{first['field']}: " if first["field"] else ""
    counts = f"{report['rejected']} rejected, {report['conflicts']} in conflict, of {len(report['events'])}"
    return (
        f"{counts}; every other event is recorded. Event {first['index']}: {where}{first['reason']}. "
        "Mend what `events` names and send that again; the same again changes nothing."
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
