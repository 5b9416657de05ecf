"""`tandem doctor mail`: what stands between us and the reader's mailbox, and what to do about it."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import dns.message
import dns.rrset
import pytest
from dns.resolver import Resolver

from services.publisher.examining import examine, explain
from services.publisher.names import AwayError, look_up
from services.publisher.transport import Reply
from shared.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mailing.relay import Relay

NOW = datetime(2026, 5, 5, 8, tzinfo=UTC)
GOOD = {
    ("example.com.", "TXT"): ['"other=1"', '"v=spf1 ip4:192.0.2.1 -all"'],
    ("_dmarc.example.com.", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:d@example.com"'],
    ("k1._domainkey.example.com.", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIGf"'],
    ("example.com.", "MX"): ["10 mx.example.com."],
}
OWN: dict[str, Any] = {
    "sender": "Tandem <tandem@example.com>",
    "reply_to": "ed@example.com",
    "public_url": "https://tandem.example.com",
    "bounce_address": "bounce@example.com",
    "smtp_security": "none",
    "smtp_host": "127.0.0.1",
}


class _Answers(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        asked = dns.message.from_wire(self.request[0])
        answer = dns.message.make_response(asked)
        [question] = asked.question
        kind = question.rdtype.name
        if found := self.server.zone.get((question.name.to_text(), kind)):  # type: ignore[attr-defined]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        self.request[1].sendto(answer.to_wire(), self.client_address)


@contextmanager
def serving(zone: dict[tuple[str, str], list[str]]) -> Iterator[Any]:
    """A server of names on loopback."""
    with socketserver.UDPServer(("127.0.0.1", 0), _Answers) as server:
        server.zone = zone  # type: ignore[attr-defined]
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield partial(look_up, resolver=resolver)
        finally:
            server.shutdown()
            thread.join(10)


def found(ask: Any = lambda *_: [], to: str | None = None, **settings: Any) -> dict[str, tuple[bool, str]]:
    told = Settings(_env_file=None, **(OWN | settings))  # type: ignore[call-arg]
    return {name: (ok, says) for name, ok, says in examine(told, NOW, ask, to=to, selector="k1")}


def test_all_is_well(relay: Relay) -> None:
    with serving(GOOD) as ask:
        checks = found(ask, "ana@example.com", smtp_port=relay.port)
    assert [name for name, (ok, _) in checks.items() if not ok] == []
    assert checks["SPF"] == (True, "v=spf1 ip4:192.0.2.1 -all")
    assert relay.recipients == {"ana@example.com": 1}


def test_without_an_address_nothing_is_sent(relay: Relay) -> None:
    assert found(smtp_port=relay.port)["Takes the sender"][0]
    assert relay.taken == []


ZONES = [
    ({}, "SPF", "has none"),
    ({("example.com.", "TXT"): ['"v=spf1 -all"', '"v=spf1 mx -all"']}, "SPF", "publish one"),
    ({("example.com.", "TXT"): ['"v=spf1 +all"']}, "SPF", "everybody"),
    ({}, "DKIM", "k1._domainkey.example.com"),
    ({("k1._domainkey.example.com.", "TXT"): ['"v=DKIM1; p="']}, "DKIM", "revoked"),
    ({}, "DMARC", "has none"),
    ({("_dmarc.example.com.", "TXT"): ['"v=DMARC1"']}, "DMARC", "names no policy"),
    ({}, "Bounces", "MX"),
]


@pytest.mark.parametrize(("zone", "what", "says"), ZONES)
def test_what_names_lack_is_told(
    relay: Relay, zone: dict[tuple[str, str], list[str]], what: str, says: str
) -> None:
    with serving(zone) as ask:
        ok, told = found(ask, smtp_port=relay.port)[what]
    assert not ok
    assert says in told


def test_names_that_cannot_be_asked_are_said_and_no_fault(relay: Relay) -> None:
    def away(*_: str) -> list[str]:
        raise AwayError("nobody there")

    assert found(away, smtp_port=relay.port)["Names"] == (True, "not looked at: nobody there")
    resolver = Resolver(configure=False)
    resolver.nameservers = []
    with pytest.raises(AwayError):
        look_up("example.com", "TXT", resolver)


def test_what_the_settings_lack_is_told() -> None:
    bare = {"sender": "t@localhost", "reply_to": None, "public_url": None, "bounce_address": None}
    checks = found(smtp_host=None, **bare)
    assert {name for name, (ok, _) in checks.items() if not ok} == {"Sender", "Answers", "Links", "Returns"}
    assert not found(smtp_host=None, to="ana@example.com")["Relay"][0]


def test_a_relay_that_is_away_or_will_not_is_told(relay: Relay) -> None:
    ok, says = found(smtp_port=1)["Relay"]
    assert (ok, "TANDEM_SMTP_PORT" in says) == (False, True)
    ok, says = found(smtp_port=relay.port, smtp_security="starttls")["Relay"]
    assert (ok, "TANDEM_SMTP_SECURITY" in says) == (False, True)
    relay.at_rcpt = lambda _: "550 5.1.1 nobody"
    ok, says = found(to="x@example.com", smtp_port=relay.port)["Test mail to x@example.com"]
    assert (ok, says) == (False, "there is nobody of that address (550 5.1.1 nobody)")
    assert not found(to="x@example.com", smtp_port=relay.port, mail_allowed=("else.example",))["Test mail"][0]


@pytest.mark.parametrize(
    ("code", "text", "means"),
    [
        (250, "OK", "took it"),
        (421, "busy", "tries again"),
        (451, "4.7.1 greylisted", "tries again"),
        (452, "full", "tries again"),
        (535, "5.7.8 no", "TANDEM_SMTP_USERNAME"),
        (550, "5.1.1 no", "nobody of that address"),
        (550, "5.7.26 not aligned", "DMARC"),
        (552, "5.3.4 large", "larger"),
        (554, "no", "refuses for good"),
    ],
)
def test_every_class_of_answer_is_explained(code: int, text: str, means: str) -> None:
    assert means in explain(Reply(code, text))
