"""The style sheet, which browsers may keep for ever: another one has another name."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.guard import anyone
from services.newsroom.web.pages import Look

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}", dependencies=[Depends(anyone)])
def style(request: Request, name: str) -> Response:
    """The look of all pages."""
    look: Look = request.app.state.look
    if f"/static/{name}" != look.path:
        raise faults.not_here()
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(look.css, media_type="text/css", headers=kept)
