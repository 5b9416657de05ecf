"""The KPIs worked out a second time, the slow plain way, on what the oracle says of orders."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

from tests.oracle import Fact, Line, Oracle, Order, accepted, dec, fold_order, midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Value = tuple[Fraction, int]
"""A figure and its sample."""
MONTHS = 12


class Figures:
    """What each KPI must say of a month: a value and a sample for each unit of measure or currency."""

    def __init__(self, oracle: Oracle, start: date, end: date) -> None:
        self.oracle, self.start, self.end = oracle, start, end
        self.counted = [order for order in oracle.orders.values() if oracle.counted(order)]

    def of(self, key: str) -> list[Value]:
        """The figures of a KPI; none where there is no data."""
        return [found for found in getattr(self, key)() if found is not None]

    def _inside(self, moment: datetime) -> bool:
        return self.start <= moment.astimezone(self.oracle.rules.zone).date() < self.end

    def _due(self) -> Iterator[tuple[Order, Line]]:
        """Lines due by the first promise, scored."""
        for order in self.counted:
            for line in order.lines.values():
                scored = self.oracle.outcome(order, line, "first_commit")[0] == "scored"
                if line.first and self.start <= line.first < self.end and scored:
                    yield order, line

    def _whole(self, judge: Callable[[Order, Line], bool | None]) -> list[Value | None]:
        """Orders of which the last line was due in the month; one that is unknown is left out."""
        found = []
        self._of_orders: list[tuple[Order, Line]] = []
        for order in self.counted:
            status = {
                name: self.oracle.outcome(order, line, "first_commit")[0]
                for name, line in order.lines.items()
            }
            lines = [line for name, line in order.lines.items() if status[name] != "excluded"]
            days = [line.first for line in lines if line.first]
            if "open" not in status.values() and days and self.start <= max(days) < self.end:
                self._of_orders += [(order, line) for line in lines]
                verdicts = {judge(order, line) for line in lines}
                found.append(False if False in verdicts else None if None in verdicts else True)
        if None in found and True not in found:
            return []
        return [ratio(100 * found.count(True), len(found) - found.count(None))]

    def perfect_order(self) -> list[Value | None]:
        return self._whole(self.oracle.perfect)

    def _cycles(self) -> list[Fraction]:
        """Days from placing to full receipt."""
        found = []
        for order in self.counted:
            ends = [line.closing() for line in order.lines.values()]
            kept = [fact for how, fact in ends if how != "cancelled"]
            full = [fact.time for how, fact in ends if how == "full" and fact]
            if full and len(full) == len(kept) and self._inside(max(full)):
                assert order.placed
                found.append(
                    Fraction((max(full) - order.placed.time) // timedelta(microseconds=1), 86_400 * 10**6)
                )
        return sorted(found)

    def _percentile(self, share: Fraction) -> list[Value | None]:
        times = self._cycles()
        if not times:
            return []
        place = share * (len(times) - 1)
        low = int(place)
        high = times[min(low + 1, len(times) - 1)]
        return [(times[low] + (high - times[low]) * (place - low), len(times))]

    def cycle_time_median(self) -> list[Value | None]:
        return self._percentile(Fraction(1, 2))

    def cycle_time_p90(self) -> list[Value | None]:
        return self._percentile(Fraction(9, 10))

    @staticmethod
    def _first_pass(order: Order, line: Line) -> Decimal | None:
        """What the first shipment held; None where the line arrived and nobody told how."""
        told = [
            (fact, dec(part["qty"]))
            for fact in order.of("delivery.shipped")
            for part in fact.data["lines"]
            if part["line_id"] == line.placed["line_id"] and dec(part["qty"]) > 0
        ]
        if not told:
            return None if line.receipts else Decimal(0)
        first = told[0][0]
        same = [
            q
            for f, q in told
            if (f.source, f.data["shipment_id"]) == (first.source, first.data["shipment_id"])
        ]
        return sum(same, Decimal(0))

    def _filled(self, order: Order, line: Line) -> bool | None:
        first = self._first_pass(order, line)
        return None if first is None else first >= line.floor

    def fill_rate_units(self) -> list[Value | None]:
        by_unit: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for order, line in self._due():
            if (first := self._first_pass(order, line)) is not None:
                by_unit[line.placed.get("uom", "each")].append((min(first, line.ordered), line.ordered))
        return [
            ratio(100 * sum(f for f, _ in both), sum(o for _, o in both), len(both))
            for both in by_unit.values()
            if any(f for f, _ in both)
        ]

    def fill_rate_lines(self) -> list[Value | None]:
        lines = [pair for pair in self._due() if self._first_pass(*pair) is not None]
        if not any(self._first_pass(*pair) for pair in lines):
            return []
        return [ratio(100 * sum(bool(self._filled(*pair)) for pair in lines), len(lines))]

    def fill_rate_orders(self) -> list[Value | None]:
        found = self._whole(self._filled)
        return found if any(self._first_pass(*pair) for pair in self._of_orders) else []

    def backorder_rate(self) -> list[Value | None]:
        placed = [order for order in self.counted if order.placed and self._inside(order.placed.time)]
        short = [self._short(order, name) for order in placed for name in order.lines]
        return [ratio(100 * sum(short), len(short))]

    @staticmethod
    def _short(order: Order, name: str) -> bool:
        line = order.lines[name]
        promised = [
            dec(part["committed_qty"])
            for fact in order.of("order.confirmed")
            for part in fact.data["lines"]
            if part["line_id"] == name
        ]
        how, fact = line.closing()
        shortages = [
            block
            for block in order.of("delivery.roadblock_raised")
            if block.data["category"] == "material_shortage"
            and name in (block.data.get("line_ids") or order.lines)
        ]
        no_stock = how == "cancelled" and fact is not None and fact.data.get("reason") == "no_stock"
        return bool(promised and promised[-1] < line.ordered) or bool(shortages) or no_stock

    def promise_stability(self) -> list[Value | None]:
        lines = [line for _, line in self._due()]
        return [ratio(100 * sum(line.slips == 0 for line in lines), len(lines))]

    def roadblock_save_rate(self) -> list[Value | None]:
        saves = [saved for order in self.counted for saved in self._saves(order)]
        return [ratio(100 * sum(saves), len(saves))]

    def _saves(self, order: Order) -> Iterator[bool]:
        for start, end in self.oracle.blocks(order):
            named = [order.lines[name] for name in start.data.get("line_ids") or order.lines]
            kept = [
                each for each in named if self.oracle.outcome(order, each, "first_commit")[0] != "excluded"
            ]
            days = [line.first for line in kept if line.first]
            outcome = end.data["outcome"] if end else None
            if not days or outcome == "false_alarm" or not self.start <= min(days) < self.end:
                continue
            due = midnight(min(days), order.zone)
            if due <= self.oracle.as_of:
                in_time = end is not None and start.time < due and end.time < due
                yield in_time and outcome == "on_original_promise"

    def _for_customers(self, fact: Fact) -> bool:
        """Of an order that counts, or of none and not for ourselves."""
        order_id, customer = fact.data.get("order_id"), fact.data.get("customer_id")
        if order_id is None:
            return customer is None or not self.oracle.internal(customer)
        return any(order.order_id == order_id for order in self.counted)

    def _told(self, kind: str) -> list[Fact]:
        facts = (fact for fact in self.oracle.facts if fact.kind == kind)
        return [fact for fact in facts if self._inside(fact.time) and self._for_customers(fact)]

    def expedites_per_100_lines(self) -> list[Value | None]:
        paid = [fact for fact in self._told("intervention.recorded") if fact.data.get("premium")]
        incidents = {fact.data.get("order_id") or fact.key for fact in paid}
        lines = len(list(self._due()))
        return [ratio(100 * len(incidents), lines)]

    def sales_volume(self) -> list[Value | None]:
        units: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        money: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for order in self.counted:
            for name, line in order.lines.items():
                price = line.placed.get("unit_price")
                kept = [k for day, k in self._kept(order, name) if self.start <= day < self.end]
                if price is not None and dec(price) == 0:
                    kept = [k for k in kept if k == 0]
                units[line.placed.get("uom", "each")] += [(order.order_id, k) for k in kept]
                if price is not None:
                    assert order.placed
                    money[order.placed.data["currency"]] += [(order.order_id, k * dec(price)) for k in kept]
        return [
            (Fraction(sum(k for _, k in told)), len({name for name, _ in told}))
            for told in (*units.values(), *money.values())
            if told
        ]

    @staticmethod
    def _kept(order: Order, name: str) -> list[tuple[date, Decimal]]:
        """Each receipt by its local day, without what came back: of its lot first, then of the earliest."""
        line = order.lines[name]
        receipts = sorted(line.receipts, key=lambda pair: fold_order(pair[0]))
        left = {fact.key: accepted(said) for fact, said in receipts}
        parcels: dict[str, list[Fact]] = {}
        for fact in order.of("return.received", "return.assessed"):
            told = parcels.setdefault(fact.data["return_id"], [])
            here = fact.kind == "return.received" and fact.data["line_id"] == name
            if here and all(fact.source == first.source for first in told[:1]):
                told.append(fact)
        for back in chain.from_iterable(parcels.values()):
            lot, qty = back.data.get("lot"), dec(back.data["qty"])
            of_lot = [fact.key for fact, said in receipts if lot is not None and said.get("lot") == lot]
            for key in [*of_lot, *(fact.key for fact, _ in receipts if fact.key not in of_lot)]:
                taken = min(qty, left[key])
                left[key], qty = left[key] - taken, qty - taken
        return [(fact.time.astimezone(order.zone).date(), left[fact.key]) for fact, _ in receipts]

    def gross_margin(self) -> list[Value | None]:
        by_currency: dict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for fact in self._told("invoice.posted"):
            data, credit = fact.data, fact.data.get("kind") == "credit_note"
            net, cost = dec(data["net_sales"]["amount"]), data.get("cost_of_goods")
            freight = dec((data.get("premium_freight") or {"amount": 0})["amount"])
            if credit:
                taken = abs(dec(cost["amount"])) if cost else Decimal(0)
                by_currency[data["net_sales"]["currency"]].append((-abs(net), -taken - freight))
            elif cost:
                by_currency[data["net_sales"]["currency"]].append((net, dec(cost["amount"]) + freight))
        return [
            ratio(100 * sum(n - c for n, c in told), sum(n for n, _ in told), len(told))
            for told in by_currency.values()
            if sum(n for n, _ in told) > 0
        ]

    # Forecasts

    def _products(self) -> set[str]:
        return {f.data["product_id"] for f in self.oracle.facts if f.kind == "forecast.published"}

    def _unit(self, product: str) -> str | None:
        """Its one unit of measure, none where nothing was ordered, `several` where it is not one."""
        lines = [line for order in self.counted for line in order.lines.values()]
        told = {line.placed.get("uom", "each") for line in lines if line.placed["product_id"] == product}
        return "several" if len(told) > 1 else next(iter(told), None)

    def _wanted(self, product: str, start: date) -> Decimal | None:
        return self.oracle.wanted(product, f"{start:%Y-%m}", start, month(start, 1))

    def tracking_signal(self) -> list[Value | None]:
        errors: dict[str | None, dict[date, Decimal]] = defaultdict(dict)
        for start in (month(self.start, -back) for back in range(MONTHS)):
            for product in self._products():
                plan, want = (
                    self.oracle.planned(product, f"{start:%Y-%m}", start),
                    self._wanted(product, start),
                )
                if plan is not None and want is not None and self._unit(product) != "several":
                    of_unit = errors[self._unit(product)]
                    of_unit[start] = of_unit.get(start, Decimal(0)) + want - plan
        return [
            ratio(sum(by.values()) * len(by), sum(map(abs, by.values())), len(by))
            for by in errors.values()
            if self.start in by and len(by) >= MONTHS // 2
        ]

    def fva_sales(self) -> list[Value | None]:
        pairs: dict[str | None, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        period = f"{self.start:%Y-%m}"
        for product in self._products():
            said, told = (
                self.oracle.planned(product, period, self.start, s)
                for s in (("sales",), ("statistical", "naive"))
            )
            want, unit = self._wanted(product, self.start), self._unit(product)
            told = self._usual(product) if told is None else told
            if said is not None and want is not None and told is not None and unit != "several":
                pairs[unit].append((abs(told - want) - abs(said - want), want))
        return [
            ratio(100 * sum(gain for gain, _ in told), sum(want for _, want in told), len(told))
            for told in pairs.values()
        ]

    def _usual(self, product: str) -> Decimal | None:
        """The mean of the twelve months that had ended when the forecast had to stand, down to millionths."""
        last = month(self.start, -1)
        while month(last, 1) > self.start - timedelta(days=self.oracle.rules.forecast_lag_days):
            last = month(last, -1)
        known = [w for back in range(MONTHS) if (w := self._wanted(product, month(last, -back))) is not None]
        return Decimal(int(sum(known) * 10**6) // len(known)) / 10**6 if known else None


def ratio(above: Any, below: Any, sample: int | None = None) -> Value | None:
    return (Fraction(above) / Fraction(below), int(below) if sample is None else sample) if below else None


def month(start: date, later: int) -> date:
    number = start.year * 12 + start.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


NEW = (
    "perfect_order", "cycle_time_median", "cycle_time_p90", "fill_rate_units", "fill_rate_lines",
    "fill_rate_orders", "backorder_rate", "promise_stability", "roadblock_save_rate",
    "expedites_per_100_lines", "sales_volume", "gross_margin", "tracking_signal", "fva_sales",
)  # fmt: skip
"""Those that stand here; the oracle has the others."""
