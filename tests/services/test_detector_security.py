"""TLS and SASL: wrong settings are named at once, and with right ones Apache Kafka lets the detector in."""

from __future__ import annotations

import base64
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest

from services.kafka import connection
from shared.settings import Settings, SettingsError, load
from tests.kafka.broker import running_broker
from tests.kafka.client import Sent, publish, unread
from tests.kafka.process import DetectorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

apache = pytest.mark.skipif(
    not os.environ.get("TANDEM_TEST_KAFKA_HOME"), reason="needs an Apache Kafka that asks for credentials"
)
HOME = Path(os.environ.get("TANDEM_TEST_KAFKA_HOME", "."))
EVENT = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "crm",
    "type": "tandem.customer.registered.v1",
    "time": "2026-01-05T09:00:00+01:00",
    "data": {"customer_id": "C-1", "name": "Alba"},
}
PASSWORD = "to-gether"
SASL = {
    "kafka_security_protocol": "SASL_SSL",
    "kafka_ca_file": HOME / "authority.pem",
    "kafka_username": "tandem",
    "kafka_password": PASSWORD,
}
TLS = {
    "kafka_security_protocol": "SSL",
    "kafka_ca_file": HOME / "authority.pem",
    "kafka_certificate_file": HOME / "client.pem",
    "kafka_key_file": HOME / "client.key",
}


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, kafka_url="127.0.0.1:1", **given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kafka_security_protocol": "SASL_SSL"}, "TANDEM_KAFKA_SASL_MECHANISM is not set"),
        ({"kafka_password": PASSWORD}, "TANDEM_KAFKA_PASSWORD is set, but TANDEM_KAFKA_SECURITY_PROTOCOL"),
        ({"kafka_ca_file": "ca.pem"}, "TANDEM_KAFKA_CA_FILE .* write SSL"),
        (
            {"kafka_security_protocol": "SSL", "kafka_ca_file": "none.pem"},
            "TANDEM_KAFKA_CA_FILE=none.pem: No",
        ),
        (
            {"kafka_security_protocol": "SSL", "kafka_ca_file": __file__},
            "TANDEM_KAFKA_CA_FILE=.*cannot be used",
        ),
        ({"kafka_security_protocol": "SSL", "kafka_key_file": "k"}, "TANDEM_KAFKA_KEY_FILE needs"),
        (
            {"kafka_security_protocol": "SSL", "kafka_certificate_file": __file__},
            "TANDEM_KAFKA_CERTIFICATE_FILE=.*cannot be used",
        ),
        (
            {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_sasl_mechanism": "PLAIN"},
            "TANDEM_KAFKA_USERNAME is not set; PLAIN",
        ),
        (
            {
                "kafka_security_protocol": "SASL_PLAINTEXT",
                "kafka_sasl_mechanism": "SCRAM-SHA-256",
                "kafka_username": "tandem",
            },
            "TANDEM_KAFKA_PASSWORD is not set; SCRAM",
        ),
        (
            {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_sasl_mechanism": "OAUTHBEARER"},
            "TANDEM_KAFKA_TOKEN_FILE is not set",
        ),
        (
            {
                "kafka_security_protocol": "SASL_PLAINTEXT",
                "kafka_sasl_mechanism": "OAUTHBEARER",
                "kafka_token_file": "nowhere",
            },
            "TANDEM_KAFKA_TOKEN_FILE=nowhere: .*No such file",
        ),
    ],
)
def test_settings_that_cannot_work_are_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        connection(settings(**given))


