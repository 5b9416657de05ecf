"""The desk's pages over HTTP: who may do what to whose story in which state, and what pages make of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.newsroom.web.differences import differences
from shared.stories.review import STATES, TRANSITIONS
from tests.desk import HELPER, STORY
from tests.newsroom.handing_in import people, put, read, told, trail
from tests.newsroom.test_pages import asked
from tests.newsroom.visiting import sign_in

if TYPE_CHECKING:
    import httpx

    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser

OTHER = "story-team_told:D-2"
LONG_AGO = datetime.now(UTC) - timedelta(days=30)
VISITORS = ["reporter", "author", "named", "deputy", "editor", "publisher", "leader", "admin", "auditor"]
MAY = {
    "stories": "author named deputy editor publisher leader admin auditor",
    "edit": "author deputy editor",
    "approve": "deputy editor",
    "return": "deputy editor",
    "retract": "author editor publisher",
    "merge": "deputy editor",
    "comment": "author deputy editor publisher",
}
"""Who may do it to a story that waits too long and that somebody else told; `author` told it."""
WHO = {"author": "p-ops", "named": "p-sales"}
FIELDS = {
    "reason": "seen",
    "comment": "More",
    "why": "No",
    "into": OTHER,
    "said": "Hm",
    "title": "A",
    "body": "B",
}


@pytest.fixture(autouse=True)
def _told(newsroom: Newsroom) -> None:
    people(newsroom)
    told(newsroom)


def act(
    visitor: Browser, newsroom: Newsroom, action: str, story_id: str = STORY, **more: str
) -> httpx.Response:
    path = f"/desk/{action}/{story_id}"
    if action == "stories":
        return visitor.get(path)
    fields = {"csrf": visitor.csrf("/me"), "hash": read(newsroom, story_id).content.hash, **FIELDS, **more}
    return visitor.post(path, fields)


@pytest.mark.parametrize("name", VISITORS)
def test_every_action_by_every_visitor(newsroom: Newsroom, name: str) -> None:
    told(newsroom, draft_id="D-2", by=HELPER)
    before, visitor = read(newsroom), sign_in(newsroom, WHO.get(name, name))
    found = set()
    for action in MAY:
        put(newsroom, before, "submitted", waits_since=LONG_AGO)
        answer = act(visitor, newsroom, action)
        assert answer.status_code in {200, 303, 403, 404}, (action, answer.text)
        assert (answer.status_code == 404) == (name == "reporter"), action
        if answer.status_code in {200, 303}:
            found.add(action)
    assert found == {action for action, who in MAY.items() if name in who.split()}


@pytest.mark.parametrize("state", STATES)
def test_every_action_in_every_state(newsroom: Newsroom, state: str) -> None:
    told(newsroom, draft_id="D-2", by=HELPER)
    before, editor = read(newsroom), sign_in(newsroom, "editor")
    for action in set(MAY) - {"stories"}:
        put(newsroom, before, state)  # type: ignore[arg-type] # one of STATES
        lines = len(trail(newsroom))
        answer = act(editor, newsroom, action)
        done = state in TRANSITIONS[action]  # type: ignore[index] # an action of the table
        assert (answer.status_code == 303) == done, (action, answer.text)
        assert len(trail(newsroom)) - lines == done
        assert read(newsroom).state == (TRANSITIONS[action][state] if done else state)  # type: ignore[index]


def test_a_deputy_only_what_waits_too_long_and_sees_why(newsroom: Newsroom) -> None:
    deputy = sign_in(newsroom, "deputy")
    assert "Nothing waits" in deputy.get("/desk").text
    assert act(deputy, newsroom, "approve").status_code == 404
    put(newsroom, read(newsroom), "submitted", waits_since=LONG_AGO)
    for path in ("/desk", f"/desk/stories/{STORY}"):
        assert "You stand in for the editors" in deputy.get(path).text
    assert act(deputy, newsroom, "approve").status_code == 303


@pytest.mark.parametrize("did", ["told", "edited"])
def test_four_eyes_say_why(newsroom: Newsroom, did: str) -> None:
    editor = sign_in(newsroom, "editor")
    if did == "told":
        told(newsroom, draft_id="D-2", by={"person_id": "editor", "department": "quality"})
    else:
        told(newsroom, draft_id="D-2", by=HELPER)
        act(editor, newsroom, "edit", OTHER)
    page = editor.get(f"/desk/stories/{OTHER}").text
    assert f"You {did}" in page
    assert "/desk/approve/" not in page
    assert act(editor, newsroom, "approve", OTHER).status_code == 409
    assert read(newsroom, OTHER).state == "submitted"
    assert act(sign_in(newsroom, "second"), newsroom, "approve", OTHER).status_code == 303


def test_an_approval_is_of_what_was_read_and_shows_what_changed(newsroom: Newsroom) -> None:
    editor, second = sign_in(newsroom, "editor"), sign_in(newsroom, "second")
    seen = read(newsroom).content.hash
    assert f'name="hash" value="{seen}"' in editor.get(f"/desk/stories/{STORY}").text
    act(second, newsroom, "edit", title="A crate too heavy to fly", body=read(newsroom).content.body)
    answer = act(editor, newsroom, "approve", hash=seen, reason="I <b>counted</b>")
    assert answer.status_code == 409
    assert "<del>tall</del><ins>heavy</ins>" in answer.text
    assert f'name="hash" value="{read(newsroom).content.hash}"' in answer.text
    assert read(newsroom).state == "submitted"
    for wrong in ("", "0" * 32, "x"):
        assert act(editor, newsroom, "approve", hash=wrong).status_code == 409


def test_an_edit_meanwhile_loses_nothing(newsroom: Newsroom) -> None:
    editor, second = sign_in(newsroom, "editor"), sign_in(newsroom, "second")
    seen = read(newsroom).content.hash
    act(second, newsroom, "edit", title="Theirs")
    mine = "\nMine, with a\r\nline & <more>\n"
    answer = act(editor, newsroom, "edit", hash=seen, title="Mine", body=mine)
    assert answer.status_code == 409
    assert "<ins>Theirs</ins>" in answer.text
    assert "\n\nMine, with a\nline &amp; &lt;more&gt;\n</textarea>" in answer.text
    [now] = re.findall(r'name="hash" value="(\w+)"', answer.text)
    assert act(editor, newsroom, "edit", hash=now, title="Mine", body=mine).status_code == 303
    assert read(newsroom).content.title == "Mine"


def test_an_edit_that_cannot_be_kept_is_shown_again(newsroom: Newsroom) -> None:
    editor = sign_in(newsroom, "editor")
    for title, body in (
        ("", "B"),
        ("A", " "),
        ("x" * 151, "B"),
        ("A", "B\x00"),
        ("A\nB", "B"),
        ("A", "é" * 10_300),
    ):
        answer = act(editor, newsroom, "edit", title=title, body=body)
        assert answer.status_code == 422, (title, body)
        assert "what you wrote is below" in answer.text
        assert f'value="{title}"' in answer.text
    assert len(trail(newsroom)) == 1


def test_a_look_keeps_nothing_and_checks_the_facts(newsroom: Newsroom) -> None:
    editor = sign_in(newsroom, "editor")
    answer = act(editor, newsroom, "edit", do="look", body="**250** pieces <script>alert(1)</script>")
    assert "<strong>250</strong>" in answer.text
    assert "No record of its orders backs this" in answer.text
    assert "<script" not in answer.text
    assert len(trail(newsroom)) == 1


def test_what_no_record_backs_needs_a_reason_which_is_kept(newsroom: Newsroom) -> None:
    act(sign_in(newsroom, "second"), newsroom, "edit", body="We moved 250 pieces.")
    editor = sign_in(newsroom, "editor")
    assert "No record of its orders backs this" in editor.get(f"/desk/stories/{STORY}").text
    answer = act(editor, newsroom, "approve", reason=" ")
    assert (answer.status_code, read(newsroom).state) == (422, "submitted")
    assert act(editor, newsroom, "approve", reason="counted them").status_code == 303
    assert trail(newsroom)[-1] == ("approve", "editor", "counted them (let stand: figure 250)")


@pytest.mark.parametrize("action", ["approve", "return", "retract", "merge", "comment"])
def test_a_double_click_does_it_once(newsroom: Newsroom, action: str) -> None:
    told(newsroom, draft_id="D-2", by=HELPER)
    editor, seen = sign_in(newsroom, "editor"), read(newsroom).content.hash
    for _ in range(2):
        answer = act(editor, newsroom, action, hash=seen)
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"?done={action}")
    assert [each[0] for each in trail(newsroom)].count(action) == 1


def test_what_was_typed_is_shown_again_where_the_state_is_another(newsroom: Newsroom) -> None:
    editor = sign_in(newsroom, "editor")
    act(sign_in(newsroom, "second"), newsroom, "retract")
    answer = act(editor, newsroom, "comment", said="Who drove?")
    assert answer.status_code == 409
    assert "is retracted" in answer.text
    put(newsroom, read(newsroom), "approved")
    answer = act(editor, newsroom, "return", comment=" ", why="My reason")
    assert "The comment is empty" in answer.text
    assert ">My reason</textarea>" in answer.text


def test_likely_duplicates_are_offered(newsroom: Newsroom) -> None:
    told(newsroom, draft_id="D-2", by=HELPER, title="The crate")
    told(newsroom, draft_id="D-3", by=HELPER, order_ids=["SO-9"], title="Elsewhere", thanks=[])
    page = sign_in(newsroom, "editor").get(f"/desk/stories/{STORY}").text
    assert "The crate" in page
    assert f'name="into" value="{OTHER}"' in page
    assert "the same order: SO-1" in page
    assert 'value="story-team_told:D-3"' not in page


def test_consent_as_it_stands(newsroom: Newsroom) -> None:
    page = sign_in(newsroom, "editor").get(f"/desk/stories/{STORY}").text
    people_of = page.partition('id="people"')[2].partition("</section>")[0]
    assert "Ana Ruiz" in people_of
    assert "by name" in people_of
    assert "waits" in people_of
    assert "never named" in people_of


def test_the_queue_asks_no_more_for_more(newsroom: Newsroom) -> None:
    counts = []
    editor = sign_in(newsroom, "editor")
    for path in ("/desk", f"/desk/stories/{STORY}"):
        editor.get(path)
        with asked(newsroom) as few:
            editor.get(path)
        counts.append(len(few))
    for number in range(4, 12):
        told(newsroom, draft_id=f"D-{number}", title=f"Story {number}")
    for path, before in zip(("/desk", f"/desk/stories/{STORY}"), counts, strict=True):
        with asked(newsroom) as more:
            assert editor.get(path).text.count("Story 1") > 0
        assert len(more) == before, path


def test_the_queue_by_state(newsroom: Newsroom) -> None:
    editor = sign_in(newsroom, "editor")
    act(editor, newsroom, "approve")
    assert "Nothing waits" in editor.get("/desk").text
    assert "A crate too tall to fly" in editor.get("/desk?state=approved").text
    assert editor.get("/desk?state=lost").status_code == 422


TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(TEXT, TEXT)
def test_differences_hold_both_texts(before: str, now: str) -> None:
    parts = differences(before, now)
    assert "".join(each.text for each in parts if each.kind != "new") == before
    assert "".join(each.text for each in parts if each.kind != "gone") == now


def test_any_text_is_kept_or_shown_again(newsroom: Newsroom) -> None:
    editor = sign_in(newsroom, "editor")
    token = editor.csrf("/me")

    @settings(max_examples=10)
    @given(TEXT, st.sampled_from(["comment", "edit", "return"]))
    def any_text(text: str, action: str) -> None:
        fields = {
            "hash": read(newsroom).content.hash,
            "said": text,
            "comment": text,
            "title": text,
            "body": text,
        }
        answer = editor.post(f"/desk/{action}/{STORY}", {"csrf": token, **fields})
        assert answer.status_code in {303, 409, 422}

    any_text()


def test_who_is_in_a_story_reads_it_without_what_is_for_the_desk(newsroom: Newsroom) -> None:
    told(newsroom, draft_id="D-2", by=HELPER, title="The crate")
    for name, history in (("p-sales", False), ("p-ops", True)):
        page = sign_in(newsroom, name).get(f"/desk/stories/{STORY}").text
        assert "A crate too tall to fly" in page
        for part in ("evidence", "people", "alike", "gates"):
            assert f'id="{part}"' not in page, (name, part)
        assert ('id="history"' in page) == history
