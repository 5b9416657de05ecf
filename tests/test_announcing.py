"""What is announced: each thing once, in its order, and in the end what is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import publishing
from shared.announcing import Announcer, announce
from shared.events.catalogue import decode
from shared.news import dump, of_win
from shared.periods import Period
from shared.recording import record
from shared.replaying import judge_anew, replay
from shared.roles import Actor
from shared.rules import DEFAULTS
from tests import folded, make, seen
from tests.desk import EDITOR, MONDAY, REPORTER, STORY, desk, hand_in
from tests.make import at, instant, raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.store.engine import Store
    from shared.store.outbox import Record

Json = dict[str, Any]
FINAL = instant("05-01")
PATIENT = replace(DEFAULTS, story_max_age_days=400)


def saved_order() -> list[Json]:
    """An order whose roadblock both sides beat."""
    return [
        make.placed(actor={**make.SALES, "role": "order_taker"}),
        make.confirmed("2026-03-12"),
        make.raised(),
        make.resolved(),
        make.delivered(100, at("03-10")),
    ]


def told(store: Store, events: list[Json], as_of: datetime) -> list[Record]:
    record(store, raw(events), as_of=as_of, rules=DEFAULTS)
    return folded.announced(store, as_of, DEFAULTS)


def test_a_win_is_detected_and_confirmed_when_its_time_has_come(store: Store) -> None:
    [detected] = told(store, saved_order(), instant("03-11"))
    assert folded.kinds([detected]) == ["win.detected"]
    assert folded.announced(store, instant("03-12"), DEFAULTS) == []
    [confirmed] = folded.announced(store, FINAL, DEFAULTS)
    assert folded.kinds([confirmed]) == ["win.confirmed"]
    assert (confirmed.topic, confirmed.key) == ("wins", b"SO-1")
    assert confirmed.headers == (("content-type", b"application/cloudevents+json"),)
    assert folded.announced(store, FINAL + timedelta(days=900), DEFAULTS) == []


def test_an_event_says_what_the_win_says_and_names_nobody(store: Store) -> None:
    named = {**make.SALES, "name": "Ana Ruiz", "role": "Ana's own words"}
    events = [make.registered(name="Nordlicht"), *saved_order()]
    events[1]["data"] |= {"actor": named, "ship_to": {"site": "Ruiz, Hafenstr. 1"}}
    [sent] = told(store, events, instant("03-11"))
    [event] = folded.events([sent])
    assert event["subject"] == "order/SO-1"
    assert (event["source"], event["specversion"]) == ("tandem", "1.0")
    assert event["data"]["win_id"] == "roadblock_beaten:SO-1"
    assert event["data"]["status"] == "provisional"
    parts = event["data"]["sales"] + event["data"]["operations"]
    assert {part["department"] for part in parts} == {"sales", "logistics"}
    assert "person_id" not in str(parts)
    for secret in ("Ruiz", "Nordlicht", "own words", "p-sales", "p-ops"):
        assert secret.encode() not in (sent.value or b"")


def test_what_was_announced_and_is_contradicted_is_revoked_once(store: Store) -> None:
    told(store, saved_order(), instant("03-11"))
    [revoked] = told(store, [make.feedback("complaint", at("03-15"))], instant("03-16"))
    assert folded.kinds([revoked]) == ["win.revoked"]
    assert told(store, [make.feedback("complaint", at("03-17"))], instant("03-18")) == []


def test_what_was_announced_and_is_gone_is_revoked(store: Store) -> None:
    events = saved_order()
    [detected] = folded.events(told(store, events, instant("03-11")))
    [revoked] = folded.events(told(store, [make.retracted(events[3], at("03-12"))], instant("03-13")))
    assert revoked["type"] == "tandem.win.revoked.v1"
    assert revoked["data"] == detected["data"] | {"status": "revoked"}
    assert folded.announced(store, FINAL, DEFAULTS) == []


def test_detected_again_is_another_event(store: Store) -> None:
    events = saved_order()
    back = make.retracted(events[3], at("03-12"))
    told_all = [*told(store, events, instant("03-11")), *told(store, [back], instant("03-13"))]
    told_all += told(store, [make.retracted(back, at("03-14"))], instant("03-15"))
    assert folded.kinds(told_all) == ["win.detected", "win.revoked", "win.detected"]
    first, _, again = folded.events(told_all)
    assert first["data"] == again["data"]
    assert len({event["id"] for event in folded.events(told_all)}) == 3


def test_what_never_held_is_not_revoked(store: Store) -> None:
    assert told(store, [*saved_order(), make.feedback("complaint", at("03-11"))], instant("03-16")) == []


def test_a_win_that_changes_is_told_anew(store: Store) -> None:
    told(store, saved_order(), instant("03-11"))
    [again] = folded.events(told(store, [make.feedback("csat", at("03-15"), 5)], instant("03-16")))
    assert again["type"] == "tandem.win.detected.v1"
    assert again["data"]["facts"]["csat"]["score"] == "5"


def test_old_wins_are_no_news_but_what_was_told_is_followed_up(store: Store) -> None:
    """A database that meets Kafka late does not tell its history; a win that became final lately it does."""
    record(store, raw(saved_order()), as_of=instant("03-11"), rules=DEFAULTS)
    late = FINAL + timedelta(days=92)
    assert folded.announced(store, late, DEFAULTS) == []
    [confirmed] = folded.announced(store, FINAL + timedelta(days=60), DEFAULTS)
    assert folded.kinds([confirmed]) == ["win.confirmed"]
    much_later = [make.feedback("complaint", at("03-15"), recorded_at=at("12-01"))]
    assert folded.kinds(told(store, much_later, instant("12-02"))) == ["win.revoked"]


def test_a_replay_says_nothing_again(store: Store) -> None:
    told(store, saved_order(), instant("03-11"))
    replay(store, as_of=instant("03-12"), rules=DEFAULTS)
    assert folded.announced(store, instant("03-12"), DEFAULTS) == []


def test_other_rules_are_other_news(store: Store) -> None:
    told(store, saved_order(), instant("03-11"))
    strict = replace(DEFAULTS, min_order_value=Decimal(10))
    assert folded.announced(store, instant("03-12"), strict) == [], "not before all is judged by them"
    judge_anew(store, clock=lambda: instant("03-12"), rules=strict)
    assert folded.kinds(folded.announced(store, instant("03-12"), strict)) == ["win.revoked"]


def test_what_happens_later_is_said_when_its_time_has_come(store: Store) -> None:
    told(store, [*saved_order(), make.feedback("complaint", at("03-20"))], instant("03-11"))
    assert folded.kinds(folded.announced(store, instant("03-21"), DEFAULTS)) == ["win.revoked"]


def test_one_who_asks_again_and_again_hears_everything(store: Store) -> None:
    announcer = Announcer(store, DEFAULTS)
    complaint = make.feedback("complaint", at("06-01"), recorded_at=at("07-01"))
    record(store, raw([*saved_order(), complaint]), as_of=instant("03-11"), rules=DEFAULTS)
    days = ("03-11", "03-12", "05-01", "05-02", "07-02", "07-03")
    assert [announcer.announce(instant(day)) for day in days] == [1, 0, 1, 0, 1, 0]
    assert folded.kinds(folded.taken(store)) == ["win.detected", "win.confirmed", "win.revoked"]


def test_the_same_said_by_another_database_has_the_same_id(store: Store) -> None:
    other = seen.opened()
    events = saved_order()
    mine, theirs = (folded.events(told(each, events, instant("03-11"))) for each in (store, other))
    assert mine == theirs
    other.close()


def test_asking_for_few_at_a_time_says_the_same(store: Store) -> None:
    events = [event for n in range(5) for event in order_named(f"SO-{n}")]
    record(store, raw(events), as_of=instant("03-11"), rules=DEFAULTS)
    turns = [announce(store, as_of=instant("03-11"), rules=DEFAULTS, most=2) for _ in range(4)]
    assert turns == [2, 2, 1, 0]
    assert len({sent.key for sent in folded.taken(store)}) == 5


def order_named(order_id: str) -> list[Json]:
    return [{**event, "data": {**event["data"], "order_id": order_id}} for event in saved_order()]


def test_editions_are_announced(store: Store) -> None:
    record(store, raw(saved_order()), as_of=FINAL, rules=DEFAULTS)
    folded.announced(store, FINAL, DEFAULTS)
    edition = publishing.compose(store, "newsletter", Period.month(2026, 4), FINAL, DEFAULTS, {})
    [composed] = folded.announced(store, FINAL, DEFAULTS)
    assert (composed.topic, composed.key) == ("editions", edition.edition_id.encode())
    assert folded.events([composed])[0]["data"] == {
        "edition_id": "newsletter-2026-04",
        "kind": "newsletter",
        "audience": edition.audience,
        "period": "2026-04",
        "counts": {"candidates": 0, "sent": 0, "excluded": 0, "failed": 0},
    }
    publishing.release(store, edition.edition_id)
    assert folded.kinds(folded.announced(store, FINAL, DEFAULTS)) == ["edition.released"]
    assert folded.announced(store, FINAL, DEFAULTS) == []


def test_what_tandem_emits_changes_nothing_when_it_comes_back(store: Store) -> None:
    records = told(store, saved_order(), instant("03-11"))
    values = [sent.value or b"" for sent in records]
    assert decode(values[0])["type"] == "tandem.win.detected.v1"
    report = record(store, values, as_of=instant("03-11"), rules=DEFAULTS)
    assert (report.accepted, report.rejects) == (1, [])
    assert folded.announced(store, instant("03-12"), DEFAULTS) == []


def what_may_follow(saved: list[Json]) -> list[Json]:
    """What changes a win, takes it away, and brings it back."""
    complaint, back = make.feedback("complaint", at("03-15")), make.retracted(saved[3], at("03-12"))
    returned = make.returned(1, at("03-16"))
    return [
        complaint,
        make.retracted(complaint, at("03-20")),
        back,
        make.retracted(back, at("03-14")),
        make.feedback("csat", at("03-13"), 5),
        returned,
        make.assessed("no_fault_found", at("04-25")),
        make.corrected(saved[4], time=at("03-11"), recorded_at=at("03-18")),
        make.registered(history_from="2020-01-01"),
    ]


days = st.lists(st.sampled_from((11, 14, 17, 22, 42, 60, 100, 300)), min_size=2, max_size=5).map(sorted)


@settings(max_examples=settings.default.max_examples // 3)
@given(days, st.randoms(use_true_random=False))
def test_a_consumer_knows_in_the_end_what_tandem_knows(days: list[int], dice: Any) -> None:
    """At growing instants, whatever comes between them and in any order; it may get everything twice."""
    store, saved = seen.opened(), saved_order()
    batch, more = saved[:], what_may_follow(saved)
    received: list[Json] = []
    for day in days:
        as_of = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day)
        record(store, raw(batch), as_of=as_of, rules=PATIENT)
        news = folded.events(folded.announced(store, as_of, PATIENT))
        received += news + [event for event in news if dice.random() < 0.3]
        batch = dice.sample(more, dice.randrange(min(4, len(more) + 1)))
        more = [event for event in more if event not in batch]
    with store.reading() as connection:
        wins = seen.wins(connection)
    found = {win.win_id: orjson.loads(dump(of_win(win, as_of, PATIENT.zone))) for win in wins}
    assert standing(folded.fold(received)) == standing(found)
    assert folded.announced(store, as_of, PATIENT) == []
    store.close()


def standing(wins: dict[str, Json]) -> dict[str, Json]:
    return {win_id: data for win_id, data in wins.items() if data["status"] != "revoked"}


def test_each_state_of_a_story_is_said_once_and_nobody_is_named(store: Store) -> None:
    here = desk(store)
    steps: list[tuple[Callable[[], object], list[tuple[str, str]]]] = [
        (lambda: hand_in(store, MONDAY - timedelta(hours=1)), [("story.submitted", "reporter")]),
        (lambda: here.give_back(STORY, EDITOR, "Ana’s own words"), [("story.returned", "editor")]),
        (lambda: hand_in(store, MONDAY, body="We repacked."), [("story.submitted", "reporter")]),
        (lambda: here.approve(STORY, EDITOR), [("story.approved", "editor")]),
        (lambda: here.object(STORY, Actor("p-sales")), []),
        (lambda: here.retract(STORY, REPORTER, "Ana’s own words"), [("story.retracted", "reporter")]),
    ]
    announcer = Announcer(store, DEFAULTS)
    for step, said in steps:
        step()
        announcer.announce(MONDAY)
        records = folded.taken(store)
        told = folded.events(records)
        parts = [each["data"]["by"] for each in told]
        assert list(zip(folded.kinds(records), parts, strict=True)) == said
        for record_, each in zip(records, told, strict=True):
            assert (record_.topic, record_.key) == ("stories", STORY.encode())
            assert (each["data"]["win_id"], each["subject"]) == ("team_told:D-1", f"story/{STORY}")
            for secret in ("Ana", "Ruiz", "Weber", "p-ops", "p-editor", "own words", "crate"):
                assert secret.encode() not in (record_.value or b"")
        assert announcer.announce(MONDAY) == 0


def test_old_stories_are_no_news(store: Store) -> None:
    hand_in(store, MONDAY)
    assert folded.announced(store, MONDAY + timedelta(days=93), DEFAULTS) == []
