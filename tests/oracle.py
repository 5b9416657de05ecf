"""The rules worked out a second time, the slow plain way: no code of Tandem's, whole lists, nothing kept.

Where the rules leave a choice, it is written down here beside the line that takes it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]
Key = tuple[str, str]

SALES = {"sales", "marketing", "customer_service"}
OPERATIONS = {"operations", "planning", "production", "procurement", "logistics", "warehouse", "quality"}
BASES = ("requested", "first_commit", "last_commit")
EVIDENCE = ("pod", "receiving_advice", "carrier", "estimated")
STEPS = ("consensus", "sales", "marketing", "statistical")
RETRACTED = "event.retracted"
FOLD = (
    "order.placed",
    "order.changed",
    "order.confirmed",
    "order.promise_changed",
    "order.hold_placed",
    "order.hold_released",
    "delivery.planned",
    "delivery.roadblock_raised",
    "delivery.roadblock_resolved",
    "intervention.recorded",
    "delivery.shipped",
    "delivery.delivered",
    "order.line_closed",
    "return.received",
    "return.assessed",
    "order.cancelled",
    "feedback.received",
)
ROUTINE = (
    "order.placed",
    "order.confirmed",
    "customer.registered",
    "delivery.planned",
    "delivery.shipped",
    "delivery.delivered",
    "delivery.roadblock_raised",
)
UNKNOWN_ORDER = len(FOLD)


@dataclass(frozen=True, eq=False)
class Fact:
    """One event."""

    source: str
    id: str
    kind: str
    time: datetime
    data: Json

    @property
    def key(self) -> Key:
        return (self.source, self.id)

    @property
    def recorded_at(self) -> datetime:
        told = self.data.get("recorded_at")
        return datetime.fromisoformat(told) if told else self.time

    @property
    def corrects(self) -> Key | None:
        target = self.data.get("corrects")
        return (target["source"], target["id"]) if target else None


def read(event: Json) -> Fact:
    kind = event["type"].removeprefix("tandem.").removesuffix(".v1")
    return Fact(event["source"], event["id"], kind, datetime.fromisoformat(event["time"]), event["data"])


def effective(events: list[Json], as_of: datetime) -> list[Fact]:
    """The events that exist at `as_of` and that no correction or retraction took out."""
    known: dict[Key, Fact] = {}
    for fact in map(read, events):
        if max(fact.time, fact.recorded_at) <= as_of:
            known.setdefault(fact.key, fact)
    below: dict[Key, list[Fact]] = defaultdict(list)
    for fact in known.values():
        if fact.corrects:
            below[fact.corrects].append(fact)

    def standing(key: Key) -> Fact | None:
        """What counts in place of the event called `key`; a retraction's target never happened."""
        own = known.get(key)
        for rival in sorted(below[key], key=lambda f: (f.recorded_at, f.source, f.id), reverse=True):
            if own and rival.kind not in (own.kind, RETRACTED):
                continue  # a correction of another type counts for nothing
            instead = standing(rival.key)
            if instead is None:
                continue  # the rival never happened: what it replaced is back
            return None if rival.kind == RETRACTED else instead
        return own

    tops = {f.key if f.corrects is None else f.corrects for f in known.values()}
    tops = {key for key in tops if key not in known or known[key].corrects is None}
    found = [one for key in tops if (one := standing(key)) is not None and one.kind != RETRACTED]
    return sorted(found, key=fold_order)


def fold_order(fact: Fact) -> tuple[datetime, int, str, str]:
    rank = FOLD.index(fact.kind) if fact.kind in FOLD else UNKNOWN_ORDER
    if fact.kind == "delivery.roadblock_resolved":
        rank -= 1  # raised and resolved are one kind, `roadblock`
    return (fact.time, rank, fact.source, fact.id)


@dataclass
class Line:
    """One order line, folded."""

    placed: Json
    ordered: Decimal
    requested: date
    first: date | None = None
    last: date | None = None
    slips: int = 0
    receipts: list[tuple[Fact, Json]] = field(default_factory=list)
    shut: list[Fact] = field(default_factory=list)
    """Line closings and cancellations, in order."""
    returned: dict[str, Decimal] = field(default_factory=dict)
    tellers: dict[str, str] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)

    def give_back(self, fact: Fact) -> None:
        """Parcels of one return add up; of two sources that tell of it, the first counts."""
        name = fact.data["return_id"]
        if self.tellers.setdefault(name, fact.source) == fact.source:
            self.returned[name] = self.returned.get(name, Decimal(0)) + dec(fact.data["qty"])

    def due(self, basis: str) -> date | None:
        return {"requested": self.requested, "first_commit": self.first, "last_commit": self.last}[basis]

    @property
    def floor(self) -> Decimal:
        return self.ordered * (1 - dec(self.placed.get("under_tolerance", 0)) / 100)

    @property
    def ceiling(self) -> Decimal:
        return self.ordered * (1 + dec(self.placed.get("over_tolerance", 0)) / 100)

    @property
    def accepted(self) -> Decimal:
        return sum((accepted(line) for _, line in self.receipts), Decimal(0))

    @property
    def in_full(self) -> bool:
        return self.floor <= self.accepted <= self.ceiling

    def closing(self) -> tuple[str | None, Fact | None]:
        """How the line closed (`full`, `closed`, `cancelled`) and by which receipt or cancellation.

        Judged against the ordered quantity that stands at `as_of`.
        """
        told = [(fold_order(f), "receipt", f, accepted(line)) for f, line in self.receipts]
        told += [(fold_order(f), "shut", f, Decimal(0)) for f in self.shut]
        so_far, last = Decimal(0), None
        for _, what, fact, qty in sorted(told, key=lambda item: item[0]):
            if what == "shut":
                return ("cancelled", fact) if fact.kind == "order.cancelled" else ("closed", last)
            if qty > 0:  # a receipt of which nothing was accepted closes nothing
                so_far, last = so_far + qty, fact
                if so_far >= self.floor:
                    return "full", fact
        return None, None

    @property
    def closed_at(self) -> datetime | None:
        how, fact = self.closing()
        return fact.time if fact and how != "cancelled" else None


