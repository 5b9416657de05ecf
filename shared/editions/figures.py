"""KPIs for readers: names, definitions, numbers with their units, and whether a change is for the better."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from shared.editions.model import Direction, Figure, Point
from shared.stories import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from shared.editions.model import Bounds, Material
    from shared.kpis.model import Kpi, Unit

MINUS: Final = "\u2212"
THIN: Final = "\u202f"


class About(NamedTuple):
    """What a KPI is called, what it means, and what its sample counts."""

    label: str
    definition: str
    sample: str = "lines"


ABOUT: Final[dict[str, About]] = {
    "on_time": About("On time", "Order lines closed by their due day, of all lines due."),
    "in_full": About("In full", "Order lines accepted in the ordered quantity, of all lines due."),
    "otif": About("On time, in full", "Order lines both on time and in full, of all lines due."),
    "perfect_order": About(
        "Perfect orders", "Orders on time, in full, undamaged and with the right documents.", "orders"
    ),
    "cycle_time_median": About("Cycle time, median", "Days from order to complete delivery.", "orders"),
    "cycle_time_p90": About(
        "Cycle time, slowest tenth", "Nine of ten orders were faster than this.", "orders"
    ),
    "fill_rate_units": About(
        "Fill rate, units", "Units sent with the first shipment, of units ordered.", "units"
    ),
    "fill_rate_lines": About("Fill rate, lines", "Lines complete with the first shipment, of all lines."),
    "fill_rate_orders": About("Fill rate, orders", "Orders complete with the first shipment.", "orders"),
    "backorder_rate": About("Backorders", "Lines delayed or cut for lack of stock, of lines placed."),
    "quality_return_ppm": About(
        "Quality returns",
        "Units returned for quality per million units accepted, by delivery month.",
        "units",
    ),
    "csat": About("Satisfied customers", "Answers in the top quarter of their scale (CSAT).", "answers"),
    "nps": About(
        "Net Promoter Score", "Share of promoters (9-10) minus share of detractors (0-6).", "answers"
    ),
    "wape": About(
        "Forecast error", "Sum of absolute errors over demand (WAPE), consensus forecast.", "pairs"
    ),
    "bias": About("Forecast bias", "Forecast minus demand, over demand; above zero is too high.", "pairs"),
    "tracking_signal": About("Tracking signal", "Accumulated error over mean absolute error.", "periods"),
    "fva_sales": About(
        "Sales forecast value added", "Points of error that the sales step took away.", "pairs"
    ),
    "sales_volume": About("Sales volume", "Net value of orders.", "orders"),
    "gross_margin": About("Gross margin", "Net sales minus cost of goods, over net sales.", "invoices"),
    "expedites_per_100_lines": About("Expedites", "Premium interventions per hundred lines due."),
    "promise_stability": About(
        "Promise stability", "Lines whose first promise we never moved, of lines due."
    ),
    "roadblock_save_rate": About(
        "Roadblocks beaten", "Roadblocks resolved on the original promise.", "roadblocks"
    ),
}
BASES: Final[dict[str, str]] = {
    "first_commit": "first promise",
    "requested": "requested date",
    "last_commit": "last promise",
}
STRIP: Final[tuple[tuple[str, str | None], ...]] = (
    ("otif", "first_commit"),
    ("on_time", "first_commit"),
    ("in_full", "first_commit"),
    ("quality_return_ppm", None),
    ("csat", None),
    ("nps", None),
    ("wape", None),
    ("bias", None),
)
"""The KPIs that a reader of a newsletter or digest sees, joint ones first."""
FEW: Final[dict[str, int]] = {"lines": 20, "answers": 10, "units": 10_000, "pairs": 6}
"""Samples below these are too small to read much into."""
_PLACES: Final[dict[Unit, str]] = {
    "percent": "0.1",
    "points": "1",
    "ppm": "1",
    "days": "0.1",
    "units": "1",
    "money": "1",
    "ratio": "0.01",
    "count": "1",
    "per_100_lines": "0.1",
}
_SUFFIX: Final[dict[Unit, str]] = {
    "percent": "%",
    "ppm": f"{THIN}ppm",
    "days": f"{THIN}days",
    "per_100_lines": f"{THIN}per 100 lines",
}
_CHANGE_SUFFIX: Final[dict[Unit, str]] = {
    "percent": " points",
    "points": " points",
    "ppm": " ppm",
    "days": " days",
}


def about(key: str) -> About:
    """What there is to say about a KPI; for an unknown one, its key in words."""
    return ABOUT.get(key) or About(key.replace("_", " ").capitalize(), "")


def basis(name: str | None) -> str | None:
    """`first promise`, or for a unit of measure or a currency, `in kg`."""
    if name is None:
        return None
    return BASES.get(name) or f"in {'units' if phrases.is_piece(name) else name}"


def name(figure: Figure) -> str:
    """The label, with its unit of measure where it is not plain units."""
    said = basis(figure.basis)
    label = about(figure.key).label
    return f"{label}, {said}" if said and said.startswith("in ") and said != "in units" else label


def figure(kpi: Kpi, material: Material) -> Figure:
    """A KPI with its trend and the judgement of its change."""
    series = material.series.get((kpi.key, kpi.basis), ())
    return Figure(
        key=kpi.key,
        basis=kpi.basis,
        value=kpi.value,
        unit=kpi.unit,
        better=kpi.better,
        n=kpi.n if kpi.unit != "ppm" or kpi.denominator is None else round(kpi.denominator),
        target=kpi.target,
        previous=kpi.previous,
        change=kpi.change,
        status=kpi.status,
        direction=_direction(kpi),
        trend=tuple(Point(period=period, value=value) for period, value in series[-12:]),
    )


def _direction(kpi: Kpi) -> Direction:
    """Whether the change, as it is printed, is for the better."""
    if kpi.change is None or kpi.value is None or kpi.previous is None:
        return "unknown"
    if not _round(kpi.change, kpi.unit):
        return "same"
    gain = {"higher": kpi.change, "lower": -kpi.change, "zero": abs(kpi.previous) - abs(kpi.value)}[
        kpi.better
    ]
    return "better" if gain > 0 else "worse" if gain < 0 else "same"


def chosen(board: Iterable[Figure]) -> tuple[Figure, ...]:
    """The strip, in its order, of those that the board has."""
    figures = list(board)
    found = (_widest(each for each in figures if _is(each, key, basis)) for key, basis in STRIP)
    return tuple(each for each in found if each)


def _is(figure: Figure, key: str, basis: str | None) -> bool:
    """Figures without a delivery basis may have one row per unit of measure or currency."""
    return figure.key == key and (figure.basis == basis or (basis is None and figure.basis not in BASES))


def _widest(figures: Iterable[Figure]) -> Figure | None:
    """Of several units of measure, the one with the largest sample: they are never summed."""
    return min(figures, key=lambda each: (-each.n, each.basis or ""), default=None)


def ordered(board: Iterable[Figure]) -> tuple[Figure, ...]:
    """The board in the order of the catalogue, the first promise before the other bases."""
    keys, bases = list(ABOUT), list(BASES)
    return tuple(
        sorted(
            board,
            key=lambda each: (
                keys.index(each.key) if each.key in keys else len(keys),
                bases.index(each.basis) if each.basis in BASES else len(bases),
                each.key,
                each.basis or "",
            ),
        )
    )


def gone_worse(board: Iterable[Figure]) -> tuple[Figure, ...]:
    """What moved the wrong way, by share of its previous value; of a KPI's bases only the first promise."""
    worse = (f for f in board if f.direction == "worse" and f.basis not in {"requested", "last_commit"})
    return tuple(sorted(worse, key=lambda f: (-_relative(f), f.key)))


