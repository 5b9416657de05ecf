"""The editors' desk: whatever way a story came in, it is reviewed by someone else before it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared import tables
from shared.editing import EditingError
from shared.recording import record
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store import stories
from shared.stories.redaction import Hidden
from shared.stories.review import Patience
from tests import make
from tests.desk import (
    AUTHOR,
    EDITOR,
    FORM,
    HELPER,
    MONDAY,
    REPORTER,
    SECOND,
    STORY,
    desk,
    hand_in,
    story,
    traded,
    trail,
)  # fmt: skip
from tests.make import at, instant, raw

if TYPE_CHECKING:
    from shared.store.engine import Store


def test_a_story_is_submitted_returned_edited_approved(store: Store) -> None:
    traded(store)
    assert hand_in(store) == STORY
    here = desk(store, MONDAY + timedelta(hours=1))
    assert here.give_back(STORY, EDITOR, "Which customer?").state == "returned"
    hand_in(store, MONDAY + timedelta(hours=2), body="C-1 had no crane. We repacked.")
    assert story(store).state == "submitted"
    assert here.edit(STORY, EDITOR, title="A crate").state == "submitted"
    with pytest.raises(EditingError, match="p-editor edited"):
        here.approve(STORY, EDITOR)
    assert here.approve(STORY, SECOND).state == "approved"
    assert trail(store) == [
        ("submit", "p-ops", "submitted"),
        ("return", "p-editor", "returned"),
        ("submit", "p-ops", "submitted"),
        ("edit", "p-editor", "submitted"),
        ("approve", "p-second", "approved"),
    ]


def test_whatever_way_it_comes_in_it_waits_once(store: Store) -> None:
    traded(store)
    told = make.drafted(at("03-15"), named=[HELPER])
    for _ in range(3):
        record(store, raw([told]), as_of=MONDAY, rules=DEFAULTS)
    [waiting] = desk(store).queue()
    assert (waiting.story.story_id, waiting.story.state, waiting.story.via) == (STORY, "submitted", "erp")
    assert trail(store) == [("submit", "p-ops", "submitted")]


def test_what_is_dated_ahead_waits_once_its_time_has_come(store: Store) -> None:
    record(store, raw([make.drafted(at("03-18"))]), as_of=MONDAY, rules=DEFAULTS)
    assert desk(store).queue() == []
    assert len(desk(store, instant("03-19")).queue()) == 1


def test_what_was_loaded_as_history_waits_for_nobody(store: Store) -> None:
    record(store, raw([make.drafted(at("03-16"), backfill=True)]), as_of=MONDAY, rules=DEFAULTS)
    assert desk(store).queue() == []


def test_handing_in_twice_is_once(store: Store) -> None:
    assert hand_in(store) == hand_in(store, MONDAY + timedelta(days=1)) == STORY
    assert trail(store) == [("submit", "p-ops", "submitted")]


@pytest.mark.parametrize("again", [{"title": "Another title"}, {"order_ids": ["SO-2"]}, {"named": [HELPER]}])
def test_other_content_voids_an_approval(store: Store, again: dict[str, object]) -> None:
    traded(store)
    hand_in(store)
    desk(store).approve(STORY, EDITOR)
    hand_in(store, MONDAY + timedelta(hours=1), **again)
    assert story(store).state == "submitted"


def test_an_edit_voids_an_approval_and_no_change_does_not(store: Store) -> None:
    traded(store)
    hand_in(store)
    here = desk(store)
    here.approve(STORY, EDITOR)
    assert here.edit(STORY, SECOND, title=FORM["title"]).state == "approved"
    assert here.edit(STORY, SECOND, title="Other words").state == "submitted"
    with pytest.raises(EditingError, match="p-second edited"):
        here.approve(STORY, SECOND)


def test_an_approval_is_of_what_the_editor_read(store: Store) -> None:
    traded(store)
    hand_in(store)
    seen = story(store).content.hash
    hand_in(store, MONDAY + timedelta(minutes=1), body="We did it all alone.")
    for wrong in (seen, seen[:8], "", story(store).content.hash[:7]):
        with pytest.raises(EditingError, match="reads otherwise"):
            desk(store).approve(STORY, EDITOR, seen=wrong)
    assert desk(store).approve(STORY, EDITOR, seen=story(store).content.hash[:8]).state == "approved"


def test_figures_without_a_fact_need_a_reason_which_is_kept(store: Store) -> None:
    traded(store)
    hand_in(store, body="We moved 250 pieces by 12 March; [see](https://elsewhere.example/).")
    with pytest.raises(EditingError, match=r"figure 250.*elsewhere\.example.*--override"):
        desk(store).approve(STORY, EDITOR)
    with pytest.raises(EditingError):
        desk(store).approve(STORY, EDITOR, reason="  ")
    desk(store, hosts={"elsewhere.example"}).approve(STORY, EDITOR, reason="counted them myself")
    _, dossier = desk(store).show(STORY)
    assert dossier.history[-1].note == "counted them myself (let stand: figure 250)"


@pytest.mark.parametrize("body", ["w " * 501, "> " * 40 + "deep", "[" * 500])
def test_no_reason_outweighs_what_cannot_be_shown(store: Store, body: str) -> None:
    hand_in(store, body=body)
    with pytest.raises(EditingError, match="cannot be told so"):
        desk(store).approve(STORY, EDITOR, reason="I like it")


def test_the_source_takes_it_back(store: Store) -> None:
    told = make.drafted(at("03-15"))
    record(store, raw([told]), as_of=MONDAY, rules=DEFAULTS)
    desk(store).approve(STORY, EDITOR)
    record(store, raw([make.retracted(told, at("03-15"))]), as_of=MONDAY, rules=DEFAULTS)
    assert trail(store)[-1] == ("retract", None, "retracted")
    hand_in(store, MONDAY + timedelta(hours=1))
    assert story(store).state == "retracted", "it is for good"


def test_going_back_in_time_takes_no_work_of_people_back(store: Store) -> None:
    record(store, raw([make.drafted(at("03-15"))]), as_of=MONDAY, rules=DEFAULTS)
    desk(store).approve(STORY, EDITOR)
    record(store, [], as_of=instant("03-10"), rules=DEFAULTS)
    record(store, [], as_of=MONDAY, rules=DEFAULTS)
    assert story(store).state == "approved"


def test_nobody_hands_in_what_another_tells(store: Store) -> None:
    hand_in(store)
    with pytest.raises(ValueError, match="Someone else tells a story"):
        hand_in(store, by=HELPER)
    assert [each[1] for each in trail(store)] == ["p-ops"]


def test_merging_leaves_one(store: Store) -> None:
    hand_in(store)
    hand_in(store, draft_id="D-2", by=HELPER)
    here = desk(store)
    for wrong in (STORY, "story-team_told:D-9"):
        with pytest.raises(EditingError, match="no other story"):
            here.merge(STORY, EDITOR, wrong)
    merged = here.merge(STORY, EDITOR, "story-team_told:D-2")
    assert (merged.state, merged.merged_into) == ("retracted", "story-team_told:D-2")
    assert trail(store, "story-team_told:D-2")[-1] == ("merge", "p-editor", "submitted")
    with pytest.raises(EditingError, match="no other story"):
        here.merge("story-team_told:D-2", EDITOR, STORY)


def test_what_waits_too_long_comes_first_and_deputies_may_decide(store: Store) -> None:
    hand_in(store)
    later = MONDAY + timedelta(days=3)
    hand_in(store, later, draft_id="D-2")
    deputy = Actor("p-deputy", deputy=True)
    here = desk(store, MONDAY + timedelta(days=7), patience=Patience(4))
    first, second = here.queue()
    assert (first.story.story_id, first.overdue, first.age_days, second.overdue) == (STORY, True, 7, False)
    assert here.approve(STORY, deputy).state == "approved"
    with pytest.raises(EditingError, match="only once it is overdue"):
        here.approve("story-team_told:D-2", deputy)


def test_only_who_is_mentioned_may_object(store: Store) -> None:
    hand_in(store)
    assert desk(store).object(STORY, Actor("p-sales"), "not me").state == "submitted"
    with pytest.raises(EditingError, match="may not object"):
        desk(store).object(STORY, Actor("p-other"))


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_return_and_a_retraction_say_why(store: Store, text: str) -> None:
    hand_in(store)
    with pytest.raises(EditingError, match="comment is empty"):
        desk(store).give_back(STORY, EDITOR, text)
    with pytest.raises(EditingError, match="reason is empty"):
        desk(store).retract(STORY, REPORTER, text)
    assert len(trail(store)) == 1


@pytest.mark.parametrize(
    "words", [{"title": "a\r\nb"}, {"body": "\u202e"}, {"body": " "}, {"title": "x" * 151}]
)
def test_an_edit_is_checked_like_a_submission(store: Store, words: dict[str, str]) -> None:
    hand_in(store)
    with pytest.raises(EditingError, match=next(iter(words))):
        desk(store).edit(STORY, EDITOR, **words)


def test_a_story_that_tandem_tells_is_approved_by_rule_and_may_be_taken_out(store: Store) -> None:
    record(store, raw(make.win()), as_of=instant("05-04"), rules=DEFAULTS)
    here, told = desk(store, instant("05-04")), "story-roadblock_beaten:SO-1"
    waiting, dossier = here.show(told)
    assert (waiting.story.state, dossier.concerns, here.queue()) == ("approved", (), [])
    assert here.edit(told, EDITOR, body="We cleared the way for 100 pieces.").state == "submitted"
    with pytest.raises(EditingError, match="p-editor edited"):
        here.approve(told, EDITOR)
    here.approve(told, SECOND)
    here.retract(told, SECOND, "told elsewhere")
    assert trail(store, told) == [
        ("approve", None, "approved"),
        ("edit", "p-editor", "submitted"),
        ("approve", "p-second", "approved"),
        ("retract", "p-second", "retracted"),
    ]


def test_a_win_that_is_not_final_has_no_story_yet(store: Store) -> None:
    record(store, raw(make.win()), as_of=instant("03-20"), rules=DEFAULTS)
    for unknown in ("story-roadblock_beaten:SO-1", "story-team_told:D-1", "D-1", ""):
        with pytest.raises(EditingError, match="There is no story"):
            desk(store, instant("03-20")).show(unknown)


def test_the_dossier_shows_what_it_waits_for(store: Store) -> None:
    traded(store)
    hand_in(store)
    _, before = desk(store).show(STORY)
    assert [(gate.name, gate.passed) for gate in before.gates][-1] == ("confirmed_by_the_other_side", False)
    line = {"draft_id": "D-1", "line": "So it was.", "actor": make.SALES}
    record(
        store, raw([make.event("draft.confirmed", at("03-17"), line)]), as_of=instant("05-04"), rules=DEFAULTS
    )
    settle(store, as_of=instant("05-04"), rules=DEFAULTS)
    _, after = desk(store, instant("05-04")).show(STORY)
    assert all(gate.passed for gate in after.gates)
    assert after.win is not None
    assert (
        after.printed.body
        == "The forwarder called. **A colleague in sales** asked the customer, and we repacked."
    )
    assert [each.text for each in after.evidence][-1] == "accepted 100 of line 1, shown by carrier"
    assert AUTHOR["name"] not in str(after.printed)


def test_a_person_can_be_forgotten_and_what_was_decided_stands(store: Store) -> None:
    traded(store)
    hand_in(store, body="Ana Ruiz called. Ana smiled.")
    here = desk(store)
    here.give_back(STORY, EDITOR, "Ana Ruiz should say more")
    hand_in(store, MONDAY + timedelta(hours=1), title="Ana Ruiz and the crate")
    here.approve(STORY, EDITOR)
    with store.writing() as connection:
        stories.erase(connection, Hidden("Ana Ruiz", "sales"))
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(tables.story_log.select()).mappings()]
        assert "Ana" not in str([rows, stories.listed(connection)])
        [stood] = stories.stood(connection, [STORY], MONDAY + timedelta(hours=1)).values()
    told = story(store)
    assert (told.state, told.content.title) == ("approved", "A colleague in sales and the crate")
    assert (stood.state, stood.hash) == ("approved", told.content.hash)


def test_an_order_that_nobody_knows_is_named(store: Store) -> None:
    hand_in(store, order_ids=["SO-9"])
    assert desk(store).show(STORY)[1].missing_orders == ("SO-9",)


def test_a_comment_leaves_a_story_as_it_is_and_is_kept_once(store: Store) -> None:
    hand_in(store)
    before = story(store)
    later = desk(store, MONDAY + timedelta(hours=1))
    for _ in range(2):
        assert later.comment(STORY, EDITOR, " Who drove? ") == before
    later.comment(STORY, REPORTER, "Jonas.")
    _, dossier = later.show(STORY)
    assert [(each.action, each.by, each.note) for each in dossier.history[1:]] == [
        ("comment", "p-editor", "Who drove?"),
        ("comment", "p-ops", "Jonas."),
    ]
    with pytest.raises(EditingError, match="comment is empty"):
        later.comment(STORY, EDITOR, "\n")


def test_an_edit_is_of_what_was_read(store: Store) -> None:
    hand_in(store)
    seen, here = story(store).content.hash, desk(store)
    here.edit(STORY, EDITOR, title="Another", seen=seen)
    assert here.edit(STORY, EDITOR, title="Another", seen=seen).content.title == "Another"
    with pytest.raises(EditingError, match="reads otherwise"):
        here.edit(STORY, SECOND, title="A third", seen=seen)
