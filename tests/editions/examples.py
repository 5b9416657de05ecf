"""Invented wins, KPIs and materials in every state an edition may meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.editions.choice import Choice
from shared.editions.model import Material, Risk
from shared.editions.trading import NOTHING, AccountLines, EarlyWarning, Forecast, OpenOrder, Trading
from shared.kpis.model import Better, Kpi, KpiStatus, Unit
from shared.patterns.model import Contribution, EventRef, Side, Win
from shared.periods import Period
from shared.stories.names import CustomerName, Names

DECEMBER = Period.month(2025, 12)
AS_OF = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
CUSTOMERS = (
    "Nordlicht Pumps", "Alder & Finch", "Brassworks Lindqvist", "Calder Valves", "Dunmore Optics",
    "Esker Filters", "Farrow Instruments", "Gilt Edge Bearings", "Halyard Marine", "Ivory Coast Ceramics",
    "Juniper Seals", "Kestrel Rail",
)  # fmt: skip
PATTERNS = ("new_customer_first_order", "roadblock_beaten", "new_customer_smooth_start")
TARGETS: dict[str, str] = {
    "otif": "95",
    "on_time": "96",
    "in_full": "98",
    "quality_return_ppm": "500",
    "wape": "25",
}
KPIS: tuple[tuple[str, str | None, Unit, Better, str, str], ...] = (
    ("otif", "first_commit", "percent", "higher", "96.1", "94.8"),
    ("on_time", "first_commit", "percent", "higher", "97.3", "96.9"),
    ("in_full", "first_commit", "percent", "higher", "98.6", "98.6"),
    ("otif", "requested", "percent", "higher", "91.2", "90.4"),
    ("quality_return_ppm", None, "ppm", "lower", "412", "655"),
    ("csat", None, "percent", "higher", "88.9", "85.0"),
    ("nps", None, "points", "higher", "42", "38"),
    ("wape", None, "percent", "lower", "24.1", "21.9"),
    ("bias", None, "percent", "zero", "-3.2", "4.1"),
)


def contribution(
    side: Side, department: str, action: str, on: date, number: int = 1, of: int = 0
) -> Contribution:
    """`of`: the number of its win, so that no two wins share an event."""
    return Contribution(
        side=side,
        person_id=f"p-{side}-{number}",
        department=department,
        role=None,
        action=action,
        weight=Decimal(1) if action.startswith(("intervention", "roadblock")) else Decimal("0.25"),
        time=datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC),
        event=EventRef("tms", f"{side}-{action}-{number}{f'-{of}' if of else ''}"),
    )


def win(number: int = 0, pattern: str = PATTERNS[0], **changes: Any) -> Win:
    due = date(2025, 11, 5) + timedelta(days=number)
    smooth = pattern == "new_customer_smooth_start"
    categories = ("material_shortage", "carrier", "customs_documents", "capacity")
    roadblock = {
        "roadblock_id": f"RB-{number}",
        "category": categories[number % 4],
        "severity": "high",
        "predicted_delay_days": 2 + number % 4,
        "raised_at": f"{due - timedelta(days=5)}T08:30:00+00:00",
        "resolved_at": f"{due - timedelta(days=2)}T16:00:00+00:00",
        "detected_by": "human",
    }
    facts: dict[str, Any] = {
        "order_id": f"SO-{1042 + number}",
        "customer_id": f"C-{number}",
        "placed_on": str(due - timedelta(days=14)),
        "due_on": str(due),
        "delivered_at": f"{due}T09:4{number % 10}:00+01:00",
        "days_early": 0,
        "lines": 1 + number % 3,
        "quantities": [{"qty": str(400 + 25 * number), "uom": "each"}],
        "order_value": {"amount": f"{12_400 + 310 * number}.00", "currency": "EUR"},
        "strategic": False,
        "on_requested_date": number % 2 == 0,
        "evidence": "pod",
        "return_window_days": 30,
        "roadblocks": [] if smooth else [roadblock],
        "predicted_delay_days": 0 if smooth else 2 + number % 4,
        "csat": {"score": 5, "scale_min": 1, "scale_max": 5} if number % 3 == 0 else None,
    }
    facts.update(changes.pop("facts", {}))
    calm = (
        "customer.registered"
        if smooth
        else ("intervention.heads_up", "intervention.priority_call")[number % 2]
    )
    done = (
        "order.confirmed"
        if smooth
        else ("intervention.alternative_carrier", "intervention.reschedule")[number % 2]
    )
    values: dict[str, Any] = {
        "win_id": f"w-{number:03}",
        "pattern": pattern,
        "kind": "joint",
        "side": None,
        "subject": f"order/SO-{1042 + number}",
        "about": f"order/SO-{1042 + number}",
        "ends_on": None,
        "customer_id": f"C-{number}",
        "order_id": f"SO-{1042 + number}",
        "facts": facts,
        "sales": (
            contribution(
                "sales", ("customer_service", "sales")[number % 2], calm, due - timedelta(days=5), 1, number
            ),
            contribution("sales", "sales", "order.placed", due - timedelta(days=14), 2, number),
        ),
        "operations": (
            contribution(
                "operations", ("logistics", "planning")[number % 2], done, due - timedelta(days=4), 1, number
            ),
            contribution("operations", "warehouse", "delivery.shipped", due - timedelta(days=1), 2, number),
        ),
        "jointness": Decimal(1),
        "score": Decimal(80 - number),
        "gates": (),
        "evidence": (
            EventRef("crm", f"o-{number}"),
            EventRef("tms", f"d-{number}"),
            EventRef("erp", f"p-{number}"),
        ),
        "final_at": datetime(2025, 12, 10, tzinfo=UTC),
        "pending": False,
        "reason": None,
    }
    return Win(**{**values, **changes})


def streak(number: int = 0, **changes: Any) -> Win:
    """A customer's orders in a row without a fault."""
    month = "2025-11"
    values: dict[str, Any] = {
        "win_id": f"s-{number:03}",
        "subject": f"customer/C-{number}/{month}",
        "about": f"customer/C-{number}",
        "ends_on": date(2025, 12, 1),
        "order_id": None,
        "facts": {
            "customer_id": f"C-{number}",
            "orders": 45 + number,
            "lines": 61 + number,
            "from": "2025-06-02",
            "to": "2025-11-05",
            "usual_percent": "93.8",
            "usual_known": True,
            "luck_percent": "10.0",
            "least": 36,
        },
        "sales": (
            contribution("sales", "sales", "intervention.order_simplification", date(2025, 6, 3), 1, number),
            contribution(
                "sales", "customer_service", "intervention.terms_changed", date(2025, 9, 2), 2, number
            ),
        ),
        "operations": (
            contribution(
                "operations", "planning", "intervention.buffer_changed", date(2025, 6, 12), 1, number
            ),
            contribution(
                "operations", "planning", "intervention.buffer_changed", date(2025, 10, 1), 2, number
            ),
        ),
    }
    told = win(number, "perfect_order_streak")
    return replace(told, **{**values, "facts": values["facts"] | changes.pop("facts", {}), **changes})


