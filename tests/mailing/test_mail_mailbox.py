"""The mailbox of bounces by IMAP: encrypted as asked, or not read; and a real Dovecot, where there is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.publisher.mailbox import take_back
from shared.mailing.post import MailError
from shared.mailing.returned import MOST_BYTES
from tests.mailing import imap
from tests.mailing.reports import arf, dsn
from tests.mailing.test_mail_bounces import FORGED, held_back, sent, token

if TYPE_CHECKING:
    import ssl

    from tests.mailing.world import World

__all__ = ["sent"]
LETTER = b"Subject: hello\r\n\r\nhello"
KINDS = ("tls", "starttls")
real = pytest.mark.skipif("TANDEM_TEST_IMAP" not in os.environ, reason="needs .ci/dovecot")


def reads(world: World, port: int, security: str, ca: Path | None, password: str = "right") -> dict[str, int]:
    """Read the mailbox at a port; what was in it."""
    told = {"host": "127.0.0.1", "port": port, "security": security, "username": "tandem"}
    world.settings |= {f"bounce_imap_{name}": value for name, value in told.items()}
    world.settings |= {"bounce_imap_password": password, "smtp_ca_file": ca and str(ca)}
    return dict(take_back(world.store, world.chosen, world.now))


@pytest.mark.parametrize("security", KINDS)
def test_a_mailbox_is_read_encrypted(
    sent: World,
    context: ssl.SSLContext,
    certificate: Path,
    security: str,
) -> None:
    with imap.serving(dsn(token(sent)), LETTER, context=context, implicit=security == "tls") as box:
        assert reads(sent, box.port, security, certificate) == {"hard": 1, "ignored": 1}
        assert reads(sent, box.port, security, certificate) == {}
        assert box.logins == [True, True]


@pytest.mark.parametrize("security", KINDS)
def test_a_server_that_nobody_vouches_for_is_told_no_password(
    sent: World,
    context: ssl.SSLContext,
    security: str,
) -> None:
    with imap.serving(dsn(token(sent)), context=context, implicit=security == "tls") as box:
        with pytest.raises(MailError, match="TANDEM_SMTP_CA_FILE"):
            reads(sent, box.port, security, None)
        assert (box.logins, box.seen) == ([], set())


def test_a_server_without_encryption_is_told_no_password(sent: World, certificate: Path) -> None:
    with imap.serving(dsn(token(sent))) as box:
        for security in KINDS:
            with pytest.raises(MailError, match="TANDEM_BOUNCE_IMAP"):
                reads(sent, box.port, security, certificate)
        assert (box.logins, box.seen) == ([], set())


@dataclass(frozen=True)
class Dovecot:
    """A real server with one mailbox, into whose folder a test puts mails."""

    folder: Path
    ports: dict[str, int]

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def put(self, *mails: bytes) -> None:
        for number, raw in enumerate(mails):
            (self.folder / "mail" / "tmp" / f"{number}.mail").write_bytes(raw)
            (self.folder / "mail" / "tmp" / f"{number}.mail").rename(
                self.folder / "mail" / "new" / f"{os.getpid()}.{number}.mail"
            )

    def held(self) -> list[str]:
        """The names of what it has; their ends say what was seen."""
        return sorted(
            file.name for part in ("new", "cur") for file in (self.folder / "mail" / part).iterdir()
        )


@pytest.fixture
def dovecot() -> Dovecot:
    folder, tls, starttls = os.environ["TANDEM_TEST_IMAP"].split(":")
    found = Dovecot(Path(folder), {"tls": int(tls), "starttls": int(starttls)})
    for part in ("new", "cur"):
        for file in (found.folder / "mail" / part).iterdir():
            file.unlink()
    return found


@real
@pytest.mark.parametrize("security", KINDS)
def test_a_real_mailbox_is_read_once(sent: World, dovecot: Dovecot, security: str) -> None:
    large = LETTER + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (2 * MOST_BYTES // 72)
    dovecot.put(dsn(token(sent)), LETTER, arf(FORGED), large)
    port = dovecot.ports[security]
    assert reads(sent, port, security, dovecot.ca) == {"hard": 1, "ignored": 2, "refused": 1}
    assert held_back(sent) == {"p-1": "bounced"}
    assert reads(sent, port, security, dovecot.ca) == {}
    assert len(dovecot.held()) == 4
    assert all(name.endswith(":2,S") for name in dovecot.held())


@real
def test_a_real_mailbox_that_cannot_be_read_says_why_and_loses_nothing(
    sent: World,
    dovecot: Dovecot,
) -> None:
    dovecot.put(dsn(token(sent)))
    port = dovecot.ports["tls"]
    for security in KINDS:
        with pytest.raises(MailError, match="TANDEM_SMTP_CA_FILE"):
            reads(sent, dovecot.ports[security], security, None)
    with pytest.raises(MailError, match="TANDEM_BOUNCE_IMAP"):
        reads(sent, port, "tls", dovecot.ca, "wrong")
    sent.settings["bounce_imap_folder"] = "Bounces"
    with pytest.raises(MailError, match="no folder Bounces"):
        reads(sent, port, "tls", dovecot.ca)
    sent.settings["bounce_imap_folder"] = "INBOX"
    assert all(not name.endswith(":2,S") for name in dovecot.held())
    assert reads(sent, port, "tls", dovecot.ca) == {"hard": 1}
