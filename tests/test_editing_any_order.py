"""Whoever does what in any order: nothing is told that nobody else approved as it reads."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shared.editing import EditingError
from shared.events.catalogue import Rejected
from shared.looking_back import queue_then
from shared.recording import record
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.store import stories
from shared.stories.review import TELLABLE
from tests import make
from tests.databases import opened
from tests.desk import FORM, MONDAY, STORY, desk, hand_in, traded

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shared.stories.review import Story

PEOPLE = st.sampled_from(["p-ops", "p-editor", "p-second", "p-deputy", "p-other"])
WORDS = st.sampled_from(["We repacked it.", "We called first.", "Both of us stayed."])


def actor(person: str) -> Actor:
    editor = person in {"p-editor", "p-second", "p-ops"}
    return Actor(
        person, frozenset({"reporter", *(("editor",) if editor else ())}), deputy=person == "p-deputy"
    )


class Newsroom(RuleBasedStateMachine):
    """A model of one story: who wrote the words as they stand, and who approved which words."""

    def __init__(self) -> None:
        super().__init__()
        self.store = opened()
        self.now = MONDAY
        self.wrote: str | None = None
        self.approved: tuple[str, str] | None = None
        self.lines = 0
        self.seen: dict[datetime, Story | None] = {}

    def teardown(self) -> None:
        self.store.close()

    @initialize()
    def trade(self) -> None:
        traded(self.store)

    @property
    def story(self) -> Story | None:
        with self.store.reading() as connection:
            return stories.found(connection, [STORY]).get(STORY)

    def try_(self, do: Callable[[Any], Any]) -> bool:
        """Do something at the desk; a refusal changes nothing at all."""
        before = self.story
        try:
            do(desk(self.store, self.now))
        except (EditingError, Rejected):
            assert self.story == before
            return False
        return True

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.seen[self.now] = self.story
        self.now += timedelta(days=days)

    @rule(person=PEOPLE, body=WORDS)
    def submit(self, person: str, body: str) -> None:
        by = {"person_id": person, "department": "warehouse"}
        before = self.story
        if self.try_(lambda _: hand_in(self.store, self.now, by=by, body=body)):
            after = self.story
            assert after is not None
            if before is None or after.submitted_at != before.submitted_at:
                assert before is None or before.state not in {"published", "retracted"}
                self.wrote = person

    @rule(person=PEOPLE, body=WORDS)
    def told_by_another_system(self, person: str, body: str) -> None:
        told = {key: value for key, value in FORM.items() if key != "by"} | {"body": body}
        event = make.event(
            "draft.submitted",
            self.now.isoformat(),
            {**told, "actor": {"person_id": person, "department": "quality"}},
        )
        record(self.store, make.raw([event]), as_of=self.now, rules=DEFAULTS)
        if self.story and self.story.submitted_by and self.story.submitted_at == self.now:
            self.wrote = self.story.edited_by or self.story.submitted_by.person_id

    @rule(person=PEOPLE, body=WORDS)
    def edit(self, person: str, body: str) -> None:
        before = self.story
        if (
            self.try_(lambda here: here.edit(STORY, actor(person), body=body))
            and before
            and before.content.body != body
        ):
            self.wrote = person

    @rule(person=PEOPLE)
    def approve(self, person: str) -> None:
        if self.try_(lambda here: here.approve(STORY, actor(person))) and self.story:
            assert person != self.wrote
            self.approved = (person, self.story.content.hash)

    @rule(person=PEOPLE)
    def give_back(self, person: str) -> None:
        self.try_(lambda here: here.give_back(STORY, actor(person), "Say more"))

    @rule(person=PEOPLE)
    def retract(self, person: str) -> None:
        before = self.story
        if self.try_(lambda here: here.retract(STORY, actor(person), "No")):
            assert before is not None
            assert before.state != "retracted"

    @rule(person=PEOPLE)
    def comment(self, person: str) -> None:
        before = self.story
        self.try_(lambda here: here.comment(STORY, actor(person), "Who was there?"))
        assert self.story == before

    @rule(person=PEOPLE)
    def object(self, person: str) -> None:
        self.try_(lambda here: here.object(STORY, actor(person)))

    @rule(person=PEOPLE)
    def dispute(self, person: str) -> None:
        if self.try_(lambda here: here.dispute(STORY, actor(person), "Not me")) and self.story:
            assert self.story.state != "approved", "an editor reads it anew"

    @invariant()
    def only_what_another_approved_may_be_told(self) -> None:
        story = self.story
        if story is not None and story.state in TELLABLE:
            assert self.approved is not None
            who, what = self.approved
            assert story.content.hash == what
            assert who != self.wrote

    @invariant()
    def the_log_only_grows_and_ends_in_what_stands(self) -> None:
        with self.store.reading() as connection:
            log = stories.history(connection, STORY)
            stood = stories.stood(connection, [STORY], self.now).get(STORY)
        assert len(log) >= self.lines
        self.lines = len(log)
        if (story := self.story) is not None:
            assert stood is not None
            assert (
                (log[-1].state, log[-1].hash)
                == (story.state, story.content.hash)
                == (stood.state, stood.hash)
            )
            assert (stood.title, stood.body) == (story.content.title, story.content.body)

    @rule(pick=st.integers(0))
    def look_back(self, pick: int) -> None:
        if self.seen:
            then, story = sorted(self.seen.items())[pick % len(self.seen)]
            found = [_by_whom(each.story) for each in queue_then(desk(self.store, then))]
            assert found == ([] if story is None else [_by_whom(story)])


def _by_whom(story: Story) -> Story:
    """A story by whoever told it, whatever department and source that was said to be of."""
    by = story.submitted_by and replace(story.submitted_by, department="")
    return replace(story, submitted_by=by, via="")


def test_in_any_order(database: str) -> None:  # noqa: ARG001 - decides which kind
    examples = max(settings().max_examples // 2, 10)
    run_state_machine_as_test(
        Newsroom, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None)
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_events_in_any_order_leave_the_last_words(database: str, order: tuple[int, ...]) -> None:  # noqa: ARG001
    told = [
        make.drafted(make.at(f"03-1{day}"), body=f"Version {word}.")
        for day, word in ((0, "a"), (1, "b"), (2, "c"))
    ]
    with closing(opened()) as store:
        for index in order:
            record(store, make.raw([told[index]]), as_of=MONDAY, rules=DEFAULTS)
        [waiting] = desk(store).queue()
        assert waiting.story.content.body == "Version c."
