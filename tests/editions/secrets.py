"""A material with planted secrets: money, margins, and names of confidential customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from shared.stories.names import CustomerName
from tests.editions.examples import (
    TRADING,
    contribution,
    highlight,
    kpis,
    material,
    names,
    series,
    streak,
    win,
)

if TYPE_CHECKING:
    from shared.editions.model import Material
    from shared.kpis.model import Kpi
    from shared.patterns.model import Win

NAMES = ("Verborgen Pumps", "Arcanum Valves", "Klandestin Tools")
"""The confidential customers C-0, C-1 and C-90, as `OWNED` has them."""
OWNED = ("C-0", "C-1", "C-90")
MONEY = ("48,765", "52,345", "9,876,543")
"""The value of an order of C-2, a deal of C-3, and what was sold."""
MARGINS = ("67.31", "66.94", "77.7")
"""Margins of C-4, before and now, and of everything."""


def secretive() -> Material:
    """Each secret is where it would be told."""
    hidden = {
        account: CustomerName(name, "machinery", confidential=True)
        for account, name in zip(OWNED, NAMES, strict=True)
    }
    calm = names()
    more = (_kpi("sales_volume", "money", MONEY[2]), _kpi("gross_margin", "percent", MARGINS[2]))
    found = (*kpis(), *more)
    return material(
        wins=(
            win(0),
            win(1, "roadblock_beaten"),
            win(2, "new_customer_smooth_start", facts={"order_value": _euros(MONEY[0])}),
            _of_customer(3, "reliability_that_sold", DEAL),
            _of_customer(4, "faster_not_dearer", FASTER),
        ),
        highlights=(highlight(90), highlight(90, "sales")),
        names=replace(calm, customers={**calm.customers, **hidden}),
        kpis=found,
        series=series() | {(kpi.key, kpi.basis): (("2025-12", kpi.value),) for kpi in more},
        trading=TRADING,
    )


def _euros(text: str) -> dict[str, str]:
    return {"amount": f"{text.replace(',', '')}.00", "currency": "EUR"}


DEAL = {
    "customer_id": "C-3", "orders": 40, "faultless_orders": 39, "from": "2025-06-01", "to": "2025-08-31",
    "sold_from": "2025-09-01", "sold_to": "2025-11-30", "said_so": True, "deal": _euros(MONEY[1]),
    "growth_percent": None, "margin_percent": None, "later_margin_percent": None,
}  # fmt: skip
FASTER = {
    "customer_id": "C-4", "from": "2025-06-01", "to": "2025-11-30", "orders": 40, "before_orders": 44,
    "now_days": "8", "before_days": "12.5", "cut_percent": "36", "margin_percent": MARGINS[0],
    "before_margin_percent": MARGINS[1], "expedites_per_100_lines": "0.0",
}  # fmt: skip


def _of_customer(number: int, pattern: str, facts: dict[str, object]) -> Win:
    found = streak(number, pattern=pattern, win_id=f"f-{number}")
    return replace(
        found,
        facts=facts,
        sales=(contribution("sales", "sales", "intervention.heads_up", date(2025, 6, 3), 1, 500 + number),),
    )


def _kpi(key: str, unit: str, value: str) -> Kpi:
    """In points of its unit, and worse than before, so that it would also be told as such."""
    now = Decimal(value.replace(",", ""))
    return replace(
        kpis()[0], key=key, basis=None, unit=unit, value=now, previous=now + 5, change=Decimal(-5),
        target=now + 9,
    )  # type: ignore[arg-type] # fmt: skip
