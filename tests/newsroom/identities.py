"""A provider of identities on loopback: OpenID Connect with PKCE, one client; signs whom it is told to."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
CLIENT = "newsroom"


@dataclass
class Identities:
    """What it signs, and for whom; tests change it."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    algorithm: str = "RS256"
    claims: Json = field(default_factory=dict)
    """In the place of the right ones."""
    name: str = ""
    """What it calls itself, where that is not its address."""
    codes: dict[str, Json] = field(default_factory=dict)

    def authorize(self, address: str, subject: str) -> str:
        """Let a person sign in who was sent here; return where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        code = f"code{len(self.codes)}"
        self.codes[code] = {"subject": subject, **asked}
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def token(self, told: Json) -> Json | None:
        """Redeem a code once, for whoever knows the verifier."""
        asked = self.codes.pop(told["code"], None)
        digest = sha256(told.get("code_verifier", "").encode()).digest()
        if asked is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url, "sub": asked["subject"], "aud": CLIENT, "exp": now + 60, "iat": now,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        key = self.key if self.algorithm == "RS256" else OctKey.import_key("newsroom-secret-newsroom-secret-")
        signed = jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, key, algorithms=[self.algorithm])
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def metadata(self) -> Json:
        """The discovery document."""
        return {
            "issuer": self.name or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }


def serving() -> Iterator[Identities]:
    """Serve until the test is done with it."""
    found = Identities()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [found.key.as_dict(private=False, alg="RS256", use="sig")]}
            self._answer(keys if self.path == "/keys" else found.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer(found.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, told: Json | None) -> None:
            self.send_response(400 if told is None else 200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told or {"error": "invalid_grant"}).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
