from __future__ import annotations

import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import databases
from tests.mailing import relay as relays
from tests.mailing.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shared.store.engine import Store
    from tests.mailing.relay import Relay


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where databases are that one test after the other uses."""
    return tmp_path_factory.mktemp("mailing")


@pytest.fixture
def store(database: str, folder: Path) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    """A database that several threads and processes may use."""
    opened = databases.opened_for_all(folder)
    yield opened
    opened.close()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with relays.running() as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only those trust who are told to, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=loopback -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "own.pem")]
    subprocess.run(["openssl", *asked.split(), *files], check=True, capture_output=True)
    return folder / "own.pem"


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    """What a server with that certificate needs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context
