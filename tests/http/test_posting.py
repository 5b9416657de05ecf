"""Events by HTTP, in each mode of CloudEvents: what is recorded, and what the answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest

from shared import tables
from tests import make
from tests.http.newsroom import BATCH, EVENT, array
from tests.make import raw

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

Json = dict[str, Any]


def binary(event: Json) -> Json:
    return {
        "content-type": "application/json",
        **{f"ce-{name}": value for name, value in event.items() if name != "data"},
    }


def outcomes(report: Json) -> list[tuple[str | None, str]]:
    return [(told["id"], told["outcome"]) for told in report["events"]]


def test_one_event(newsroom: Newsroom) -> None:
    [event] = raw([make.placed(name="e1")])
    answer = newsroom.post(event, EVENT)
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    told = {"index": 0, "source": "erp", "id": "e1", "outcome": "accepted", "field": None, "reason": None}
    counts = {"accepted": 1, "duplicates": 0, "conflicts": 0, "rejected": 0}
    assert answer.json() == {**counts, "events": [told]}
    assert newsroom.ids == ["e1"]


def test_an_event_in_binary_mode_is_the_same_event(newsroom: Newsroom) -> None:
    event = make.placed(name="e1")
    assert newsroom.post(orjson.dumps(event["data"]), binary(event)).json()["accepted"] == 1
    assert newsroom.send(event).json()["duplicates"] == 1


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (quote("Zürich €"), "Zürich €"),
        ("%20a%20", " a "),
        ("100%", "100%"),
        ("%2525", "%25"),
        ('"in \\"quotes\\""', 'in "quotes"'),
    ],
)
def test_attributes_are_decoded_once(newsroom: Newsroom, sent: str, meant: str) -> None:
    event = make.placed()
    headers = binary(event) | {"ce-id": sent}
    assert newsroom.post(orjson.dumps(event["data"]), headers).json()["events"][0]["id"] == meant
    assert newsroom.ids == [meant]


@pytest.mark.parametrize("twice", [("a", "b"), ("a", "a")])
def test_an_attribute_sent_twice(newsroom: Newsroom, twice: tuple[str, str]) -> None:
    event = make.placed()
    headers = [(k, v) for k, v in binary(event).items() if k != "ce-id"] + [("ce-id", one) for one in twice]
    answer = newsroom.client.post("/v1/events", content=orjson.dumps(event["data"]), headers=headers)
    if twice[0] == twice[1]:
        assert answer.status_code == 202
    else:
        assert answer.json()["events"][0]["field"] == "id"


def test_an_attribute_that_is_no_text(newsroom: Newsroom) -> None:
    event = make.placed()
    answer = newsroom.post(orjson.dumps(event["data"]), binary(event) | {"ce-id": "%FF"})
    assert (answer.status_code, answer.json()["events"][0]["field"]) == (422, "id")


def test_a_batch_tells_of_each_event(newsroom: Newsroom) -> None:
    bad = make.of_order("order.placed", make.at("03-01"), {"currency": "EUR"}, name="bad")
    answer = newsroom.send(make.placed(name="a"), bad, make.confirmed(name="b"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    report = answer.json()
    assert outcomes(report) == [("a", "accepted"), ("bad", "rejected"), ("b", "accepted")]
    assert (report["accepted"], report["rejected"]) == (2, 1)
    assert report["events"][1]["field"] == "data.lines"
    assert "Mend what `events` names" in report["detail"]
    assert newsroom.ids == ["a", "b"]
    [letter] = newsroom.letters
    assert (letter["body"], letter["field"]) == (raw([bad])[0], "data.lines")


def test_a_rejected_event_sent_again_is_one_dead_letter(newsroom: Newsroom) -> None:
    answers = {newsroom.post(b'{"id": 1}', EVENT).status_code for _ in range(3)}
    assert answers == {422}
    assert len(newsroom.letters) == 1


def test_what_is_broken_within_a_batch_does_not_take_the_rest_with_it(newsroom: Newsroom) -> None:
    first, last = raw([make.placed(name="a"), make.confirmed(name="b")])
    broken = rb'{"id": "\ud800"}', b'{"id":}', b"NaN", b"[" * 5000 + b"]" * 5000, b'{"id": "]}"}'
    answer = newsroom.post(b"[" + b", ".join([first, *broken, last]) + b" ]", BATCH)
    assert answer.status_code == 422
    assert [told["outcome"] for told in answer.json()["events"]] == [
        "accepted",
        *["rejected"] * 5,
        "accepted",
    ]
    assert newsroom.ids == ["a", "b"]
    assert {letter["body"] for letter in newsroom.letters} == set(broken)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "Not JSON"),
        (b"[", "Not JSON"),
        (b'[{"id": "a"}', "Not JSON"),
        (b'[{"id": "a}]', "Not JSON"),
        (b'[{"id": "a"}]]', "Not JSON"),
        (b'[{"id": "a"}}', "Not JSON"),
        (b'{"id": "a"}', "Not a JSON array"),
        (b'"[]"', "Not a JSON array"),
        (b"[" * 50_000, "Not JSON"),
    ],
)
def test_a_batch_that_is_no_array(newsroom: Newsroom, body: bytes, why: str) -> None:
    answer = newsroom.post(body, BATCH)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(why)
    [letter] = newsroom.letters
    assert (letter["body"], letter["field"]) == (body, "")


def test_the_place_where_json_breaks(newsroom: Newsroom) -> None:
    answer = newsroom.post(b'{\n  "id": nope}', EVENT)
    assert answer.status_code == 400
    assert "line 2 column 9" in answer.json()["detail"]
    assert answer.json()["rejected"] == 1
    assert len(newsroom.letters) == 1


@pytest.mark.parametrize("body", [b"[]", b" [ ] "])
def test_an_empty_batch(newsroom: Newsroom, body: bytes) -> None:
    answer = newsroom.post(body, BATCH)
    assert (answer.status_code, answer.json()["events"]) == (202, [])


def test_a_thousand_events_and_the_same_again(newsroom: Newsroom) -> None:
    events = [make.registered(f"C-{number}") for number in range(1000)]
    first, again = newsroom.send(*events), newsroom.send(*events)
    assert (first.status_code, first.json()["accepted"]) == (202, 1000)
    assert (again.status_code, again.json()["duplicates"]) == (202, 1000)
    assert len(newsroom.ids) == 1000


def test_an_event_twice_in_one_batch(newsroom: Newsroom) -> None:
    event = make.placed(name="a")
    assert outcomes(newsroom.send(event, event).json()) == [("a", "accepted"), ("a", "duplicate")]


def test_other_content_under_one_name_is_a_conflict(newsroom: Newsroom) -> None:
    newsroom.send(make.placed(name="a"))
    answer = newsroom.send(make.placed(name="a", currency="USD"), make.confirmed(name="b"))
    assert answer.status_code == 409
    assert outcomes(answer.json()) == [("a", "conflict"), ("b", "accepted")]
    assert "correction" in answer.json()["events"][0]["reason"]
    assert [row["id"] for row in newsroom.rows(tables.conflicts)] == ["a"]


def test_an_unknown_type_is_recorded(newsroom: Newsroom) -> None:
    assert newsroom.send(make.event("nobody.knows", make.at("03-01"), {})).status_code == 202


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "application/json",
        "text/plain",
        "application/cloudevents",
        "application/cloudevents+avro",
        "application/cloudevents+json; charset=utf-16",
        "junk; ;;=",
        "multipart/form-data; boundary=x",
    ],
)
def test_another_kind_of_content(newsroom: Newsroom, kind: str | None) -> None:
    answer = newsroom.post(array(make.placed()), {} if kind is None else {"content-type": kind})
    assert answer.status_code == 415
    assert "application/cloudevents-batch+json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "kind", ['application/cloudevents+json; charset="UTF-8"', "APPLICATION/CloudEvents+JSON"]
)
def test_the_kind_of_content_in_other_words(newsroom: Newsroom, kind: str) -> None:
    assert newsroom.post(raw([make.placed()])[0], {"content-type": kind}).status_code == 202


def test_an_idempotency_key_adds_nothing_to_source_and_id(newsroom: Newsroom) -> None:
    key = {**BATCH, "idempotency-key": "one"}
    assert newsroom.post(array(make.placed(name="a")), key).json()["accepted"] == 1
    assert newsroom.post(array(make.confirmed(name="b")), key).json()["accepted"] == 1


def test_a_path_that_is_not_there(newsroom: Newsroom) -> None:
    answer = newsroom.client.get("/nothing")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    answer = newsroom.client.get("/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert {answer.headers["content-type"]} == {"application/problem+json"}
