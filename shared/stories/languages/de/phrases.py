"""German words for coded facts: roadblocks, departments, dates, quantities and money."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from shared import languages
from shared.history.units import is_piece
from shared.stories.figures import Notation
from shared.stories.languages.de.verbs import MEASURES, verb
from shared.stories.model import OrderFacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from shared.stories.model import Deed, Facts, Measure, Quantity, Side, StoryFacts

GERMAN: Final = "de"
SIDES: Final[dict[Side, str]] = {"sales": "Vertrieb", "operations": "Operations"}
RESULT: Final = "Ergebnis"
MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_NAMES: Final = "|".join(MONTHS)
TIED: Final = re.compile(
    rf"(?<=\d\.) (?=(?:{_NAMES})\b)|(?<=\d) (?=(?:Tage?n?|Stück|Uhr|Punkte?n?|Position(?:en)?)\b)"
)
WORDS: Final = (110, 180)
"""Compounds let a full story say in fewer words what it says in English."""
BANNED: Final = (
    "teamwork", "teamgeist", "reibungslos", "reibungslose", "reibungsloser", "nahtlos", "extrameile",
    "perfekt", "perfekte", "perfekter", "perfektes", "held", "helden", "heldin", "heldenhaft", "weltklasse",
    "großartig", "großartige", "fantastisch", "unglaublich", "hervorragend", "hervorragende",
    "herausragend", "herausragende", "synergie", "synergien", "leidenschaft", "herzblut", "rockstar",
    "weil", "dadurch", "aufgrund", "infolge", "dank der", "dank des", "dank dem",
    "zeitnah", "zielführend", "vollumfänglich", "seitens", "diesbezüglich", "entsprechend", "erfolgt",
    "erfolgte", "optimal", "optimale", "gemeinsam stark", "rund um die uhr", "punktlandung",
)  # fmt: skip
BANNED_IN: Final[dict[str, tuple[str, ...]]] = {"new_customer_smooth_start": ("trotz", "obwohl")}
NOTATION: Final = Notation(
    day=rf"(?P<d1>\d{{1,2}})\.\s(?P<m1>{_NAMES})(?:\s(?P<y1>\d{{4}}))?",
    units=r"(?P<percent>%|Prozent)|(?P<ppm>ppm)|(?P<days>Tage?n?\b)",
    months=MONTHS,
    group=".",
    decimal=",",
)


class Noun(NamedTuple):
    """A noun with its indefinite article, in the three cases that stories need."""

    subject: str
    object: str
    dative: str


def _masculine(noun: str) -> Noun:
    return Noun(f"ein {noun}", f"einen {noun}", f"einem {noun}")


def _feminine(noun: str) -> Noun:
    return Noun(f"eine {noun}", f"eine {noun}", f"einer {noun}")


ROADBLOCKS: Final[dict[str, Noun]] = {
    "material_shortage": _masculine("Materialengpass"),
    "capacity": _feminine("Kapazitätslücke"),
    "quality_hold": _feminine("Qualitätssperre"),
    "carrier": _masculine("Transportausfall"),
    "weather_civil": _feminine("Streckensperrung"),
    "customs_documents": _masculine("Stopp beim Zoll"),
    "order_error": _masculine("Fehler in den Bestelldaten"),
    "credit_hold": _feminine("Kreditsperre"),
    "customer_change": Noun(
        "eine kurzfristige Änderung", "eine kurzfristige Änderung", "einer kurzfristigen Änderung"
    ),
    "customer_site": _masculine("Annahmestopp"),
    "it_outage": _masculine("IT-Ausfall"),
    "other": Noun(
        "ein unvorhergesehenes Hindernis",
        "ein unvorhergesehenes Hindernis",
        "einem unvorhergesehenen Hindernis",
    ),
}
HINDRANCE: Final = Noun("ein Hindernis", "ein Hindernis", "einem Hindernis")
RECORDS: Final[dict[str, Noun]] = {
    "pod": Noun("der Liefernachweis", "den Liefernachweis", "dem Liefernachweis"),
    "receiving_advice": Noun(
        "die Wareneingangsmeldung", "die Wareneingangsmeldung", "der Wareneingangsmeldung"
    ),
    "carrier": Noun(
        "der Zustellbericht des Spediteurs",
        "den Zustellbericht des Spediteurs",
        "dem Zustellbericht des Spediteurs",
    ),
    "estimated": Noun("die errechnete Ankunft", "die errechnete Ankunft", "der errechneten Ankunft"),
}
DEPARTMENTS: Final[dict[str, str]] = {
    "sales": "Vertrieb",
    "marketing": "Marketing",
    "customer_service": "Kundenservice",
    "operations": "Operations",
    "planning": "Planung",
    "production": "Produktion",
    "procurement": "Einkauf",
    "logistics": "Logistik",
    "warehouse": "Lager",
    "quality": "Qualität",
    "finance": "Finanzen",
    "customer": "Kunde",
    "carrier": "Spediteur",
    "supplier": "Lieferant",
    "system": "System",
}
_JOINED: Final[dict[str, str]] = {
    "sales": "Vertriebsteam",
    "customer_service": "Kundenserviceteam",
    "operations": "Operations-Team",
    "planning": "Planungsteam",
    "production": "Produktionsteam",
    "procurement": "Einkaufsteam",
    "quality": "Qualitätsteam",
    "finance": "Finanzteam",
}
"""Teams whose name is not the department with `team` behind it."""
KINDS: Final[dict[str, str]] = {"product": "Produkt", "hold": "Sperre", "draft": "Beitrag"}
_QUARTERS: Final = ("ersten", "zweiten", "dritten", "vierten")
_REASONS: Final = (
    (r"it was taken back", "sie wurde zurückgezogen"),
    (r"return (?P<id>\S+?),? .*assessed: quality", "Retoure {id} wurde als Qualitätsmangel bewertet"),
    (r"return (?P<id>\S+?),? .*assessed: transit damage", "Retoure {id} wurde als Transportschaden bewertet"),
    (r"the order was cancelled, .*", "die Bestellung wurde ganz oder teilweise storniert"),
    (r"the customer complained: (?P<id>\S+)", "der Kunde hat reklamiert ({id})"),
    (r"the customer scored .*: (?P<id>\S+)", "der Kunde hat schlecht bewertet ({id})"),
    (
        r"(?P<bad>\S+) of (?P<all>\S+) came back with a fault, .*",
        "{bad} von {all} Stück kamen fehlerhaft zurück",
    ),
    (r"(?P<back>\S+) of (?P<all>\S+) were sent back", "{back} von {all} Stück kamen zurück"),
    (
        r"(?P<bad>\d+) of (?P<all>\d+) lines were faulty .*",
        "{bad} von {all} Positionen waren fehlerhaft oder wurden reklamiert",
    ),
    (r"the customer was let down again .*", "der Kunde wurde erneut enttäuscht"),
)


def _code(department: str) -> str:
    return department.replace(" ", "_")


def department(code: str) -> str:
    """`Kundenservice`, from `customer_service` or `customer service`."""
    return DEPARTMENTS.get(_code(code), code.replace("_", " "))


def team(code: str) -> str:
    """`Logistikteam`; it is neuter."""
    known = DEPARTMENTS.get(_code(code))
    return _JOINED.get(_code(code)) or (f"{known}team" if known else f"Team {code.replace('_', ' ')}")


def teams(departments: Sequence[str]) -> str:
    """`das Logistikteam`, `die Teams aus Logistik und Planung`, as a subject or behind `für`."""
    if len(departments) == 1:
        return f"das {team(departments[0])}"
    return f"die Teams aus {listing([department(each) for each in departments])}"


def thanked(departments: Sequence[str]) -> str:
    """`dem Logistikteam`, `den Teams aus Logistik und Planung`."""
    if len(departments) == 1:
        return f"dem {team(departments[0])}"
    return f"den Teams aus {listing([department(each) for each in departments])}"


def colleague(department: str | None) -> str:
    """`jemand aus dem Lagerteam`: in every case, whether a woman or a man."""
    return f"jemand aus dem {team(department)}" if department else "jemand"


def undisclosed(segment: str | None) -> str:
    """`Kundschaft aus der Branche energy`: in every case, and without an article."""
    return f"Kundschaft aus der Branche {segment}" if segment else "Kundschaft"


def did(deed: Deed) -> str:
    """`das Logistikteam buchte einen anderen Spediteur`."""
    found = verb(deed.action, deed.of)
    return f"das {team(deed.department)} {found.one} {found.rest}"


def obstacle(category: str) -> Noun:
    """A roadblock category, without a cause or a culprit."""
    return ROADBLOCKS.get(category, ROADBLOCKS["other"])


def roadblock(category: str) -> str:
    """`ein Materialengpass`."""
    return obstacle(category).subject


def bare(noun: str) -> str:
    """`Materialengpass`, `kurzfristige Änderung`."""
    return noun.removeprefix("eine ").removeprefix("ein ")


def customer(facts: StoryFacts) -> Noun | None:
    """The customer's name, the same in every case, or what is said instead of it."""
    if facts.customer is None:
        return None
    if facts.customer_named:
        return Noun(facts.customer, facts.customer, facts.customer)
    where = f" aus der Branche {facts.segment}" if facts.segment else ""
    return Noun(f"ein Kunde{where}", f"einen Kunden{where}", f"einem Kunden{where}")


