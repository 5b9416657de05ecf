"""Editions: told once, frozen when released, taken back once, and honest about what is still coming."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared.archive import of_now
from shared.editions import EDITIONS
from shared.editions.model import Edition
from shared.gathering.material import material
from shared.gathering.taken_back import untaken
from shared.periods import Period
from shared.publishing import EditionError, compose, get, proofread, release
from shared.rarity import rarity
from shared.recording import record
from shared.rules import DEFAULTS
from tests import make

if TYPE_CHECKING:
    from datetime import datetime

    from shared.store.engine import Store

Json = dict[str, Any]
MARCH, APRIL, MAY, JULY, AUGUST = (Period.month(2026, number) for number in (3, 4, 5, 7, 8))


def fifth(period: Period) -> datetime:
    """When the edition of a period is made."""
    return make.days(period.ends_at(DEFAULTS.zone), 4)


def tell(store: Store, *events: Json, as_of: datetime = make.LATER) -> None:
    record(store, make.raw(list(events)), as_of=as_of, rules=DEFAULTS)


def composed(store: Store, period: Period, name: str = "newsletter") -> Edition:
    return compose(store, name, period, fifth(period), DEFAULTS, {})


def published(store: Store, period: Period, name: str = "newsletter") -> Edition:
    return release(store, composed(store, period, name).edition_id)


def told(edition: Edition) -> list[str]:
    return [story.win_id for story in edition.stories]


WIN = ["roadblock_beaten:SO-1"]


def complaint() -> Json:
    return make.feedback("complaint", make.at("05-10"))


def test_a_win_is_told_in_the_month_it_became_final_and_never_again(store: Store) -> None:
    tell(store, *make.win())
    stories = [told(published(store, period)) for period in (MARCH, APRIL, MAY)]
    assert stories == [[], WIN, []]


def test_each_kind_of_edition_tells_for_itself(store: Store) -> None:
    tell(store, *make.win())
    assert told(published(store, APRIL)) == told(published(store, APRIL, "leadership")) == WIN


def test_composing_tells_nothing_yet(store: Store) -> None:
    tell(store, *make.win())
    assert told(composed(store, APRIL)) == told(composed(store, APRIL)) == told(composed(store, MAY)) == WIN


def test_what_another_edition_told_meanwhile_is_not_released_again(store: Store) -> None:
    tell(store, *make.win())
    late = composed(store, MAY)
    published(store, APRIL)
    with pytest.raises(EditionError, match="compose newsletter-2026-05 again"):
        release(store, late.edition_id)
    assert told(published(store, MAY)) == []


def test_released_is_frozen_whatever_comes_later(store: Store) -> None:
    tell(store, *make.win())
    edition = published(store, APRIL)
    tell(store, complaint())
    assert get(store, edition.edition_id) == release(store, edition.edition_id) == edition
    with pytest.raises(EditionError, match="released"):
        composed(store, APRIL)


def test_what_was_told_and_does_not_hold_is_taken_back_once(store: Store) -> None:
    tell(store, *make.win())
    (story,) = published(store, APRIL).stories
    tell(store, complaint())
    editions = [published(store, period) for period in (MAY, Period.month(2026, 6))]
    assert [len(edition.corrections) for edition in editions] == [1, 0]
    (note,) = editions[0].corrections
    assert story.headline in note
    assert "newsletter-2026-04" in note
    assert "complained" in note
    (german,) = editions[0].notes["de"]
    assert story.texts["de"].headline in german
    assert german.startswith("In newsletter-2026-04 stand „")
    assert "Das gilt nicht mehr: der Kunde hat reklamiert (" in german


def test_a_win_whose_facts_were_corrected_away_is_taken_back(store: Store) -> None:
    events = make.win()
    tell(store, *events)
    published(store, APRIL)
    tell(store, make.retracted(events[-1], make.at("05-10")))
    assert [len(published(store, period).corrections) for period in (MAY, JULY)] == [1, 0]


def test_what_was_said_before_the_release_and_came_after_it_is_taken_back(store: Store) -> None:
    tell(store, *make.win())
    edition = published(store, APRIL)
    broken = make.assessed("quality", make.at("03-20"), recorded_at=make.at("05-20"))
    tell(store, make.returned(1, make.at("03-15"), recorded_at=make.at("05-20")), broken)
    late = published(store, MAY)
    assert (len(late.corrections), get(store, edition.edition_id)) == (1, edition)
    assert "assessed: quality" in late.corrections[0]


def test_a_late_event_that_makes_a_win_is_told_in_the_next_edition(store: Store) -> None:
    *before, receipt = make.win()
    tell(store, *before)
    assert told(published(store, APRIL)) == []
    tell(store, {**receipt, "data": {**receipt["data"], "recorded_at": make.at("05-20")}})
    assert told(published(store, MAY)) == WIN


def test_what_fell_between_composing_and_releasing_is_taken_back_in_the_next(store: Store) -> None:
    one, other = make.win(), make.win("SO-2", "C-2")
    tell(store, *one, *other)
    assert len(published(store, APRIL).stories) == 2
    tell(store, complaint())
    edition = composed(store, MAY)
    tell(store, make.retracted(other[-1], make.at("05-11")))
    assert len(release(store, edition.edition_id).corrections) == 1
    assert len(published(store, JULY).corrections) == 1


def test_a_win_too_old_is_told_no_more(store: Store) -> None:
    tell(store, *make.win())
    assert told(composed(store, Period.month(2026, 6))) == WIN  # 81 days old
    assert told(composed(store, JULY)) == []  # 112 days


def test_one_side_alone_makes_a_highlight_and_no_story(store: Store) -> None:
    alone = [{**make.OPERATIONS, "role": "resolver"}]
    events = [told_ for told_ in make.win() if "resolved" not in told_["type"]]
    tell(store, *events, make.resolved(roadblock="R-SO-1", participants=alone))
    edition = composed(store, APRIL)
    assert told(edition) == []
    assert len(edition.highlights) == 1
    assert composed(store, MAY).highlights == ()


def test_revoked_wins_are_never_told(store: Store) -> None:
    tell(store, *make.win(), make.feedback("nps", make.at("03-20"), 6))
    assert told(composed(store, APRIL)) == []


def test_a_return_not_yet_assessed_keeps_a_win_waiting(store: Store) -> None:
    tell(store, *make.win(), make.returned(1, make.at("03-20")))
    assert told(composed(store, APRIL)) == []
    tell(store, make.assessed("changed_mind", make.at("05-02")))
    assert told(composed(store, APRIL)) == WIN


def test_a_period_has_arrived_once_every_source_has_told_all(store: Store) -> None:
    tell(store, *make.win())
    assert not composed(store, APRIL).arrived
    tell(store, make.heartbeat(make.at("05-01", "00:00"), make.at("05-01", "06:00")))
    assert composed(store, APRIL).arrived
    tell(store, make.heartbeat(make.at("04-30"), make.at("05-01", "06:00"), source="crm"))
    assert not composed(store, APRIL).arrived
    tell(store, make.heartbeat(make.at("05-02"), make.at("05-02", "06:00"), source="crm"))
    assert composed(store, APRIL).arrived


def test_an_empty_month_has_its_edition(store: Store) -> None:
    edition = published(store, AUGUST)
    assert (edition.stories, edition.arrived, edition.state) == ((), False, "released")


def later(win: list[Json], days: int) -> list[Json]:
    """The same win, so many days afterwards, as another order's."""
    return [_later(event, days) for event in win]


