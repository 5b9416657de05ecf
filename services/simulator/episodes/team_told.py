"""Plants and traps of `team_told`: a story that one side handed in and the other confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.episodes.model import Claim
from services.simulator.episodes.orders import stage_of
from services.simulator.episodes.quiet import OPERATIONS, SALES, quiet, regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.newsroom import CONFIRMATIONS, OPENINGS
from services.simulator.people import MAILBOX, Person, someone
from services.simulator.planting import BEATEN
from services.simulator.season import clock, workday
from services.simulator.turns import complained, returned

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

_BY_OPERATIONS = (
    "{helper} asked the customer what really mattered and told us within the hour; we repacked that night.",
    "{helper} kept the customer posted, and we loaded it first thing in the morning.",
)
_BY_SALES = (
    "I asked the customer what could wait. {helper} went through the racks and found the rest.",
    "I got the gate number from the customer, and {helper} turned the tour round for it.",
)


@dataclass(slots=True)
class _Draft:
    """A draft, who told it, and who of the other side can confirm it."""

    plan: Plan
    data: dict[str, Any]
    at: datetime
    author: Person
    helper: Person


def _draft(scene: Scene, plan: Plan | None = None) -> _Draft:
    """A draft about an order of which nothing else is told."""
    dice = scene.dice
    if plan is None:
        plan = quiet(scene, regular(scene, 200), scene.start + timedelta(days=dice.between(25, 45)))
    by_sales = dice.chance(0.4)
    author, helper = someone(dice, *SALES), someone(dice, *OPERATIONS)
    if not by_sales:
        author, helper = helper, author
    title, opening = dice.pick(OPENINGS)
    words = dice.pick(_BY_SALES if by_sales else _BY_OPERATIONS).format(helper=helper.name)
    data = {
        "draft_id": f"DR-{scene.prefix}", "title": title, "body": f"{opening}\n\n{words}",
        "order_ids": [plan.order_id], "customer_id": plan.customer.customer_id,
        "thanks": [helper.wire()], "named": [author.wire(), helper.wire()],
    }  # fmt: skip
    day = workday(plan.closed_at.date() + timedelta(days=dice.between(2, 7)))
    return _Draft(plan, data, clock(dice, day, scene.zone), author, helper)


def _confirmed(scene: Scene, draft: _Draft, by: Person | None, days: int = 0) -> datetime:
    """Submit the draft and have it confirmed so many days later; by nobody, if there is nobody."""
    subject = f"draft/{draft.data['draft_id']}"
    scene.tell("draft.submitted", draft.at, subject, draft.data, draft.author)
    day = workday(draft.at.date() + timedelta(days=days or scene.dice.between(1, 2)))
    at = clock(scene.dice, day, scene.zone)
    if by:
        line = {"draft_id": draft.data["draft_id"], "line": scene.dice.pick(CONFIRMATIONS)}
        scene.tell("draft.confirmed", at, subject, line, by)
    return at


def _told(scene: Scene, draft: _Draft, variant: str | None = None, also: tuple[Claim, ...] = ()) -> Episode:
    return scene.episode(f"draft/{draft.data['draft_id']}", variant=variant, also=also)


@plant("team_told")
def handed_in_and_confirmed(scene: Scene) -> Episode:
    """By either side; confirmed by the one thanked, or by a colleague; about one order or two."""
    variant = scene.dice.weighted({"plain": 60, "confirmed_by_a_colleague": 20, "two_orders": 20})
    draft = _draft(scene)
    by = draft.helper
    if variant == "confirmed_by_a_colleague":
        by = someone(scene.dice, draft.helper.department)
    if variant == "two_orders":
        other = quiet(scene, draft.plan.customer, draft.plan.due)
        draft.data["order_ids"].append(other.order_id)
        draft.at += timedelta(days=2)
    _confirmed(scene, draft, by)
    return _told(scene, draft, variant)


@trap("team_told")
def never_confirmed(scene: Scene) -> Episode:
    """The other side never said a word."""
    draft = _draft(scene)
    _confirmed(scene, draft, None)
    return _told(scene, draft)


@trap("team_told")
def confirmed_weeks_later(scene: Scene) -> Episode:
    """Confirmed when nobody remembered."""
    draft = _draft(scene)
    _confirmed(scene, draft, draft.helper, scene.dice.between(14, 25))
    return _told(scene, draft)


@trap("team_told")
def confirmed_by_its_own_side(scene: Scene) -> Episode:
    """A colleague next door confirmed it."""
    draft = _draft(scene)
    side = SALES if draft.author.department in SALES else OPERATIONS
    colleague = someone(scene.dice, *side)
    while colleague == draft.author:
        colleague = someone(scene.dice, *side)
    _confirmed(scene, draft, colleague)
    return _told(scene, draft)


@trap("team_told")
def confirmed_by_its_author(scene: Scene) -> Episode:
    """The one who told it confirmed it, under the other department's name."""
    draft = _draft(scene)
    author = draft.author
    _confirmed(scene, draft, Person(author.person_id, draft.helper.department, author.name))
    return _told(scene, draft)


