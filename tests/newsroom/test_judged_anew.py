"""While all is judged anew by changed rules the newsroom answers, says so, and shows no mixture of both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from shared import tables
from shared.recording import record
from shared.replaying import judge_anew
from shared.rules import DEFAULTS, Rules
from tests import make
from tests.newsroom.visiting import browser, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.newsroom import Newsroom

BEFORE = Rules(late_tolerance_days=2)
FIGURES = ("/board?month=2026-03", "/board/otif?month=2026-03", "/wins/nearly?week=2026-W11")
SAID = "all orders are being judged anew"


@pytest.fixture
def changed(newsroom: Newsroom) -> Iterator[Newsroom]:
    """A newsroom whose database stands by other rules than its own."""
    with newsroom.store.writing() as connection:
        connection.execute(tables.facts.delete().where(tables.facts.c.name.like("projected_%")))
    record(newsroom.store, make.raw(make.win()), as_of=make.LATER, rules=BEFORE)
    yield newsroom
    judge(newsroom)


def judge(newsroom: Newsroom) -> None:
    judge_anew(newsroom.store, clock=lambda: make.LATER, rules=DEFAULTS)


@pytest.mark.parametrize("path", FIGURES)
def test_figures_wait_and_come_by_themselves(changed: Newsroom, path: str) -> None:
    visitor = sign_in(changed, "admin")
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["refresh"]) == (503, "10")
    assert SAID in answer.text
    assert "%" not in answer.text.partition("<h1>")[2]
    judge(changed)
    assert visitor.get(path).status_code == 200
    assert SAID not in visitor.get(path).text


@pytest.mark.parametrize("path", ["/", "/archive", "/wins", "/desk", "/tell", "/quality"])
def test_all_other_pages_answer_and_say_so(changed: Newsroom, path: str) -> None:
    visitor = sign_in(changed, "admin")
    answer = visitor.get(path)
    assert (answer.status_code, answer.text.count(SAID)) == (200, 1)
    judge(changed)
    assert SAID not in visitor.get(path).text


def test_whoever_is_not_signed_in_is_asked_to_first(changed: Newsroom) -> None:
    for path in FIGURES:
        assert browser(changed).get(path).headers["location"].startswith("/sign-in")


def test_how_far_it_is_stands_on_every_page(changed: Newsroom) -> None:
    visitor = sign_in(changed, "admin")
    pages: list[str] = []
    began = datetime(2026, 11, 26, 18, 5, tzinfo=UTC)
    judge_anew(
        changed.store,
        clock=lambda: began,
        rules=DEFAULTS,
        advance=lambda _: pages.append(visitor.get("/wins").text),
    )
    assert "0 of 1 are done, begun on 26 November 2026 at 18:05." in pages[0]
    assert any("1 of 1 are done" in page for page in pages)


def test_no_edition_is_composed_of_what_stands_by_other_rules(changed: Newsroom) -> None:
    editor = sign_in(changed, "editor")
    wanted = {"edition": "newsletter", "period": "2026-04"}
    answer = editor.post("/desk/editions", wanted)
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
    assert changed.rows(tables.editions) == []
    judge(changed)
    assert editor.post("/desk/editions", wanted).status_code == 303


def test_events_are_taken_in_and_count_once_they_are_judged(changed: Newsroom) -> None:
    assert changed.send(*make.win("SO-2")).status_code == 202
    orders = select(func.count()).select_from(tables.orders)
    with changed.store.reading() as connection:
        assert connection.scalar(orders) == 1
    judge(changed)
    with changed.store.reading() as connection:
        assert connection.scalar(orders) == 2