@dataclass
class Order:
    """One order, folded."""

    order_id: str
    facts: list[Fact]
    zone: ZoneInfo
    placed: Fact | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    quarantined: str | None = None

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind in kinds]

    @property
    def slips(self) -> int:
        return sum(line.slips for line in self.lines.values())

    @property
    def closed_at(self) -> datetime | None:
        """When the last line closed by a receipt, once no line is left; lines cancelled do not delay it."""
        if any(line.closing()[0] is None for line in self.lines.values()):
            return None
        return max((at for line in self.lines.values() if (at := line.closed_at)), default=None)


def content(placing: Fact) -> Json:
    """What an order.placed says of the order; who said it, and when, is no content."""
    who = {"recorded_at", "actor", "participants", "backfill", "corrects"}
    return {name: value for name, value in placing.data.items() if name not in who}


def dec(value: Any) -> Decimal:
    return Decimal(str(value))


def accepted(line: Json) -> Decimal:
    if (said := line.get("qty_accepted")) is not None:
        return dec(said)
    return dec(line["qty_delivered"]) - dec(line.get("qty_damaged", 0))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def months_before(moment: datetime, months: int) -> datetime:
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError


class Oracle:
    """All that follows from these events at an instant."""

    def __init__(self, events: list[Json], as_of: datetime, rules: Any) -> None:
        self.as_of, self.rules = as_of, rules
        self.facts = effective(events, as_of)
        self._read_accounts()
        by_order: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.data.get("order_id"):
                by_order[fact.data["order_id"]].append(fact)
        self.orders = {name: self._fold(name, facts) for name, facts in by_order.items()}
        self.orders = {name: order for name, order in self.orders.items() if order.placed}

    # Customers

    def _read_accounts(self) -> None:
        """What was registered last holds; what it leaves out stays, flags aside. The last merge counts."""
        self.accounts: dict[str, Json] = {}
        self.merges: dict[str, str] = {}
        for fact in self.facts:
            if fact.kind == "customer.registered":
                known = self.accounts.get(fact.data["customer_id"], {}) | {"is_internal": False}
                self.accounts[fact.data["customer_id"]] = known | fact.data
            if fact.kind == "customer.merged":
                self.merges[fact.data["customer_id"]] = fact.data["merged_into"]

    def merged(self, customer: str) -> str:
        while customer in self.merges:
            customer = self.merges[customer]
        return customer

    def root(self, customer: str) -> str:
        customer = self.merged(customer)
        while parent := self.accounts.get(customer, {}).get("parent_id"):
            customer = self.merged(parent)
        return customer

    def internal(self, customer: str) -> bool:
        """The customer, or the one it belongs to, is ourselves."""
        return any(self.accounts.get(one, {}).get("is_internal") for one in (customer, self.root(customer)))

    # Orders

    def _fold(self, order_id: str, facts: list[Fact]) -> Order:
        order = Order(order_id, facts, self.rules.zone)
        placings = order.of("order.placed")
        if not placings:
            return order
        order.placed = placings[0]
        data = order.placed.data
        if (data.get("ship_to") or {}).get("timezone"):
            order.zone = ZoneInfo(data["ship_to"]["timezone"])
        for line in data["lines"]:
            asked = date.fromisoformat(line["requested_on"])
            order.lines[line["line_id"]] = Line(line, dec(line["qty"]), asked)
        for fact in facts:
            self._apply(order, fact)
            self._end(order, fact)
        self._receive(order)
        order.quarantined = self._wrong(order, placings)
        return order

    def _apply(self, order: Order, fact: Fact) -> None:
        data, by_customer = fact.data, fact.data.get("initiator") == "customer"
        match fact.kind:
            case "order.confirmed":
                for told in data["lines"]:
                    if line := order.lines.get(told["line_id"]):
                        self._confirm(line, date.fromisoformat(told["committed_on"]), by_customer=by_customer)
            case "order.promise_changed":
                if line := order.lines.get(data["line_id"]):
                    self._move(line, date.fromisoformat(data["new_on"]), by_customer=by_customer)
            case "order.changed" if by_customer:
                if (line := order.lines.get(data["line_id"])) and data["field"] == "qty":
                    line.ordered = dec(data["new"])
                elif line and data["field"] == "requested_on":
                    line.requested, line.first, line.last = date.fromisoformat(data["new"]), None, None

    def _end(self, order: Order, fact: Fact) -> None:
        data = fact.data
        match fact.kind:
            case "order.line_closed":
                if line := order.lines.get(data["line_id"]):
                    line.shut.append(fact)
            case "order.cancelled":
                for name in data.get("line_ids") or list(order.lines):
                    if line := order.lines.get(name):
                        line.shut.append(fact)
            case "return.received":
                if line := order.lines.get(data["line_id"]):
                    line.give_back(fact)

    def _confirm(self, line: Line, day: date, *, by_customer: bool) -> None:
        if line.first is None:
            line.first = line.last = day
        else:
            self._move(line, day, by_customer=by_customer)

    def _move(self, line: Line, day: date, *, by_customer: bool) -> None:
        """By the customer all dates move; by us, where there is a promise, a later date is a slip."""
        if by_customer:
            line.requested = line.first = line.last = day
        elif line.last is not None:
            line.slips += day > line.last
            line.last = day

    def _receive(self, order: Order) -> None:
        """One receipt for each shipment and line: of several sources, the one with the best evidence.

        All that this source says of the shipment and line then counts.
        """
        told: dict[tuple[str, str], list[tuple[Fact, Json]]] = defaultdict(list)
        for fact in order.of("delivery.delivered"):
            for line in fact.data["lines"]:
                told[fact.data["shipment_id"], line["line_id"]].append((fact, line))
        for (_, name), receipts in told.items():
            best = min((f for f, _ in receipts), key=self._trust)
            if line := order.lines.get(name):
                line.receipts += [(f, said) for f, said in receipts if f.source == best.source]

    @staticmethod
    def _trust(fact: Fact) -> tuple[int, datetime, str, str]:
        return (EVIDENCE.index(fact.data.get("evidence", "carrier")), fact.time, fact.source, fact.id)

    def _wrong(self, order: Order, placings: list[Fact]) -> str | None:
        assert order.placed
        if any(content(other) != content(order.placed) for other in placings[1:]):
            return "placed twice"
        if any(fact.time < order.placed.time for fact in order.of("delivery.delivered")):
            return "delivered before placed"
        if any(sum(line.returned.values()) > line.accepted for line in order.lines.values()):
            return "more returned than accepted"
        currency = order.placed.data["currency"]
        told = [f.data.get("new") for f in order.of("order.changed") if f.data["field"] == "currency"]
        told += [f.data["net_sales"]["currency"] for f in order.of("invoice.posted")]
        if any(other != currency for other in told):
            return "currency changed"
        return "unknown line" if any(self._strangers(order, fact) for fact in order.facts) else None

    @staticmethod
    def _strangers(order: Order, fact: Fact) -> set[str]:
        """Lines that the order never had; what only announces or is only journalled may err."""
        silent = ("order.placed", "delivery.planned", "delivery.shipped", "order.hold_placed")
        re_bases = fact.data.get("initiator") == "customer" and fact.data.get("field") != "currency"
        if fact.kind in silent or (fact.kind == "order.changed" and not re_bases):
            return set()
        named = {line["line_id"] for line in fact.data.get("lines", ())} | set(
            fact.data.get("line_ids") or ()
        )
        if fact.data.get("line_id"):
            named.add(fact.data["line_id"])
        return named - set(order.lines)

    def counted(self, order: Order) -> bool:
        """Whether an order may be in KPIs and wins."""
        assert order.placed
        data = order.placed.data
        return (
            order.quarantined is None
            and data.get("kind", "normal") == "normal"
            and not self.internal(data["customer_id"])
        )

    # Outcomes

    def outcome(
        self, order: Order, line: Line, basis: str
    ) -> tuple[str, bool | None, bool | None, bool | None]:
        """Status, on time, in full, OTIF."""
        due, unknown = line.due(basis), (None, None, None)
        if due is None:
            return ("unconfirmed", *unknown)
        how, fact = line.closing()
        if how == "cancelled" and fact:
            early_enough = fact.time < midnight(due + timedelta(days=1), order.zone)
            if fact.data.get("initiator") == "customer" and early_enough:
                return ("excluded", *unknown)
            return ("scored", False, False, False)
        grace = timedelta(days=1 + self.rules.late_tolerance_days + self.rules.late_event_grace_days)
        if how is None and self.as_of < midnight(due + grace, order.zone):
            return ("open", *unknown)
        on_time = self._on_time(order, line, due)
        return ("scored", on_time, line.in_full, on_time and line.in_full)

    def _on_time(self, order: Order, line: Line, due: date) -> bool:
        if line.closed_at is None:
            return False
        day = line.closed_at.astimezone(order.zone).date()
        early = line.placed.get("early_tolerance_days")
        too_early = early is not None and day < due - timedelta(days=early)
        return day <= due + timedelta(days=self.rules.late_tolerance_days) and not too_early

    def perfect(self, order: Order, line: Line) -> bool | None:
        _, on_time, in_full, _ = self.outcome(order, line, "first_commit")
        documents = [said.get("documents_ok") for _, said in line.receipts]
        complete = bool(documents) and None not in documents
        papers: bool | None = True if complete or self.rules.documents_complete else None
        if False in documents or order.of("document.error_reported"):
            papers = False
        damaged = any(dec(said.get("qty_damaged", 0)) > 0 for _, said in line.receipts)
        assessed = {fact.data["return_id"] for fact in order.of("return.assessed")}
        bad = {f.data["return_id"] for f in self._bad_returns(order)} & set(line.returned)
        known = bool(line.receipts) and set(line.returned) <= assessed
        condition = False if damaged or bad else True if known else None
        parts = (on_time, in_full, papers, condition)
        return False if False in parts else None if None in parts else True

    def adjusted(self, order: Order, name: str) -> bool:
        """Whether the customer's side reported a reason on the line."""
        return any(
            fact.data["category"] == "customer_site" and name in (fact.data.get("line_ids") or order.lines)
            for fact in order.of("delivery.roadblock_raised")
        )

    @staticmethod
    def _bad_returns(order: Order) -> list[Fact]:
        return [f for f in order.of("return.assessed") if f.data["cause"] in ("quality", "transit_damage")]

    # First order

    def first_order(self, order: Order) -> bool | None:
        """None where the history is unknown."""
        assert order.placed
        data, placed_at = order.placed.data, order.placed.time
        if data.get("kind", "normal") != "normal":
            return False
        since = months_before(placed_at, self.rules.new_customer_lookback_months)
        root = self.root(data["customer_id"])
        for other in self.orders.values():
            assert other.placed
            if other is order or other.placed.data.get("kind", "normal") != "normal":
                continue
            same = self.root(other.placed.data["customer_id"]) == root
            if same and since <= other.placed.time and rank(other) < rank(order):
                return False
        account = self.accounts.get(root, {})
        if (known := account.get("history_from")) and date.fromisoformat(known) <= since.date():
            return True
        if won := account.get("first_won_at"):
            ago = placed_at - datetime.fromisoformat(won)
            if timedelta(0) <= ago <= timedelta(days=self.rules.first_won_within_days):
                return True
        return None

    # Wins

    def wins(self) -> dict[tuple[str, str], tuple[str, str]]:
        """(pattern, order) -> (kind, status)."""
        return {
            (pattern, order.order_id): (kind, self._status(order, pattern))
            for order in self.orders.values()
            if self.counted(order) and order.closed_at and not self._loaded(order)
            for pattern, kind in (*self._found(order), *self._bad_news(order), *self._nothing_back(order))
            if kind
        }

    def _loaded(self, order: Order) -> bool:
        return any(fact.data.get("backfill") for fact in self._decisive(order))

    def _kept(self, order: Order) -> bool:
        """All lines OTIF on the first promise, no slip of ours."""
        return self._otif(order, "first_commit") and order.slips == 0

    def _otif(self, order: Order, basis: str) -> bool:
        scores = [self.outcome(order, line, basis) for line in order.lines.values()]
        due = [score for score in scores if score[0] != "excluded"]
        return bool(due) and all(score[3] for score in due)

    def _found(self, order: Order) -> list[tuple[str, str | None]]:
        if not self._kept(order):
            return []
        beaten = self._beaten(order)
        first = self.first_order(order) is True
        if not beaten and not first:
            return []
        pattern = "new_customer_first_order" if first and beaten else "roadblock_beaten"
        if not beaten:
            pattern = "new_customer_smooth_start"
        return [(pattern, self._kind(order, beaten, quiet=not beaten))]

    def _bad_news(self, order: Order) -> list[tuple[str, str | None]]:
        """Each line moved once by us and all on one day, with notice and agreement, and the new day kept."""
        moved = {name: line for name, line in order.lines.items() if line.slips}
        ours = [f for f in order.of("order.promise_changed") if f.data.get("initiator") != "customer"]
        told = {name: [f for f in ours if f.data["line_id"] == name] for name in moved}
        if not moved or any(line.slips != 1 or len(told[name]) != 1 for name, line in moved.items()):
            return []
        news = [moves[0] for moves in told.values()]
        for fact, line in zip(news, moved.values(), strict=True):
            day = date.fromisoformat(fact.data["new_on"])
            if line.first is None or line.last != day or line.first >= day:
                return []
        first_day = min(line.first for line in moved.values() if line.first)
        in_time = all(self._agreed(fact, midnight(first_day, order.zone)) for fact in news)
        if not in_time or len({fact.time.astimezone(order.zone).date() for fact in news}) != 1:
            return []
        if not self._otif(order, "last_commit") or self._otif(order, "first_commit"):
            return []
        agreed = min(datetime.fromisoformat(fact.data["customer_agreed_at"]) for fact in news)
        warned = [
            pair for pair in self.blocks(order) if self._warns(order, *pair, set(moved), first_day, agreed)
        ]
        return [("bad_news_early", self._kind(order, warned, quiet=False))] if warned else []

    @staticmethod
    def _agreed(fact: Fact, due: datetime) -> bool:
        told, agreed = (fact.data.get(f"customer_{what}_at") for what in ("notified", "agreed"))
        if not told or not agreed:
            return False
        written = max(fact.time, fact.recorded_at)
        return datetime.fromisoformat(told) <= datetime.fromisoformat(agreed) <= written < due

    def _warns(
        self,
        order: Order,
        start: Fact,
        end: Fact | None,
        moved: set[str],
        first_day: date,
        agreed: datetime,
    ) -> bool:
        """Three working days, Monday to Friday, before the day that could not be kept."""
        day, left = first_day, 3
        while left:
            day -= timedelta(days=1)
            left -= day.isoweekday() <= 5
        return (
            self._serious(start)
            and bool(set(start.data.get("line_ids") or moved) & moved)
            and start.time.astimezone(order.zone).date() <= day
            and start.time <= agreed
            and (end is None or end.data["outcome"] not in ("false_alarm", "cancelled"))
        )

    def _nothing_back(self, order: Order) -> list[tuple[str, str | None]]:
        """300 pieces to a special requirement that Sales clarified, as promised and sound on arrival."""
        special = [line for line in order.lines.values() if line.placed.get("special_requirement")]
        pieces: dict[str, Decimal] = defaultdict(Decimal)
        for line in special:
            if (uom := line.placed.get("uom", "each")) in ("each", "pcs"):
                pieces[uom] += line.accepted - self._sound_back(order, line)
        damaged = any(dec(said.get("qty_damaged", 0)) for line in special for _, said in line.receipts)
        if max(pieces.values(), default=Decimal(0)) < 300 or damaged or not self._kept(order):
            return []
        clear = [f for f in order.of("intervention.recorded") if f.data["kind"] == "spec_clarification"]
        if not any(f.time <= order.closed_at and self._by_sales(f) for f in clear if order.closed_at):
            return []
        return [("nothing_came_back", self._kind(order, [], quiet=False))]

    @staticmethod
    def _sound_back(order: Order, line: Line) -> Decimal:
        causes = {fact.data["return_id"]: fact.data["cause"] for fact in order.of("return.assessed")}
        sound = (
            qty
            for name, qty in line.returned.items()
            if causes.get(name) not in (None, "quality", "transit_damage")
        )
        return sum(sound, Decimal(0))

    @staticmethod
    def _by_sales(fact: Fact) -> bool:
        people = [
            *([fact.data["actor"]] if fact.data.get("actor") else []),
            *fact.data.get("participants", ()),
        ]
        return any(person["department"] in SALES for person in people)

    def _astray(self, order: Order) -> list[Fact]:
        """Returns under no order, or of a lot under another one, that may be of the special lines."""
        return [
            fact
            for fact in self.facts
            if fact.kind == "return.received"
            and fact.data.get("order_id") != order.order_id
            and any(
                self._may_be_of(fact, line, order)
                for line in order.lines.values()
                if line.placed.get("special_requirement")
            )
        ]

    def _may_be_of(self, back: Fact, line: Line, order: Order) -> bool:
        assert order.placed
        assert order.closed_at
        data, root = back.data, self.root(order.placed.data["customer_id"])
        if data.get("customer_id") and self.root(data["customer_id"]) != root:
            return False
        product = data.get("product_id")
        if (other := self.orders.get(data.get("order_id", ""))) and not product:
            named = other.lines.get(data["line_id"])
            product = named.placed["product_id"] if named else None
        lots = {said.get("lot") for _, said in line.receipts} | {
            part.get("lot")
            for fact in order.of("delivery.shipped")
            for part in fact.data["lines"]
            if part["line_id"] == line.placed["line_id"]
        }
        first = min(line.receipts, key=lambda pair: fold_order(pair[0]), default=None)
        if product != line.placed["product_id"] or first is None or back.time < first[0].time:
            return False
        if data.get("lot") and lots - {None}:
            return data["lot"] in lots
        days = timedelta(days=self.rules.return_window_days)
        return not data.get("order_id") and back.time <= order.closed_at + days

    def _decisive(self, order: Order) -> list[Fact]:
        """The facts that make the win: the order, its promise, and all that happened to its delivery."""
        kinds = ("order.placed", "order.confirmed", "order.promise_changed", "order.line_closed", "delivery.")
        return [
            fact
            for fact in order.facts
            if fact.kind.startswith(kinds)
            or (
                fact.kind == "order.changed"
                and fact.data["field"] in {"qty", "requested_on"}
                and fact.data.get("initiator") == "customer"
            )
        ]

    def _beaten(self, order: Order) -> list[tuple[Fact, Fact]]:
        pairs = [(start, end) for start, end in self.blocks(order) if end is not None]
        return [pair for pair in pairs if self._counts(order, *pair)]

    def blocks(self, order: Order) -> list[tuple[Fact, Fact | None]]:
        """Raised twice, the first counts; resolved twice after that, the last."""
        starts = {f.data["roadblock_id"]: f for f in reversed(order.of("delivery.roadblock_raised"))}
        ends = {
            name: fact
            for fact in order.of("delivery.roadblock_resolved")
            if (start := starts.get(name := fact.data["roadblock_id"]))
            and fold_order(start) < fold_order(fact)
        }
        return [(start, ends.get(name)) for name, start in starts.items()]

    @staticmethod
    def _serious(start: Fact) -> bool:
        """A human said so, or a system with figures."""
        data = start.data
        actor = data.get("actor") or {"is_human": False}
        by = data.get("detected_by") or ("human" if actor.get("is_human", True) else "system")
        figures = data.get("severity", "medium") != "low" and (data.get("predicted_delay_days") or 0) >= 1
        return by == "human" or figures

    def _counts(self, order: Order, start: Fact, end: Fact) -> bool:
        data = start.data
        lines = [order.lines[name] for name in data.get("line_ids") or order.lines]
        due = min((line.first for line in lines if line.first), default=None)
        notice = timedelta(hours=self.rules.roadblock_notice_hours)
        return (
            self._serious(start)
            and due is not None
            and start.time <= midnight(due, order.zone) - notice
            and end.time - start.time >= timedelta(minutes=self.rules.roadblock_least_minutes)
            and end.data["outcome"] == "on_original_promise"
        )

    def _kind(self, order: Order, beaten: Sequence[tuple[Fact, Fact | None]], *, quiet: bool) -> str | None:
        parts = self._contributions(order, beaten)
        cap = self.rules.contribution_cap
        did = {
            side: sum((w for sd, _, w, _ in parts if sd == side), Decimal(0))
            for side in ("sales", "operations")
        }
        s, o = min(cap, did["sales"]), min(cap, did["operations"])
        jointness = 2 * min(s, o) / (s + o) if s + o else Decimal(0)

        def people(side: str) -> set[str]:
            if quiet:
                named = ("order.placed",) if side == "sales" else ("order.confirmed", "delivery.delivered")
                return {who for sd, who, _, what in parts if sd == side and what in named}
            return {who for sd, who, w, _ in parts if sd == side and w == 1}

        ours, theirs = people("sales"), people("operations")
        if jointness >= self.rules.joint_floor and any(a != b for a in ours for b in theirs):
            return "joint"
        if ours and theirs and did["sales"] == did["operations"]:
            return None  # neither side stands out
        return "highlight" if ours or theirs else None

    def _contributions(
        self, order: Order, beaten: Sequence[tuple[Fact, Fact | None]]
    ) -> list[tuple[str, str, Decimal, str]]:
        """(side, person, weight, kind of event), each person once for each event."""
        closed_at = order.closed_at
        ends = {start.data["roadblock_id"]: end for start, end in beaten}
        causers = {start.data["roadblock_id"]: start.data.get("caused_by") for start, _ in beaten}
        registered = [
            fact
            for fact in self.facts
            if self.first_order(order)
            and fact.kind == "customer.registered"
            and self._of_customer(fact, order)
        ]
        found: dict[tuple[str, Key], tuple[str, str, Decimal, str]] = {}
        shipped: dict[tuple[str, str], Key] = {}
        # Of a receipt that several sources tell of, nobody is credited twice: what counts comes first.
        counted = {told.key for line in order.lines.values() for told, _ in line.receipts}
        told_again = [f for f in order.facts if f.kind == "delivery.delivered" and f.key not in counted]
        for fact in [*registered, *(f for f in order.facts if f not in told_again), *told_again]:
            if (closed_at is not None and fact.time > closed_at) or self._when_closed(fact, order):
                continue
            if fact.data.get("backfill"):
                continue
            if not self._helped(fact, ends) or self._over(fact, list(ends.values())):
                continue
            if fact.kind == "order.placed" and fact is not order.placed:
                continue
            for person, weight in self._credited(fact, set(ends.values())):
                dept = person["department"]
                side = "sales" if dept in SALES else "operations" if dept in OPERATIONS else None
                if side and person.get("is_human", True) and not self._caused(fact, person, causers):
                    name = (person["person_id"], fact.key)
                    if fact.kind == "delivery.delivered":
                        receipt = (name[0], fact.data["shipment_id"])
                        if fact in told_again and shipped.setdefault(receipt, fact.key) != fact.key:
                            continue
                        shipped.setdefault(receipt, fact.key)
                    found[name] = max(
                        found.get(name, (side, name[0], Decimal(0), "")),
                        (side, name[0], weight, fact.kind),
                        key=lambda part: part[2],
                    )
        return list(found.values())

    @staticmethod
    def _of_customer(fact: Fact, order: Order) -> bool:
        assert order.placed
        return bool(fact.data["customer_id"] == order.placed.data["customer_id"])

    @staticmethod
    def _when_closed(fact: Fact, order: Order) -> bool:
        """Whether all lines that it is about, if it says which, were closed before."""
        names: list[str] = []
        if fact.kind == "order.promise_changed":
            names = [fact.data["line_id"]]
        elif fact.kind in ("intervention.recorded", "delivery.roadblock_resolved"):
            raised = order.of("delivery.roadblock_raised")
            mine = [f for f in raised if f.data["roadblock_id"] == fact.data.get("roadblock_id")]
            names = [name for f in mine[:1] for name in f.data.get("line_ids") or ()]
        known = [order.lines[name].closed_at for name in names if name in order.lines]
        return bool(known) and not any(at is None or at >= fact.time for at in known)

    @staticmethod
    def _over(fact: Fact, ends: Sequence[Fact | None]) -> bool:
        """Whether all roadblocks had gone, on the original promise, before the customer was asked."""
        if fact.kind != "order.promise_changed":
            return False
        kept = [end for end in ends if end and end.data["outcome"] == "on_original_promise"]
        return bool(ends) and len(kept) == len(ends) and all(end.time < fact.time for end in kept)

    @staticmethod
    def _caused(fact: Fact, person: Json, causers: dict[str, Json | None]) -> bool:
        """Whether somebody undid what they had caused alone."""
        if fact.kind not in ("intervention.recorded", "delivery.roadblock_resolved"):
            return False
        named = fact.data.get("roadblock_id")
        about = [causer for name, causer in causers.items() if named in (None, name)]
        return bool(about) and all(c and c["person_id"] == person["person_id"] for c in about)

    @staticmethod
    def _helped(fact: Fact, ends: dict[str, Fact | None]) -> bool:
        """Before what it was for was resolved; where no roadblock is told of, every intervention counts."""
        if fact.kind != "intervention.recorded":
            return True
        about = fact.data.get("roadblock_id")
        its = [end for name, end in ends.items() if about in (None, name)]
        return any(end is None or fact.time <= end.time for end in its) if its else not ends

    @staticmethod
    def _credited(fact: Fact, beaten: set[Fact | None]) -> list[tuple[Json, Decimal]]:
        data = fact.data
        actor = [data["actor"]] if data.get("actor") else []
        people = actor + list(data.get("participants") or ())
        routine = Decimal("0.25")
        if fact.kind in ROUTINE:
            doing = [*actor, *(p for p in data.get("participants") or () if p.get("role") != "account_owner")]
            return [(person, routine) for person in doing]
        if fact.kind == "intervention.recorded":
            return [(person, Decimal(1)) for person in people]
        if fact.kind == "delivery.roadblock_resolved" and fact in beaten:
            named = ("resolver", "communicator")
            helpers = [p for p in data.get("participants") or () if p.get("role") in (None, *named)]
            return [(p, Decimal(1)) for p in [*helpers, *(a for a in actor if a.get("role") in named)]]
        if fact.kind == "order.promise_changed" and data.get("customer_agreed_at"):
            return [(person, Decimal(1)) for person in people]
        return []

    def _status(self, order: Order, pattern: str) -> str:
        astray = self._astray(order) if pattern == "nothing_came_back" else []
        causes = [self._cause(fact) for fact in astray]
        if self._contradicted(order) or {"quality", "transit_damage"} & set(causes):
            return "revoked"
        assessed = {fact.data["return_id"] for fact in order.of("return.assessed")}
        pending = any(f.data["return_id"] not in assessed for f in order.of("return.received"))
        pending |= None in causes
        return "provisional" if pending or self.as_of < self.final_at(order, pattern) else "final"

    def _cause(self, back: Fact) -> str | None:
        """As it was assessed last, under the same order, or under the same product and no order."""
        about = next(name for name in ("order_id", "product_id") if back.data.get(name))
        told = [
            fact.data["cause"]
            for fact in self.facts
            if fact.kind == "return.assessed"
            and fact.data["return_id"] == back.data["return_id"]
            and fact.data.get(about) == back.data[about]
            and bool(fact.data.get("order_id")) == bool(back.data.get("order_id"))
        ]
        return told[-1] if told else None

    def final_at(self, order: Order, pattern: str) -> datetime:
        """Counted in days of the organisation's zone; after bad news returns and then answers are awaited."""
        assert order.closed_at
        day = order.closed_at.astimezone(self.rules.zone).date()
        windows = (self.rules.return_window_days, self.rules.feedback_window_days)
        news = pattern == "bad_news_early"
        window = sum(windows) if news else max(windows)
        dues = [due for line in order.lines.values() if (due := line.last if news else line.first)]
        last = max(
            [day + timedelta(window), *(d + timedelta(self.rules.late_event_grace_days) for d in dues)]
        )
        return midnight(last + timedelta(days=1), self.rules.zone)

    def _contradicted(self, order: Order) -> bool:
        if order.of("order.cancelled") or self._bad_returns(order):
            return True
        return any(against(fact) and self._about(fact, order) for fact in self.facts)

    def _about(self, fact: Fact, order: Order) -> bool:
        if fact.data.get("order_id"):
            return bool(fact.data["order_id"] == order.order_id)
        assert order.placed
        if self.merged(fact.data["customer_id"]) != self.merged(order.placed.data["customer_id"]):
            return False
        window = timedelta(days=self.rules.feedback_window_days)
        return order.closed_at is not None and timedelta(0) <= fact.time - order.closed_at <= window

    # KPIs

    def kpi(self, key: str, basis: str | None, start: date, end: date) -> tuple[Decimal, Decimal]:
        """Numerator and denominator of a calendar month."""
        match key:
            case "on_time" | "in_full" | "otif":
                assert basis
                return self._delivery(("on_time", "in_full", "otif").index(key) + 1, basis, start, end)
            case "quality_return_ppm":
                return self._returns(start, end)
            case "nps" | "csat":
                return self._answers(key, start, end)
            case _:
                return self._forecast(key, start, end)

    def _delivery(self, column: int, basis: str, start: date, end: date) -> tuple[Decimal, Decimal]:
        hits = lines = 0
        for order in self.orders.values():
            for line in order.lines.values() if self.counted(order) else ():
                due, score = line.due(basis), self.outcome(order, line, basis)
                if due and start <= due < end and score[0] == "scored":
                    lines += 1
                    hits += bool(score[column])
        return Decimal(hits), Decimal(lines)

    def _returns(self, start: date, end: date) -> tuple[Decimal, Decimal]:
        """Units come back from the receipts of their line, the first receipt first."""
        bad = total = Decimal(0)
        for order in self.orders.values():
            quality = {
                f.data["return_id"] for f in order.of("return.assessed") if f.data["cause"] == "quality"
            }
            for line in order.lines.values() if self.counted(order) else ():
                left = sum((q for name, q in line.returned.items() if name in quality), Decimal(0))
                for fact, said in sorted(line.receipts, key=lambda pair: fold_order(pair[0])):
                    day, took = fact.time.astimezone(order.zone).date(), min(left, accepted(said))
                    left -= took
                    if start <= day < end:
                        bad, total = bad + took, total + accepted(said)
        return bad, total

    def _asked(self, fact: Fact) -> tuple[Any, ...]:
        """Of one contact about one order the last answer counts, of one about none the last in a month."""
        contact, order = fact.data.get("contact"), fact.data.get("order_id")
        if contact is None and order is None:
            return fact.key
        month = None if order else f"{fact.time.astimezone(self.rules.zone):%Y-%m}"
        return (fact.data["customer_id"], contact, order, month)

    def _answers(self, kind: str, start: date, end: date) -> tuple[Decimal, Decimal]:
        low, high = midnight(start, self.rules.zone), midnight(end, self.rules.zone)
        last: dict[Any, Fact] = {}
        for fact in self.facts:
            if fact.kind == "feedback.received" and fact.data["kind"] == kind and self._heard(fact):
                last[self._asked(fact)] = fact
        answers = [fact for fact in last.values() if low <= fact.time < high]
        if kind == "csat":
            return Decimal(sum(share(fact) >= Decimal("0.75") for fact in answers)), Decimal(len(answers))
        scores = [dec(fact.data["score"]) for fact in answers]
        return Decimal(sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)), Decimal(len(scores))

    def _heard(self, fact: Fact) -> bool:
        order = self.orders.get(fact.data.get("order_id", ""))
        return not self.internal(fact.data["customer_id"]) and (order is None or self.counted(order))

    def _forecast(self, key: str, start: date, end: date) -> tuple[Decimal, Decimal]:
        period = f"{start:%Y-%m}"
        products = {f.data["product_id"] for f in self.facts if f.kind == "forecast.published"}
        pairs = [
            (plan, want)
            for product in sorted(products)
            if (plan := self.planned(product, period, start)) is not None
            and (want := self.wanted(product, period, start, end)) is not None
        ]
        errors = [plan - want for plan, want in pairs]
        size = sum((want for _, want in pairs), Decimal(0))
        return sum(map(abs, errors) if key == "wape" else errors, Decimal(0)), size

    def planned(self, product: str, period: str, start: date, steps: Sequence[str] = STEPS) -> Decimal | None:
        limit = midnight(start, self.rules.zone) - timedelta(days=self.rules.forecast_lag_days)
        told = [
            f
            for f in self.facts
            if f.kind == "forecast.published"
            and (f.data["product_id"], f.data["period"]) == (product, period)
            and f.time <= limit
        ]
        for step in steps:
            if found := [f for f in told if f.data["step"] == step]:
                return total(found)
        return None

    def wanted(self, product: str, period: str, start: date, end: date) -> Decimal | None:
        told = [
            f
            for f in self.facts
            if f.kind == "demand.recorded" and (f.data["product_id"], f.data["period"]) == (product, period)
        ]
        if told:
            return total(told)
        asked = [
            line.accepted if cancelled_by_customer(line) else line.ordered
            for order in self.orders.values()
            if self.counted(order)
            for line in order.lines.values()
            if line.placed["product_id"] == product
            and start <= date.fromisoformat(line.placed["requested_on"]) < end
            and not (cancelled_by_customer(line) and not line.accepted)
        ]
        return sum(asked, Decimal(0)) if asked else None