def _relative(figure: Figure) -> Decimal:
    return abs(figure.change or Decimal(0)) / max(abs(figure.previous or Decimal(0)), Decimal(1))


def _round(value: Decimal, unit: Unit) -> Decimal:
    return value.quantize(Decimal(_PLACES[unit]), ROUND_HALF_EVEN)


def amount(value: Decimal | None, unit: Unit) -> str:
    """`97.1%`, `412 ppm`, `no data`; a true minus sign."""
    if value is None:
        return "no data"
    rounded = _round(value, unit)
    return f"{rounded or abs(rounded):,f}{_SUFFIX.get(unit, '')}".replace("-", MINUS)


def signed(value: Decimal, unit: Unit) -> str:
    """A change with its sign, in points where the value is a percentage."""
    rounded = _round(value, unit)
    sign = MINUS if rounded < 0 else "+" if rounded else "±"
    return f"{sign}{abs(rounded):,f}{_CHANGE_SUFFIX.get(unit, '')}"


def shown(figure: Figure) -> str:
    """The value as printed; scores that may be negative carry their sign."""
    text = amount(figure.value, figure.unit)
    signs = figure.key in {"nps", "bias", "fva_sales", "tracking_signal"}
    return f"+{text}" if signs and figure.value and _round(figure.value, figure.unit) > 0 else text


