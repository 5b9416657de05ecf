"""What leads from one state of a story to the next, and who may do it: each cell of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.roles import MAY, ROLES, Action, Actor, Role, Standing, may
from shared.rules import DEFAULTS
from shared.stories.review import (
    STATES,
    TRANSITIONS,
    Content,
    Mention,
    Patience,
    State,
    Story,
    due_on,
    is_overdue,
    refusal,
)
from shared.workdays import after_working_days
from tests.make import instant

AUTHOR, HELPER, EDITOR = "p-author", "p-helper", "p-editor"
TABLE: dict[Action, dict[State, State]] = {
    "submit": dict.fromkeys(("draft", "submitted", "returned", "approved"), "submitted"),
    "edit": {"draft": "draft", "submitted": "submitted", "returned": "returned", "approved": "submitted"},
    "return": {"submitted": "returned", "approved": "returned"},
    "approve": {"submitted": "approved"},
    "publish": {"approved": "published"},
    "retract": dict.fromkeys(("draft", "submitted", "returned", "approved", "published"), "retracted"),
    "object": {each: each for each in ("submitted", "returned", "approved", "published")},
    "dispute": {
        "submitted": "submitted", "returned": "returned", "approved": "submitted", "published": "published",
    },
    "merge": {"submitted": "retracted", "returned": "retracted"},
    "comment": {each: each for each in ("draft", "submitted", "returned", "approved", "published")},
}  # fmt: skip
WHO: dict[Action, str] = {
    "read": "author named editor deputy publisher leader admin auditor",
    "submit": "reporter",
    "edit": "author editor deputy",
    "return": "editor deputy",
    "approve": "editor deputy",
    "publish": "publisher",
    "retract": "author editor publisher",
    "object": "named",
    "dispute": "named",
    "merge": "editor deputy",
    "comment": "author editor deputy publisher",
}
DOING = [action for action in WHO if action != "read"]
STANDINGS = [each for each in get_args(Standing) if each != "anyone"]
"""What a person can be to a story; whoever is not signed in does nothing to one."""


def story(state: State = "submitted", **more: object) -> Story:
    moment = instant("03-16")
    told = Story(
        story_id="story-team_told:D-1",
        subject="draft/D-1",
        state=state,
        content=Content("A title", "A text", ("SO-1",), thanks=(Mention(HELPER, "sales"),)),
        submitted_by=Mention(AUTHOR, "warehouse"),
        via="tandem/cli",
        submitted_at=moment,
        changed_at=moment,
        waits_since=moment,
    )
    return replace(told, **more)  # type: ignore[arg-type] # fields by name


def who(role: Role | Standing) -> tuple[Actor, bool]:
    """Someone who is nothing but this, and whether the story waits too long."""
    if role == "author":
        return Actor(AUTHOR, frozenset()), False
    if role == "named":
        return Actor(HELPER, frozenset()), False
    if role == "deputy":
        return Actor("p-deputy", frozenset(), deputy=True), True
    return Actor("p-other", frozenset({role})), False


def test_the_tables_are_these() -> None:
    assert {action: dict(step) for action, step in TRANSITIONS.items()} == TABLE
    assert {action: set(WHO[action].split()) for action in WHO} == {action: MAY[action] for action in WHO}
    assert "retracted" not in {before for step in TRANSITIONS.values() for before in step}, "it is for good"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", [*ROLES, *STANDINGS])
@pytest.mark.parametrize("action", DOING)
def test_every_action_by_every_role_in_every_state(
    action: Action, role: Role | Standing, state: State
) -> None:
    actor, overdue = who(role)
    allowed = {role} | ({"named"} if role == "author" else set())
    expected = bool(allowed & set(WHO[action].split())) and state in TABLE[action]
    why = refusal(story(state), action, actor, overdue=overdue)
    assert (why is None) == expected, why


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not [action for action in WHO if may(action, frozenset())]


@pytest.mark.parametrize(
    ("told", "word"),
    [(story(submitted_by=Mention(EDITOR, "quality")), "submitted"), (story(edited_by=EDITOR), "edited")],
)
def test_four_eyes(told: Story, word: str) -> None:
    why = refusal(told, "approve", Actor(EDITOR, frozenset({"editor"})))
    assert why is not None
    assert word in why
    assert refusal(told, "approve", Actor("p-second", frozenset({"editor"}))) is None


def test_a_deputy_only_where_it_waits_too_long() -> None:
    deputy = Actor("p-deputy", frozenset({"reporter"}), deputy=True)
    assert "only once it is overdue" in str(refusal(story(), "approve", deputy))
    assert refusal(story(), "approve", deputy, overdue=True) is None
    assert refusal(story(edited_by="p-deputy"), "approve", deputy, overdue=True) is not None


def test_five_working_days_pass_over_a_weekend_and_a_holiday() -> None:
    rules = replace(DEFAULTS, holidays=(date(2026, 3, 18),))
    told = story(waits_since=instant("03-13"))  # a Friday
    assert due_on(told, Patience(5), rules) == date(2026, 3, 23)
    assert not is_overdue(told, Patience(5), rules, instant("03-23", "23:59"))
    assert is_overdue(told, Patience(5), rules, instant("03-24", "00:00"))
    assert due_on(replace(told, state="approved"), Patience(5), rules) is None


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 30), st.lists(st.dates(), max_size=5))
def test_as_many_working_days_lie_between(day: date, days: int, holidays: list[date]) -> None:
    rules = replace(DEFAULTS, holidays=tuple(holidays))
    end = after_working_days(day, days, rules)
    between = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(rules.works_on(each) for each in between) == days
    assert not days or rules.works_on(end)


WORDS = st.text(max_size=20)
CONTENTS = st.builds(Content, WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple), st.none() | WORDS)


@given(CONTENTS, CONTENTS)
def test_a_hash_names_one_content(one: Content, other: Content) -> None:
    assert (one.hash == other.hash) == (one == other)


def test_photos_are_in_the_hash_and_nothing_changes_for_stories_without() -> None:
    """Approvals that were given before there were photos hold."""
    plain = Content("T", "B", ("SO-1",), "C", (Mention("p", "sales"),))
    assert plain.hash == "d4d1b7289df7e791293b96c52cb1f715"
    hashes = {replace(plain, photos=photos).hash for photos in ((), ("a",), ("b",), ("a", "b"), ("b", "a"))}
    assert len(hashes) == 5
