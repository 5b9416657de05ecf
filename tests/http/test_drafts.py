"""`POST /v1/drafts`: handed in once whatever is sent twice, and every refusal names its field."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from services.newsroom.drafting import Draft
from shared import tables
from shared.events.drafts import DraftSubmitted
from shared.stories.submission import FIELDS
from tests.bad_inputs import BAD_INPUTS
from tests.desk import FORM

if TYPE_CHECKING:
    import httpx

    from tests.http.newsroom import Newsroom

Json = dict[str, Any]
OWN = {key: value for key, value in FORM.items() if key != "draft_id"}


def post(newsroom: Newsroom, body: Json | bytes, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    told = {"content-type": "application/json", **headers}
    return newsroom.client.post("/v1/drafts", content=content, headers=told)


def told(newsroom: Newsroom) -> list[str]:
    return [row["title"] for row in newsroom.rows(tables.stories)]


def test_a_draft_waits_for_an_editor(newsroom: Newsroom) -> None:
    answer = post(newsroom, OWN)
    assert answer.status_code == 201
    [story] = newsroom.rows(tables.stories)
    draft_id = story["subject"].removeprefix("draft/")
    said = {"draft_id": draft_id, "story_id": story["story_id"], "outcome": "submitted"}
    assert answer.json() == said
    assert (story["state"], story["via"]) == ("submitted", "tandem/http/everything")
    assert "everything" not in story["submitted_by"]


def test_markdown_is_taken_too(newsroom: Newsroom) -> None:
    text = '+++\ntitle = "T"\nby = { person_id = "p", department = "sales" }\n+++\nWe called.'
    assert (
        post(newsroom, text.encode(), **{"content-type": "text/markdown; charset=utf-8"}).status_code == 201
    )
    assert told(newsroom) == ["T"]


@pytest.mark.parametrize("key", [{}, {"idempotency-key": "k-1"}])
def test_sent_again_it_is_known(newsroom: Newsroom, key: dict[str, str]) -> None:
    first, again = post(newsroom, OWN, **key), post(newsroom, OWN, **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"outcome": "known"}
    assert len(newsroom.rows(tables.story_log)) == 1


def test_at_the_same_instant_it_is_one(newsroom: Newsroom) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(newsroom, OWN, **{"idempotency-key": "k-2"}), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["draft_id"] for answer in answers}) == 1


def test_another_story_under_the_key_is_a_conflict(newsroom: Newsroom) -> None:
    post(newsroom, OWN, **{"idempotency-key": "k-3"})
    other = post(newsroom, OWN | {"body": "Other words."}, **{"idempotency-key": "k-3"})
    assert (other.status_code, "under a new key" in other.json()["detail"]) == (409, True)
    assert len(told(newsroom)) == 1
    token = newsroom.token("another", scopes=["drafts"])
    mine = post(newsroom, OWN, **{"idempotency-key": "k-3", "authorization": f"Bearer {token}"})
    assert mine.status_code == 201, "a key is its token's own"


def test_the_scope_is_drafts(newsroom: Newsroom) -> None:
    headers = {"authorization": f"Bearer {newsroom.token('events-only')}"}
    assert post(newsroom, OWN, **headers).status_code == 403
    assert post(newsroom, OWN, authorization="Bearer nothing").status_code == 401
    own = {"authorization": f"Bearer {newsroom.token('drafts-only', scopes=['drafts'])}"}
    assert newsroom.client.post("/v1/events", content=b"{}", headers=own).status_code in {403, 415}
    assert told(newsroom) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "a\r\nBcc: b@example.com"}, "title"),
        ({"title": "=?utf-8?q?x?="}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"body": "a\u202eb"}, "body"),
        ({"body": "ü" * 10_300}, "body"),
        ({"by": {"person_id": "p"}}, "by.department"),
        ({"approved": True}, "approved"),
        ({"thanks": [{"person_id": "", "department": "sales"}]}, "thanks.0.person_id"),
    ],
)
def test_what_is_wrong_is_named(newsroom: Newsroom, changes: Json, field: str) -> None:
    answer = post(newsroom, OWN | changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (told(newsroom), newsroom.letters) == ([], [])


@pytest.mark.parametrize("bad", [pytest.param(one.raw, id=one.name) for one in BAD_INPUTS])
def test_no_bad_input_becomes_a_draft(newsroom: Newsroom, bad: bytes) -> None:
    answer = post(newsroom, bad)
    assert answer.status_code in {400, 413, 422}
    assert answer.json()["detail"].isprintable()
    assert told(newsroom) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": ""}, 415),
        ({"idempotency-key": "a b"}, 400),
        ({"idempotency-key": "x" * 201}, 400),
        ({"idempotency-key": ""}, 400),
    ],
)
def test_headers_that_cannot_be_read(newsroom: Newsroom, headers: dict[str, str], status: int) -> None:
    assert post(newsroom, OWN, **headers).status_code == status
    assert told(newsroom) == []


def test_the_documented_form_is_the_one_that_is_read() -> None:
    assert set(Draft.model_fields) == set(FIELDS)
    for name in ("title", "body"):
        assert Draft.model_fields[name].metadata == DraftSubmitted.model_fields[name].metadata
