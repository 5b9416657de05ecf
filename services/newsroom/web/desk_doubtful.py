"""Doubtful mails, each to be decided by somebody who looked into the relay's log."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
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
from shared.people.model import QUESTIONS
from shared.rendering.writing import in_language
from shared.store import ledger, people

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from shared.editions.model import Edition
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
SHOWN: Final = 50
"""Doubtful mails on one page; the others follow as these are decided."""
_SAID: Final = {"delivered": people.DELIVERED, "again": people.SEND_AGAIN}
Sees = Annotated[Visit, Depends(may("see_composed"))]
Publishes = Annotated[Sent, Depends(sends("publish"))]


@router.get("/desk/editions/{edition_id}/doubtful")
def doubtful(request: Request, _visit: Sees, edition_id: str) -> Response:
    """Each doubtful mail of an edition, by what the relay's log calls it."""
    return _shown(request, found(request, edition_id))


@router.post("/desk/editions/{edition_id}/doubtful/{mail_id}")
def settle(request: Request, sent: Publishes, edition_id: str, mail_id: str) -> Response:
    """Write down that a mail was delivered, or have it sent again."""
    return _settled(request, sent, found(request, edition_id), mail_id)


@router.get("/desk/questions/doubtful")
def doubtful_questions(request: Request, _visit: Sees) -> Response:
    """The same of mails that ask somebody something, of whichever round."""
    return _shown(request, None)


@router.post("/desk/questions/doubtful/{mail_id}")
def settle_question(request: Request, sent: Publishes, mail_id: str) -> Response:
    """The same of a mail that asks somebody something."""
    return _settled(request, sent, None, mail_id)


def _settled(request: Request, sent: Sent, edition: Edition | None, mail_id: str) -> Response:
    store: Store = request.app.state.store
    said, note, who = sent.form.one("do"), sent.form.prose("reason"), sent.visit.me.person_id
    if said not in _SAID:
        raise faults.wrong("do", f"Write one of {', '.join(_SAID)}")
    with store.reading() as connection:
        mail = ledger.mail(connection, mail_id)
        decided = people.decisions(connection, mail_id)
    if mail is None or not _is_of(mail, edition):
        raise faults.not_here()
    done, now = f"{_base(edition)}/doubtful?done=", datetime.now(UTC)
    if mail.state != "doubtful" and decided and decided[-1].what == _SAID[said]:
        return then(f"{done}{said}")  # a second click changes nothing
    try:
        state = deciding.settle(store, mail_id, now, who=who, delivered=said == "delivered", note=note)
    except MailError as error:
        return _shown(request, edition, HTTPStatus.CONFLICT, problem=str(error))
    return then(f"{done}{'none' if state == 'excluded' else said}")


def _shown(
    request: Request, edition: Edition | None, code: int = HTTPStatus.OK, problem: str = ""
) -> Response:
    store: Store = request.app.state.store
    with store.reading() as connection:
        mails = _doubtful(connection, edition)
        decided = people.decisions_of_kind(connection, QUESTIONS, SHOWN) if edition is None else []
        named = list(zip(mails, message_ids(connection, mails), strict=True))
        names = called(connection, [*(mail.person_id for mail in mails), *(each.who for each in decided)])
    return page(
        request,
        "desk_doubtful",
        code=code,
        edition=None if edition is None else in_language(edition, language(request)),
        base=_base(edition),
        mails=named[:SHOWN],
        is_more=len(named) > SHOWN,
        decided=decided,
        names=names,
        zone=request.app.state.settings.rules.zone,
        done=asked(request, "done"),
        problem=problem,
    )


def _base(edition: Edition | None) -> str:
    return "/desk/questions" if edition is None else f"/desk/editions/{edition.edition_id}"


def _is_of(mail: Row[Any], edition: Edition | None) -> bool:
    """Of the edition itself or its proof for editors; without one, of a round of questions."""
    if edition is None:
        return bool(mail.edition_id.startswith(f"{QUESTIONS}-"))
    return mail.edition_id in _sendings(edition)


def _sendings(edition: Edition) -> tuple[str, str]:
    return edition.edition_id, f"{edition.edition_id}{PROOF}"


def _doubtful(connection: Connection, edition: Edition | None) -> list[Row[Any]]:
    listed, most = partial(ledger.listed, connection, state="doubtful"), SHOWN + 1
    if edition is None:
        return listed(kind=QUESTIONS, most=most)
    return [mail for each in _sendings(edition) for mail in listed(edition_id=each, most=most)]
