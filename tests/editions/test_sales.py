"""What Operations did for customers: of all of them for the department, of one's own for a salesperson."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.editions import compose
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.editions.personal import LINES, personal
from shared.editions.reader import Reader
from shared.editions.trading import NOTHING
from shared.rendering.writing import render_email
from tests.editions.examples import TRADING, highlight, material

DEPARTMENT = reader_of("sales")
ANA = Reader(person_id="ana", accounts=frozenset({"C-1", "C-3"}), sees_money=True)


def test_the_department_sees_all_customers_the_most_missed_first() -> None:
    shown = personal(compose("sales", material()), DEPARTMENT)
    assert len(shown.accounts) == LINES < len(TRADING.accounts)
    assert [each.due - each.otif for each in shown.accounts] == [3, 3, 3, 3, 2, 2, 2, 2]
    assert (shown.counts["due"], shown.counts["accounts"]) == (sum(a.due for a in TRADING.accounts), 12)


def test_a_salesperson_sees_their_own_customers_only() -> None:
    shown = personal(compose("sales", material(told=6)), ANA)
    assert {each.customer.account_id for each in shown.accounts} == ANA.accounts
    assert {story.account_id for story in shown.stories} == ANA.accounts
    assert [item.order_id for item in shown.open_items] == ["SO-2001", "SO-2002"]
    assert (shown.counts["otif"], shown.counts["due"]) == (41, 44), "lines are summed, never percentages"


def test_what_operations_did_alone_is_told_to_sales() -> None:
    lines = compose("sales", material()).highlights
    assert [(each.side, each.account_id) for each in lines] == [("operations", "C-90")]
    assert personal(compose("sales", material()), ANA).highlights == ()


@pytest.mark.parametrize("reader", [ANA, DEPARTMENT])
def test_what_is_personal_stays_as_it_is(reader: Reader) -> None:
    once = personal(compose("sales", material(told=12)), reader)
    assert personal(once, reader) == once


def test_operations_is_named_first() -> None:
    assert {story.lead for story in compose("sales", material()).stories} == {"operations"}


def test_a_customer_merged_into_another_is_of_who_has_the_other() -> None:
    found = material(trading=replace(TRADING, merged={"C-0": "C-1"}))
    assert "w-000" in {story.win_id for story in personal(compose("sales", found), ANA).stories}


def test_a_pattern_is_told_as_often_as_it_was_won() -> None:
    assert len(compose("sales", material(told=12)).stories) == 12


def test_who_has_nothing_new_is_told_so() -> None:
    nobody = replace(ANA, accounts=frozenset({"C-77"}))
    text = render_email(compose("sales", material()), Brand(), nobody).text
    assert "No order line of your customers fell due." in text
    assert "Nothing out of the ordinary became final" in text
    assert "Thanks to send" not in text


@pytest.mark.parametrize(
    ("late", "wrong", "kind"), [(3, 0, "frozen_fence"), (3, 4, "clean_orders"), (0, 0, "early_warning")]
)
def test_the_ask_follows_from_what_was_missing(late: int, wrong: int, kind: str) -> None:
    found = compose("sales", material(trading=replace(TRADING, late_changed=late, with_errors=wrong)))
    assert found.ask is not None
    assert found.ask.kind == kind


def test_a_forecast_far_off_is_asked_for() -> None:
    found = compose("sales", material("red", trading=NOTHING))
    assert found.ask is not None
    assert found.ask.kind == "forecast", "a bias of 19.4 percent"


def test_one_edition_serves_all_readers() -> None:
    """Nothing is gathered for a reader: the same edition, cut to size."""
    edition = compose("sales", material(highlights=(highlight(90), highlight(3))))
    before = edition.to_json()
    texts = {
        render_email(edition, Brand(), replace(ANA, accounts=frozenset({f"C-{n}"}))).text for n in range(5)
    }
    assert len(texts) == 5
    assert edition.to_json() == before
