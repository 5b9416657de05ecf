"""The doubtful mails of an edition, each to be decided by somebody who looked into the relay's log."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.desk_edition import found
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import language, page, then
from shared.consent import called
from shared.mailing import deciding
from shared.mailing.naming import message_ids
from shared.mailing.post import MailError
from shared.mailing.releasing import PROOF
from shared.rendering.writing import in_language
from shared.store import ledger, people

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
SHOWN: Final = 50
"""Doubtful mails on one page; the others follow as these are decided."""
_SAID: Final = {"delivered": people.DELIVERED, "again": people.SEND_AGAIN}


@router.get("/desk/editions/{edition_id}/doubtful")
def doubtful(
    request: Request, _visit: Annotated[Visit, Depends(may("see_composed"))], edition_id: str
) -> Response:
    """Each doubtful mail, by what the relay's log calls it."""
    return _shown(request, edition_id)


@router.post("/desk/editions/{edition_id}/doubtful/{mail_id}")
def settle(
    request: Request, sent: Annotated[Sent, Depends(sends("publish"))], edition_id: str, mail_id: str
) -> Response:
    """Write down that a mail was delivered, or have it sent again."""
    store: Store = request.app.state.store
    found(request, edition_id)
    said, note, who = sent.form.one("do"), sent.form.prose("reason"), sent.visit.me.person_id
    if said not in _SAID:
        raise faults.wrong("do", f"Write one of {', '.join(_SAID)}")
    with store.reading() as connection:
        mail = ledger.mail(connection, mail_id)
        decided = people.decisions(connection, mail_id)
    if mail is None or mail.edition_id not in _sendings(edition_id):
        raise faults.not_here()
    done, now = f"/desk/editions/{edition_id}/doubtful?done=", datetime.now(UTC)
    if mail.state != "doubtful" and decided and decided[-1].what == _SAID[said]:
        return then(f"{done}{said}")  # a second click changes nothing
    try:
        state = deciding.settle(store, mail_id, now, who=who, delivered=said == "delivered", note=note)
    except MailError as error:
        return _shown(request, edition_id, HTTPStatus.CONFLICT, problem=str(error))
    return then(f"{done}{'none' if state == 'excluded' else said}")


def _shown(request: Request, edition_id: str, code: int = HTTPStatus.OK, problem: str = "") -> Response:
    store: Store = request.app.state.store
    one = in_language(found(request, edition_id), language(request))
    with store.reading() as connection:
        mails = [mail for each in _sendings(edition_id) for mail in _doubtful(connection, each)]
        names = called(connection, [mail.person_id for mail, _ in mails])
    return page(
        request,
        "desk_doubtful",
        code=code,
        edition=one,
        mails=mails[:SHOWN],
        is_more=len(mails) > SHOWN,
        names=names,
        zone=request.app.state.settings.rules.zone,
        done=asked(request, "done"),
        problem=problem,
    )


def _sendings(edition_id: str) -> tuple[str, str]:
    """Of the edition itself, and of its proof for editors."""
    return edition_id, f"{edition_id}{PROOF}"


def _doubtful(connection: Connection, sending_id: str) -> list[tuple[Row[Any], str]]:
    """Mails, each with its Message-ID."""
    rows = ledger.listed(connection, edition_id=sending_id, state="doubtful", most=SHOWN + 1)
    return list(zip(rows, message_ids(connection, rows), strict=True))
