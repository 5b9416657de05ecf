"""The events that a table of order lines can tell, written as rules of a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.guessing.lines import NO_LINE, line_of, placeholder
from shared.guessing.names import roles
from shared.guessing.rule_texts import commented, head, live, prefixed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.guessing.guess import Guesses
    from shared.guessing.table import Column

_CANCELLED = ("cancel", "storn", "annul", "anul", "void", "abgesagt", "geloescht", "gelöscht", "rejected")
_SHOWN = 8
_PARTS = "some rows share a line, each with another delivery of it: its first row is the line"


def events(guesses: Guesses) -> Iterator[str]:
    """Each rule, with what was assumed for it; those that are but a policy as comments."""
    rules = _Rules(guesses)
    yield from rules.names()
    yield rules.placed()
    yield rules.confirmed()
    yield from rules.sent()
    yield from rules.cancelled()
    yield commented(
        "Policy you may choose: the file tells all that happened up to a day. Then months can be final.",
        head("source.heartbeat", "heartbeat/2026-11-01", "2026-11-01T00:00:00Z", once_per='"file"'),
        ["complete_until = 2026-11-01T00:00:00Z"],
    )


def narrowing(guesses: Guesses) -> dict[str, Any]:
    """What `[files.table]` needs besides how the file is written."""
    column = guesses.column("qty")
    if column is None or column.amounts is None or not column.amounts.negative:
        return {}
    count = column.amounts.negative
    asks = (
        f"? {count:,} quantities are below 0: write -* to leave them out, or see Recipes in docs/mapping.md"
    )
    return {"unless": {**guesses.table.keys.get("unless", {}), column.name: {"like": asks}}}


def reasons(guesses: Guesses) -> dict[str, str]:
    """Why."""
    return {"unless": "returns or credits are no orders"} if narrowing(guesses) else {}


class _Rules:
    """The rules of one table."""

    def __init__(self, guesses: Guesses) -> None:
        self.guesses = guesses
        self.order = self._in("order_id")
        self.line, self.line_why, self.part = line_of(guesses)

    def _in(self, role: str, prefix: str = "", *, optional: bool = False) -> str:
        """The placeholder of a role's column; empty where there is none."""
        return placeholder(self.guesses, role, prefix, optional=optional)

    def _value(self, role: str, prefix: str = "", *, optional: bool = False) -> str:
        """The text of a role's column as TOML, or a question."""
        found = self._in(role, prefix, optional=optional)
        return quoted(found or f"? which column tells {roles()[role].means}")

    def names(self) -> Iterator[str]:
        """Customers and products, where the file names them."""
        for kind, more in (
            (
                "customer",
                "# history_from = 2026-01-01  # since when the file has every order of the customer\n",
            ),
            ("product", ""),
        ):
            if not (self._in(f"{kind}_name") and self._in(f"{kind}_id")):
                continue
            key = self._in(f"{kind}_id")
            rule = head(f"{kind}.registered", f"{kind}/{key}/registered", self._since(), once_per=quoted(key))
            data = [f"{kind}_id = {quoted(key)}", f"name = {self._value(f'{kind}_name')}", more]
            yield live(f"Who is who: the first row of each {kind} names it.", rule, data)

    def _since(self) -> str:
        """A time before all orders."""
        days = column.dates if (column := self.guesses.column("ordered_on")) else None
        years = [reading.day.year for reading in days.readings] if days else []
        return f"{min(years, default=2000) - 10}-01-01T00:00:00Z"

    def placed(self) -> str:
        """The order."""
        rule = head(
            "order.placed",
            f"order/{self.order}/placed",
            self._time("ordered_on"),
            once_per=quoted(self.order),
        )
        data = [
            f"order_id = {quoted(self.order)}",
            f"customer_id = {self._value('customer_id')}",
            f"currency = {self._currency()}",
            *self._ship_to(),
            *self._taker(),
            "[events.data.lines]",
            'each = "line"',
            *([f"once_per = {quoted(prefixed(self.line))}  # {_PARTS}"] if self.part else []),
            "[events.data.lines.make]",
            f"line_id = {quoted(prefixed(self.line))}{self.line_why}",
            f"product_id = {self._value('product_id', 'line.')}",
            f"qty = {self._number('qty')}",
            *([f"uom = {self._value('uom', 'line.', optional=True)}"] if self._in("uom") else []),
            *(
                [f"unit_price = {self._number('unit_price', optional=True)}{self._discount()}"]
                if self._in("unit_price")
                else []
            ),
            f"requested_on = {self._requested()}",
        ]
        return live("", rule, data)

    def _time(self, role: str) -> str:
        return f"{{ datetime = {self._value(role)} }}"

    def _number(self, role: str, *, optional: bool = False) -> str:
        return f"{{ number = {self._value(role, 'line.', optional=optional)} }}"

    def _discount(self) -> str:
        """How to take a discount off, which no column says to be in the price already or not."""
        off = self._in("discount", "line.")
        if not off:
            return ""
        said = f"discount = {quoted(off)}, decimals = 4"
        percent = f"{{ number = {quoted(off)}, divided_by = 100 }}"
        return f"  # does {off} come off it? Then add: {said}; where it is percent, discount = {percent}"

    def _currency(self) -> str:
        if self._in("currency"):
            return self._value("currency")
        column = self.guesses.column("unit_price")
        signs = (
            column.amounts.readings[0].strip if column and column.amounts and column.amounts.readings else ()
        )
        hint = f"; prices are written with {' '.join(signs)}" if signs else ""
        return quoted(f"? the currency of all orders, such as EUR; no column tells it{hint}")

    def _ship_to(self) -> list[str]:
        parts = [
            f"{role} = {self._value(role, optional=True)}" for role in ("country", "site") if self._in(role)
        ]
        return [f"ship_to = {{ {', '.join(parts)} }}"] if parts else []

    def _taker(self) -> list[str]:
        if not self._in("sales_person"):
            return []
        who = self._value("sales_person", optional=True)
        actor = f'actor = {{ person_id = {who}, department = "sales", role = "order_taker" }}'
        if "team" in self.guesses.found["sales_person"].column.casefold():
            return [f"# {actor}  # it may be a team; name no person that the file does not name"]
        return [actor]

    def _requested(self) -> str:
        if self._in("requested_on"):
            return f"{{ date = {self._value('requested_on', 'line.')} }}"
        if self._in("promised_on"):
            said = "  # no column says what was asked for: the promise"
            return f"{{ date = {self._value('promised_on', 'line.')} }}{said}"
        asks = (
            "? no column says by when: how many days after the order does the customer expect it, such as 14"
        )
        return f"{{ date = {self._value('ordered_on', 'line.')}, plus_days = {quoted(asks)} }}"

    def confirmed(self) -> str:
        """The promise: told by a column, or a policy to choose."""
        line = [f"line_id = {quoted(self.line)}", f"committed_qty = {{ number = {self._value('qty')} }}"]
        if self._in("promised_on"):
            rule = self._confirming(when="promised_on")
            data = [
                *self._whose(),
                "[[events.data.lines]]",
                *line,
                f"committed_on = {{ date = {self._value('promised_on')} }}",
            ]
            return live("No column says when it was promised: the day of the order.", rule, data)
        asked = self._requested().replace("{line.", "{").partition("  #")[0]
        rule = self._confirming()
        data = [*self._whose(), "[[events.data.lines]]", *line, f"committed_on = {asked}"]
        return commented(
            "Policy you may choose: every order was promised as asked. No column tells a promise; without "
            "this rule lines stay unconfirmed.",
            rule,
            data,
        )

    def _confirming(self, when: str = "") -> str:
        once = quoted(f"{self.order}/{self.line}") if self.part else ""
        return self._row_rule("order.confirmed", self._id("confirmed"), "ordered_on", when, once)

    def _sending(self, verb: str, role: str) -> str:
        part = f"{self.part}/" if self.part else ""
        return self._row_rule(f"delivery.{verb}", self._id(f"{part}{verb}"), role, role)

    def _row_rule(self, kind: str, id_: str, role: str, when: str, once_per: str = "") -> str:
        condition = f"{{ {quoted(self.guesses.found[when].column)} = true }}" if when else ""
        return head(kind, id_, self._time(role), when=condition, once_per=once_per)

    def _id(self, verb: str) -> str:
        return self.line if self.line == NO_LINE else f"order/{self.order}/{self.line}/{verb}"

    def _whose(self) -> list[str]:
        return [f"order_id = {quoted(self.order)}", f"customer_id = {self._value('customer_id')}"]

    def _shipment(self) -> str:
        made = self.line if self.line == NO_LINE else f"{self.order}-{self.line}"
        made += f"-{self.part}" if self.part else ""
        return quoted(self._in("shipment_id") or made)

    def sent(self) -> Iterator[str]:
        """Shipment and receipt."""
        qty = self._value("delivered_qty" if self._in("delivered_qty") else "qty")
        left, came = self._in("shipped_on"), self._in("delivered_on")
        base = [*self._whose(), f"shipment_id = {self._shipment()}"]
        line = ["[[events.data.lines]]", f"line_id = {quoted(self.line)}"]
        if left:
            who = []
            if self._in("ops_person"):
                person = self._value("ops_person", optional=True)
                who = [f'actor = {{ person_id = {person}, department = "warehouse", role = "shipper" }}']
            rule = self._sending("shipped", "shipped_on")
            yield live("", rule, [*base, *who, *line, f"qty = {{ number = {qty} }}"])
        if came:
            rule = self._sending("delivered", "delivered_on")
            yield live("", rule, [*base, *line, f"qty_delivered = {{ number = {qty} }}"])
        elif left:
            rule = self._sending("delivered", "shipped_on")
            data = [*base, 'evidence = "estimated"', *line, f"qty_delivered = {{ number = {qty} }}"]
            yield commented(
                "Policy you may choose: the day of shipment stands for the day of receipt.", rule, data
            )

    def cancelled(self) -> Iterator[str]:
        """Cancellations, where a state looks like one."""
        column = self.guesses.column("status")
        found = _cancelled(column) if column else []
        if column is None or not found:
            return
        said = ", ".join(map(repr, list(dict.fromkeys(column.filled))[:_SHOWN]))
        asks = "? when: no column says it; or delete this rule and leave such rows out by `unless` above"
        condition = f"{{ {quoted(column.name)} = [{', '.join(map(quoted, found))}] }}"
        rule = head("order.cancelled", self._id("cancelled"), quoted(asks), when=condition)
        who = '"? customer or us: who cancels most often; this decides whether it is a miss"'
        data = [*self._whose(), f"line_ids = [{quoted(self.line)}]", f"initiator = {who}"]
        yield live(f"{column.name} has values such as {said}.", rule, data)


def _cancelled(column: Column) -> list[str]:
    return sorted({text for text in column.filled if any(word in text.casefold() for word in _CANCELLED)})