def changed(figure: Figure) -> str:
    """`+1.3 points`, or why there is none."""
    if figure.change is None:
        return "no comparison"
    return "unchanged" if figure.direction == "same" else signed(figure.change, figure.unit)


def against_target(figure: Figure) -> str | None:
    """`target 95.0%, reached`; None without a target."""
    if figure.target is None:
        return None
    text = f"target {amount(figure.target, figure.unit).replace('.0%', '%')}"
    if figure.value is None:
        return text
    return f"{text}, {'reached' if reached(figure) else 'missed'}"


def reached(figure: Figure) -> bool | None:
    """Whether the target is met; None where there is no value or no target."""
    if figure.value is None or figure.target is None:
        return None
    value, target = figure.value, figure.target
    return {"higher": value >= target, "lower": value <= target, "zero": abs(value) <= abs(target)}[
        figure.better
    ]


def sample(figure: Figure) -> str:
    """`412 lines`; a small sample says so."""
    what = about(figure.key).sample
    if what == "units" and figure.basis and not phrases.is_piece(figure.basis):
        return f"{figure.n:,} {figure.basis}"
    few = ", few" if 0 < figure.n < FEW.get(what, 0) else ""
    return f"{figure.n:,} {what.removesuffix('s') if figure.n == 1 else what}{few}"


def heights(figure: Figure, tallest: int) -> tuple[int | None, ...]:
    """Bar heights of the trend between its lowest and highest value; None for a period without data."""
    values = [_level(figure, point.value) for point in figure.trend]
    known = [value for value in values if value is not None]
    if not known:
        return tuple(None for _ in values)
    low, span = min(known), max(known) - min(known)
    shortest = max(2, tallest // 5)
    if not span:
        return tuple(None if value is None else tallest // 2 for value in values)
    scale = (tallest - shortest) / float(span)
    return tuple(None if v is None else round(shortest + scale * float(v - low)) for v in values)


def _level(figure: Figure, value: Decimal | None) -> Decimal | None:
    """What a bar stands for: the value, or where zero is best, the distance from it."""
    return abs(value) if value is not None and figure.better == "zero" else value


def extent(figure: Figure) -> tuple[str, str] | None:
    """The lowest and the highest value of the trend, as printed."""
    known = [point.value for point in figure.trend if point.value is not None]
    return (amount(min(known), figure.unit), amount(max(known), figure.unit)) if known else None


def period(bounds: Bounds) -> str:
    """`December 2025`, `Week 50, 2025`."""
    if bounds.unit == "month":
        return f"{bounds.start:%B} {bounds.start.year}"
    year, week, _ = bounds.start.isocalendar()
    return f"Week {week}, {year}"


def instant(at: datetime) -> str:
    """`5 January 2026 at 08:00 UTC`, `... UTC+01:00`: by offset, which JSON keeps, not by zone name."""
    offset = f"{at:%z}"
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:]}".replace("-", MINUS)
    return f"{phrases.full_day(at.date())} at {at:%H:%M} {zone}"


def last_day(bounds: Bounds) -> date:
    """The last day inside the period."""
    return bounds.end - timedelta(days=1)
