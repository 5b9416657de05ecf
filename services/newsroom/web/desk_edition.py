"""One edition at the desk: what it tells and why, chosen and ordered by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.web import faults
from services.newsroom.web.faults import Fault
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Sent, Visit, may, sends
from services.newsroom.web.pages import language, page, then
from shared import archive, exploring
from shared.choosing import choose, move
from shared.consent import called
from shared.mailing.audiences import AUDIENCES
from shared.mailing.post import MailError
from shared.mailing.releasing import PROOF
from shared.people.model import OPERATIONS, SALES
from shared.periods import Period
from shared.projecting.naming import names_of
from shared.projecting.reading import Reading
from shared.publishing import EditionError
from shared.rendering.writing import RenderError, in_language
from shared.store import choosing, ledger, people, runs, sendings
from shared.stories.facts import facts_of
from shared.stories.headlines import headline

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from services.newsroom.web.forms import Form
    from shared.editions.model import Edition
    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
LOOKS: Final = ("desktop", "phone", "dark", "text")
"""As what readers may see a mail."""
SHOWN: Final = 60
"""Wins that are not told, on one page."""
_DIGITS: Final = 4
_REFUSED: Final = (EditionError, MailError, RenderError)
Sees = Annotated[Visit, Depends(may("see_composed"))]
Composes = Annotated[Sent, Depends(sends("compose"))]


class Mailing(NamedTuple):
    """How the mails of an edition fare."""

    state: str
    reason: str
    candidates: int
    counts: dict[str, int]
    excluded: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether every candidate is accounted for."""
        return Counter(self.counts).total() == self.candidates


@router.get("/desk/editions/{edition_id}")
def edition(request: Request, _visit: Sees, edition_id: str) -> Response:
    """What the edition tells, why, and what may happen next."""
    return _shown(request, edition_id)


@router.post("/desk/editions/{edition_id}/choose")
def choose_(request: Request, sent: Composes, edition_id: str) -> Response:
    """Pin a win, leave it out, or leave it to Tandem again; the edition follows once composed anew."""
    form, who = sent.form, sent.visit.me.person_id

    def work(store: Store, now: datetime) -> None:
        action: Any = form.one("do")
        choose(store, edition_id, action, form.one("win"), now, who=who, reason=form.prose("reason"))

    return do(request, edition_id, work, "chosen", form)


@router.post("/desk/editions/{edition_id}/move")
def move_(request: Request, sent: Composes, edition_id: str) -> Response:
    """Put a story elsewhere in the edition, to be told so once that is composed anew."""
    form, who = sent.form, sent.visit.me.person_id

    def work(store: Store, now: datetime) -> None:
        before, after = _place(form, "from"), _place(form, "to")
        move(store, edition_id, form.one("win"), before, after, now, who=who)

    return do(request, edition_id, work, "chosen", form)


def do(
    request: Request,
    edition_id: str,
    work: Callable[[Store, datetime], object],
    name: str,
    form: Form | None = None,
) -> Response:
    """Do it, then show the edition as it stands; where it cannot be done, with the reason."""
    try:
        work(request.app.state.store, datetime.now(UTC))
    except Fault as fault:
        return _shown(request, edition_id, fault.status, problem=str(fault), form=form)
    except _REFUSED as error:
        return _shown(request, edition_id, HTTPStatus.CONFLICT, problem=str(error), form=form)
    return then(f"/desk/editions/{edition_id}?done={name}")


def found(request: Request, edition_id: str) -> Edition:
    """An edition, released or not; raises Fault."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        one = archive.one_of(connection, archive.Shelf(frozenset(AUDIENCES), composed=True), edition_id)
    if one is None:
        raise faults.not_here()
    return one


def _shown(request: Request, edition_id: str, code: int = HTTPStatus.OK, **told: Any) -> Response:
    settings: Settings = request.app.state.settings
    store: Store = request.app.state.store
    one = in_language(found(request, edition_id), language(request))
    with store.reading() as connection:
        chosen = choosing.history(connection, edition_id)
        decided = people.decisions(connection, edition_id)
        settled = people.decisions_of_mails(connection, (edition_id, f"{edition_id}{PROOF}"))
        run = runs.of_edition(connection, one.name, one.period.name)
        seen = archive.credited(connection, one.name, Period.parse(one.period.name)) | archive.teams(one)
        left = _left(request, connection, one)
        names = called(
            connection, [*(each.by for each in chosen), *(each.who for each in [*decided, *settled])]
        )
        mailing = _mailing(connection, edition_id)
        proof = _mailing(connection, f"{edition_id}{PROOF}")
    by_hand = choosing.chosen(chosen)
    return page(
        request,
        "desk_edition",
        code=code,
        edition=one,
        reasons={each.win_id: each.reason for each in one.explanation},
        left=left[:SHOWN],
        more=max(0, len(left) - SHOWN),
        stories=sorted(one.stories, key=lambda story: by_hand.place(story.win_id)),
        by_hand=by_hand,
        said={each.win_ids[0]: each for each in chosen if each.action in ("pin", "drop")},
        history=_history(chosen, decided, settled),
        unseen=sorted((SALES | OPERATIONS) - seen),
        names=names,
        run=run if run is not None and run.schedule in settings.schedules else None,
        mailing=mailing,
        proof=proof,
        looks=LOOKS,
        zone=settings.rules.zone,
        done=asked(request, "done"),
        **{"problem": "", "form": None, **told},
    )


def _left(request: Request, connection: Connection, edition: Edition) -> list[tuple[str, str, str]]:
    """Wins that are not told, each with its headline and the reason."""
    settings: Settings = request.app.state.settings
    others = {each.win_id: each.reason for each in edition.explanation if not each.chosen}
    wins = exploring.those(connection, others)
    names = names_of(Reading(connection, edition.as_of, settings.rules), list(wins.values()))
    said = language(request)
    return [
        (win_id, headline(facts_of(wins[win_id], names), 0, said) if win_id in wins else win_id, reason)
        for win_id, reason in others.items()
    ]


def _mailing(connection: Connection, edition_id: str) -> Mailing | None:
    sending = sendings.find(connection, edition_id)
    if sending is None:
        return None
    counts, reasons = ledger.counts(connection, edition_id), ledger.reasons(connection, edition_id)
    return Mailing(sending.state, sending.reason, sending.candidates, counts, reasons)


def _history(
    chosen: list[choosing.Line], decided: list[Any], settled: list[Any]
) -> list[tuple[datetime, str, str, str, str]]:
    """When, who, what, of which win or mail, and why; what came first stands first."""
    lines = [
        (each.at, each.by, each.action, "" if each.action == "arrange" else each.win_ids[0], each.reason)
        for each in chosen
    ]
    lines += [(each.at, each.who, each.what, "", each.note) for each in decided]
    lines += [(each.at, each.who, each.what, each.about, each.note) for each in settled]
    return sorted(lines, key=lambda line: line[0])


def _place(form: Form, name: str) -> int:
    text = form.one(name)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise faults.wrong(name, "Write a place, counted from 0")
    return int(text)