def wins(count: int) -> tuple[Win, ...]:
    return tuple(win(number, PATTERNS[number % 3]) for number in range(count))


def highlight(number: int = 90, side: Side = "operations") -> Win:
    return win(number, "roadblock_beaten", kind="highlight", side=side, win_id=f"h-{number}")


def names(*replaced: str) -> Names:
    shown = (*replaced, *CUSTOMERS[len(replaced) :])
    return Names(
        {f"C-{i}": CustomerName(name) for i, name in enumerate(shown)} | {"C-90": CustomerName("Larch Tools")}
    )


def kpis(state: str = "rich") -> tuple[Kpi, ...]:
    return tuple(_kpi(row, state) for row in KPIS)


def _kpi(row: tuple[str, str | None, Unit, Better, str, str], state: str) -> Kpi:
    key, basis, unit, better, value, previous = row
    now, before = Decimal(value), Decimal(previous)
    if state == "red":
        worse = {"higher": before - Decimal("4.5"), "lower": before * 2, "zero": Decimal("19.4")}
        now = worse[better]
    empty = state == "none"
    status: KpiStatus = "no_data" if empty else "provisional" if state == "provisional" else "final"
    return Kpi(
        key=key,
        basis=basis,
        value=None if empty else now,
        unit=unit,
        better=better,
        numerator=None,
        denominator=None,
        n=0
        if empty
        else {"nps": 8, "csat": 27, "quality_return_ppm": 48_211, "wape": 64, "bias": 64}.get(key, 412),
        target=Decimal(TARGETS[key]) if key in TARGETS else None,
        previous=None if empty else before,
        change=None if empty else now - before,
        status=status,
    )


