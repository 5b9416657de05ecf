"""`POST /v1/bounces`: what a provider says came back, once, and never what is forged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared import tables
from shared.mailing.links import bounce_token, mail_id
from shared.mailing.returned import MOST_BYTES
from shared.people.importing import import_people
from shared.store import ledger
from tests.bad_inputs import BAD_INPUTS, BadInput
from tests.mailing.reports import away, dsn

if TYPE_CHECKING:
    import httpx

    from tests.http.newsroom import Newsroom

FORGED = f"{'0' * 20}-{'1' * 12}"


@pytest.fixture
def token(newsroom: Newsroom) -> str:
    """Of a mail that went to Ana."""
    now, name = datetime.now(UTC), mail_id(newsroom.store.secret, "newsletter-2026-04", "p-1")
    import_people(newsroom.store, b"person_id,email,name,department\np-1,ana@example.com,Ana,sales", now)
    mail = {"mail_id": name, "edition_id": "newsletter-2026-04", "person_id": "p-1", "content": b""}
    mail |= {"recipient": "Ana <ana@example.com>", "state": "sent", "reason": "", "attempt": 1}
    with newsroom.store.noting() as connection:
        ledger.add_mails(connection, [mail | {"due_at": now, "changed_at": now}])
    return bounce_token(newsroom.store.secret, name)


def post(newsroom: Newsroom, body: object, kind: str = "application/json") -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return newsroom.client.post("/v1/bounces", content=content, headers={"content-type": kind})


def outcomes(answer: httpx.Response) -> list[str]:
    return [each["outcome"] for each in answer.json()["bounces"]]


def test_a_bounce_is_taken_in_once(newsroom: Newsroom, token: str) -> None:
    told = {"token": f"bounce+{token}@example.com", "status": "5.1.1", "text": "no ana@example.com\0here"}
    first, again = post(newsroom, told), post(newsroom, [told, {"token": token, "kind": "complaint"}])
    assert (first.status_code, outcomes(first)) == (200, ["hard"])
    assert (again.status_code, outcomes(again)) == (200, ["known", "complaint"])
    [hard] = [row for row in newsroom.rows(tables.bounces) if row["kind"] == "hard"]
    assert hard["said"] == "no … here"
    [held] = newsroom.rows(tables.suppressions)
    assert held["reason"] == "bounced"


def test_a_mail_that_came_back_is_taken_as_it_is(newsroom: Newsroom, token: str) -> None:
    answer = post(newsroom, dsn(token), "message/rfc822")
    assert (answer.status_code, answer.json()["taken"]) == (200, 1)
    assert outcomes(post(newsroom, away(token), "message/rfc822")) == ["ignored"]


def test_what_is_forged_is_refused_and_counted_and_its_neighbours_are_taken(
    newsroom: Newsroom, token: str
) -> None:
    answer = post(newsroom, [{"token": FORGED, "status": "5.1.1"}, {"token": token, "status": "4.2.2"}])
    assert (answer.status_code, outcomes(answer)) == (422, ["refused", "soft"])
    assert newsroom.rows(tables.suppressions) == []
    assert [row["number"] for row in newsroom.rows(tables.refusals)] == [1]


WRONG: list[tuple[Any, str]] = [
    ({}, "token"),
    ({"token": ""}, "token"),
    ([{"token": FORGED}, {"token": FORGED, "status": 5}], "1.status"),
    ([], ""),
    ({"token": FORGED, "kind": "spam"}, "kind"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_is_named(newsroom: Newsroom, body: Any, field: str) -> None:
    answer = post(newsroom, body)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert newsroom.rows(tables.refusals) == []


@pytest.mark.parametrize("bad", BAD_INPUTS, ids=lambda bad: bad.name)
def test_bad_inputs_are_answered(newsroom: Newsroom, bad: BadInput) -> None:
    fits = len(bad.raw) <= MOST_BYTES
    assert post(newsroom, bad.raw).status_code == (400 if fits else 413)
    assert post(newsroom, bad.raw, "message/rfc822").status_code == (200 if fits else 413)


def test_only_a_token_for_bounces_may(newsroom: Newsroom) -> None:
    headers = {"authorization": f"Bearer {newsroom.token('erp')}", "content-type": "application/json"}
    assert newsroom.client.post("/v1/bounces", content=b"{}", headers=headers).status_code == 403
    assert post(newsroom, b"x", "text/plain").status_code == 415
