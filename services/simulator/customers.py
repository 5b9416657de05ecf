"""Who buys: customers in many countries, with the history our log has of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import cycle
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from services.simulator.people import STAFF, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.dice import Dice
    from services.simulator.products import Product


@dataclass(frozen=True)
class Site:
    """Where goods go."""

    country: str
    city: str
    timezone: str
    currency: str
    transit_days: int
    legal: tuple[str, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's time zone, in which its days begin and end."""
        return ZoneInfo(self.timezone)


_GERMAN, _DUTCH, _NORDIC, _ENGLISH = ("GmbH", "AG", "KG"), ("BV", "NV"), ("AB", "A/S"), ("Ltd", "plc")
_AMERICAN, _LATIN = ("Inc.", "LLC", "Corp."), ("S.A.", "S.L.")
SITES = {
    Site("DE", "Hamburg", "Europe/Berlin", "EUR", 1, _GERMAN): 9,
    Site("DE", "Stuttgart", "Europe/Berlin", "EUR", 1, _GERMAN): 9,
    Site("DE", "Leipzig", "Europe/Berlin", "EUR", 1, _GERMAN): 6,
    Site("AT", "Linz", "Europe/Vienna", "EUR", 2, ("GmbH",)): 4,
    Site("CH", "Winterthur", "Europe/Zurich", "CHF", 2, ("AG", "SA")): 5,
    Site("NL", "Eindhoven", "Europe/Amsterdam", "EUR", 1, _DUTCH): 6,
    Site("BE", "Ghent", "Europe/Brussels", "EUR", 1, _DUTCH): 4,
    Site("FR", "Lyon", "Europe/Paris", "EUR", 2, ("SAS", "SARL")): 7,
    Site("IT", "Bologna", "Europe/Rome", "EUR", 2, ("S.p.A.", "S.r.l.")): 6,
    Site("ES", "Zaragoza", "Europe/Madrid", "EUR", 3, _LATIN): 5,
    Site("PT", "Braga", "Europe/Lisbon", "EUR", 3, ("Lda.",)): 2,
    Site("PL", "Wroclaw", "Europe/Warsaw", "PLN", 2, ("Sp. z o.o.", "S.A.")): 5,
    Site("CZ", "Brno", "Europe/Prague", "EUR", 2, ("s.r.o.",)): 3,
    Site("SE", "Vasteras", "Europe/Stockholm", "SEK", 3, _NORDIC): 4,
    Site("FI", "Tampere", "Europe/Helsinki", "EUR", 4, ("Oy",)): 2,
    Site("GB", "Sheffield", "Europe/London", "GBP", 3, _ENGLISH): 6,
    Site("IE", "Cork", "Europe/Dublin", "EUR", 3, _ENGLISH): 2,
    Site("TR", "Bursa", "Europe/Istanbul", "EUR", 4, ("A.S.",)): 3,
    Site("US", "Newark", "America/New_York", "USD", 6, _AMERICAN): 5,
    Site("US", "Milwaukee", "America/Chicago", "USD", 6, _AMERICAN): 3,
    Site("US", "Long Beach", "America/Los_Angeles", "USD", 7, _AMERICAN): 2,
    Site("BR", "Campinas", "America/Sao_Paulo", "USD", 8, ("Ltda.",)): 1,
    Site("ZA", "Durban", "Africa/Johannesburg", "EUR", 8, ("Pty Ltd",)): 1,
    Site("IN", "Pune", "Asia/Kolkata", "USD", 7, ("Pvt Ltd",)): 2,
    Site("JP", "Nagoya", "Asia/Tokyo", "USD", 7, ("K.K.",)): 2,
    Site("AU", "Adelaide", "Australia/Adelaide", "USD", 9, ("Pty Ltd",)): 1,
}
_FIRST = (
    "Nordlicht", "Alveo", "Brenta", "Castor", "Delmar", "Eberle", "Fontana", "Gavia", "Harrow", "Isara",
    "Jora", "Kestrel", "Lumen", "Marisol", "Nadir", "Orvelo", "Pelican", "Quarto", "Ravenna", "Solvik",
    "Tarn", "Umbra",
    "Velden", "Wexford", "Xantia", "Yarrow", "Zephyr", "Amaro", "Bellis", "Corvin", "Dunmore", "Estrela",
    "Falkenau", "Granit", "Helvar", "Ionis", "Juniper", "Kaldur", "Lindow", "Mistral",
)  # fmt: skip
_TRADE = (
    "Pumps", "Hydraulics", "Process Systems", "Drives", "Water Technology", "Food Machines", "Marine",
    "Compressors", "Rail Components", "Packaging", "Paper Machines", "Medical Devices", "Cooling", "Dosing",
)  # fmt: skip
_PAIRS = [(first, trade) for first in _FIRST for trade in _TRADE]
_SEGMENTS = {
    "Water Technology": "water", "Food Machines": "food", "Packaging": "food", "Marine": "marine",
    "Rail Components": "rail", "Medical Devices": "medical", "Paper Machines": "paper", "Cooling": "energy",
    "Process Systems": "chemicals", "Dosing": "chemicals",
}  # fmt: skip


