"""The style sheet and our code, which browsers may keep for ever: others have other names."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.guard import anyone
from services.newsroom.web.pages import Look

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}", dependencies=[Depends(anyone)])
def style(request: Request, name: str) -> Response:
    """The look of all pages, and the code of those that have some."""
    look: Look = request.app.state.look
    files = {look.path: (look.css, "text/css"), look.code_path: (look.code, "text/javascript")}
    if (found := files.get(f"/static/{name}")) is None:
        raise faults.not_here()
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found[0], media_type=found[1], headers=kept)