def doing(kind: str) -> str:
    """`Umlagerung`, for the kind of an intervention."""
    return MEASURES.get(kind, kind.replace("_", " "))


def label(facts: Facts) -> str:
    """`Bestellung SO-1042`, ein Kunde, `Produkt P-7`, `Kalenderwoche 10 des Jahres 2026`."""
    if isinstance(facts, OrderFacts):
        return f"Bestellung {facts.order_id}"
    found, (kind, _, key) = customer(facts), facts.about.partition("/")
    if found:
        return found.subject
    if kind in KINDS and facts.label == f"{kind} {key}":
        return f"{KINDS[kind]} {key}"
    return title(facts.period) if facts.period and not key else facts.label


def reason(text: str) -> str:
    """Why a win does not hold any more; what is not known stays vague."""
    found = ((re.fullmatch(pattern, text), told) for pattern, told in _REASONS)
    known = (told.format(**match.groupdict()) for match, told in found if match)
    return next(known, "neue Daten sprechen dagegen")


def day(on: date) -> str:
    """`9. März`."""
    return languages.day(on, GERMAN)


def full_day(on: date) -> str:
    """`9. März 2026`."""
    return languages.full_day(on, GERMAN)


def period(name: str) -> str:
    """`März 2026`, `Kalenderwoche 10 des Jahres 2026`, `ersten Quartal 2026`, behind `im` or `in`."""
    year, _, part = name.partition("-")
    if part.startswith("W"):
        return f"Kalenderwoche {int(part[1:])} des Jahres {year}"
    if part.startswith("Q"):
        return f"{_QUARTERS[int(part[1:]) - 1]} Quartal {year}"
    return languages.month(date(int(year), int(part), 1), GERMAN)