def cancelled_by_customer(line: Line) -> bool:
    how, fact = line.closing()
    return how == "cancelled" and fact is not None and fact.data.get("initiator") == "customer"


def total(told: list[Fact]) -> Decimal:
    """The last version of each customer and location, summed, unless one is of the product as a whole."""
    last = {(f.data.get("customer_id"), f.data.get("location")): dec(f.data["qty"]) for f in told}
    return last[None, None] if (None, None) in last else sum(last.values(), Decimal(0))


def rank(order: Order) -> tuple[datetime, bool, int, str]:
    """Ids of digits alone count as numbers, before all others."""
    assert order.placed
    name = order.order_id
    digits = name.isascii() and name.isdecimal()
    return (order.placed.time, not digits, int(name) if digits else 0, name)


def share(fact: Fact) -> Decimal:
    low, high = dec(fact.data["scale_min"]), dec(fact.data["scale_max"])
    return (dec(fact.data["score"]) - low) / (high - low)


def against(fact: Fact) -> bool:
    """A complaint or a detractor's score."""
    if fact.kind != "feedback.received":
        return False
    match fact.data["kind"]:
        case "complaint":
            return True
        case "nps":
            return dec(fact.data["score"]) <= 6
        case "csat":
            return share(fact) <= Decimal("0.4")
    return False
