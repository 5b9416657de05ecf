"""Plants and traps of `bad_news_early`: a promise moved in time, agreed with the customer, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from services.simulator.booking import least_lead
from services.simulator.episodes.quiet import OPERATIONS, SALES, followed, regular
from services.simulator.episodes.registry import plant, trap
from services.simulator.mishaps import arrives, part
from services.simulator.obstacles import OBSTACLES, Obstacle
from services.simulator.people import ALLOCATION, MAILBOX, Person, someone
from services.simulator.plan import Plan, Roadblock, Step, Turn
from services.simulator.season import clock, moment, workday, workdays_before
from services.simulator.texts import SLIP_REASONS
from services.simulator.turns import complained, receipt_corrected, returned, second_receipt, surveyed

if TYPE_CHECKING:
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene

_VARIANTS = {"plain": 60, "told_twice": 15, "corrected_receipt": 15, "at_the_last_hour": 10}
_OBSTACLES = [obstacle for obstacle in OBSTACLES if not obstacle.on_the_way]


@dataclass(slots=True)
class _News:
    """An order whose promise was moved; the turn that moved it is the first of the plan's turns."""

    plan: Plan
    block: Roadblock
    new_on: date

    @property
    def move(self) -> Turn:
        return next(turn for turn in self.plan.turns if turn.kind == "order.promise_changed")


def _news(
    scene: Scene, *, notice: int = 0, sales: bool = True, operations: bool = True, delay: int = 0
) -> _News:
    """Operations warned `notice` working days ahead, Sales agreed a new day, and it was kept."""
    dice = scene.dice
    customer = regular(scene, 200)
    due = scene.start + timedelta(days=dice.between(30, 45))
    plan = followed(scene, customer, due, least_lead(customer) + dice.between(12, 18))
    new_on = workday(plan.due + timedelta(days=delay or dice.between(4, 10)))
    arrives(plan, dice, new_on)
    raised_at = clock(dice, workdays_before(plan.due, notice or dice.between(6, 8)), scene.zone, 7, 10)
    plan.receipts[0].shipped_at = max(plan.receipts[0].shipped_at, raised_at + timedelta(hours=30))
    obstacle = dice.pick(_OBSTACLES)
    block = _roadblock(scene, plan, obstacle, raised_at, operations=operations)
    plan.roadblocks.append(block)
    _moved(scene, plan, new_on, raised_at + timedelta(hours=dice.between(2, 4)), sales=sales)
    if sales:
        kind, text = "heads_up", "Called the customer at once and offered a day that can be kept"
        step = Step(raised_at + timedelta(minutes=40), kind, someone(dice, *SALES), text, obstacle.cause)
        block.steps.append(step)
    return _News(plan, block, new_on)


def _roadblock(
    scene: Scene, plan: Plan, obstacle: Obstacle, raised_at: datetime, *, operations: bool
) -> Roadblock:
    """What will make the order late, and what Operations did so that it was no later."""
    dice = scene.dice
    resolved_at = plan.receipts[0].shipped_at - timedelta(hours=2)
    days = max(2, (plan.receipts[0].at.date() - plan.due).days)
    kind, department, text = dice.pick(obstacle.operations)
    at = moment(dice, raised_at + timedelta(hours=5), resolved_at - timedelta(hours=1))
    text = text.format(product=plan.lines[0].product.name)
    step = Step(at, kind, someone(dice, department), text, obstacle.cause)
    resolver = step.person if operations else ALLOCATION
    return Roadblock(
        obstacle.category,
        raised_at,
        resolved_at,
        someone(dice, *OPERATIONS) if operations else ALLOCATION,
        dice.pick(obstacle.descriptions).format(product=plan.lines[0].product.name, days=days),
        text,
        days,
        "high",
        outcome="late",
        resolvers=[(resolver, "resolver")],
        steps=[step] if operations else [],
    )


def _moved(scene: Scene, plan: Plan, new_on: date, at: datetime, *, sales: bool = True) -> None:
    """We move the promise, told and agreed within the two hours before `at`."""
    who = someone(scene.dice, *SALES) if sales else someone(scene.dice, "planning")
    data = {
        "line_id": plan.lines[0].line_id,
        "new_on": new_on.isoformat(),
        "reason": scene.dice.pick(SLIP_REASONS),
        "customer_notified_at": (at - timedelta(minutes=90)).isoformat(),
        "customer_agreed_at": (at - timedelta(minutes=scene.dice.between(5, 60))).isoformat(),
    }
    plan.turns.append(Turn("order.promise_changed", at, data, who, initiator="us"))


def _told(scene: Scene, news: _News, variant: str | None = None) -> Episode:
    return scene.episode(f"order/{news.plan.order_id}", variant=variant)


@plant("bad_news_early")
def told_in_time(scene: Scene) -> Episode:
    """Six working days ahead or more, and the new day was kept."""
    dice, variant = scene.dice, scene.dice.weighted(_VARIANTS)
    news = _news(scene)
    plan = news.plan
    receipt = plan.receipts[0]
    match variant:
        case "told_twice":
            receipt.evidence = "carrier"
            second_receipt(plan, receipt.at + timedelta(minutes=25), "edi", "receiving_advice")
        case "corrected_receipt":
            truly = receipt.at
            receipt.at = clock(dice, workday(news.new_on + timedelta(days=1)), plan.customer.site.zone)
            receipt_corrected(plan, 2, at=truly, evidence="pod")
            plan.truly_closed_at = truly
        case "at_the_last_hour":
            receipt.at = clock(dice, news.new_on, plan.customer.site.zone, 23, 23)
    if dice.chance(0.4):
        surveyed(plan, dice, "csat", dice.pick((4, 5)))
    return _told(scene, news, variant)