@dataclass(slots=True)
class Customer:
    """A customer, as its registration will tell it; `trades_from` is None for one that orders no more."""

    customer_id: str
    name: str
    segment: str
    site: Site
    owner: Person
    assortment: list[Product]
    registered_at: datetime
    history_from: date | None
    first_won_at: datetime | None = None
    parent_id: str | None = None
    is_internal: bool = False
    confidential: bool = False
    merged_into: str | None = None
    merged_at: datetime | None = None
    trades_from: date | None = None
    weight: float = 1.0
    contacts: list[str] = field(default_factory=list)


class Market:
    """All customers there are; names and ids are handed out once, ids with `prefix`.

    Unless there will be `many`, all have one name and are numbered.
    """

    def __init__(self, dice: Dice, products: list[Product], prefix: str = "", *, many: bool = True) -> None:
        self._dice = dice
        self._prefix = prefix
        self._products = products
        self._names: Iterator[tuple[str, str]] = cycle(dice.some(_PAIRS, len(_PAIRS) if many else 1))
        self._rounds = len(_PAIRS) if many else 1
        self.customers: list[Customer] = []

    def add(self, registered_at: datetime, history_from: date | None, site: Site | None = None) -> Customer:
        """A customer more; without `site`, one in any country."""
        dice, number = self._dice, len(self.customers) + 1001
        site = site or dice.weighted(SITES)
        first, trade = next(self._names)
        customer = Customer(
            f"C-{self._prefix}{number}",
            f"{first} {trade} {self._again()}{dice.pick(site.legal)}",
            _SEGMENTS.get(trade, "machinery"),
            site,
            dice.pick(STAFF["sales"]),
            dice.some(self._products, dice.between(5, 11)),
            registered_at,
            history_from,
            weight=dice.share(0.3, 1.0) ** 2 * 2,
            contacts=[f"ct-{self._prefix}{number}-{n}" for n in range(1, dice.between(2, 4))],
        )
        self.customers.append(customer)
        return customer

    def _again(self) -> str:
        """What tells the second customer of a name from the first."""
        times = len(self.customers) // self._rounds
        return f"{times + 1} " if times else ""


def establish(market: Market, dice: Dice, start: date, count: int, per_parent: int = 9) -> list[Customer]:
    """Customers of long standing: complete history for years, some of them children of others."""
    old: list[Customer] = []
    for number in range(count):
        since = start - timedelta(days=dice.between(1100, 3600))
        registered = datetime(since.year, since.month, since.day, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
        customer = market.add(registered, since)
        customer.first_won_at = registered
        customer.trades_from = start
        if number % per_parent == per_parent - 1:
            customer.parent_id = old[number - 2].customer_id
        customer.confidential = number % 17 == 5  # noqa: PLR2004 - any that is not the first
        old.append(customer)
    return old