def series(state: str = "rich") -> dict[tuple[str, str | None], tuple[tuple[str, Decimal | None], ...]]:
    return {(kpi.key, kpi.basis): _trend(kpi, state) for kpi in kpis(state)}


def _trend(kpi: Kpi, state: str) -> tuple[tuple[str, Decimal | None], ...]:
    wave = (-7, -4, -6, -2, 1, -1, 2, None, 3, 4)
    names = [DECEMBER.back(11 - i).name for i in range(12)]
    if state == "none":
        return tuple((name, None) for name in names)
    base, last = kpi.previous or Decimal(0), kpi.value
    step = max(abs(base) / 60, Decimal("0.3"))
    values = [None if w is None else base + step * w for w in wave]
    return tuple(zip(names, [*values, kpi.previous, last], strict=True))


RISKS = (
    Risk("carrier", 9, 6, 3, 0, 4),
    Risk("material_shortage", 7, 6, 1),
    Risk("it_outage", 2, 1, 1),
    Risk("other", 1, 1, 0),
)


TRADING = Trading(
    accounts=tuple(AccountLines(f"C-{n}", 20 + n, 19 + n - n % 3, 20 + n, 19 + n - n % 3) for n in range(12)),
    open_orders=(
        OpenOrder("roadblock", "SO-2001", "C-1", date(2025, 12, 28), date(2026, 1, 9), "customs_documents"),
        OpenOrder("overdue", "SO-2002", "C-3", date(2025, 12, 22), date(2025, 12, 22)),
        OpenOrder("moved", "SO-2003", "C-4", date(2026, 1, 7), date(2026, 1, 14)),
    ),
    quarantined=(("SO-2009", "delivered before placed"),),
    missed=16,
    missed_with={"carrier": 6, "material_shortage": 4, "it_outage": 1},
    answered_by={"alternative_carrier": 5, "reschedule": 3},
    placed=430,
    clean=412,
    late_changed=11,
    with_errors=8,
    warnings=(EarlyWarning("sales", date(2025, 12, 3)), EarlyWarning("customer_service", date(2025, 12, 9))),
    forecasts=(
        Forecast("P-1", "each", Decimal(900), Decimal(1180), Decimal(1200)),
        Forecast("P-2", "kg", Decimal(400), Decimal(520), Decimal(410)),
    ),
    teams=("customer_service", "logistics", "marketing", "planning", "quality", "sales", "warehouse"),
)


def material(state: str = "rich", told: int = 5, **changes: Any) -> Material:
    values: dict[str, Any] = {
        "period": DECEMBER,
        "as_of": AS_OF,
        "arrived": state != "provisional",
        "kpis": kpis(state),
        "series": series(state),
        "wins": wins(told),
        "highlights": () if state == "none" else (highlight(), highlight(91, "sales")),
        "names": names(),
        "choice": Choice(most_per_pattern=4),
        "open_risks": () if state == "none" else RISKS,
        "corrections": (),
        "trading": NOTHING if state == "none" else TRADING,
    }
    return Material(**{**values, **changes})
