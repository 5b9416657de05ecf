"""What comes back of a mail: an address that is gone gets no more, and forged reports change nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publisher.mailbox import take_back
from shared.mailing.bouncing import BOUNCES, lift, take_in
from shared.mailing.links import bounce_token, mail_id
from shared.mailing.post import MailError
from shared.mailing.returned import MOST_BYTES, plain, read_report, weigh
from shared.people.addresses import hashed
from shared.people.choosing import erase
from shared.people.model import PeopleError
from shared.periods import Period
from shared.store import bounces, ledger, people, sendings
from tests.mailing import imap
from tests.mailing.reports import arf, away, dsn
from tests.mailing.world import listed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mailing.relay import Relay
    from tests.mailing.world import World

FORGED = f"{'0' * 20}-{'1' * 12}"


@pytest.fixture
def sent(world: World) -> World:
    world.people(listed(2))
    mailed(world, "newsletter-2026-04")
    return world


def mailed(world: World, edition: str, state: str = "sent") -> str:
    """An edition that went, or is to go, to both."""
    sending = {"edition_id": edition, "state": "sending", "reason": "", "candidates": 2, "post": "{}"}
    sending |= {"released_at": world.now, "good_until": world.now + timedelta(days=2), "finished_at": None}
    mail = {"edition_id": edition, "content": b"", "state": state, "reason": "", "attempt": 1}
    mail |= {"due_at": world.now, "changed_at": world.now}
    readers = [{"person_id": f"p-{n}", "recipient": f"Person {n} <p{n}@example.com>"} for n in (1, 2)]
    names = [mail_id(world.store.secret, edition, person["person_id"]) for person in readers]
    with world.store.noting() as connection:
        sendings.add(connection, sending)
        rows = [{"mail_id": name, **person, **mail} for name, person in zip(names, readers, strict=True)]
        ledger.add_mails(connection, rows)
    return edition


def token(world: World, edition: str = "newsletter-2026-04", person_id: str = "p-1") -> str:
    return bounce_token(world.store.secret, mail_id(world.store.secret, edition, person_id))


def take(world: World, raw: bytes) -> str:
    return take_in(world.store, read_report(raw), world.now, BOUNCES).outcome


def held_back(world: World) -> dict[str, str]:
    """Who is written to no more, and why."""
    keys = {hashed(world.store.secret, f"p{n}@example.com"): f"p-{n}" for n in (1, 2, 3)}
    with world.store.reading() as connection:
        return {keys[key]: why for key, why in people.suppressed(connection, keys).items()}


def fates(world: World) -> dict[str, str]:
    """What becomes of each person's mail of another edition."""
    edition = world.release("newsletter", Period.month(2026, 3))
    return {row.person_id: row.reason or row.state for row in world.mails() if row.edition_id == edition}


def kept(world: World) -> dict[str, int]:
    with world.store.reading() as connection:
        found = [row.kind for row in bounces.listed(connection)]
        return {kind: found.count(kind) for kind in found} | {
            "refused": bounces.refused(connection, world.now.date(), world.now.date())
        }


def test_an_address_that_is_gone_gets_no_more_and_a_report_counts_once(world: World, relay: Relay) -> None:
    world.people(listed(2))
    world.to(relay, bounce_address="bounce@example.com")
    world.release()
    world.send()
    queued = mailed(world, "leadership-2026-04", "queued")
    path = next(path for path, recipient, _ in relay.taken if recipient == "p1@example.com")
    assert path == f"bounce+{token(world)}@example.com"
    assert [take(world, dsn(token(world))) for _ in range(3)] == ["hard", "known", "known"]
    assert world.states(queued) == {"queued": 1, "excluded": 1}
    assert fates(world) == {"p-1": "bounced", "p-2": "queued"}
    with world.store.reading() as connection:
        [row] = bounces.listed(connection)
    assert (row.status, row.said) == ("5.1.1", "smtp; 550 5.1.1 <…>: nobody of that name")


def test_the_token_is_found_in_the_mail_that_came_back(sent: World) -> None:
    assert take(sent, dsn(inner=token(sent))) == "hard"


def test_a_full_mailbox_is_given_up_after_a_while_and_forgiven_after_another(sent: World) -> None:
    def full(number: int) -> str:
        edition = mailed(sent, f"leadership-2026-W{number}")
        return take(sent, dsn(token(sent, edition), status="5.2.2"))

    assert {full(number) for number in range(10, 14)} == {"soft"}
    sent.later(days=15)
    assert {full(number) for number in range(14, 18)} == {"soft"}
    assert held_back(sent) == {}
    assert full(18) == "soft"
    assert held_back(sent) == {"p-1": "bounced"}


def test_who_complains_gets_nothing_more_even_after_the_undoing(sent: World) -> None:
    queued = mailed(sent, "newsletter-2026-02", "queued")
    assert take(sent, arf(token(sent))) == "complaint"
    assert held_back(sent) == {"p-1": "complained"}
    assert sent.states(queued) == {"queued": 1, "excluded": 1}
    assert lift(sent.store, "p-1", sent.now, who="admin") == "complained"
    assert fates(sent)["p-1"] == "unsubscribed"


def test_a_complaint_is_known_by_the_return_path_alone(sent: World) -> None:
    assert take(sent, arf(sender=f"bounce+{token(sent)}@example.com")) == "complaint"
    assert take(sent, arf(token(sent, person_id="p-2"), what="not-spam")) == "ignored"


def test_an_administrator_undoes_a_bounce(sent: World) -> None:
    take(sent, dsn(token(sent)))
    assert lift(sent.store, "p-1", sent.now, who="admin") == "bounced"
    assert held_back(sent) == {}
    with pytest.raises(PeopleError, match="nothing is to undo"):
        lift(sent.store, "p-1", sent.now, who="admin")


