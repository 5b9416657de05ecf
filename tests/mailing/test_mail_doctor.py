"""`tandem doctor mail`: what stands between us and the reader's mailbox, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from dns.resolver import Resolver

from services.publisher.examining import examine, explain
from services.publisher.names import AwayError, look_up
from services.publisher.transport import Reply
from shared.settings import Settings
from tests.mailing.nameserver import serving

if TYPE_CHECKING:
    from tests.mailing.relay import Relay

NOW = datetime(2026, 5, 5, 8, tzinfo=UTC)
GOOD = """
$ORIGIN example.com.
@ 60 IN TXT "other=1"
@ 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
@ 60 IN MX 10 mx
_dmarc 60 IN TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"
k1._domainkey 60 IN TXT "v=DKIM1; k=rsa; " "p=MIGf"
"""
OWN: dict[str, Any] = {
    "sender": "Tandem <tandem@example.com>",
    "reply_to": "ed@example.com",
    "public_url": "https://tandem.example.com",
    "bounce_address": "bounce@example.com",
    "smtp_security": "none",
    "smtp_host": "127.0.0.1",
}


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
    ("", "SPF", "has none"),
    ('example.com. IN TXT "v=spf1 -all"\nexample.com. IN TXT "v=spf1 mx -all"', "SPF", "publish one"),
    ('example.com. IN TXT "v=spf1 +all"', "SPF", "everybody"),
    ("", "DKIM", "k1._domainkey.example.com"),
    ('k1._domainkey.example.com. IN TXT "v=DKIM1; p="', "DKIM", "revoked"),
    ("k1._domainkey.example.com. IN CNAME k1.relay.example.", "DKIM", "no key"),
    ("", "DMARC", "has none"),
    ('_dmarc.example.com. IN TXT "v=DMARC1"', "DMARC", "names no policy"),
    ('example.com. IN TXT "x"', "Bounces", "MX"),
]


@pytest.mark.parametrize(("zone", "what", "says"), ZONES)
def test_what_names_lack_is_told(relay: Relay, zone: str, what: str, says: str) -> None:
    with serving(zone) as ask:
        ok, told = found(ask, smtp_port=relay.port)[what]
    assert not ok
    assert says in told


def test_a_key_that_the_relay_publishes_for_us_and_a_long_answer_are_read(relay: Relay) -> None:
    """By an alias, and by TCP, since the records of a name are too many for one packet."""
    verified = "".join(f'example.com. 60 IN TXT "{n}-verification={n:0200}"\n' for n in range(20))
    key = '"v=DKIM1; k=rsa; p=" "' + "A" * 250 + '" "' + "B" * 142 + '"'
    alias = f"k1._domainkey.example.com. 60 IN CNAME k1.relay.example.\nk1.relay.example. 60 IN TXT {key}\n"
    kept = GOOD.replace("k1._domainkey 60", "other._domainkey 60")
    with serving(verified + alias + kept) as ask:
        checks = found(ask, smtp_port=relay.port)
    assert [name for name, (ok, _) in checks.items() if not ok] == []
    assert checks["SPF"] == (True, "v=spf1 ip4:192.0.2.1 -all")


@pytest.mark.parametrize(
    ("record", "ok", "says"),
    [
        ('"v=DMARC1; p=reject; sp=none"', True, "_dmarc.example.com holds for it"),
        ('"v=DMARC1; p=none"', True, "_dmarc.example.com holds for it"),
        ('"v=DMARC1; sp=none"', False, "names no policy"),
    ],
)
def test_the_policy_of_a_domain_holds_for_those_below_it(
    relay: Relay,
    record: str,
    ok: bool,  # noqa: FBT001 - what is to be found
    says: str,
) -> None:
    with serving(f"_dmarc.example.com. 60 IN TXT {record}") as ask:
        below = found(ask, smtp_port=relay.port, sender="Tandem <tandem@news.eu.example.com>")["DMARC"]
    assert below[0] == ok
    assert says in below[1]


def test_a_name_that_fails_hides_no_other(relay: Relay) -> None:
    with serving(GOOD, "k1._domainkey.example.com.") as ask:
        checks = found(ask, smtp_port=relay.port)
    assert checks["DKIM"][0], "nobody knows whether it is wrong"
    assert "k1._domainkey.example.com" in checks["DKIM"][1]
    assert "not looked at" in checks["DKIM"][1]
    assert [name for name, (_, says) in checks.items() if "not looked at" in says] == ["DKIM"]
    assert checks["DMARC"][0]


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