@trap("team_told")
def confirmed_by_a_machine(scene: Scene) -> Episode:
    """An account of the service desk confirmed whatever came in."""
    draft = _draft(scene)
    while draft.author.department in SALES:
        draft = _draft(scene, draft.plan)
    _confirmed(scene, draft, MAILBOX)
    return _told(scene, draft)


@trap("team_told")
def confirmed_by_finance(scene: Scene) -> Episode:
    """Finance, which is neither side, confirmed it."""
    draft = _draft(scene)
    _confirmed(scene, draft, someone(scene.dice, "finance"))
    return _told(scene, draft)


@trap("team_told")
def confirmation_taken_back(scene: Scene) -> Episode:
    """Confirmed by mistake, and retracted the next day."""
    draft = _draft(scene)
    at = _confirmed(scene, draft, draft.helper)
    name = {"source": "newsroom", "id": scene.events[-1]["id"]}
    data = {"corrects": name, "reason": "Meant another story"}
    subject = f"draft/{draft.data['draft_id']}"
    scene.tell("event.retracted", at + timedelta(days=1), subject, data, source="newsroom")
    return _told(scene, draft)


@trap("team_told")
def no_such_order(scene: Scene) -> Episode:
    """The order it tells of does not exist."""
    draft = _draft(scene)
    draft.data["order_ids"] = [f"{draft.plan.order_id}-X"]
    _confirmed(scene, draft, draft.helper)
    return _told(scene, draft)


@trap("team_told")
def about_nothing_in_particular(scene: Scene) -> Episode:
    """It names no order."""
    draft = _draft(scene)
    del draft.data["order_ids"]
    _confirmed(scene, draft, draft.helper)
    return _told(scene, draft)


@trap("team_told")
def told_already(scene: Scene) -> Episode:
    """The same order is a roadblock beaten already."""
    stage = stage_of(scene)
    plan = stage.beaten(scene.dice, scene.start + timedelta(days=45))
    scene.plans.append(plan)
    draft = _draft(scene, plan)
    _confirmed(scene, draft, draft.helper)
    beaten = Claim(BEATEN, f"order/{plan.order_id}", "joint", (), "told_already")
    return _told(scene, draft, also=(beaten,))


@trap("team_told")
def for_ourselves(scene: Scene) -> Episode:
    """The customer is our own branch."""
    draft = _draft(scene)
    draft.plan.customer.is_internal = True
    _confirmed(scene, draft, draft.helper)
    return _told(scene, draft)


@trap("team_told", expected="revoked")
def complaint(scene: Scene) -> Episode:
    """The customer saw it otherwise."""
    draft = _draft(scene)
    complained(draft.plan, scene.dice, 12)
    _confirmed(scene, draft, draft.helper)
    return _told(scene, draft)


@trap("team_told", expected="revoked")
def came_back_faulty(scene: Scene) -> Episode:
    """What was told of came back."""
    draft = _draft(scene)
    returned(draft.plan, scene.dice, scene.dice.between(12, 26), "quality")
    _confirmed(scene, draft, draft.helper)
    return _told(scene, draft)
