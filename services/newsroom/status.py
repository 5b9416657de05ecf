"""How Tandem fares, for machines, and the schemas of its events."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import text

from services.newsroom.contract import problem
from services.newsroom.problems import Problem
from services.newsroom.web.guard import anyone
from shared.events.catalogue import MODELS

router = APIRouter(dependencies=[Depends(anyone)])


@router.get("/health", operation_id="get_health", summary="Whether the process lives")
def health() -> dict[str, str]:
    """Answer; only where this fails is a restart of any use."""
    return {"status": "ok"}


@router.get(
    "/ready",
    operation_id="get_ready",
    summary="Whether it can take events",
    responses={HTTPStatus.SERVICE_UNAVAILABLE: problem("The database cannot be reached.")},
)
def ready(request: Request) -> dict[str, str]:
    """Ask the database, and say how Kafka fares: without it the web goes on, degraded."""
    with request.app.state.store.reading() as connection:
        connection.execute(text("SELECT 1"))
    checks = {name: check() for name, check in request.app.state.checks.items()}
    status = "ok" if all(said == "ok" for said in checks.values()) else "degraded"
    return {"status": status, "database": "ok", **checks}


@router.get(
    "/v1/schemas/{type}",
    operation_id="get_schema",
    summary="The JSON Schema of a type of event",
    responses={HTTPStatus.NOT_FOUND: problem("There is no such type.")},
)
def schema(type: str) -> dict[str, Any]:  # noqa: A002 - the attribute's name in CloudEvents
    """Describe the envelope and data of events such as `tandem.order.placed.v1`."""
    model = MODELS.get(type)
    if model is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            f"There is no type {type[:100]!r}; write one of {', '.join(sorted(MODELS))}.",
        )
    return model.model_json_schema()