def in_period(name: str) -> str:
    """`im März 2026`, `in Kalenderwoche 10 des Jahres 2026`."""
    return f"in {period(name)}" if "W" in name else f"im {period(name)}"


def title(name: str) -> str:
    """`Dezember 2025`, `Kalenderwoche 50, 2025`, `1. Quartal 2026`."""
    year, _, part = name.partition("-")
    if part.startswith("W"):
        return f"Kalenderwoche {int(part[1:])}, {year}"
    return f"{int(part[1:])}. Quartal {year}" if part.startswith("Q") else period(name)


def short_title(name: str) -> str:
    """`Dezember`, `KW 50`, `1. Quartal`."""
    year, _, part = name.partition("-")
    return f"KW {int(part[1:])}" if part.startswith("W") else title(name).removesuffix(f" {year}")


def instant(at: datetime) -> str:
    """`5. Januar 2026, 08:00 Uhr (UTC+01:00)`."""
    offset = f"{at:%z}"
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:]}".replace("-", languages.MINUS)
    return f"{full_day(at.date())}, {at:%H:%M} Uhr ({zone})"


def number(value: Decimal | int) -> str:
    """`1.234,5`."""
    return languages.number(value, GERMAN)


def count(value: Decimal | int, one: str, many: str) -> str:
    """`1 Tag`, `5 Tage`."""
    return f"{number(value)} {one if value == 1 else many}"


def quantity(value: Quantity) -> str:
    """`400 Stück` for pieces, `12,5 kg` for everything else."""
    return f"{number(value.qty)} {'Stück' if is_piece(value.uom) else value.uom}"


def money(amount: Decimal, currency: str) -> str:
    """`12.400 EUR`; cents only where there are any."""
    digits = 0 if amount == amount.to_integral_value() else 2
    return f"{languages.places(amount, digits, GERMAN)}\u00a0{currency}"


def measure(value: Measure) -> str:
    """`95 %`, `12 Tage`, `412 ppm`, `3 Punkte`, `12.400 EUR`, `40`; the sign is left to the words."""
    size = abs(value.value)
    match value.unit:
        case "":
            return number(size)
        case "percent":
            return f"{number(size)}\u00a0%"
        case "ppm":
            return f"{number(size)} ppm"
        case "days":
            return count(size, "Tag", "Tage")
        case "points":
            return count(size, "Punkt", "Punkte")
        case currency:
            return money(size, currency)


def listing(items: Sequence[str]) -> str:
    """`a`, `a und b`, `a, b und c`."""
    *head, tail = items
    return f"{', '.join(head)} und {tail}" if head else tail
