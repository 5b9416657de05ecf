"""KPIs as readers know them: label, definition, what a sample counts, and the order they are shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from shared.stories import phrases

if TYPE_CHECKING:
    from shared.editions.model import Figure


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
        "Forecast error", "Sum of absolute errors over demand (WAPE), consensus forecast.", "products"
    ),
    "bias": About("Forecast bias", "Forecast minus demand, over demand; above zero is too high.", "products"),
    "tracking_signal": About("Tracking signal", "Accumulated error over mean absolute error.", "periods"),
    "fva_sales": About(
        "Sales forecast value added", "Points of error that the sales step took away.", "products"
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
FEW: Final[dict[str, int]] = {"lines": 20, "answers": 10, "units": 10_000, "products": 6}
"""Samples below these are too small to read much into."""


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
