"""What is sold: families of parts for pumps, valves and hydraulics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.simulator.dice import Dice

_FAMILIES = {
    "Seal kits": ("SEA", "each", (50, 600), (650, 2400), 10,
                  ("NBR", "FKM", "EPDM", "PTFE", "HNBR", "silicone")),
    "Valves": ("VAL", "each", (5, 80), (4200, 26000), 18,
               ("ball", "check", "relief", "butterfly", "needle", "solenoid", "gate")),
    "Pumps": ("PUM", "each", (1, 14), (38000, 240000), 28,
              ("gear", "vane", "screw", "diaphragm", "metering")),
    "Fittings": ("FIT", "each", (100, 1500), (180, 1300), 8,
                 ("elbow", "tee", "union", "reducer", "adapter", "plug", "quick-connect")),
    "Filters": ("FIL", "each", (10, 200), (1900, 9800), 12,
                ("suction", "return-line", "pressure", "breather", "duplex")),
    "Actuators": ("ACT", "each", (2, 40), (15500, 72000), 24,
                  ("pneumatic", "electric", "rotary", "linear", "spring-return")),
    "Compounds": ("CMP", "kg", (20, 400), (900, 3800), 9,
                  ("assembly grease", "thread sealant", "flushing oil", "anti-seize paste", "casting resin")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """A product; the price in cents of one unit, the usual quantity of an order line."""

    product_id: str
    name: str
    family: str
    uom: str
    usual: tuple[int, int]
    cents: int
    lead_time_days: int
    launched_on: date
    quality_limit_ppm: int
    special_requirements: str | None

    def quantity(self, dice: Dice) -> Decimal:
        """A quantity somebody may order: round for pieces, halves for kilograms."""
        low, high = self.usual
        amount = dice.between(low, dice.between(low, high))
        if self.uom == "kg":
            return Decimal(amount) + (Decimal("0.5") if dice.chance(0.3) else 0)
        step = 10 if high >= 100 else 1  # noqa: PLR2004 - small parts come in tens
        return Decimal(max(step, amount // step * step))

    def price(self, dice: Dice) -> Decimal:
        """A price of one unit as it may stand on an order."""
        return Decimal(self.cents * dice.between(92, 105) // 100).scaleb(-2)


def catalogue(seed: int, year: int) -> list[Product]:
    """All products, a few of them launched during the year."""
    dice = Dice(seed, "products")
    return [
        _product(dice, family, variant, number, year)
        for family, (*_, variants) in _FAMILIES.items()
        for number, variant in enumerate(variants, 1)
    ]


def _product(dice: Dice, family: str, variant: str, number: int, year: int) -> Product:
    code, uom, usual, (cheap, dear), lead, _ = _FAMILIES[family]
    new = dice.chance(0.07)
    launched = date(year, dice.between(2, 8), 1) if new else date(year - dice.between(2, 14), 3, 1)
    special = "certificate 3.1 with every lot" if dice.chance(0.15) else None
    name = variant.capitalize() if uom == "kg" else f"{variant[0].upper()}{variant[1:]} {family.lower()[:-1]}"
    return Product(
        f"{code}-{number:02}0", name, family, uom, usual, dice.between(cheap, dear), lead,
        launched, dice.pick((300, 500, 800, 1500)), special,
    )  # fmt: skip
