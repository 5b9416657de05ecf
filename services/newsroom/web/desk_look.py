"""An edition's mail as its readers will see it: on a desk, on a phone, in the dark, and as text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.desk_edition import LOOKS, found
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Visit, may
from services.newsroom.web.pages import FRAMING_POLICY, document, language, page
from shared.languages import languages
from shared.mailing.audiences import reader
from shared.rendering.writing import render_email

if TYPE_CHECKING:
    from shared.editions.model import Edition
    from shared.rendering.writing import Rendered

router = APIRouter(include_in_schema=False)
_DARK: Final = "(prefers-color-scheme: dark)"
Sees = Annotated[Visit, Depends(may("see_composed"))]


@router.get("/desk/editions/{edition_id}/look")
def look(request: Request, visit: Sees, edition_id: str) -> Response:
    """The mail as one reader sees it: on a desk, a phone, in the dark, or as text."""
    edition, how, code = found(request, edition_id), asked(request, "as") or LOOKS[0], _language(request)
    if how not in LOOKS:
        raise faults.wrong("as", f"Write one of {', '.join(LOOKS)}")
    mail = _mail(request, visit, edition, code)
    response = page(
        request,
        "desk_look",
        edition=edition,
        mail=mail,
        how=how,
        looks=LOOKS,
        code_=code,
        languages=languages(),
    )
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@router.get("/desk/editions/{edition_id}/mail")
def mail_(request: Request, visit: Sees, edition_id: str) -> Response:
    """The mail itself, to be framed; light or dark whatever the browser prefers."""
    html = _mail(request, visit, found(request, edition_id), _language(request)).page
    dark = asked(request, "scheme") == "dark"
    return document(html.replace(_DARK, "all" if dark else "not all"), framed=True)


def _mail(request: Request, visit: Visit, edition: Edition, code: str) -> Rendered:
    who = reader(visit.me, edition.name, visit.me.customers or frozenset())
    brand = request.app.state.settings.brand
    return render_email(edition, brand, replace(who, language=code))


def _language(request: Request) -> str:
    asked_for = asked(request, "language")
    return asked_for if asked_for in languages() else language(request)
