"""A provider of identities by OpenID Connect: code flow with PKCE and nonce; its `sub` says who it is."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.newsroom.web import faults
from shared.store import sign_ins
from shared.store.sign_ins import OpenidRequest

if TYPE_CHECKING:
    from shared.settings import Settings
    from shared.store.engine import Store

BACK: Final = "/sign-in/openid/back"
_SIGNED_BY: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Never `none`, never a secret that both sides share, whatever the provider says that it can."""
_SECONDS: Final = 5.0
_KNOWN_FOR: Final = timedelta(hours=1)
_LEEWAY_SECONDS: Final = 60
_FAILURES: Final = (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError)


class Provider:
    """The provider that the settings name; asks nowhere else but where that provider itself says."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.openid_issuer or ""
        self._id = settings.openid_client_id or ""
        secret = settings.openid_client_secret
        self._secret = secret.get_secret_value() if secret else None
        self._back = settings.newsroom_url + BACK
        self._known: tuple[dict[str, Any], datetime] | None = None
        self._lock = threading.Lock()

    def address(self, store: Store, browser: str, person_id: str | None = None) -> str:
        """Where to send a browser; `person_id` is who wants to be known there. Raises Fault."""
        try:
            endpoint = self._metadata()["authorization_endpoint"]
        except _FAILURES as error:
            raise faults.openid_failed(_why(error)) from None
        asked = OpenidRequest(sign_ins.new_secret(), sign_ins.new_secret(), person_id)
        state = sign_ins.ask(store, browser, asked, datetime.now(UTC))
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, nonce=asked.nonce, code_verifier=asked.verifier
            )
        return str(url)

    def subject(self, code: str, asked: OpenidRequest) -> str:
        """Whom the provider vouches for with this code; raises Fault."""
        try:
            found = self._metadata()
            with self._client() as client:
                token = client.fetch_token(
                    found["token_endpoint"],
                    code=code,
                    code_verifier=asked.verifier,
                    grant_type="authorization_code",
                )
            return self._subject(token["id_token"], asked.nonce)
        except _FAILURES as error:
            raise faults.openid_failed(_why(error)) from None

    def _subject(self, raw: str, nonce: str) -> str:
        told_keys: Any = self._fetch(self._metadata()["jwks_uri"])
        keys = KeySet.import_key_set(told_keys)
        told = jwt.decode(raw, keys, algorithms=_SIGNED_BY)
        claims = CodeIDToken(
            told.claims,
            told.header,
            {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._id}},
            {"nonce": nonce, "client_id": self._id},
        )
        claims.validate(leeway=_LEEWAY_SECONDS)
        return str(claims["sub"])

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._id,
            self._secret,
            scope="openid",
            redirect_uri=self._back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            timeout=_SECONDS,
        )

    def _metadata(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        with self._lock:
            if self._known is None or now - self._known[1] >= _KNOWN_FOR:
                found = self._fetch(f"{self.issuer}/.well-known/openid-configuration")
                if found["issuer"] != self.issuer:
                    raise ValueError("it calls itself something else than TANDEM_OPENID_ISSUER")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if urlsplit(found[name]).scheme != urlsplit(self.issuer).scheme:
                        raise ValueError(f"its {name} is not {urlsplit(self.issuer).scheme}")
                self._known = found, now
            return self._known[0]

    def _fetch(self, url: str) -> dict[str, Any]:
        answer = httpx2.get(url, timeout=_SECONDS, follow_redirects=False)
        answer.raise_for_status()
        if answer.is_redirect:
            raise ValueError("it sends us elsewhere, which nobody agreed to")
        found: dict[str, Any] = answer.json()
        return found


def _why(error: Exception) -> str:
    """What failed, without what was sent."""
    if isinstance(error, httpx2.HTTPStatusError):
        return f"it answers {error.response.status_code}"
    if isinstance(error, httpx2.HTTPError):
        return "it cannot be reached"
    if isinstance(error, ValueError) and str(error).startswith("it"):
        return str(error)
    return f"its answer is not right ({getattr(error, 'error', '') or type(error).__name__})"
