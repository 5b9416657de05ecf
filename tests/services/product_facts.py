"""What the raw events of an episode say of its product, worked out by plain code of the tests' own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from services.simulator.envelope import Event
    from services.simulator.episodes.model import Episode

SALES = {"sales", "marketing", "customer_service"}
OPERATIONS = {"operations", "planning", "production", "procurement", "logistics", "warehouse", "quality"}
LAG = timedelta(days=30)
BACK_DATED = timedelta(days=2)
By = dict[str, float]


def kind(event: Event) -> str:
    return str(event["type"]).removeprefix("tandem.").removesuffix(".v1")


def when(event: Event) -> datetime:
    return datetime.fromisoformat(event["time"])


def first_of(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-01").replace(tzinfo=ZoneInfo("Europe/Berlin"))


def shift(month: str, count: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{number // 12}-{number % 12 + 1:02}"


def months(last: str, count: int) -> list[str]:
    """So many months up to `last`."""
    return [shift(last, nth) for nth in range(1 - count, 1)]


def total(values: Any) -> float:
    return fsum(float(value) for value in values)


@dataclass(frozen=True)
class Order:
    """A line of the product; `arrived` is when the last of it was accepted."""

    requested: date
    due: date
    qty: float
    committed: float
    at_first: float
    arrived: date


class Facts:
    """The product of an episode: versions, demand, orders, stock and what people did."""

    def __init__(self, episode: Episode) -> None:
        self.product = episode.subject.removeprefix("product/")
        gone = {(e["data"]["corrects"]["source"], e["data"]["corrects"]["id"]) for e in episode.events
                if "corrects" in e["data"]}  # fmt: skip
        self.events = [event for event in episode.events if (event["source"], event["id"]) not in gone]
        self.mine = [event for event in self.events if event["data"].get("product_id") == self.product]
        self.orders = list(self._orders())
        self.demand = self._demand()

    def of(self, name: str) -> list[Event]:
        return [event for event in self.mine if kind(event) == name]

    def master(self) -> dict[str, Any]:
        (registered,) = self.of("product.registered")
        return dict(registered["data"])

    def _orders(self) -> Any:
        shipped: dict[str, list[float]] = defaultdict(list)
        arrived: dict[str, date] = {}
        committed: dict[str, dict[str, Any]] = {}
        for event in sorted(self.events, key=when):
            for line in event["data"].get("lines", ()):
                match kind(event):
                    case "delivery.shipped":
                        shipped[line["line_id"]].append(float(line["qty"]))
                    case "delivery.delivered":
                        arrived[line["line_id"]] = when(event).date()
                    case "order.confirmed":
                        committed[line["line_id"]] = line
        for event in self.events:
            for line in event["data"].get("lines", ()):
                if line.get("product_id") == self.product:
                    promise, id_ = committed[line["line_id"]], line["line_id"]
                    yield Order(
                        date.fromisoformat(line["requested_on"]), date.fromisoformat(promise["committed_on"]),
                        float(line["qty"]), float(promise["committed_qty"]), shipped[id_][0], arrived[id_],
                    )  # fmt: skip

    def _demand(self) -> By:
        """Recorded demand, else what was ordered by the day first asked for."""
        recorded: Counter[str] = Counter()
        ordered: Counter[str] = Counter()
        for event in self.of("demand.recorded"):
            recorded[event["data"]["period"]] += event["data"]["qty"]
        for order in self.orders:
            ordered[f"{order.requested:%Y-%m}"] += order.qty  # type: ignore[assignment] # a Counter of floats
        return {**{m: float(q) for m, q in ordered.items()}, **{m: float(q) for m, q in recorded.items()}}

    def versions(self, *steps: str, live: bool = True) -> dict[str, list[Event]]:
        """The last versions made in time, one for each place and customer, by month."""
        found: dict[tuple[str, str], Event] = {}
        for event in sorted(self.of("forecast.published"), key=when):
            data = event["data"]
            recorded = datetime.fromisoformat(data.get("recorded_at", event["time"]))
            late = recorded - when(event) > BACK_DATED and live
            in_time = when(event) <= first_of(data["period"]) - LAG
            if data["step"] in steps and in_time and not late and not (live and data.get("backfill")):
                found[data["period"], str((data.get("location"), data.get("customer_id")))] = event
        by_month: dict[str, list[Event]] = defaultdict(list)
        for (month, _), event in found.items():
            by_month[month].append(event)
        return by_month

    def forecast(self, *steps: str) -> By:
        versions = self.versions(*steps)
        return {m: total(event["data"]["qty"] for event in events) for m, events in versions.items()}

    def fill(self, *periods: str) -> float:
        """Percent in the first shipment, of what was due in these months."""
        due = [order for order in self.orders if f"{order.due:%Y-%m}" in periods]
        return 100 * total(o.at_first for o in due) / total(o.qty for o in due) if due else 0.0

    def otif(self, *periods: str) -> float:
        due = [order for order in self.orders if f"{order.due:%Y-%m}" in periods]
        return 100 * total(order.arrived <= order.due for order in due) / len(due)

    def hands(self, departments: set[str], first: datetime, last: datetime) -> set[str]:
        """People of these departments who did something out of the ordinary between two instants."""
        reasoned = [event for event in self.of("forecast.published") if event["data"].get("reason")]
        return {
            event["data"]["actor"]["person_id"]
            for event in [*self.of("intervention.recorded"), *reasoned]
            if event["data"]["actor"].get("is_human", True)
            and event["data"]["actor"]["department"] in departments
            and first <= when(event) <= last
        }


def wape(forecast: By, demand: By, periods: list[str]) -> float:
    """Percent."""
    return 100 * total(abs(forecast[m] - demand[m]) for m in periods) / total(demand[m] for m in periods)


def bias(forecast: By, demand: By, periods: list[str]) -> float:
    """Percent, + is too much."""
    return 100 * total(forecast[m] - demand[m] for m in periods) / total(demand[m] for m in periods)


def tracking(forecast: By, demand: By, periods: list[str]) -> float:
    errors = [demand[m] - forecast[m] for m in periods]
    spread = total(map(abs, errors)) / len(errors)
    return total(errors) / spread if spread else 0.0
