"""A story that one side told and the other confirmed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.projecting.naming import names_of
from shared.projecting.reading import Reading
from shared.recording import record
from shared.rendering.writing import render_story
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.stories.facts import facts_of
from tests import make
from tests.databases import opened
from tests.make import at, instant
from tests.patterns.company import judged, wins
from tests.patterns.found import OPERATIONS, SALES
from tests.stories.rules import can_be_told

if TYPE_CHECKING:
    from shared.patterns.model import Win

Json = dict[str, Any]
NAME = "team_told"
FEWER = settings(max_examples=settings().max_examples // 5)
"""Each example opens two databases."""


def confirmed(time: str = at("03-18"), person: Json = SALES, **more: Any) -> Json:
    told = {"draft_id": "D-1", "line": "So it was.", "actor": person, **more}
    return make.event("draft.confirmed", time, told)


def tale(
    *more: Json, drafted: Json | None = None, line: Json | None = None, delivered: Json | None = None,
    placed: Json | None = None,
) -> list[Json]:  # fmt: skip
    """Nothing happened to SO-1; on Monday 16 March Operations tells of it, and Sales confirms."""
    return [
        placed or make.placed(),
        make.confirmed(),
        delivered or make.delivered(100, at("03-11")),
        drafted or make.drafted(at("03-16")),
        line or confirmed(),
        *more,
    ]


def found(*more: Json, **parts: Json) -> list[Win]:
    return judged(tale(*more, **parts), NAME)


def test_told_and_confirmed() -> None:
    draft, line = make.drafted(at("03-16")), confirmed()
    (win,) = found(drafted=draft, line=line)
    assert (win.win_id, win.subject, win.kind, win.jointness) == (f"{NAME}:D-1", "draft/D-1", "joint", 1)
    assert (win.customer_id, win.final_at) == ("C-1", instant("04-11", "00:00"))
    assert [part.action for part in (*win.sales, *win.operations)] == ["draft.confirmed", "draft.submitted"]
    assert win.facts == {
        "draft_id": "D-1",
        "customer_id": "C-1",
        "customer_ids": ["C-1"],
        "customers": 1,
        "order_ids": ["SO-1"],
        "told_by": "logistics",
        "told_by_sales": False,
        "told_on": "2026-03-16",
        "confirmed_by": "sales",
        "confirmed_on": "2026-03-18",
        "orders": 1,
        "lines": 1,
        "delivered_at": "2026-03-11T12:00:00+00:00",
        "on_first_promise": True,
        "texts": {
            "title": ["erp", draft["id"], "title"],
            "body": ["erp", draft["id"], "body"],
            "line": ["erp", line["id"], "line"],
        },
        "duplicate_of": [],
        "return_window_days": 30,
    }
    assert "We did it" not in str(win), "what people wrote stays apart"
    can_be_told(win)


def test_either_side_may_tell_it_and_a_late_order_is_told_as_late() -> None:
    (win,) = found(
        drafted=make.drafted(at("03-16"), person=SALES),
        line=confirmed(person=OPERATIONS),
        delivered=make.delivered(100, at("03-14")),
    )
    assert (win.facts["told_by"], win.facts["on_first_promise"]) == ("sales", False)


@pytest.mark.parametrize(
    "parts",
    [
        {"line": confirmed(at("03-24"))},
        {"line": confirmed(at("03-15"))},
        {"line": confirmed(person={**OPERATIONS, "person_id": "p-next"})},
        {"line": confirmed(person={**OPERATIONS, "department": "sales"})},
        {"line": confirmed(person={**SALES, "is_human": False})},
        {"line": confirmed(person={**SALES, "department": "finance"})},
        {"line": confirmed(backfill=True)},
        {"line": confirmed(draft_id="D-2")},
        {"drafted": make.drafted(at("03-16"), backfill=True)},
        {"drafted": make.drafted(at("03-16"), person={**OPERATIONS, "department": "finance"})},
        {"drafted": make.drafted(at("03-16"), order_ids=[])},
        {"drafted": make.drafted(at("03-16"), order_ids=["SO-9"])},
        {"delivered": make.delivered(40, at("03-11"))},
        {"placed": make.placed(kind="sample")},
    ],
    ids=["too late", "before it was told", "own side", "same person", "machine", "finance", "loaded",
         "another draft", "loaded draft", "told by finance", "no order", "no such order", "not delivered",
         "sample"],
)  # fmt: skip
def test_one_flaw_is_enough(parts: dict[str, Json]) -> None:
    assert found(**parts) == []


@pytest.mark.parametrize(("told", "last"), [("03-16", "03-23"), ("03-20", "03-27"), ("03-21", "03-27")])
def test_five_working_days(told: str, last: str) -> None:
    """From a Monday, a Friday and a Saturday on."""
    draft = make.drafted(at(told))
    assert len(found(drafted=draft, line=confirmed(at(last, "23:59")))) == 1
    after = instant(last, "23:59").replace(day=int(last[-2:]) + 1).isoformat()
    assert found(drafted=draft, line=confirmed(after)) == []


def test_what_is_told_anew_must_be_confirmed_anew() -> None:
    again = make.drafted(at("03-19"))
    assert found(again) == []
    assert len(found(again, confirmed(at("03-20")))) == 1


def test_orders_that_do_not_exist_are_left_out_and_all_others_must_be_delivered() -> None:
    names = {"order_ids": ["SO-1", "SO-2", "SO-9"]}
    second = make.win("SO-2", "C-2")
    told = [
        *tale(drafted=make.drafted(at("03-16"), **names)),
        make.placed(order_id="SO-2", customer_id="C-2"),
    ]
    assert judged(told, NAME) == []
    quiet = [second[0], second[1], second[4]]
    (win,) = judged([*tale(drafted=make.drafted(at("03-16"), **names)), *quiet], NAME)
    assert (win.facts["order_ids"], win.facts["customers"], win.customer_id) == (["SO-1", "SO-2"], 2, None)


def test_what_a_pattern_tells_already_is_no_story_of_its_own() -> None:
    (win,) = judged([*make.win(), make.drafted(at("03-16")), confirmed()], NAME)
    assert win.status(make.LATER) == "revoked"
    assert win.reason == "the same is told by roadblock_beaten:SO-1"
    assert win.facts["duplicate_of"] == ["roadblock_beaten:SO-1"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ((make.returned(1, at("03-20")), make.assessed("quality", at("03-25"))), "revoked"),
        ((make.returned(1, at("03-20")),), "provisional"),
        ((make.feedback("complaint", at("03-20")),), "revoked"),
        ((make.feedback("nps", at("03-20"), 3, loose=True),), "revoked"),
        ((make.feedback("nps", at("03-20"), 9, loose=True),), "final"),
    ],
)
def test_what_speaks_against_it(more: tuple[Json, ...], status: str) -> None:
    (win,) = found(*more)
    assert win.status(make.LATER) == status


def test_of_what_people_wrote_no_figure_and_no_name_is_printed() -> None:
    body = "It was **night**. Ana found 40 seals. Ask Nordlicht! Thanks to Jonas. We repacked it all."
    draft = make.drafted(
        at("03-16"),
        person={**OPERATIONS, "name": "Ana Ruiz"},
        title="A night shift",
        body=body,
        thanks=[{**SALES, "name": "Jonas Weber"}],
    )
    secret = make.registered(time=at("01-05"), confidential=True, segment="pumps") | {"id": "secret"}
    secret["data"]["name"] = "Nordlicht Pumps"
    with closing(opened()) as store:
        record(store, make.raw(tale(secret, drafted=draft)), as_of=make.LATER, rules=DEFAULTS)
        found = wins(store, NAME)
        with store.reading() as connection:
            names = names_of(Reading(connection, make.LATER, DEFAULTS), found)
    facts = facts_of(found[0], names)
    assert facts.told == {
        "title": "A night shift",
        "body": "It was night. We repacked it all.",
        "line": "So it was.",
    }
    told = render_story(facts).full
    assert "told by the logistics team" in told
    assert "\u201cIt was night. We repacked it all.\u201d" in told
    assert facts.customer == "a customer in pumps"


def test_told_long_after_it_is_final_once_confirmed() -> None:
    (win,) = found(drafted=make.drafted(at("08-03")), line=confirmed(at("08-05")))
    assert win.final_at == instant("08-06", "00:00")


@FEWER
@given(st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_judging_meanwhile(dice: Any) -> None:
    line = confirmed()
    extra = [make.retracted(line, at("03-19")), confirmed(at("03-20"))] if dice.random() < 0.5 else []
    extra += [make.raised(), make.resolved()] if dice.random() < 0.5 else []
    extra += [make.feedback("complaint", at("03-20"), loose=True)] if dice.random() < 0.5 else []
    events = tale(*extra, line=line)
    expected = judged(events, NAME)
    assert expected
    told = [*events, *dice.sample(events, 3)]
    dice.shuffle(told)
    with closing(opened()) as store:
        while told:
            size = dice.choice((1, 2, 5))
            batch, told = told[:size], told[size:]
            now = dice.choice((make.LATER, instant("03-17")))
            record(store, make.raw(batch), as_of=now, rules=DEFAULTS)
            if dice.random() < 0.5:
                settle(store, as_of=now, rules=DEFAULTS)
        record(store, [], as_of=make.LATER, rules=DEFAULTS)
        assert wins(store, NAME) == expected
