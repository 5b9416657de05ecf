"""The pack of the joint meeting, in the order of its sixty minutes."""

from __future__ import annotations

from shared.editions import compose
from shared.editions.brand import Brand
from shared.rendering.writing import render_email
from tests.editions.examples import material

MINUTES = ("0–10", "10–25", "25–40", "40–50", "50–58", "58–60")


def test_the_agenda_in_its_order() -> None:
    text = render_email(compose("meeting_pack", material()), Brand()).text
    places = [text.index(f"\n{minutes} ") for minutes in MINUTES]
    assert places == sorted(places)


def test_wins_are_told_by_the_other_department() -> None:
    edition = compose("meeting_pack", material(told=3))
    text = " ".join(render_email(edition, Brand()).text.split())
    assert len(edition.stories) == 3
    for story in edition.stories:
        teller = "Operations" if story.lead == "sales" else "Sales"
        assert f"{story.headline} (told by {teller})" in text


def test_the_scorecard_has_every_basis_of_delivery() -> None:
    board = compose("meeting_pack", material()).figures
    assert [each.basis for each in board if each.key == "otif"] == ["first_commit", "requested"]


def test_every_category_of_roadblock_is_on_the_table() -> None:
    edition = compose("meeting_pack", material())
    assert [risk.category for risk in edition.pareto] == [
        "carrier",
        "material_shortage",
        "it_outage",
        "other",
    ]
    text = " ".join(render_email(edition, Brand()).text.split())
    assert "14 of 19 roadblocks were beaten on the first promise." in text
    assert "usually in the hands of: carrier and logistics" in text


def test_decisions_come_from_what_stands_open() -> None:
    edition = compose("meeting_pack", material("red"))
    kinds = [each.kind for each in edition.decisions]
    assert kinds[:3] == ["roadblocks", "overdue", "quarantine"]
    (targets,) = [each.targets for each in edition.decisions if each.kind == "target"]
    assert {("otif", "first_commit"), ("wape", None)} <= set(targets)
    assert compose("meeting_pack", material("none")).decisions == ()
