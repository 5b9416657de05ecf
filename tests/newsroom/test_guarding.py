"""Who may do what: every route by every role, from the router, held against one literal table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter

from services.newsroom.web.guard import actions
from shared.roles import MAY
from shared.store import tokens
from tests.newsroom.visiting import ROLES, Browser, browser, sign_in

if TYPE_CHECKING:
    import httpx

    from tests.http.newsroom import Newsroom

ALL = "reporter editor publisher leader admin auditor"
WHO_MAY: dict[tuple[str, str], str] = {
    ("GET", "/health"): f"anyone {ALL}",
    ("GET", "/ready"): f"anyone {ALL}",
    ("GET", "/v1/schemas/{type}"): f"anyone {ALL}",
    ("POST", "/v1/events"): "",  # only with a token, which no browser has
    ("POST", "/v1/events/batch"): "",
    ("POST", "/v1/drafts"): "",
    ("POST", "/v1/bounces"): "",
    ("GET", "/static/{name}"): f"anyone {ALL}",
    ("GET", "/sign-in"): f"anyone {ALL}",
    ("POST", "/sign-in"): f"anyone {ALL}",
    ("GET", "/sign-in/link"): f"anyone {ALL}",
    ("POST", "/sign-in/link"): f"anyone {ALL}",
    ("GET", "/sign-in/openid"): f"anyone {ALL}",
    ("GET", "/sign-in/openid/back"): f"anyone {ALL}",
    ("GET", "/preferences/{token}"): f"anyone {ALL}",  # the link in a mail is personal
    ("POST", "/preferences/{token}"): f"anyone {ALL}",
    ("GET", "/asked/{token}"): f"anyone {ALL}",  # the same
    ("POST", "/asked/{token}"): f"anyone {ALL}",
    ("POST", "/sign-out"): ALL,
    ("POST", "/me/openid"): ALL,
    ("GET", "/"): ALL,
    ("GET", "/archive"): ALL,
    ("GET", "/archive/feed.atom"): f"anyone {ALL}",  # the address itself is personal
    ("GET", "/archive/{edition_id}"): ALL,
    ("GET", "/archive/{edition_id}/mail"): ALL,
    ("GET", "/archive/{edition_id}/text"): ALL,
    ("GET", "/archive/{edition_id}/page"): ALL,
    ("GET", "/archive/{edition_id}/{story}"): ALL,
    ("GET", "/thanks"): ALL,
    ("GET", "/thanks/{token}/{story}"): f"anyone {ALL}",  # the link in a mail is personal
    ("POST", "/thanks/{token}/{story}"): f"anyone {ALL}",
    ("GET", "/archive/{edition_id}/{story}/thanks"): ALL,
    ("POST", "/archive/{edition_id}/{story}/thanks"): ALL,
    ("GET", "/board"): ALL,
    ("GET", "/board/{key}"): ALL,
    ("GET", "/desk"): "editor publisher admin auditor",
    ("GET", "/desk/stories/{story_id:path}"): ALL,  # who may, their role and the story decide: test_desk
    ("GET", "/desk/edit/{story_id:path}"): ALL,
    ("POST", "/desk/edit/{story_id:path}"): ALL,
    ("POST", "/desk/approve/{story_id:path}"): ALL,
    ("POST", "/desk/return/{story_id:path}"): ALL,
    ("POST", "/desk/retract/{story_id:path}"): ALL,
    ("POST", "/desk/merge/{story_id:path}"): ALL,
    ("POST", "/desk/comment/{story_id:path}"): ALL,
    ("GET", "/desk/editions"): "editor publisher admin auditor",
    ("POST", "/desk/editions"): "editor publisher",
    ("GET", "/desk/editions/{edition_id}"): "editor publisher admin auditor",
    ("GET", "/desk/editions/{edition_id}/look"): "editor publisher admin auditor",
    ("GET", "/desk/editions/{edition_id}/mail"): "editor publisher admin auditor",
    ("POST", "/desk/editions/{edition_id}/choose"): "editor publisher",
    ("POST", "/desk/editions/{edition_id}/move"): "editor publisher",
    ("POST", "/desk/editions/{edition_id}/try"): "editor publisher",
    ("POST", "/desk/editions/{edition_id}/{what}"): "publisher",
    ("GET", "/desk/editions/{edition_id}/doubtful"): "editor publisher admin auditor",
    ("POST", "/desk/editions/{edition_id}/doubtful/{mail_id}"): "publisher",
    ("POST", "/desk/runs/{schedule}/{day}/{what}"): "publisher",
    ("POST", "/desk/schedules"): "publisher",
    ("POST", "/desk/schedules/{name}/remove"): "publisher",
    ("POST", "/desk/schedules/{name}/confirm"): "publisher",
    ("GET", "/tell"): ALL,
    ("POST", "/tell"): ALL,
    ("GET", "/tell/orders"): ALL,
    ("GET", "/tell/people"): ALL,
    ("GET", "/tell/{manuscript_id}"): ALL,  # one's own; `test_telling.py` has the others
    ("POST", "/tell/{manuscript_id}"): ALL,
    ("POST", "/tell/{manuscript_id}/saved"): ALL,
    ("POST", "/tell/{manuscript_id}/photos"): ALL,
    ("GET", "/photos/{photo_id}"): ALL,  # the same
    ("GET", "/wins"): "editor publisher leader admin auditor",
    ("GET", "/wins/nearly"): "editor publisher leader admin auditor",
    ("GET", "/wins/{win_id:path}"): "editor publisher leader admin auditor",
    ("GET", "/quality"): "editor admin auditor",
    ("GET", "/quality/letters/{number}"): "editor admin auditor",
    ("POST", "/quality/letters/replay"): "admin",
    ("POST", "/quality/letters/{number}/replay"): "admin",
    ("POST", "/quality/letters/{number}/discard"): "admin",
    ("GET", "/me"): ALL,
    ("POST", "/me"): ALL,
    ("GET", "/import/people"): "admin",
    ("POST", "/import/people"): "admin",
    ("GET", "/erase/{person_id:path}"): "admin",
    ("POST", "/erase/{person_id:path}"): "admin",
    ("GET", "/people"): "admin auditor",
    ("GET", "/people/{person_id:path}"): "admin auditor",
    ("POST", "/people/{person_id:path}"): "admin",
}
ENDS = ("POST", "/sign-out")
"""What is tried last, for nothing else is to be had after it."""


def routes(newsroom: Newsroom) -> dict[tuple[str, str], str]:
    return actions(newsroom.app)


def refused(answer: httpx.Response) -> bool:
    """Sent to sign in, or told that it is not for them; whatever else is an answer of the page itself."""
    away = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code in {401, 403} or (answer.status_code == 303 and away)


def ask(visitor: Browser, method: str, path: str) -> httpx.Response:
    filled = (
        path.replace("{edition_id}", "newsletter-2025-12")
        .replace(":path", "")
        .replace("{", "")
        .replace("}", "")
    )
    if method == "GET":
        return visitor.get(filled)
    token = visitor.csrf("/") if visitor.get("/").status_code == 200 else visitor.csrf()
    return visitor.post(filled, {"csrf": token})


def test_every_route_is_in_the_table(newsroom: Newsroom) -> None:
    assert set(routes(newsroom)) == set(WHO_MAY)


def test_every_action_of_a_route_has_roles(newsroom: Newsroom) -> None:
    assert set(routes(newsroom).values()) <= {*MAY, *tokens.SCOPES}


@pytest.mark.parametrize("role", ["anyone", *ROLES])
def test_every_route_by_every_role(newsroom: Newsroom, role: str) -> None:
    open_to = {key for key, who in WHO_MAY.items() if role in who.split()}
    was_here = role != "anyone"
    found = set()
    visitor = browser(newsroom) if role == "anyone" else sign_in(newsroom, role)
    for key in sorted(WHO_MAY, key=ENDS.__eq__):
        answer = ask(visitor, *key)
        assert answer.status_code < 500, key
        if not refused(answer) or (key == ENDS and was_here and visitor.get("/").status_code == 303):
            found.add(key)
    assert found == open_to


def test_a_route_without_an_action_stops_the_start(newsroom: Newsroom) -> None:
    from services.newsroom.app import create_app  # noqa: PLC0415 - beside the app that serves

    app = create_app(newsroom.settings, newsroom.store)
    router = APIRouter()
    router.get("/open")(lambda: "anything")
    app.include_router(router)
    with pytest.raises(RuntimeError, match="/open names no action"):
        actions(app)


ATTACKS = {
    "no token": {"fields": {"csrf": ""}},
    "somebody else's token": {"fields": {"csrf": "0" * 64}},
    "another site": {"headers": {"sec-fetch-site": "cross-site"}},
    "a subdomain": {"headers": {"sec-fetch-site": "same-site"}},
    "another origin": {"headers": {"sec-fetch-site": "", "origin": "https://evil.example"}},
    "no origin at all": {"headers": {"sec-fetch-site": "", "origin": ""}},
    "an origin as it calls itself": {
        "headers": {"sec-fetch-site": "", "origin": "http://evil.example", "host": "evil.example"}
    },
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_forged_forms_change_nothing(newsroom: Newsroom, attack: str) -> None:
    found = sign_in(newsroom, "editor")
    how = ATTACKS[attack]
    fields = {"csrf": found.csrf("/"), "where": "everywhere", **how.get("fields", {})}
    answer = found.post("/sign-out", fields, **how.get("headers", {}))
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text
    assert found.get("/").status_code == 200


def test_a_form_from_its_own_origin_is_taken(newsroom: Newsroom) -> None:
    for origin in (newsroom.url, "http://localhost:8080"):
        found = sign_in(newsroom, "editor")
        fields = {"csrf": found.csrf("/")}
        del found.http.headers["accept"]
        answer = found.http.post("/sign-out", data=fields, headers={"origin": origin})
        assert answer.status_code == 303


def test_only_forms_are_taken(newsroom: Newsroom) -> None:
    found = sign_in(newsroom, "editor")
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        headers = {"sec-fetch-site": "same-origin", "content-type": kind}
        answer = found.http.post("/sign-out", content=b'{"csrf": "x"}', headers=headers)
        assert answer.status_code == 415
    assert found.get("/").status_code == 200


def test_a_method_cannot_be_disguised(newsroom: Newsroom) -> None:
    found = sign_in(newsroom, "editor")
    assert found.http.get("/sign-out", headers={"x-http-method-override": "POST"}).status_code == 405
    assert found.get("/").status_code == 200


def test_tokens_are_no_cookies_and_cookies_no_tokens(newsroom: Newsroom) -> None:
    token = newsroom.token("erp")
    found = browser(newsroom)
    found.http.cookies.set("tandem", token)
    assert found.get("/").status_code == 303
    signed_in = sign_in(newsroom, "admin").http.cookies["tandem"]
    headers = {"authorization": f"Bearer {signed_in}"}
    assert found.http.post("/v1/events", headers=headers).status_code in {401, 415}
    headers["content-type"] = "application/cloudevents+json"
    assert found.http.post("/v1/events", headers=headers, content=b"{}").status_code == 401


def test_what_browsers_are_told(newsroom: Newsroom) -> None:
    answer = browser(newsroom).get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    for path in ("/health", "/nothing", "/v1/schemas/tandem.order.placed.v1"):
        told = newsroom.client.get(path).headers
        assert told["x-content-type-options"] == "nosniff"


def test_the_style_may_be_kept_for_ever(newsroom: Newsroom) -> None:
    found = browser(newsroom)
    page = found.get("/sign-in").text
    path = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = found.get(path)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert found.get("/static/another.css").status_code == 404
    assert "style=" not in page
    assert "<script" not in page
