"""Who may send: every kind of token against every kind of source, and how tokens are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from shared import tables
from shared.store import tokens
from tests import make
from tests.http.newsroom import BATCH, EVENT, PLAIN_HTTP, array
from tests.make import raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.http.newsroom import Newsroom

Json = dict[str, Any]

NOW = datetime.now(UTC)


def expired(newsroom: Newsroom) -> str:
    return newsroom.token("t", now=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))


def revoked(newsroom: Newsroom) -> str:
    secret = newsroom.token("t")
    tokens.revoke(newsroom.store, "t", NOW)
    return secret


def bound(*sources: str) -> Callable[[Newsroom], str]:
    return lambda newsroom: newsroom.token("t", sources=list(sources))


MATRIX: dict[str, tuple[Callable[[Newsroom], str], int]] = {
    "valid": (lambda newsroom: newsroom.token("t"), 202),
    "expires later": (lambda newsroom: newsroom.token("t", expires_at=NOW + timedelta(days=1)), 202),
    "unknown": (lambda _: "tandem_" + "x" * 43, 401),
    "not ASCII": (lambda _: "tandem_" + "\xfc" * 43, 401),
    "short": (lambda _: "tandem_x", 401),
    "huge": (lambda _: "x" * 8000, 401),
    "cut off": (lambda newsroom: newsroom.token("t")[:-1], 401),
    "in capitals": (lambda newsroom: newsroom.token("t").upper(), 401),
    "the digest": (
        lambda newsroom: newsroom.token("t") and newsroom.rows(tables.tokens)[-1]["digest"].hex(),
        401,
    ),
    "expired": (expired, 401),
    "revoked": (revoked, 401),
    "without the scope": (lambda newsroom: newsroom.token("t", scopes=[]), 403),
    "of this source": (bound("erp"), 202),
    "of several sources": (bound("tms", "erp"), 202),
    "of another source": (bound("tms"), 403),
    "of a source that begins alike": (bound("er"), 403),
    "of a source below": (bound("erp/1"), 403),
}


@pytest.mark.parametrize("name", MATRIX)
def test_tokens(newsroom: Newsroom, name: str) -> None:
    make_token, status = MATRIX[name]
    secret = make_token(newsroom)
    given = httpx.Headers([(b"authorization", b"Bearer " + secret.encode("latin-1")), *EVENT.items()])
    sent = raw([make.placed(name="e1")])[0]
    answer = httpx.post(f"{newsroom.url}/v1/events", content=sent, headers=given, verify=PLAIN_HTTP)
    assert answer.status_code == status, answer.text
    assert newsroom.ids == (["e1"] if status == 202 else [])
    assert newsroom.letters == []
    if status != 202:
        check_problem(answer, status)
    if status == 403 and "source" in name:
        assert answer.json()["detail"].startswith("Event 0 has the source 'erp'; the token t is only for ")


def check_problem(answer: httpx.Response, status: int) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith('Bearer realm="tandem"')
    told = answer.json()
    assert (told["status"], set(told)) == (status, {"type", "title", "status", "detail"})


def test_unknown_expired_and_revoked_tokens_get_one_answer(newsroom: Newsroom) -> None:
    secrets = ["tandem_" + "x" * 43, expired(newsroom), newsroom.token("u")]
    tokens.revoke(newsroom.store, "u", NOW)
    assert len({newsroom.client.post("/v1/events", headers=bearer(secret)).text for secret in secrets}) == 1


def bearer(secret: str) -> Json:
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    "given",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", "Basic {}")],
        [("authorization", "{}")],
        [("authorization", "Bearer {}"), ("authorization", "Bearer {}")],
        [("cookie", "authorization=Bearer {}; token={}; access_token={}")],
        [("x-api-key", "{}")],
    ],
)
def test_a_token_anywhere_else_is_not_looked_at(newsroom: Newsroom, given: list[tuple[str, str]]) -> None:
    secret = newsroom.token("t")
    headers = [*EVENT.items(), *((name, value.replace("{}", secret)) for name, value in given)]
    url = f"{newsroom.url}/v1/events?access_token={secret}"
    answer = httpx.post(url, headers=headers, content=raw([make.placed()])[0], verify=PLAIN_HTTP)
    check_problem(answer, 401)
    assert "tandem token create" in answer.json()["detail"]


def test_the_scheme_is_read_in_any_case(newsroom: Newsroom) -> None:
    given = {"authorization": f"bEARER  {newsroom.token('t')}"}
    assert newsroom.client.post("/v1/events", headers=given | BATCH, content=b"[]").status_code == 202


@pytest.mark.parametrize(
    ("own", "source", "may"),
    [
        ("erp", "erp/plant-1", True),
        ("erp", "erp:plant-1", True),
        ("urn:erp:", "urn:erp:1", True),
        ("https://erp.example/", "https://erp.example/a", True),
        ("https://erp.example", "https://erp.example.evil/a", False),
        ("erp", "erp2", False),
        ("erp", "ERP", False),
        ("erp/", "erp", False),
    ],
)
def test_a_source_goes_on_after_a_slash_or_a_colon(
    newsroom: Newsroom, own: str, source: str, *, may: bool
) -> None:
    given = bearer(newsroom.token("t", sources=[own]))
    answer = newsroom.post(raw([make.placed(source=source)])[0], EVENT | given)
    assert answer.status_code == (202 if may else 403)


def test_one_event_of_another_source_refuses_the_whole_batch(newsroom: Newsroom) -> None:
    given = bearer(newsroom.token("t", sources=["erp"]))
    answer = newsroom.post(array(make.placed(), make.placed(source="tms")), BATCH | given)
    assert (answer.status_code, newsroom.ids, newsroom.letters) == (403, [], [])
    assert "Event 1 has the source 'tms'" in answer.json()["detail"]


@pytest.mark.parametrize("twice", ['"source":"tms","source":"erp"', '"source":"erp","source":"tms"'])
def test_a_source_twice_is_no_way_around(newsroom: Newsroom, twice: str) -> None:
    given = bearer(newsroom.token("t", sources=["erp"]))
    event = raw([make.placed()])[0].replace(b'"source":"erp"', twice.encode())
    assert newsroom.post(event, EVENT | given).status_code in {403, 422}
    assert newsroom.ids == []


def test_a_correction_may_name_what_another_source_said(newsroom: Newsroom) -> None:
    newsroom.send(first := make.placed(source="tms"))
    given = bearer(newsroom.token("t", sources=["erp"]))
    correction = make.corrected(first, currency="USD") | {"source": "erp"}
    assert newsroom.post(array(correction), BATCH | given).status_code == 202


def test_the_secret_is_stored_nowhere(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        secret = newsroom.token("t")
        newsroom.post(b"[]", BATCH | bearer(secret))
    assert secret not in caplog.text
    [row] = [row for row in newsroom.rows(tables.tokens) if row["name"] == "t"]
    assert secret.removeprefix("tandem_").encode() not in repr(row).encode()


def test_use_is_noted_to_the_minute(newsroom: Newsroom) -> None:
    secret = newsroom.token("t")

    def used() -> datetime | None:
        return next(token.last_used_at for token in tokens.listed(newsroom.store) if token.name == "t")

    assert used() is None
    newsroom.post(b"[]", BATCH | bearer(secret))
    first = used()
    assert first is not None
    newsroom.post(b"[]", BATCH | bearer(secret))
    assert used() == first
    tokens.use(newsroom.store, "t", first - timedelta(minutes=2))
    newsroom.post(b"[]", BATCH | bearer(secret))
    assert used() > first - timedelta(minutes=1)
