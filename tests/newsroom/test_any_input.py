"""Whatever anybody sends to whichever page, signed in or not, the newsroom answers."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from services.newsroom.web.guard import actions
from tests.newsroom.test_pages import release, tell
from tests.newsroom.visiting import ROLES, Browser, browser, sign_in

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

Json = dict[str, Any]
SLOW: Final = bool(os.environ.get("TANDEM_TEST_SLOW"))
EXAMPLES: Final = 60 if SLOW else 2
WHO: Final = ["anyone", *ROLES] if SLOW else ["anyone", "admin"]
ASKED: Final = (
    "q", "page", "month", "week", "by", "of", "pattern", "status", "done", "saved", "next", "for", "key",
    "secret",
)  # fmt: skip
FILLED: Final = (
    "note", "shown", "take_back", "department", "role", "language", "naming", "edition.newsletter",
    "customers", "reason", "where", "confirm", "list",
)  # fmt: skip
ENDS: Final = {"/sign-out", "/sign-in"}
"""What signs someone out, or counts tries."""
KNOWN: Final = {
    "edition_id": ["newsletter-2026-04"],
    "story": ["story-roadblock_beaten-SO-1"],
    "person_id": ["editor", "nobody"],
    "key": ["otif"],
    "win_id": ["roadblock_beaten:SO-1"],
}
"""Names that lead somewhere, among any others."""


def document(newsroom: Newsroom, csrf: str) -> Json:
    """What the pages take, as a document that is made from the router."""
    paths: Json = {}
    for method, path in actions(newsroom.app):
        if not path.startswith("/v1/") and path not in ENDS:
            plain = path.replace(":path", "")
            paths.setdefault(plain, {})[method.lower()] = operation(method, plain, csrf)
    return {"openapi": "3.1.0", "info": {"title": "Pages", "version": "1"}, "paths": paths}


def operation(method: str, path: str, csrf: str) -> Json:
    names = re.findall(r"{(\w+)}", path)
    text = {"type": "string", "minLength": 1}
    found: Json = {
        "responses": {"default": {"description": "Any."}},
        "parameters": [
            *(
                {"in": "path", "name": name, "required": True, "schema": any_of(text, KNOWN.get(name, []))}
                for name in names
            ),
            *({"in": "query", "name": name, "schema": {"type": "string"}} for name in ASKED),
        ],
    }
    if method == "POST":
        fields: Json = {name: {"type": "string"} for name in FILLED} | {"csrf": {"const": csrf}}
        schema = {"type": "object", "required": ["csrf"], "properties": fields}
        found["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return found


def any_of(text: Json, known: list[str]) -> Json:
    return {"anyOf": [{"enum": known}, text]} if known else text


def visitor(newsroom: Newsroom, role: str) -> Browser:
    return browser(newsroom) if role == "anyone" else sign_in(newsroom, role)


@pytest.mark.parametrize("role", WHO)
def test_every_page_answers(newsroom: Newsroom, role: str) -> None:
    tell(newsroom, 1)
    release(newsroom)
    visits = visitor(newsroom, role)
    schema = schemathesis.openapi.from_dict(
        document(newsroom, visits.csrf("/sign-in" if role == "anyone" else "/"))
    )
    answered = 0
    for result in schema.get_all_operations():
        each = result.ok()

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(sent=each.as_strategy())
        def answers(sent: Any) -> None:
            nonlocal answered
            answer = sent.call(
                base_url=newsroom.url,
                headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
                cookies=dict(visits.http.cookies),
                allow_redirects=False,
                timeout=60,
            )
            answered += 1
            assert answer.status_code < 500, (sent.method, sent.path, answer.text[:500])

        answers()
    assert answered >= EXAMPLES
