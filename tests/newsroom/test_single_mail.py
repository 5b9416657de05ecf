"""A mail of its own goes where all mail goes, and what goes wrong is logged without what it says."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from services.publisher.single import hand_over
from shared.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from shared.store.engine import Store

BYTES = b"Subject: Sign in\r\n\r\nsecret\r\n"


def send(store: Store, folder: Path, recipient: str = "ann@example.com", **settings: Any) -> None:
    told = Settings(mail_folder=str(folder), **settings)
    hand_over(told, store, recipient, "sign-in-1", BYTES)


def test_without_a_relay_it_is_in_the_folder(store: Store, tmp_path: Path) -> None:
    send(store, tmp_path)
    assert (tmp_path / "sign-in-1.eml").read_bytes() == BYTES


def test_who_may_not_be_written_to_is_not(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    send(store, tmp_path, mail_allowed=("example.org",))
    assert not list(tmp_path.iterdir())
    assert "TANDEM_MAIL_ALLOWED" in caplog.text


def test_a_relay_that_is_away_is_logged(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    relay = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "reply_to": "a@example.com",
    }
    send(store, tmp_path, **relay)
    assert "sign-in-1 was not sent" in caplog.text
    assert "secret" not in caplog.text
