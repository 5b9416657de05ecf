"""KPIs as readers know them: label, definition, what a sample counts, and the order they are shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from shared.history.units import is_piece
from shared.languages import ENGLISH, translations

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
    "perfect_order": About(
        "Perfect orders", "Orders complete, on time, with right papers and sound, of those known.", "orders"
    ),
    "cycle_time_median": About(
        "Order cycle time, median", "Days from placing to full receipt that half the orders kept.", "orders"
    ),
    "cycle_time_p90": About(
        "Order cycle time, P90", "Days from placing to full receipt that nine in ten orders kept.", "orders"
    ),
    "fill_rate_units": About("Fill rate, units", "Units in first shipments, of units ordered."),
    "fill_rate_lines": About("Fill rate, lines", "Lines whole in their first shipment, of lines due."),
    "fill_rate_orders": About(
        "Fill rate, orders", "Orders with every line whole in its first shipment, of orders due.", "orders"
    ),
    "backorder_rate": About("Backorders", "Lines delayed for lack of stock, of lines ordered."),
    "tracking_signal": About(
        "Tracking signal",
        "Forecast errors of twelve periods over their mean size; above zero is too low.",
        "periods",
    ),
    "fva_sales": About(
        "Value added by Sales", "Points by which Sales was nearer to demand than the step before.", "products"
    ),
    "sales_volume": About("Sales volume", "What customers received and kept.", "orders"),
    "gross_margin": About(
        "Gross margin", "Net sales less cost of goods and premium freight, of net sales.", "invoices"
    ),
    "expedites_per_100_lines": About("Expedites", "Premium incidents for each hundred lines due."),
    "promise_stability": About("Stable promises", "Lines whose promise we never moved later, of lines due."),
    "roadblock_save_rate": About(
        "Roadblocks beaten", "Roadblocks resolved before the due day, of those raised.", "roadblocks"
    ),
}
BASES: Final[dict[str, str]] = {
    "first_commit": "first promise",
    "requested": "requested date",
    "last_commit": "last promise",
}
SAMPLES: Final[dict[str, tuple[str, str]]] = {
    "lines": ("%(count)s line", "%(count)s lines"),
    "units": ("%(count)s unit", "%(count)s units"),
    "answers": ("%(count)s answer", "%(count)s answers"),
    "products": ("%(count)s product", "%(count)s products"),
    "orders": ("%(count)s order", "%(count)s orders"),
    "periods": ("%(count)s period", "%(count)s periods"),
    "invoices": ("%(count)s invoice", "%(count)s invoices"),
    "roadblocks": ("%(count)s roadblock", "%(count)s roadblocks"),
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


def about(key: str, language: str = ENGLISH) -> About:
    """What there is to say about a KPI in a language; for an unknown one, its key in words."""
    found = ABOUT.get(key)
    if found is None:
        return About(key.replace("_", " ").capitalize(), "")
    said = translations(language)
    return found._replace(label=said.gettext(found.label), definition=said.gettext(found.definition))


def basis(name: str | None, language: str = ENGLISH) -> str | None:
    """`first promise`, or for a unit of measure or a currency, `in kg`."""
    if name is None:
        return None
    said = translations(language)
    if name in BASES:
        return said.gettext(BASES[name])
    return said.gettext("in units") if is_piece(name) else said.gettext("in %(unit)s") % {"unit": name}


def name(figure: Figure, language: str = ENGLISH) -> str:
    """The label, with its unit of measure where it is not plain units."""
    label = about(figure.key, language).label
    plain = figure.basis is None or figure.basis in BASES or is_piece(figure.basis)
    return label if plain else f"{label}, {basis(figure.basis, language)}"


MESSAGES: Final[tuple[str | tuple[str, str], ...]] = (
    *(each.label for each in ABOUT.values()),
    *(each.definition for each in ABOUT.values()),
    *BASES.values(),
    *SAMPLES.values(),
)
"""What of this is for translators, with its plural where it has one."""
