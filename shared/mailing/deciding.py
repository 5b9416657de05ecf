"""Use case: people pause, resume and stop mail, and say what became of doubtful ones; all is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.mailing.post import MailError
from shared.people.addresses import hashed
from shared.people.reading import those
from shared.store import generation, ledger, people, runs, sendings

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Row

    from shared.store.engine import Store


def settle(store: Store, mail_id: str, now: datetime, *, who: str, delivered: bool, note: str = "") -> str:
    """Decide a doubtful mail: it was delivered, or is to go again. Returns its state; raises MailError.

    Whoever wants no such mail any more, or may get none, does not get it again either: it is excluded.
    """
    with store.noting() as connection:
        mail = ledger.mail(connection, mail_id)
        if mail is None:
            raise MailError(f"There is no mail {mail_id}; tandem mail list shows those to decide")
        why_not = None if delivered else _why_not(connection, store.secret, mail)
        state = "sent" if delivered else "excluded" if why_not else "queued"
        if not ledger.settle(connection, mail_id, state, why_not or f"decided by {who}", now):
            raise MailError(f"{mail_id} is {mail.state}, not doubtful; there is nothing to decide")
        if state == "queued":
            sendings.reopen(connection, mail.edition_id)
        said = people.DELIVERED if delivered else people.SEND_AGAIN
        people.decided(connection, now, who, said, mail_id, note)
        return state


def _why_not(connection: Connection, secret: bytes, mail: Row[Any]) -> str | None:
    """Why somebody must not get a mail again."""
    person = those(connection, [mail.person_id]).get(mail.person_id)
    if person is None:
        return None
    if person.email is None:
        return "erased"
    kind = mail.edition_id.partition("-")[0]
    key = hashed(secret, person.email)
    held_back = people.suppressed(connection, [key]).get(key)
    return held_back or ("unsubscribed" if person.wants(kind) == "never" else None)


def pause(store: Store, edition_id: str | None, now: datetime, *, who: str) -> None:
    """Let nothing more be sent, of one edition or of all; raises MailError."""
    with store.noting() as connection:
        if edition_id is None:
            ledger.pause(connection, on=True)
        elif not (
            sendings.move(connection, edition_id, "paused", f"{sendings.BY}{who}", "sending")
            or _turn(connection, edition_id, "paused", f"paused {sendings.BY}{who}", now)
        ):
            raise _nothing(connection, edition_id, "paused")
        people.decided(connection, now, who, "pause", edition_id or "all mail")


def resume(
    store: Store,
    edition_id: str | None,
    now: datetime,
    late: timedelta,
    *,
    who: str,
    restored: bool = False,
) -> None:
    """Go on with what was paused or stopped, however late it is by now; raises MailError.

    After a backup was put back, someone must say that they know of it.
    """
    with store.noting() as connection:
        if (why := generation.restored(connection)) and not restored:
            raise MailError(f"{why}; {generation.DECIDE}")
        if edition_id is None:
            ledger.pause(connection, on=False)
            generation.release(connection)
        elif sendings.move(connection, edition_id, "sending", "", "paused", "stopped"):
            sendings.renew(connection, edition_id, now + late)
        elif not _turn(connection, edition_id, "waiting", "", now, before="paused"):
            raise _nothing(connection, edition_id, "resumed")
        people.decided(connection, now, who, "resume", edition_id or "all mail")


def stop(store: Store, edition_id: str, now: datetime, *, who: str) -> int:
    """Give up what has not been sent of an edition; how many mails that is. Raises MailError."""
    with store.noting() as connection:
        if _turn(connection, edition_id, "skipped", f"given up by {who}", now):
            people.decided(connection, now, who, "stop", edition_id)
            return 0
        why = f"{sendings.GIVEN_UP}{sendings.BY}{who}"
        if not sendings.move(connection, edition_id, "sending", why, "sending", "paused", "stopped"):
            raise _nothing(connection, edition_id, "stopped")
        given_up = ledger.give_up(connection, edition_id, why, now)
        sendings.complete(connection, now)
        people.decided(connection, now, who, "stop", edition_id)
        return given_up


def _turn(
    connection: Connection, edition_id: str, state: str, note: str, now: datetime, before: str | None = None
) -> bool:
    """Change the run of an edition of which nothing has left yet; False where there is none."""
    if sendings.find(connection, edition_id) is not None:
        return False
    run = runs.held(connection, edition_id)
    if run is None or (before is not None and run.state != before):
        return False
    return runs.move(connection, run, state, note, now)


def _nothing(connection: Connection, edition_id: str, done: str) -> MailError:
    sending = sendings.find(connection, edition_id)
    if sending is None:
        return MailError(f"{edition_id} was not released to anybody; tandem mail status shows what was")
    return MailError(f"{edition_id} is {sending.state} and cannot be {done}; tandem mail status shows it")
