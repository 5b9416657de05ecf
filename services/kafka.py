"""How Tandem reaches Kafka: its addresses, TLS and SASL, from the settings."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiokafka.abc import AbstractTokenProvider
from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLOAuthBearer, SASLPlaintext, SASLScram256, SASLScram512

from shared.settings import SettingsError

if TYPE_CHECKING:
    from shared.settings import Settings

_BY_PASSWORD = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
_GREETING_SECONDS = 10


class RefusedError(SettingsError):
    """Kafka answers, but not to these settings; the message names the one to change."""


def servers(settings: Settings) -> list[str]:
    """Read the addresses; raises SettingsError."""
    if not settings.kafka_url:
        raise SettingsError("TANDEM_KAFKA_URL is not set; write host:port of a Kafka broker")
    return [server.strip() for server in settings.kafka_url.split(",")]


def connection(settings: Settings) -> dict[str, Any]:
    """Return what every client of aiokafka needs to connect; raises SettingsError."""
    return {
        "bootstrap_servers": servers(settings),
        **parse_security(security(settings)),
        "sasl_oauth_token_provider": token_provider(settings),
    }


def security(settings: Settings) -> BaseSecurity:
    """Return how connections are encrypted and authenticated; raises SettingsError."""
    protocol, mechanism = settings.kafka_security_protocol, settings.kafka_sasl_mechanism
    context = _context(settings) if protocol.endswith("SSL") else None
    if not protocol.startswith("SASL"):
        _refuse_unused(settings, protocol)
        return BaseSecurity(ssl_context=context)
    if mechanism is None:
        known = ", ".join((*_BY_PASSWORD, "OAUTHBEARER"))
        raise SettingsError(f"TANDEM_KAFKA_SASL_MECHANISM is not set; {protocol} needs one of {known}")
    if mechanism == "OAUTHBEARER":
        return SASLOAuthBearer(ssl_context=context)
    name, password = settings.kafka_username, settings.kafka_password
    if not name or not password:
        missing = "PASSWORD" if name else "USERNAME"
        raise SettingsError(f"TANDEM_KAFKA_{missing} is not set; {mechanism} needs it")
    return _BY_PASSWORD[mechanism](name, password.get_secret_value(), ssl_context=context)


def token_provider(settings: Settings) -> AbstractTokenProvider | None:
    """Return what reads the bearer token, where the mechanism wants one; raises SettingsError."""
    if settings.kafka_sasl_mechanism != "OAUTHBEARER":
        return None
    if not settings.kafka_token_file:
        raise SettingsError(
            "TANDEM_KAFKA_TOKEN_FILE is not set; OAUTHBEARER reads its token from there at every connection"
        )
    _TokenFile(settings.kafka_token_file).read()
    return _TokenFile(settings.kafka_token_file)


async def greet(settings: Settings) -> None:
    """Connect to any of the brokers; raises RefusedError, and KafkaError or OSError while all are away."""
    known = connection(settings)
    known |= {"request_timeout_ms": _GREETING_SECONDS * 1000}
    errors: list[Exception] = []
    for server in known.pop("bootstrap_servers"):
        host, _, port = server.rpartition(":")
        try:
            (await create_conn(host.strip("[]"), int(port), **known)).close()
        except (OSError, KafkaError) as error:
            errors.append(error)
            if refusal := _refusal(error, server, settings):
                raise RefusedError(refusal) from None
        else:
            return
    raise errors[-1]


def _refusal(error: Exception, server: str, settings: Settings) -> str | None:
    """Which setting a broker does not accept, or None where it may just be away."""
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"TANDEM_KAFKA_CA_FILE: the certificate of {server} is not trusted ({error.verify_message}); "
                "name a PEM file with the authority that signed it"
            )
        case ssl.SSLError():
            return (
                f"TANDEM_KAFKA_SECURITY_PROTOCOL={settings.kafka_security_protocol}: {server} does not speak "
                f"TLS as set up here ({error.reason or error})"
            )
        case UnsupportedSaslMechanismError():
            return f"TANDEM_KAFKA_SASL_MECHANISM={settings.kafka_sasl_mechanism}: {server} does not offer it"
        case AuthenticationFailedError() | SaslAuthenticationFailed():
            return f"{server} refuses {_credentials(settings)}"
        case _:
            return None


def _credentials(settings: Settings) -> str:
    if settings.kafka_sasl_mechanism == "OAUTHBEARER":
        return "the token in TANDEM_KAFKA_TOKEN_FILE; renew it"
    return f"TANDEM_KAFKA_USERNAME={settings.kafka_username} with this TANDEM_KAFKA_PASSWORD; check both"


def _refuse_unused(settings: Settings, protocol: str) -> None:
    """A password that is set and not used would give a false sense of safety; so would an authority."""
    for name in ("sasl_mechanism", "username", "password", "token_file"):
        if getattr(settings, f"kafka_{name}"):
            raise SettingsError(
                f"TANDEM_KAFKA_{name.upper()} is set, but TANDEM_KAFKA_SECURITY_PROTOCOL={protocol} "
                "does not use it; write SASL_SSL"
            )
    if protocol == "PLAINTEXT" and (settings.kafka_ca_file or settings.kafka_certificate_file):
        raise SettingsError(
            "TANDEM_KAFKA_CA_FILE or TANDEM_KAFKA_CERTIFICATE_FILE is set, but "
            "TANDEM_KAFKA_SECURITY_PROTOCOL=PLAINTEXT does not use it; write SSL"
        )


def _context(settings: Settings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:
        raise SettingsError(
            f"TANDEM_KAFKA_CA_FILE={settings.kafka_ca_file}: {_why(error)}; "
            "name a PEM file with the certificates of authorities"
        ) from None
    if settings.kafka_certificate_file:
        _identify(context, settings)
    elif settings.kafka_key_file:
        raise SettingsError("TANDEM_KAFKA_KEY_FILE needs TANDEM_KAFKA_CERTIFICATE_FILE; name both")
    return context


def _identify(context: ssl.SSLContext, settings: Settings) -> None:
    secret = settings.kafka_key_password
    password = secret.get_secret_value() if secret else ""  # without one OpenSSL would ask the terminal
    try:
        context.load_cert_chain(
            settings.kafka_certificate_file or "", settings.kafka_key_file or None, password
        )
    except OSError as error:
        raise SettingsError(
            f"TANDEM_KAFKA_CERTIFICATE_FILE={settings.kafka_certificate_file} with "
            f"TANDEM_KAFKA_KEY_FILE={settings.kafka_key_file or ''}: {_why(error)}; name PEM files that "
            "belong together, and TANDEM_KAFKA_KEY_PASSWORD where the key has one"
        ) from None


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return f"it cannot be used ({error.reason or 'no PEM'})"
    return error.strerror or str(error)


class _TokenFile(AbstractTokenProvider):  # type: ignore[misc] # aiokafka has no types
    """Reads the token anew for each connection, so that whoever renews it just writes the file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    async def token(self) -> str:
        """The token as it stands in the file now."""
        return self.read()

    def read(self) -> str:
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"TANDEM_KAFKA_TOKEN_FILE={self._path}: {error}; name a file that holds the token alone"
            ) from None
