"""Encryption and log-in: what is asked for is had, or nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.mailing import relay as relays
from tests.mailing.world import World, listed

if TYPE_CHECKING:
    import ssl
    from pathlib import Path


@pytest.fixture
def three(world: World) -> World:
    world.people(listed(3))
    world.release()
    return world


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_mail_goes_out_encrypted(
    three: World,
    context: ssl.SSLContext,
    certificate: Path,
    security: str,
    implicit: bool,  # noqa: FBT001
) -> None:
    with relays.running(tls=context, implicit=implicit) as relay:
        three.to(relay, smtp_security=security, smtp_ca_file=str(certificate))
        three.send()
        assert len(relay.taken) == 3
        assert all(relay.encrypted)


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_a_relay_that_nobody_vouches_for_gets_nothing(
    three: World,
    context: ssl.SSLContext,
    security: str,
    implicit: bool,  # noqa: FBT001
) -> None:
    with relays.running(tls=context, implicit=implicit) as relay:
        three.to(relay, smtp_security=security)
        three.send()
        assert relay.taken == []
        assert (three.sending().state, three.states()) == ("stopped", {"queued": 3})
        assert "TANDEM_SMTP_CA_FILE" in three.sending().reason


def test_a_relay_without_encryption_gets_nothing(three: World) -> None:
    with relays.running() as relay:
        three.to(relay, smtp_security="starttls")
        three.send()
        assert relay.taken == []
        assert three.sending().state == "stopped"
        assert "TANDEM_SMTP_SECURITY" in three.sending().reason


@pytest.mark.parametrize(("password", "state"), [("right", "completed"), ("wrong", "stopped")])
def test_a_password_lets_us_in_or_stops_the_run(
    three: World, context: ssl.SSLContext, certificate: Path, password: str, state: str
) -> None:
    with relays.running(tls=context, auth=True) as relay:
        told: dict[str, Any] = {"smtp_username": "tandem", "smtp_password": password}
        three.to(relay, smtp_security="starttls", smtp_ca_file=str(certificate), **told)
        three.send()
        assert three.sending().state == state
        assert {login[1] for login in relay.logins} == {b"tandem"}
        assert len(relay.taken) == (3 if state == "completed" else 0)
        assert password not in three.sending().reason
