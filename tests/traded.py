"""What plainly happened to orders, read from raw events: what the tests of the simulator hold it against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.simulator.episodes.registry import Kind

    Conditions = Callable[["Played"], dict[str, bool]]
Json = dict[str, Any]
SALES = {"sales", "marketing", "customer_service"}
OPERATIONS = {"operations", "planning", "production", "procurement", "logistics", "warehouse", "quality"}
_SURE = ("pod", "receiving_advice", "carrier", "estimated")


@dataclass(slots=True)
class Traded:
    """One order; quantities and days by line. Days are those of the ship-to."""

    order_id: str
    told: dict[str, list[Json]]
    placed: Json = field(init=False)
    zone: ZoneInfo = field(init=False)
    wanted: dict[str, Decimal] = field(init=False)
    requested: dict[str, date] = field(init=False)
    promised: dict[str, date] = field(default_factory=dict)
    promised_last: dict[str, date] = field(default_factory=dict)
    slips: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.placed = self.told["order.placed"][0]
        lines = self.placed["data"]["lines"]
        self.zone = ZoneInfo(self.placed["data"]["ship_to"]["timezone"])
        self.wanted = {line["line_id"]: Decimal(str(line["qty"])) for line in lines}
        self.requested = {line["line_id"]: date.fromisoformat(line["requested_on"]) for line in lines}
        for event in sorted(self._of("order.confirmed", "order.promise_changed", "order.changed"), key=at):
            self._follow(event["data"], event["data"].get("initiator"))

    def _follow(self, data: Json, initiator: str | None) -> None:
        for line in data.get("lines", ()):
            day = date.fromisoformat(line["committed_on"])
            self.promised.setdefault(line["line_id"], day)
            self.promised_last[line["line_id"]] = day
        if "new_on" in data:
            day, line_id = date.fromisoformat(data["new_on"]), data["line_id"]
            if initiator == "customer":
                self.promised[line_id] = self.requested[line_id] = day
            elif day > self.promised_last[line_id]:
                self.slips.append(data)
            self.promised_last[line_id] = day
        if data.get("field") == "qty":
            self.wanted[data["line_id"]] = Decimal(str(data["new"]))
        if data.get("field") == "requested_on":
            self.requested[data["line_id"]] = date.fromisoformat(data["new"])
            self.promised.pop(data["line_id"])

    def _of(self, *kinds: str) -> list[Json]:
        return [event for kind in kinds for event in self.told[kind]]

    @property
    def customer(self) -> str:
        return str(self.placed["data"]["customer_id"])

    @property
    def receipts(self) -> list[Json]:
        """What stands of the receipts: of two sources' the surer, and not what was corrected."""
        gone = {
            event["data"]["corrects"]["id"]
            for event in self.told["delivery.delivered"]
            if "corrects" in event["data"]
        }
        found = [event for event in self.told["delivery.delivered"] if event["id"] not in gone]
        best: dict[tuple[str, str], Json] = {}
        for event in sorted(found, key=lambda event: _SURE.index(event["data"]["evidence"])):
            shipment = event["data"]["shipment_id"]
            if any(source != event["source"] and known == shipment for source, known in best):
                continue
            best[event["source"], shipment] = event
        return list(best.values())

    @property
    def closed_at(self) -> datetime | None:
        return max(map(at, self.receipts), default=None)

    @property
    def cancelled(self) -> bool:
        return bool(self.told["order.cancelled"])

    def accepted(self, line_id: str, until: date = date.max) -> Decimal:
        total = Decimal()
        for event in self.receipts:
            if at(event).astimezone(self.zone).date() <= until:
                for line in event["data"]["lines"]:
                    if line["line_id"] == line_id:
                        total += Decimal(str(line["qty_delivered"])) - Decimal(
                            str(line.get("qty_damaged", 0))
                        )
        return total

    def _least_most(self, line_id: str) -> tuple[Decimal, Decimal]:
        [line] = [line for line in self.placed["data"]["lines"] if line["line_id"] == line_id]
        qty = self.wanted[line_id]
        under, over = line.get("under_tolerance", 0), line.get("over_tolerance", 0)
        return qty * (100 - under) / 100, qty * (100 + over) / 100

    def on_time(self, due: dict[str, date]) -> bool:
        return all(self.accepted(line, due[line]) >= self._least_most(line)[0] for line in self.wanted)

    @property
    def in_full(self) -> bool:
        return all(
            least <= self.accepted(line) <= most
            for line in self.wanted
            for least, most in [self._least_most(line)]
        )

    @property
    def otif(self) -> bool:
        return self.in_full and self.on_time(self.promised)

    @property
    def perfect(self) -> bool | None:
        lines = [line for event in self.receipts for line in event["data"]["lines"]]
        papers = [line.get("documents_ok") for line in lines]
        wrong = bool(self.told["document.error_reported"]) or False in papers
        damaged = any(line.get("qty_damaged") for line in lines)
        if not self.otif or wrong or damaged or self.faulty:
            return False
        return None if None in papers else True

    @property
    def faulty(self) -> bool:
        causes = {event["data"]["cause"] for event in self.told["return.assessed"]}
        return bool(causes & {"quality", "transit_damage"})

    @property
    def resented(self) -> bool:
        """The customer complained of it, or scored it as a detractor."""
        return any(low(event["data"]) for event in self.told["feedback.received"])

    @property
    def cycle_days(self) -> int | None:
        return (self.closed_at.date() - at(self.placed).date()).days if self.closed_at else None

    @property
    def value(self) -> Decimal:
        return sum(
            (
                Decimal(str(line["qty"])) * Decimal(line["unit_price"])
                for line in self.placed["data"]["lines"]
            ),
            Decimal(),
        )

    def deeds(self, departments: set[str]) -> list[Json]:
        """What people of these departments did out of the ordinary before the order closed."""
        done = [*self.told["intervention.recorded"], *self.told["order.promise_changed"]]
        return [
            event
            for event in done
            if human(event["data"].get("actor"), departments)
            and (event["type"] != "tandem.order.promise_changed.v1" or "customer_agreed_at" in event["data"])
            and (self.closed_at is None or at(event) <= self.closed_at)
        ]