def test_no_undoing_writes_to_the_erased(sent: World) -> None:
    erase(sent.store, "p-1", sent.now, who="p-1")
    assert take(sent, dsn(token(sent))) == "hard"
    with pytest.raises(PeopleError, match="nothing is to undo"):
        lift(sent.store, "p-1", sent.now, who="admin")


def test_a_new_address_is_not_held_back_for_the_old_one(sent: World) -> None:
    sent.people(b"person_id,email,name,department\np-1,new@example.com,Person 1,sales")
    assert take(sent, dsn(token(sent))) == "hard"
    assert fates(sent)["p-1"] == "queued"


def test_forged_and_unsigned_reports_change_nothing_and_are_counted(sent: World) -> None:
    mail, _, _ = token(sent).partition("-")
    for forged in (dsn(FORGED), dsn(f"{mail}-{'0' * 12}"), dsn(), arf(FORGED)):
        assert take(sent, forged) == "refused"
    assert kept(sent) == {"refused": 4}
    assert held_back(sent) == {}


def test_what_is_no_report_of_a_failure_is_left_alone(sent: World) -> None:
    good = token(sent)
    others = [away(good), dsn(good, action="delayed"), dsn(good, action="delivered", status="2.0.0")]
    others += [b"", b"\0" * 100, b"From: x\r\n\r\nplease unsubscribe me", dsn(good) + b" " * MOST_BYTES]
    assert {take(sent, raw) for raw in others} == {"ignored"}
    assert kept(sent) == {"refused": 0}


@pytest.mark.parametrize(
    ("status", "kind"),
    {
        "5.1.1": "hard", "5.1.2": "hard", "5.1.10": "hard", "5.2.1": "hard", "5.4.4": "hard",
        "5.1.8": "other", "5.7.1": "other", "5.6.0": "other", "5.3.4": "other", "5.2.3": "other",
        "4.2.2": "soft", "5.2.2": "soft", "4.4.7": "soft", "4.7.1": "soft", "5.0.0": "soft", "": "soft",
        "2.1.5": "none",
    }.items(),
)  # fmt: skip
def test_what_a_status_says_of_an_address(status: str, kind: str) -> None:
    assert weigh(status) == kind


def test_a_general_status_is_made_out_from_what_the_relay_said() -> None:
    raw = dsn(FORGED, status="5.0.0").replace(b"550 5.0.0", b"550 5.1.1")
    assert read_report(raw).kind == "hard"


def test_refused_at_once_counts_as_come_back(world: World, relay: Relay) -> None:
    world.people(listed(3))
    relay.at_rcpt = lambda to: "550 5.1.1 nobody" if to == "p1@example.com" else "550 5.7.1 not from you"
    world.to(relay, mail_stop_percent=100)
    world.release()
    world.send()
    assert take_back(world.store, world.chosen, world.now) == {"hard": 1, "other": 2}
    assert take_back(world.store, world.chosen, world.now) == {}
    assert held_back(world) == {"p-1": "bounced"}


def test_a_maildir_is_read_once(sent: World, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    for number, raw in enumerate((dsn(token(sent)), dsn(FORGED), away(FORGED))):
        (tmp_path / "box" / "new" / str(number)).write_bytes(raw)
    sent.settings["bounce_maildir"] = str(tmp_path / "box")
    assert take_back(sent.store, sent.chosen, sent.now) == {"hard": 1, "refused": 1, "ignored": 1}
    assert take_back(sent.store, sent.chosen, sent.now) == {}
    assert {file.name for file in (tmp_path / "box" / "cur").iterdir()} == {"0:2,S", "1:2,S", "2:2,S"}
    sent.settings["bounce_maildir"] = str(tmp_path / "nowhere")
    with pytest.raises(MailError, match="needs the folders new and cur"):
        take_back(sent.store, sent.chosen, sent.now)


def test_a_mailbox_on_a_server_is_read_once(sent: World) -> None:
    with imap.serving(dsn(token(sent)), b"Subject: hello\r\n\r\nhello", arf(FORGED)) as box:
        sent.settings |= {"bounce_imap_host": "127.0.0.1", "bounce_imap_port": box.port}
        sent.settings |= {"bounce_imap_security": "none", "bounce_imap_username": "tandem"}
        sent.settings["bounce_imap_password"] = "wrong"
        with pytest.raises(MailError, match="TANDEM_BOUNCE_IMAP"):
            take_back(sent.store, sent.chosen, sent.now)
        sent.settings["bounce_imap_password"] = "right"
        assert take_back(sent.store, sent.chosen, sent.now) == {"hard": 1, "ignored": 1, "refused": 1}
        assert take_back(sent.store, sent.chosen, sent.now) == {}
        assert box.seen == {1, 2, 3}


CUTS = st.tuples(st.integers(0, 1200), st.integers(0, 1200), st.binary(max_size=40))


@given(cut=CUTS, complaint=st.booleans())
def test_whatever_comes_back_nothing_fails(cut: tuple[int, int, bytes], complaint: bool) -> None:  # noqa: FBT001
    whole = arf(FORGED) if complaint else dsn(FORGED)
    first, last, between = cut
    report = read_report(whole[:first] + between + whole[last:])
    assert report.kind in {"hard", "soft", "other", "complaint", "none"}
    assert "@" not in report.said


def test_deep_nests_do_no_harm() -> None:
    part = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    head = b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
    assert read_report(head + part * 3_000).kind == "none"


@given(st.text())
def test_what_is_kept_of_a_text_is_short_plain_and_names_nobody(text: str) -> None:
    said = plain(f"{text} someone@example.com")
    assert len(said) <= 200
    assert said.isprintable() or not said.isascii()
    assert "example.com" not in said