def _later(event: Json, days: int) -> Json:
    text = orjson.dumps(event).decode()
    for day in sorted(set(re.findall(r"2026-\d\d-\d\d", text)), reverse=True):
        text = text.replace(day, (date.fromisoformat(day) + timedelta(days=days)).isoformat())
    return orjson.loads(text)  # type: ignore[no-any-return] # JSON


def test_a_customer_waits_a_while_for_the_same_kind_of_story(store: Store) -> None:
    tell(store, *make.win(), *later(make.win("SO-2"), 31))
    stories = [told(published(store, period)) for period in (APRIL, MAY, Period.month(2026, 6), JULY)]
    assert stories == [WIN, [], [], ["roadblock_beaten:SO-2"]], "ninety days from the end of April"


def test_an_order_that_was_told_is_told_by_no_other_pattern(store: Store) -> None:
    special = make.line(qty=300, special_requirement=True)
    order = make.win()
    order[0] = make.placed(make.at("03-01"), special, actor={**make.SALES, "role": "order_taker"})
    order[-1] = make.delivered(300, make.at("03-11"))
    clear = make.intervened(make.at("03-03"), make.SALES, "spec_clarification")
    met = make.intervened(make.at("03-04"), make.OPERATIONS, "process_fix")
    tell(store, *order, clear, met)
    [story] = published(store, APRIL).stories
    wins = {"roadblock_beaten:SO-1", "nothing_came_back:SO-1"}
    assert {story.win_id, *story.also} == wins
    assert told(published(store, MAY)) == []