def at(event: Json) -> datetime:
    return datetime.fromisoformat(event["time"])


def human(person: Json | None, departments: set[str]) -> bool:
    return person is not None and person.get("is_human", True) and person["department"] in departments


def low(answer: Json) -> bool:
    """A complaint, or the score of a detractor."""
    if answer["kind"] in ("complaint", "compliment"):
        return bool(answer["kind"] == "complaint")
    if answer["kind"] == "nps":
        return bool(answer["score"] <= 6)
    return bool((answer["score"] - answer["scale_min"]) / (answer["scale_max"] - answer["scale_min"]) <= 0.4)


def high(answer: Json) -> bool:
    """The score of a promoter."""
    if answer["kind"] == "nps":
        return bool(answer["score"] >= 9)
    share = (answer.get("score", 0) - answer.get("scale_min", 0)) / (
        answer.get("scale_max", 1) - answer.get("scale_min", 0)
    )
    return answer["kind"] == "csat" and share >= 0.75


def kind_of(event: Json) -> str:
    return str(event["type"].removeprefix("tandem.").removesuffix(".v1"))


def orders(events: list[Json]) -> list[Traded]:
    """Every order of these events, by when it was placed."""
    found: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if order_id := event["data"].get("order_id"):
            found[order_id][kind_of(event)].append(event)
    made = [Traded(order_id, told) for order_id, told in found.items()]
    return sorted(made, key=lambda order: at(order.placed))


@dataclass(slots=True)
class Played:
    """An episode, and what is read from its events alone."""

    events: list[Json]
    subject: str
    start: date
    orders: list[Traded] = field(init=False)

    def __post_init__(self) -> None:
        self.orders = orders(self.events)

    def of(self, kind: str) -> list[Json]:
        return [event for event in self.events if kind_of(event) == kind]

    @property
    def order(self) -> Traded:
        """The order that is the subject."""
        return next(order for order in self.orders if f"order/{order.order_id}" == self.subject)

    @property
    def external(self) -> bool:
        return not any(event["data"].get("is_internal") for event in self.of("customer.registered"))

    def months(self, first: int, last: int, *, before: int = 0) -> list[str]:
        """The months from so many after the start up to, not including, another; `before`: years earlier."""
        number = (self.start.year - before) * 12 + self.start.month - 1
        return [f"{(number + n) // 12}-{(number + n) % 12 + 1:02}" for n in range(first, last)]


def flaws(kind: Kind, conditions: Conditions) -> set[str]:
    """Which conditions episodes of this kind do not meet; the same ones whenever they play."""
    found = set()
    for nth, start in enumerate((date(2011, 1, 1), date(2015, 5, 1), date(2018, 12, 1), date(2020, 2, 1))):
        episode = kind.episode(17, nth, start)
        met = conditions(Played(episode.events, episode.subject, start))
        found.add(frozenset(name for name, holds in met.items() if not holds))
    [same] = found
    return set(same)
