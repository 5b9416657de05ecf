"""Every bad input, alone and between good ones: named, kept, and no hindrance to its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.bad_inputs import BAD_INPUTS, HARMLESS
from tests.http.newsroom import BATCH, EVENT
from tests.make import raw

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

HIDING = ("cut off", "50,000 lists deep")
"""Brackets that do not match: nothing tells where the next event begins."""


@pytest.mark.parametrize(("bad", "field"), [pytest.param(*one[1:], id=one.name) for one in BAD_INPUTS])
def test_alone(newsroom: Newsroom, bad: bytes, field: str) -> None:
    answer = newsroom.post(bad, EVENT)
    if answer.status_code == 413:
        assert len(bad) > 8_388_608
        return
    assert answer.status_code == (422 if field else 400)
    [told] = answer.json()["events"]
    assert (told["outcome"], told["field"]) == ("rejected", field)
    assert told["reason"].isprintable()
    [letter] = newsroom.letters
    assert (letter["body"], letter["field"], newsroom.ids) == (bad, field, [])


def test_between_good_ones(newsroom: Newsroom) -> None:
    first, last = raw([make.placed(name="a"), make.confirmed(name="b")])
    bad = [one for one in BAD_INPUTS if one.name not in HIDING and len(one.raw) < 1_000_000]
    answer = newsroom.post(b"[" + b",".join([first, *(one.raw for one in bad), last]) + b"]", BATCH)
    assert answer.status_code == 422
    told = [(event["outcome"], event["field"]) for event in answer.json()["events"]]
    assert told == [("accepted", None), *(("rejected", one.field) for one in bad), ("accepted", None)]
    assert newsroom.ids == ["a", "b"]
    assert {letter["body"] for letter in newsroom.letters} == {one.raw.strip() for one in bad}


@pytest.mark.parametrize("name", HIDING)
def test_what_hides_where_the_next_event_begins(newsroom: Newsroom, name: str) -> None:
    [bad] = [one.raw for one in BAD_INPUTS if one.name == name]
    [good] = raw([make.placed(name="a")])
    body = b"[" + b",".join([good, bad, good]) + b"]"
    answer = newsroom.post(body, BATCH)
    assert (answer.status_code, newsroom.ids) == (400, [])
    assert [letter["body"] for letter in newsroom.letters] == [body]


@pytest.mark.parametrize("event", [pytest.param(event, id=name) for name, event in HARMLESS])
def test_what_only_looks_dangerous(newsroom: Newsroom, event: bytes) -> None:
    assert newsroom.post(event, EVENT).status_code == 202
    assert newsroom.post(b"[" + event + b"]", BATCH).json()["duplicates"] == 1