def test_rarity_counts_the_twelve_months_before(store: Store) -> None:
    """One win of ten orders: R = 0.5; with none before, nothing is known."""
    plain = [
        event
        for number in range(9)
        for who in [{"order_id": f"SO-1{number}", "customer_id": f"C-1{number}"}]
        for event in (
            make.placed(**who),
            make.confirmed(**who),
            make.delivered(100, make.at("03-11"), **who),
        )
    ]
    tell(store, *make.win(), *plain)
    with store.reading() as connection:
        found = [rarity(connection, period, DEFAULTS) for period in (MARCH, APRIL, MAY)]
        assert found == [{}, {}, {"roadblock_beaten": Decimal("0.5")}]
        assert rarity(connection, Period.month(2027, 5), DEFAULTS) == {}
        assert rarity(connection, Period.parse("2026-W20"), DEFAULTS) == found[2], "a week's months, too"


HIDDEN = make.registered(name="Verborgen Pumps", confidential=True, segment="pumps")


def test_a_correction_names_no_customer_that_not_all_its_readers_may_know(store: Store) -> None:
    tell(store, HIDDEN, *make.win())
    (story,) = published(store, APRIL, "sales").stories
    assert "Verborgen" in story.texts["en"].full
    assert story.discreet is not None
    assert "Verborgen" not in story.discreet.texts["en"].full + story.discreet.headline
    tell(store, complaint())
    (note,) = published(store, MAY, "sales").corrections
    assert story.discreet.headline in note
    assert "Verborgen" not in note


NORDLICHT: Json = {"name": "Nordlicht Pumps", "segment": "pumps", "first_won_at": make.at("02-20")}
CONFIDENTIAL: Json = {**NORDLICHT, "name": "Aurora Pumps", "confidential": True}


def test_a_customer_that_became_confidential_is_named_nowhere_any_more(store: Store) -> None:
    known = make.registered(**NORDLICHT)
    tell(store, known, *make.win())
    named = composed(store, APRIL)
    assert "Nordlicht" in named.to_json()
    tell(store, make.registered(time=make.at("05-04"), **CONFIDENTIAL))
    with pytest.raises(EditionError, match="is confidential by now; compose newsletter-2026-04 again"):
        release(store, named.edition_id)
    assert "Nordlicht" not in published(store, APRIL).to_json()


