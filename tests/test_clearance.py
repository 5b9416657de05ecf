"""What editions tell of what people wrote: approved words alone, and no name against anybody's will."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from shared import publishing, tables
from shared.archive import of_now
from shared.clearance import cleared
from shared.editions.brand import Brand
from shared.editions.choice import CHOICE
from shared.editions.reader import Reader
from shared.people.choosing import erase, prefer
from shared.people.importing import import_people
from shared.periods import Period
from shared.recording import record
from shared.rendering.forms import render_markdown
from shared.rendering.writing import render_email, render_page
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make
from tests.desk import EDITOR, FORM, MONDAY, SECOND, STORY, desk, hand_in, story, traded
from tests.make import at, instant

if TYPE_CHECKING:
    from datetime import datetime

    from shared.editions.model import Edition, Material
    from shared.store.engine import Store

Json = dict[str, Any]
APRIL = Period.month(2026, 4)
FINAL = instant("05-04")


def confirmed(store: Store, **changes: Any) -> None:
    """Handed in, and confirmed by the other side."""
    traded(store)
    hand_in(store, **changes)
    line = {"draft_id": "D-1", "line": "So it was.", "actor": make.SALES}
    record(store, make.raw([make.event("draft.confirmed", at("03-17"), line)]), as_of=FINAL, rules=DEFAULTS)
    settle(store, as_of=FINAL, rules=DEFAULTS)


def composed(
    store: Store, as_of: datetime = FINAL, name: str = "newsletter", period: Period = APRIL
) -> Edition:
    return publishing.compose(store, name, period, as_of, DEFAULTS, {})


def told(edition: Edition) -> list[tuple[str, str | None]]:
    return [(each.headline, each.text) for each in edition.stories if each.pattern == "team_told"]


def material(store: Store, people: dict[str, str], as_of: datetime = FINAL) -> Material:
    """What an edition is made from, where these people wish to be named."""
    with store.reading() as connection:
        found = publishing.material(connection, APRIL, as_of, DEFAULTS, {}, "newsletter")
        found = replace(found, names=replace(found.names, people=people), choice=CHOICE)
        return cleared(connection, found, DEFAULTS)


def test_only_what_is_approved_is_told_in_the_persons_own_words(store: Store) -> None:
    confirmed(store)
    assert told(composed(store)) == []
    desk(store).approve(STORY, EDITOR)
    [(headline, text)] = told(composed(store))
    assert headline == "A crate too tall to fly"
    assert text == "The forwarder called. **A colleague in sales** asked the customer, and we repacked."


@pytest.mark.parametrize("undone", ["return", "edit", "submit", "retract"])
def test_what_is_no_longer_approved_is_not_told(store: Store, undone: str) -> None:
    confirmed(store)
    here = desk(store)
    here.approve(STORY, EDITOR)
    edition = composed(store)
    if undone == "return":
        here.give_back(STORY, EDITOR, "Wait")
    elif undone == "edit":
        here.edit(STORY, SECOND, body="Other words.")
    elif undone == "submit":
        hand_in(store, MONDAY + timedelta(hours=1), body="Other words.")
    else:
        here.retract(STORY, EDITOR, "Wrong order")
    with pytest.raises(publishing.EditionError, match=rf"{STORY} .*compose"):
        publishing.release(store, edition.edition_id)
    assert told(composed(store)) == []


def test_an_approval_holds_from_its_instant_on(store: Store) -> None:
    confirmed(store)
    desk(store, FINAL + timedelta(days=1)).approve(STORY, EDITOR)
    assert told(composed(store, FINAL)) == []
    assert len(told(composed(store, FINAL + timedelta(days=2)))) == 1


def test_a_release_publishes_and_another_kind_may_still_tell_it(store: Store) -> None:
    confirmed(store)
    desk(store).approve(STORY, EDITOR)
    edition = publishing.release(store, composed(store).edition_id)
    assert story(store).state == "published"
    digest = publishing.release(store, composed(store, name="leadership").edition_id)
    assert len(told(edition)) == len(told(digest)) == 1
    _, dossier = desk(store, FINAL).show(STORY)
    assert [(each.action, each.note) for each in dossier.history][-1] == ("publish", "newsletter-2026-04")


def test_what_was_told_and_is_retracted_is_corrected_once(store: Store) -> None:
    confirmed(store)
    desk(store).approve(STORY, EDITOR)
    publishing.release(store, composed(store).edition_id)
    desk(store, FINAL + timedelta(days=1)).retract(STORY, EDITOR, "It was another order")
    may, later = Period.month(2026, 5), FINAL + timedelta(days=30)
    edition = composed(store, later, period=may)
    assert edition.corrections == (
        "In newsletter-2026-04 we told “A crate too tall to fly”. It does not hold: it was taken back.",
    )
    publishing.release(store, edition.edition_id)
    assert composed(store, later, period=Period.month(2026, 6)).corrections == ()


def test_a_story_that_tandem_tells_is_taken_out_or_put_in_other_words(store: Store) -> None:
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    here, own = desk(store, FINAL), "story-roadblock_beaten:SO-1"
    assert [each.written for each in composed(store).stories] == [None]
    here.edit(own, EDITOR, title="In our words", body="We cleared the way.")
    assert composed(store).stories == ()
    here.approve(own, SECOND)
    assert [(each.headline, each.text) for each in composed(store).stories] == [
        ("In our words", "We cleared the way.")
    ]
    here.retract(own, SECOND, "told elsewhere")
    assert composed(store).stories == ()


def test_who_would_be_named_has_three_working_days(store: Store) -> None:
    record(store, make.raw(make.win()), as_of=FINAL, rules=DEFAULTS)
    people = {make.SALES["person_id"]: "Ana Ruiz"}
    [win] = material(store, {}).wins
    assert material(store, people, win.final_at + timedelta(days=3)).wins == (), "final on a Saturday"
    assert material(store, people, win.final_at + timedelta(days=4, hours=23)).wins == ()
    assert material(store, people, win.final_at + timedelta(days=5)).wins == (win,)
    assert material(store, {"p-another": "Bo"}, win.final_at + timedelta(days=1)).wins == (win,)


def test_who_objects_is_not_named_and_others_are(store: Store) -> None:
    confirmed(store, body="Jonas Weber and Ana Ruiz repacked.")
    desk(store).approve(STORY, EDITOR)
    people = {"p-ops": "Jonas Weber", "p-sales": "Ana Ruiz"}
    [written] = material(store, people).written.values()
    assert written.body == "Jonas Weber and Ana Ruiz repacked."
    desk(store, FINAL + timedelta(days=9)).object(STORY, Actor("p-sales"))
    found = material(store, people)
    [written] = found.written.values()
    assert written.body == "Jonas Weber and a colleague in sales repacked."
    [win] = found.wins
    assert found.names.in_story(win.win_id).person("p-sales") is None
    assert found.names.person("p-sales") == "Ana Ruiz", "in other stories"


def test_an_objection_after_composing_stops_the_release(store: Store) -> None:
    confirmed(store)
    desk(store).approve(STORY, EDITOR)
    edition = composed(store)
    desk(store, FINAL + timedelta(hours=1)).object(STORY, Actor("p-sales"))
    with pytest.raises(publishing.EditionError, match="names someone who objected"):
        publishing.release(store, edition.edition_id)
    publishing.release(store, composed(store, FINAL + timedelta(hours=2)).edition_id)


def test_who_is_mentioned_is_named_who_wishes_it_now(store: Store) -> None:
    listed = "person_id,email,name,department,naming\np-sales,ana@example.com,Ana Ruiz,sales,named\n"
    import_people(store, listed.encode(), FINAL)
    confirmed(store)
    desk(store).approve(STORY, EDITOR)
    later = FINAL + timedelta(days=7)
    edition = composed(store, later)
    assert [text for _, text in told(edition)] == [FORM["body"]]
    prefer(store, "p-sales", later, who="ana", naming="team")
    with pytest.raises(publishing.EditionError, match="wish it no more"):
        publishing.release(store, edition.edition_id)
    [(_, text)] = told(publishing.release(store, composed(store, later).edition_id))
    assert "Ana" not in (text or "")


def test_who_is_forgotten_is_forgotten_in_stories_too(store: Store) -> None:
    import_people(store, b"person_id,email,name,department\np-sales,ana@example.com,Ana Ruiz,sales\n", FINAL)
    confirmed(store)
    desk(store).edit(STORY, EDITOR, title="Ana Ruiz asked", body="**Ana Ruiz** asked the customer.")
    erase(store, "p-sales", FINAL, who="test")
    with store.reading() as connection:
        for table in (tables.stories, tables.story_log, tables.texts):
            assert "Ana" not in repr(connection.execute(select(table)).all())


def test_nobody_is_named_whom_only_the_words_mention(store: Store) -> None:
    driver = {"person_id": "p-driver", "department": "warehouse", "name": "Theodora Blackwood"}
    traded(store, make.delivered(100, at("03-11"), order_id="SO-2", actor=driver))
    confirmed(store, body="We repacked. Theodora Blackwood drove, and **Blackwood, Theodora** waited.")
    desk(store).approve(STORY, EDITOR)
    edition = composed(store)
    assert told(edition)[0][1] == "We repacked. A colleague drove, and **a colleague** waited."
    assert "Blackwood" not in edition.to_json()


def test_a_confidential_customer_is_not_named_in_own_words(store: Store) -> None:
    traded(store, make.registered(name="Acme Works", segment="chemicals", confidential=True))
    confirmed(store, title="Acme Works waited", body="For Acme Works we repacked.")
    desk(store).approve(STORY, EDITOR)
    for kind in ("newsletter", "leadership"):
        assert told(composed(store, name=kind)) == [
            ("A customer in chemicals waited", "For a customer in chemicals we repacked.")
        ]


def test_nor_once_it_was_told_and_became_confidential(store: Store) -> None:
    known = {"name": "Nordlicht Pumps GmbH", "segment": "chemicals"}
    traded(store, make.registered(**known))
    confirmed(store, title="Nordlicht waited", body="For Nordlicht Pumps we repacked. Nordlicht was glad.")
    desk(store).approve(STORY, EDITOR)
    kept = publishing.release(store, composed(store).edition_id)
    assert "Nordlicht" in kept.to_json()
    later = make.registered(time=at("05-05"), **known, confidential=True)
    record(store, make.raw([later]), as_of=instant("05-06"), rules=DEFAULTS)
    with store.reading() as connection:
        assert "Nordlicht" not in of_now(connection, kept).to_json()


def test_nor_by_what_people_call_it_nor_is_another_one(store: Store) -> None:
    other = make.registered("C-2", name="Borealis AG", confidential=True)
    traded(store, make.registered(name="Nordlicht Pumps GmbH", segment="chemicals", confidential=True), other)
    body = "For Nordlicht Pumps we repacked. We knew it from Borealis AG. NORDLICHT was glad."
    confirmed(store, title="Nordlichts Kiste", body=body)
    desk(store).approve(STORY, EDITOR)
    edition = composed(store)
    [(title, text)] = told(edition)
    assert "Borealis" not in edition.to_json()
    assert title == "A customer in chemicals Kiste"
    assert text == (
        "For a customer in chemicals we repacked. We knew it from a customer. "
        "A customer in chemicals was glad."
    )


def test_own_words_stay_in_their_language_and_are_plain_where_they_are_pasted(store: Store) -> None:
    confirmed(store, title="Eine zu hohe Kiste", body="Wir *packten* um.\n\n- erst\n- dann")
    desk(store).approve(STORY, EDITOR)
    edition = composed(store)
    assert "Eine zu hohe Kiste" in render_page(edition, Brand(), Reader(language="de"))
    pasted = render_markdown(edition, Brand())
    assert "Wir packten um." in pasted
    assert "<em>" not in pasted


def test_own_words_are_shown_safely_in_mail_text_and_page(store: Store) -> None:
    body = (
        "# We repacked\n\n<script>alert(1)</script> & {{ 7*7 }} [see](https://wiki.example.com/x) "
        "[elsewhere](https://evil.example/)\n\n- first\n- then"
    )
    confirmed(store, body=body)
    desk(store).approve(STORY, EDITOR, reason="seen")
    edition = composed(store)
    brand = Brand(site_url="https://tandem.example.com", link_hosts=("wiki.example.com",))
    mail, page = render_email(edition, brand), render_page(edition, brand)
    for html in (mail.html, page):
        assert "<strong>We repacked</strong>" in html
        assert "&lt;script&gt;" in html
        assert "<script" not in html
        assert "{{ 7*7 }}" in unescape(html).replace("\u00a0", " ")
        assert '<a href="https://wiki.example.com/x"' in html
        assert "elsewhere (https://evil.example/)" in html
        assert "• first" in unescape(html)
    assert "see (https://wiki.example.com/x)" in mail.text.replace("\n", " ")
    assert "<script>alert(1)</script>" in mail.text
    assert "**" not in mail.text