@pytest.mark.parametrize("name", ["SECURITY_PROTOCOL", "SASL_MECHANISM"])
def test_an_unknown_choice_lists_the_known_ones(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TANDEM_KAFKA_{name}", "KERBEROS")
    with pytest.raises(SettingsError, match=f"TANDEM_KAFKA_{name}: Input should be .*PLAIN"):
        load()


def test_passwords_do_not_show_in_the_settings() -> None:
    assert PASSWORD not in repr(settings(kafka_password=PASSWORD, kafka_key_password=PASSWORD))


@pytest.fixture(scope="module")
def published() -> Iterator[list[Sent]]:
    with running_broker() as url:
        yield publish(url, [Sent("customers", orjson.dumps(EVENT))])


@apache
@pytest.mark.kafka
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_password_lets_the_detector_in(mechanism: str, published: list[Sent], tmp_path: Path) -> None:
    url = os.environ["TANDEM_TEST_KAFKA_SASL_URL"]
    check_read(url, published, tmp_path, **SASL, kafka_sasl_mechanism=mechanism)


@apache
@pytest.mark.kafka
def test_a_token_lets_the_detector_in(published: list[Sent], tmp_path: Path) -> None:
    claims = orjson.dumps({"sub": "tandem", "iat": time.time() - 9, "exp": time.time() + 600})
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none"}', claims))
    (tmp_path / "token").write_bytes(b".".join(parts) + b".\n")
    check_read(
        os.environ["TANDEM_TEST_KAFKA_SASL_URL"],
        published,
        tmp_path,
        kafka_security_protocol="SASL_SSL",
        kafka_ca_file=HOME / "authority.pem",
        kafka_sasl_mechanism="OAUTHBEARER",
        kafka_token_file=tmp_path / "token",
    )


@apache
@pytest.mark.kafka
def test_a_certificate_lets_the_detector_in(published: list[Sent], tmp_path: Path) -> None:
    check_read(os.environ["TANDEM_TEST_KAFKA_TLS_URL"], published, tmp_path, **TLS)


def check_read(url: str, published: list[Sent], folder: Path, **given: object) -> None:
    """Read by a listener that asks, while the test looks by the one that does not."""
    group = str(uuid4())
    with DetectorProcess(url, group, folder / "tandem.db", **given) as detector:
        detector.wait_for(lambda: unread(os.environ["TANDEM_TEST_KAFKA_URL"], group, published) == 0)
        assert detector.stop() == 0
        assert PASSWORD not in detector.log


@apache
@pytest.mark.kafka
@pytest.mark.parametrize(
    ("server", "given", "told"),
    [
        (
            "SASL",
            {**SASL, "kafka_sasl_mechanism": "PLAIN", "kafka_password": "wrong"},
            "TANDEM_KAFKA_PASSWORD",
        ),
        (
            "SASL",
            {**SASL, "kafka_sasl_mechanism": "SCRAM-SHA-512", "kafka_username": "nobody"},
            "refuses TANDEM_KAFKA_USERNAME=nobody",
        ),
        ("TLS", {**TLS, "kafka_ca_file": HOME / "other.pem"}, "TANDEM_KAFKA_CA_FILE: the certificate of"),
        ("TLS", {**TLS, "kafka_ca_file": ""}, "TANDEM_KAFKA_CA_FILE"),
    ],
)
def test_what_kafka_refuses_is_named_and_ends_the_detector(
    server: str, given: dict[str, Any], told: str, tmp_path: Path
) -> None:
    url = os.environ[f"TANDEM_TEST_KAFKA_{server}_URL"]
    with DetectorProcess(url, "tests", tmp_path / "tandem.db", **given) as detector:
        assert detector.wait_for_end() == 2
        assert told in detector.log
        assert "Traceback" not in detector.log
        assert PASSWORD not in detector.log


@apache
@pytest.mark.kafka
@pytest.mark.parametrize("given", [{}, {**TLS, "kafka_certificate_file": "", "kafka_key_file": ""}])
def test_a_broker_that_just_hangs_up_is_asked_again(given: dict[str, Any], tmp_path: Path) -> None:
    """Without TLS or a certificate it looks as if the broker were away; the log names the settings."""
    url = os.environ["TANDEM_TEST_KAFKA_TLS_URL"]
    with DetectorProcess(url, "tests", tmp_path / "tandem.db", **given) as detector:
        detector.wait_for(lambda: detector.log.count("TANDEM_KAFKA_SECURITY_PROTOCOL") > 1)
        assert detector.stop() == 0