def test_nor_in_what_was_told_before_nor_in_its_correction(store: Store) -> None:
    known = make.registered(**NORDLICHT)
    tell(store, known, *make.win())
    for name in ("newsletter", "leadership"):
        assert "Nordlicht" in published(store, APRIL, name).to_json()
    tell(store, make.registered(time=make.at("05-06"), **CONFIDENTIAL), complaint())
    edition = published(store, MAY)
    kept = [get(store, f"{name}-2026-04") for name in ("newsletter", "leadership")]
    with store.reading() as connection:
        both = [of_now(connection, each) for each in kept]
        assert untaken(connection, edition) == []
    assert ["Nordlicht" in each.to_json() for each in both] == [False, True]
    assert "a customer in pumps" in both[0].stories[0].headline
    assert "Kundschaft aus der Branche pumps" in both[0].stories[0].texts["de"].full
    assert "Nordlicht" not in edition.to_json()
    assert "a customer in pumps" in edition.corrections[0]


def test_nor_in_what_one_side_did_alone(store: Store) -> None:
    alone = [{**make.OPERATIONS, "role": "resolver"}]
    events = [told_ for told_ in make.win() if "resolved" not in told_["type"]]
    resolved = make.resolved(roadblock="R-SO-1", participants=alone)
    tell(store, make.registered(**NORDLICHT), *events, resolved)
    edition = published(store, APRIL)
    assert "Nordlicht" in edition.highlights[0].line
    tell(store, make.registered(time=make.at("05-04"), **CONFIDENTIAL))
    with store.reading() as connection:
        assert "Nordlicht" not in of_now(connection, get(store, edition.edition_id)).to_json()


def with_story(edition: Edition, **changes: Any) -> Edition:
    (story,) = edition.stories
    return edition.model_copy(update={"stories": (story.model_copy(update=changes),)})


def test_a_story_that_says_what_no_fact_backs_is_refused(store: Store) -> None:
    tell(store, *make.win())
    edition = composed(store, APRIL)
    proofread(edition)
    (story,) = edition.stories
    said = story.texts["de"]
    for wrong in ({"full": f"{said.full} Das sparte 99 Tage."}, {"headline": "Perfekte Helden"}):
        bad = with_story(edition, texts=story.texts | {"de": said.model_copy(update=wrong)})
        with pytest.raises(EditionError, match="newsletter-2026-04 was not composed: the story of "):
            proofread(bad)
        with pytest.raises(EditionError, match="was not composed"):
            proofread(with_story(edition, discreet=bad.stories[0]))


@pytest.mark.parametrize(("name", "unit"), [(n, unit) for n, kind in EDITIONS.items() for unit in kind.units])
def test_every_edition_of_its_periods_from_events(store: Store, name: str, unit: Any) -> None:
    tell(store, *make.win(), make.placed(make.at("04-02"), order_id="SO-9"))
    edition = published(store, Period.of(date(2026, 4, 30), unit), name)
    assert edition.audience == EDITIONS[name].audience
    assert told(edition) == WIN
    assert Edition.from_json(edition.to_json()) == edition


def test_teams_and_people_of_earlier_stories_are_remembered(store: Store) -> None:
    tell(store, *make.win())
    published(store, APRIL)
    with store.reading() as connection:
        (before,) = material(connection, MAY, fifth(MAY), DEFAULTS, {}, "newsletter").before
    assert before.teams == {"sales", "logistics"}
    assert before.people == {"p-sales", "p-ops"}


def test_the_newest_final_month_stands_beside_one_that_is_not(store: Store) -> None:
    tell(store, *make.win())
    with store.reading() as connection:
        found = material(connection, APRIL, fifth(APRIL), DEFAULTS, {}, "leadership").mature
    assert found["quality_return_ppm"] == "2026-03"
    assert "on_time" not in found


def test_the_words_of_a_name_that_stand_apart_keep_no_edition_back(store: Store) -> None:
    tell(store, make.registered(name="Sales Operations", confidential=True, segment="pumps"), *make.win())
    edition = published(store, APRIL)
    assert [story.customer_id for story in edition.stories] == ["C-1"]
    assert "Sales Operations" not in edition.to_json()
