"""Browsers that visit a newsroom on loopback: signed in as anybody, with the token that forms carry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from shared.people.importing import import_people
from shared.store import sign_ins
from tests.http.newsroom import PLAIN_HTTP

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

ROLES = {
    "reporter": "",
    "editor": "editor",
    "publisher": "publisher",
    "leader": "leader",
    "admin": "administrator",
    "auditor": "auditor",
}
"""One person for each role, whose id is the role, and what the list of people calls it."""
_LIST = "person_id,email,name,department,roles\n" + "".join(
    f"{role},{role}@example.com,The {role},sales,{said}\n" for role, said in ROLES.items()
)
VISITING: list[httpx.Client] = []
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass(frozen=True)
class Browser:
    """What people visit with: it says where a form comes from, and keeps cookies."""

    http: httpx.Client
    _tokens: dict[tuple[str, ...], str] = field(default_factory=dict)
    """By page and cookies: whoever signs in or out gets another."""

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def csrf(self, path: str = "/sign-in") -> str:
        stands = (path, *map(str, sorted(self.http.cookies.items())))
        if stands not in self._tokens:
            found = _TOKEN.search(self.get(path).text)
            assert found
            self._tokens[(path, *map(str, sorted(self.http.cookies.items())))] = found[1]
            return found[1]
        return self._tokens[stands]

    def post(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Send a form from a page of the newsroom, unless the fields or headers say otherwise."""
        told = {"csrf": self.csrf(), **(fields or {})}
        return self.http.post(path, data=told, headers={"sec-fetch-site": "same-origin", **headers})


def browser(newsroom: Newsroom) -> Browser:
    """A browser that has never been here."""
    client = httpx.Client(
        base_url=newsroom.url, headers={"accept": "text/html"}, timeout=30, verify=PLAIN_HTTP
    )
    VISITING.append(client)
    return Browser(client)


def leave() -> None:
    """Close every browser."""
    while VISITING:
        VISITING.pop().close()


def sign_in(newsroom: Newsroom, person_id: str) -> Browser:
    """A browser that used a link."""
    found = browser(newsroom)
    secret = sign_ins.link(newsroom.store, person_id, datetime.now(UTC))
    answer = found.post("/sign-in/link", {"secret": secret})
    assert answer.status_code == 303, answer.text
    return found


def staff(newsroom: Newsroom) -> None:
    """Someone of every role."""
    done = import_people(newsroom.store, _LIST.encode(), datetime.now(UTC))
    assert not done.rejects
