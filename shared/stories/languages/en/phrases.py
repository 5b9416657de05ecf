"""The words for coded facts: actions, roadblocks, departments, dates, quantities and money."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from shared import languages
from shared.history.units import is_piece
from shared.stories.figures import Notation
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from shared.stories.model import Deed, Facts, Measure, Quantity, Scope, Side

SIDES: Final[dict[Side, str]] = {"sales": "Sales", "operations": "Operations"}
RESULT: Final = "Result"
TIED: Final = re.compile(
    rf"(?<=\d) (?=(?:{'|'.join(month_name[1:])}|days?|units?|points?|lines?|orders?|raised|beaten)\b)"
)
WORDS: Final = (120, 180)
BANNED: Final = (
    "teamwork", "seamless", "seamlessly", "go the extra mile", "went the extra mile", "because", "hero",
    "heroes", "heroic", "world-class", "amazing", "incredible", "fantastic", "outstanding", "synergy",
    "synergies", "passion", "game-changer", "best-in-class", "above and beyond", "rock star", "perfect",
)  # fmt: skip
BANNED_IN: Final[dict[str, tuple[str, ...]]] = {"new_customer_smooth_start": ("despite", "in spite of")}
_MONTHS: Final = "|".join(month_name[1:])
NOTATION: Final = Notation(
    day=rf"(?P<d1>\d{{1,2}})\s(?P<m1>{_MONTHS})(?:\s(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTHS})\s(?P<d2>\d{{1,2}})(?:,?\s(?P<y2>\d{{4}}))?",
    units=r"(?P<percent>%|percent|per\scent)|(?P<ppm>ppm)|(?P<days>days?\b)",
    months=tuple(month_name[1:]),
    group=",",
    decimal=".",
)


class Verb(NamedTuple):
    """An action in the two forms that stories need: what a team did, and what it is thanked for."""

    past: str
    gerund: str

    @classmethod
    def of(cls, past: str, gerund: str, rest: str) -> Verb:
        """Both forms with the same object."""
        return cls(f"{past} {rest}", f"{gerund} {rest}")


VERBS: Final[dict[str, Verb]] = {
    "intervention.expedite": Verb.of("sped up", "speeding up", "the shipment"),
    "intervention.overtime": Verb.of("added", "adding", "extra hours"),
    "intervention.reschedule": Verb.of("re-sequenced", "re-sequencing", "the schedule"),
    "intervention.alternative_source": Verb.of("found", "finding", "another source"),
    "intervention.alternative_carrier": Verb.of("booked", "booking", "another carrier"),
    "intervention.stock_transfer": Verb.of("moved", "moving", "stock in from another site"),
    "intervention.split_shipment": Verb.of("split", "splitting", "the shipment"),
    "intervention.substitution": Verb.of("arranged", "arranging", "a substitute item"),
    "intervention.capacity_added": Verb.of("opened", "opening", "extra capacity"),
    "intervention.priority_call": Verb.of("settled", "settling", "the priorities"),
    "intervention.heads_up": Verb.of("gave", "giving", "an early warning"),
    "intervention.demand_reallocation": Verb.of("re-allocated", "re-allocating", "demand"),
    "intervention.credit_release": Verb.of("obtained", "obtaining", "the credit release"),
    "intervention.quality_containment": Verb.of("contained", "containing", "a quality issue"),
    "intervention.spec_clarification": Verb.of("clarified", "clarifying", "the specification"),
    "intervention.order_simplification": Verb.of("simplified", "simplifying", "the order"),
    "intervention.terms_changed": Verb.of("agreed", "agreeing", "new terms"),
    "intervention.process_fix": Verb.of("corrected", "correcting", "the process"),
    "intervention.buffer_changed": Verb.of("adjusted", "adjusting", "the buffer stock"),
    "intervention.corrective_action": Verb.of("took", "taking", "corrective action"),
    "roadblock.resolver": Verb.of("cleared", "clearing", "the roadblock"),
    "roadblock.communicator": Verb.of("kept", "keeping", "the customer informed"),
    "promise.agreed": Verb.of("agreed", "agreeing", "the date with the customer"),
    "forecast.published": Verb.of("shared", "sharing", "a forecast with its reason"),
    "customer.registered": Verb.of("opened", "opening", "the account"),
    "order.placed": Verb.of("took", "taking", "the order"),
    "order.confirmed": Verb.of("confirmed", "confirming", "the date"),
    "delivery.planned": Verb.of("planned", "planning", "the shipment"),
    "delivery.shipped": Verb.of("shipped", "shipping", "the goods"),
    "delivery.delivered": Verb.of("brought", "bringing", "the goods to the dock"),
    "draft.submitted": Verb.of("told", "telling", "the story"),
    "draft.confirmed": Verb.of("confirmed", "confirming", "the story"),
    "roadblock.raised": Verb.of("raised", "raising", "the alarm"),
}
_OTHER_VERB: Final = Verb.of("lent", "lending", "a hand")

ROADBLOCKS: Final[dict[str, str]] = {
    "material_shortage": "a material shortage",
    "capacity": "a capacity gap",
    "quality_hold": "a quality hold",
    "carrier": "a transport failure",
    "weather_civil": "a blocked route",
    "customs_documents": "a customs hold",
    "order_error": "an order-data error",
    "credit_hold": "a credit hold",
    "customer_change": "a late change",
    "customer_site": "a closed dock",
    "it_outage": "an IT outage",
    "other": "an unforeseen setback",
}

RECORDS: Final[dict[str, str]] = {
    "pod": "the proof of delivery",
    "receiving_advice": "the receiving advice",
    "carrier": "the carrier\u2019s delivery record",
    "estimated": "the estimated arrival record",
}


_OBJECTS: Final[dict[str, tuple[str, str]]] = {
    "the shipment": ("a shipment", "shipments"),
    "the order": ("an order", "orders"),
    "the date": ("a date", "dates"),
    "the date with the customer": ("a date with the customer", "dates with the customer"),
    "the schedule": ("the schedule", "the schedule several times"),
    "another source": ("another source", "other sources"),
    "another carrier": ("another carrier", "other carriers"),
    "a substitute item": ("a substitute item", "substitute items"),
    "an early warning": ("an early warning", "early warnings"),
    "the credit release": ("a credit release", "credit releases"),
    "a quality issue": ("a quality issue", "quality issues"),
    "the specification": ("a specification", "specifications"),
    "the roadblock": ("a roadblock", "roadblocks"),
    "a forecast with its reason": ("a forecast with its reason", "forecasts with their reasons"),
}
"""What a deed was done to, where a story is of many orders: to one of them, and to several."""


def verb(action: str, of: Scope = "the order") -> Verb:
    """The words for an action, for an unknown one a modest pair."""
    words = VERBS.get(action, _OTHER_VERB)
    return words if of == "the order" else Verb(*(_of_many(each, of) for each in words))


def _of_many(words: str, of: Scope) -> str:
    told = next((told for told in _OBJECTS if words.endswith(f" {told}")), None)
    return words if told is None else words.removesuffix(told) + _OBJECTS[told][of == "many"]


def roadblock(category: str) -> str:
    """A roadblock category with its article, without a cause or a culprit."""
    return ROADBLOCKS.get(category, ROADBLOCKS["other"])


def bare(noun: str) -> str:
    """A noun without its article: `material shortage`."""
    return noun.removeprefix("an ").removeprefix("a ")


def department(code: str) -> str:
    """`customer_service` as a reader writes it."""
    return code.replace("_", " ")


def team(code: str) -> str:
    """A department as a subject or object: `the logistics team`."""
    return teams([department(code)])


def teams(departments: Sequence[str]) -> str:
    """`the logistics team`, `the logistics and planning teams`."""
    return f"the {listing(departments)} team{'s' if len(departments) > 1 else ''}"


def thanked(departments: Sequence[str]) -> str:
    """Departments as those whom thanks go to."""
    return teams([department(each) for each in departments])


def colleague(department: str | None) -> str:
    """`a colleague in warehouse`."""
    return f"a colleague in {department.replace('_', ' ')}" if department else "a colleague"


def undisclosed(segment: str | None) -> str:
    """`a customer in energy`."""
    return f"a customer in {segment}" if segment else "a customer"


def did(deed: Deed) -> str:
    """`the logistics team booked another carrier`."""
    return f"{team(deed.department)} {verb(deed.action, deed.of).past}"


def doing(kind: str) -> str:
    """`booking another carrier`, for the kind of an intervention."""
    return verb(f"intervention.{kind}").gerund


def label(facts: Facts) -> str:
    """What a story is about: `order SO-1042`, a customer, `product P-7`, `week 10 of 2026`."""
    return facts.label


def reason(text: str) -> str:
    """Why something does not hold, as patterns say it."""
    return text


def day(on: date) -> str:
    """`9 March`."""
    return languages.day(on)


def full_day(on: date) -> str:
    """`9 March 2026`."""
    return languages.full_day(on)


_QUARTERS: Final = ("first", "second", "third", "fourth")


def period(name: str) -> str:
    """`March 2026`, `week 10 of 2026`, `the first quarter of 2026`."""
    year, _, part = name.partition("-")
    if part.startswith("W"):
        return f"week {int(part[1:])} of {year}"
    if part.startswith("Q"):
        return f"the {_QUARTERS[int(part[1:]) - 1]} quarter of {year}"
    return languages.month(date(int(year), int(part), 1))


def title(name: str) -> str:
    """`December 2025`, `Week 50, 2025`, `First quarter of 2026`."""
    return f"{short_title(name)}, {name[:4]}" if "W" in name else sentence(period(name).removeprefix("the "))


def short_title(name: str) -> str:
    """`December`, `Week 50`: enough for a subject, which has a date beside it."""
    year, _, part = name.partition("-")
    return f"Week {int(part[1:])}" if part.startswith("W") else title(name).removesuffix(f" {year}")


def instant(at: datetime) -> str:
    """`5 January 2026 at 08:00 UTC`, `... UTC+01:00`: by offset, which JSON keeps, not by zone name."""
    offset = f"{at:%z}"
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:]}".replace("-", languages.MINUS)
    return f"{full_day(at.date())} at {at:%H:%M} {zone}"


def number(value: Decimal | int) -> str:
    """Grouped by commas, decimals without trailing zeros."""
    return languages.number(value)


def count(value: Decimal | int, noun: str) -> str:
    """`1 day`, `5 days`."""
    return f"{number(value)} {noun if value == 1 else noun + 's'}"


def quantity(value: Quantity) -> str:
    """`400 units` for pieces, `12.5 kg` for everything else."""
    if is_piece(value.uom):
        return f"{number(value.qty)} unit{'' if value.qty == 1 else 's'}"
    return f"{number(value.qty)} {value.uom}"


def money(amount: Decimal, currency: str) -> str:
    """`EUR 12,400`; cents only where there are any."""
    return f"{currency}\u00a0{amount:,.{0 if amount == amount.to_integral_value() else 2}f}"


def measure(value: Measure) -> str:
    """`95%`, `12 days`, `412 ppm`, `3 points`, `EUR 12,400`, `40`; the sign is left to the words."""
    size = abs(value.value)
    match value.unit:
        case "":
            return number(size)
        case "percent":
            return f"{number(size)}%"
        case "ppm":
            return f"{number(size)} ppm"
        case "days" | "points":
            return f"{number(size)} {value.unit.removesuffix('s') if size == 1 else value.unit}"
        case currency:
            return money(size, currency)


def possessive(name: str) -> str:
    """`Nordlicht's`, `Pumps'`."""
    return f"{name}\u2019" if name.rstrip("\u2069").casefold().endswith("s") else f"{name}\u2019s"


def listing(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, tail = items
    return f"{', '.join(head)} and {tail}" if head else tail
