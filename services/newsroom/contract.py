"""The contract as OpenAPI: the models of events, answers and problems, so that a client can be generated."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from services.newsroom import problems
from services.newsroom.modes import BATCH, EVENT
from services.newsroom.problems import ProblemDetails
from services.newsroom.reports import RefusedReport, Report
from shared.events.catalogue import MODELS, PAYLOADS

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import BaseModel

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_ATTRIBUTES = {
    "specversion": "`1.0`",
    "id": "Names the event for ever, together with the source.",
    "source": "The system that says so, such as `/erp`.",
    "type": "Such as `tandem.order.placed.v1`.",
    "time": "When it happened, RFC 3339 with an offset.",
    "subject": "Such as `order/SO-1`.",
}


def describe(app: FastAPI, *models: type[BaseModel]) -> None:
    """Have the application's OpenAPI document carry the contract of events, and further models."""

    @cache
    def document() -> Json:
        told = get_openapi(
            title="Tandem",
            version=app.version,
            summary="Finds in events what Sales and Operations achieved together.",
            routes=app.routes,
        )
        told["components"]["schemas"] = _schemas(models)
        for path in told["paths"].values():
            for operation in path.values():
                _drop_what_cannot_be(operation)
        return told

    app.openapi = document  # type: ignore[method-assign] # the documented way to extend it


def reference(model: str) -> Json:
    """A schema that stands among the components."""
    return {"$ref": _REF.format(model=model)}


def problem(description: str, model: str = ProblemDetails.__name__, *headers: str) -> Json:
    """The documentation of a problem."""
    told: Json = {"description": description, "content": {problems.MEDIA_TYPE: {"schema": reference(model)}}}
    if headers:
        told["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return told


RESPONSES: dict[int | str, Json] = {
    HTTPStatus.ACCEPTED: {
        "description": "Every event is in the journal now: recorded, or known as a duplicate.",
        "content": {"application/json": {"schema": reference(Report.__name__)}},
    },
    HTTPStatus.BAD_REQUEST: problem("The body as a whole cannot be read; it is kept as a dead letter."),
    HTTPStatus.UNAUTHORIZED: problem("No valid token.", ProblemDetails.__name__, "WWW-Authenticate"),
    HTTPStatus.FORBIDDEN: problem("The token is not for this, or not for this source. Nothing was recorded."),
    HTTPStatus.REQUEST_TIMEOUT: problem("The body came too slowly. Nothing was recorded."),
    HTTPStatus.CONFLICT: problem(
        "Some events are recorded with other content, which stands. Every other event is recorded.",
        RefusedReport.__name__,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: problem("Too many bytes or events at once. Nothing was recorded."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: problem("Neither of the modes of CloudEvents. Nothing was recorded."),
    HTTPStatus.UNPROCESSABLE_ENTITY: problem(
        "Some events were rejected and are kept as dead letters. Every other event is recorded.",
        RefusedReport.__name__,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: problem(
        "The database does not take it now. Nothing was recorded; send the same again.",
        ProblemDetails.__name__,
        "Retry-After",
    ),
}
EVENTS: Json = {
    "parameters": [
        {
            "name": f"ce-{name}",
            "in": "header",
            "required": False,
            "description": f"Binary mode only. {said}",
            "schema": {"type": "string"},
        }
        for name, said in _ATTRIBUTES.items()
    ],
    "requestBody": {
        "required": True,
        "description": f"One event, or in binary mode its data. A batch, as {BATCH}, is read here, too.",
        "content": {
            EVENT: {"schema": reference("CloudEvent")},
            "application/json": {"schema": {"type": "object", "additionalProperties": True}},
        },
    },
}
BATCHES: Json = {
    "requestBody": {
        "required": True,
        "content": {BATCH: {"schema": {"type": "array", "items": reference("CloudEvent")}}},
    },
}


def _drop_what_cannot_be(operation: Json) -> None:
    """FastAPI tells of its own validation, which no route here has."""
    told = orjson.dumps(operation["responses"].get("422", {}))
    if b"HTTPValidationError" in told:
        del operation["responses"]["422"]


def _schemas(more: tuple[type[BaseModel], ...]) -> Json:
    """Every component: each type's event with its parts, the union of them, and the answers."""
    models: list[type[BaseModel]] = [*MODELS.values(), Report, RefusedReport, ProblemDetails, *more]
    _, told = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    text = orjson.dumps(told["$defs"]).decode()
    names = {name: f"{payload.__name__}Event" for name, payload in PAYLOADS.items()}
    for name, payload in PAYLOADS.items():
        text = text.replace(f"Event_{payload.__name__}_", names[name])
    schemas: Json = orjson.loads(text)
    for name, model in names.items():
        schemas[model]["title"] = model
        schemas[model]["properties"]["type"] = {"type": "string", "const": name}
    return schemas | {"CloudEvent": _any_of(names)}


def _any_of(names: dict[str, str]) -> Json:
    return {
        "title": "CloudEvent",
        "description": "One event. Types that are not listed are recorded too, and otherwise ignored.",
        "oneOf": [reference(model) for model in names.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: _REF.format(model=model) for name, model in names.items()},
        },
    }