@trap("bad_news_early")
def agreement_back_dated(scene: Scene) -> Episode:
    """The agreement is dated before the promise was due; it was written down after the delivery."""
    news = _news(scene)
    news.move.recorded_at = news.plan.closed_at + timedelta(days=scene.dice.between(2, 6))
    return _told(scene, news)


@trap("bad_news_early")
def told_after_the_miss(scene: Scene) -> Episode:
    """The customer was told the day after, and agreed to what could not be changed."""
    news = _news(scene)
    plan = news.plan
    plan.turns.clear()
    _moved(scene, plan, news.new_on, plan.due_start + timedelta(hours=34))
    return _told(scene, news)


@trap("bad_news_early")
def never_agreed(scene: Scene) -> Episode:
    """The customer was told in time, and not asked."""
    news = _news(scene)
    del news.move.data["customer_agreed_at"]
    return _told(scene, news)


@trap("bad_news_early")
def moved_twice(scene: Scene) -> Episode:
    """Bad news early, and then again."""
    news = _news(scene, delay=9)
    first, final = workday(news.plan.due + timedelta(days=3)), news.new_on
    news.move.data["new_on"] = first.isoformat()
    _moved(scene, news.plan, final, news.move.at + timedelta(days=3))
    return _told(scene, news)


@trap("bad_news_early")
def new_day_missed(scene: Scene) -> Episode:
    """The new day was not kept either."""
    news = _news(scene)
    arrives(news.plan, scene.dice, workday(news.new_on + timedelta(days=2)))
    return _told(scene, news)


@trap("bad_news_early")
def came_short(scene: Scene) -> Episode:
    """On the new day a part came, and no more."""
    news = _news(scene)
    line, receipt = news.plan.lines[0], news.plan.receipts[0]
    line.qty += 10
    receipt.qty[line.line_id] = part(line.qty, 75)
    data = {"line_id": line.line_id, "reason": "short_closed"}
    closed = Turn("order.line_closed", receipt.at + timedelta(hours=3), data, news.plan.planner)
    news.plan.turns.append(closed)
    return _told(scene, news)


@trap("bad_news_early")
def warned_the_day_before(scene: Scene) -> Episode:
    """The news came the day before, when nothing could be done with it."""
    return _told(scene, _news(scene, notice=1))


@trap("bad_news_early")
def no_warning(scene: Scene) -> Episode:
    """Nobody of ours raised the alarm; the date was moved, and that was all."""
    news = _news(scene)
    plan = news.plan
    plan.roadblocks.clear()
    return _told(scene, news)


@trap("bad_news_early")
def customer_asked(scene: Scene) -> Episode:
    """It was the customer who wanted the later day: no bad news of ours."""
    news = _news(scene)
    news.move.initiator = "customer"
    return _told(scene, news)


@trap("bad_news_early")
def only_samples(scene: Scene) -> Episode:
    """The order was of samples."""
    news = _news(scene)
    news.plan.kind = "sample"
    return _told(scene, news)


@trap("bad_news_early")
def typed_in_afterwards(scene: Scene) -> Episode:
    """Loaded as history, with all that was done."""
    news = _news(scene)
    news.plan.backfill = True
    return _told(scene, news)


@trap("bad_news_early", expected="revoked")
def detractor(scene: Scene) -> Episode:
    """The customer had agreed, and would not recommend us for it."""
    news = _news(scene)
    surveyed(news.plan, scene.dice, "nps", scene.dice.between(0, 5))
    return _told(scene, news)


@trap("bad_news_early", expected="revoked")
def complaint(scene: Scene) -> Episode:
    """The customer had agreed, and complained."""
    news = _news(scene)
    complained(news.plan, scene.dice)
    return _told(scene, news)


@trap("bad_news_early", expected="revoked")
def came_back_faulty(scene: Scene) -> Episode:
    """Late by agreement, and faulty."""
    news = _news(scene)
    returned(news.plan, scene.dice, scene.dice.between(4, 26), "quality")
    return _told(scene, news)


@trap("bad_news_early", expected="highlight")
def operations_alone(scene: Scene) -> Episode:
    """Planning told the customer itself; nobody of Sales took part."""
    news = _news(scene, sales=False)
    news.plan.taker = None
    return _told(scene, news)


@trap("bad_news_early", expected="highlight")
def sales_alone(scene: Scene) -> Episode:
    """A machine raised the alarm and found the new day; Sales told the customer."""
    news = _news(scene, operations=False)
    plan = news.plan
    plan.confirmer = plan.planner = plan.receipts[0].shipper = plan.receipts[0].receiver = None
    return _told(scene, news)


@trap("bad_news_early", expected="highlight")
def told_by_a_machine(scene: Scene) -> Episode:
    """The service desk's mailbox sent the new date and filed the answer."""
    news = _news(scene)
    news.move.actor = MAILBOX
    news.block.steps = [step for step in news.block.steps if _ours(step.person)]
    return _told(scene, news)


def _ours(person: Person) -> bool:
    return person.department not in SALES
