"""KPIs for readers: numbers with their units, the judgement of a change, and which figures are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from shared.editions.catalogue import ABOUT, BASES, FEW, SAMPLES, STRIP, about, basis, name
from shared.editions.model import Direction, Figure, Point
from shared.history.units import is_piece
from shared.languages import ENGLISH, MINUS, number, places, translations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from babel.support import NullTranslations

    from shared.editions.model import Material
    from shared.kpis.model import Kpi, Unit

Strip = tuple[tuple[str, str | None], ...]
"""Keys and bases of KPIs, in the order shown."""
_PLACES: Final[dict[Unit, int]] = {
    "percent": 1,
    "points": 0,
    "ppm": 0,
    "days": 1,
    "units": 0,
    "money": 0,
    "ratio": 2,
    "count": 0,
    "per_100_lines": 1,
}


def figure(kpi: Kpi, material: Material) -> Figure:
    """A KPI with its trend and the judgement of its change."""
    series = material.series.get((kpi.key, kpi.basis), ())
    change = _change(kpi)
    return Figure(
        key=kpi.key,
        basis=kpi.basis,
        value=kpi.value,
        unit=kpi.unit,
        better=kpi.better,
        n=kpi.n if kpi.unit != "ppm" or kpi.denominator is None else round(kpi.denominator),
        target=kpi.target,
        previous=kpi.previous,
        change=change,
        status=kpi.status,
        direction=_direction(kpi, change),
        trend=tuple(Point(period=period, value=value) for period, value in series[-12:]),
        few=kpi.few,
        low=kpi.low,
        high=kpi.high,
        standing=kpi.standing,
    )


def _change(kpi: Kpi) -> Decimal | None:
    """What lies between the two values as they are printed: readers subtract what they see."""
    if kpi.change is None or kpi.value is None or kpi.previous is None:
        return None
    return _round(kpi.value, kpi.unit) - _round(kpi.previous, kpi.unit)


def _direction(kpi: Kpi, change: Decimal | None) -> Direction:
    """Whether the change, as it is printed, is for the better; nothing provisional is called better yet."""
    if change is None or kpi.value is None or kpi.previous is None:
        return "unknown"
    if not change:
        return "same"
    gain = {"higher": change, "lower": -change, "zero": abs(kpi.previous) - abs(kpi.value)}[kpi.better]
    if gain > 0:
        return "unknown" if kpi.status == "provisional" else "better"
    return "worse" if gain < 0 else "same"


def chosen(board: Iterable[Figure], strip: Strip = STRIP, most: int | None = None) -> tuple[Figure, ...]:
    """The strip, in its order, of those that the board has; at most so many, those with data first."""
    figures = list(board)
    found = (widest(each for each in figures if is_of(each, key, basis)) for key, basis in strip)
    shown = [each for each in found if each]
    kept = sorted(shown, key=lambda each: each.value is None)[:most]
    return tuple(each for each in shown if each in kept)


def is_of(figure: Figure, key: str, basis: str | None) -> bool:
    """Figures without a delivery basis may have one row per unit of measure or currency."""
    return figure.key == key and (figure.basis == basis or (basis is None and figure.basis not in BASES))


def widest(figures: Iterable[Figure]) -> Figure | None:
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


def _round(value: Decimal, unit: Unit) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-_PLACES[unit]), ROUND_HALF_EVEN)


def rounded(value: Decimal, unit: Unit) -> Decimal:
    """The value as it is printed; figures that differ by less are told alike."""
    return _round(value, unit)


def _written(value: Decimal, unit: Unit, language: str) -> str:
    """A rounded number without a unit; zero has no sign."""
    rounded = _round(value, unit)
    return places(rounded or abs(rounded), _PLACES[unit], language)


def amount(value: Decimal | None, unit: Unit, language: str = ENGLISH) -> str:
    """`97.1%`, `412 ppm`, `no data`; a true minus sign."""
    said = translations(language)
    if value is None:
        return said.gettext("no data")
    return _with_unit(said, unit) % {"value": _written(value, unit, language)}


def _with_unit(said: NullTranslations, unit: Unit) -> str:
    match unit:
        case "percent":
            return said.gettext("%(value)s%%")
        case "ppm":
            return said.gettext("%(value)s\u202fppm")
        case "days":
            return said.gettext("%(value)s\u202fdays")
        case "per_100_lines":
            return said.gettext("%(value)s\u202fper 100 lines")
        case _:
            return "%(value)s"


def signed(value: Decimal, unit: Unit, language: str = ENGLISH) -> str:
    """A change with its sign, in points where the value is a percentage."""
    rounded = _round(value, unit)
    sign = MINUS if rounded < 0 else "+" if rounded else "±"
    return _moved(translations(language), unit) % {
        "value": f"{sign}{places(abs(rounded), _PLACES[unit], language)}"
    }


def _moved(said: NullTranslations, unit: Unit) -> str:
    match unit:
        case "percent" | "points":
            return said.gettext("%(value)s points")
        case "ppm":
            return said.gettext("%(value)s ppm")
        case "days":
            return said.gettext("%(value)s days")
        case _:
            return "%(value)s"


def shown(figure: Figure, language: str = ENGLISH) -> str:
    """The value as printed; scores that may be negative carry their sign."""
    text = amount(figure.value, figure.unit, language)
    signs = figure.key in {"nps", "bias", "fva_sales", "tracking_signal"}
    return f"+{text}" if signs and figure.value and _round(figure.value, figure.unit) > 0 else text


def changed(figure: Figure, language: str = ENGLISH) -> str:
    """`+1.3 points`, `+1.3 points so far` while provisional, or why there is none."""
    said = translations(language)
    if figure.change is None:
        return said.gettext("no comparison")
    if figure.direction == "same":
        return said.gettext("unchanged")
    change = signed(figure.change, figure.unit, language)
    so_far = figure.status == "provisional"
    return said.gettext("%(change)s so far") % {"change": change} if so_far else change


def against_target(figure: Figure, language: str = ENGLISH) -> str | None:
    """`target 95%, reached`; None without a target."""
    if figure.target is None:
        return None
    said = translations(language)
    whole = figure.unit == "percent" and figure.target == figure.target.to_integral_value()
    number_ = number(figure.target, language) if whole else _written(figure.target, figure.unit, language)
    target = _with_unit(said, figure.unit) % {"value": number_}
    if figure.value is None:
        return said.gettext("target %(target)s") % {"target": target}
    if reached(figure):
        return said.gettext("target %(target)s, reached") % {"target": target}
    return said.gettext("target %(target)s, missed") % {"target": target}


def reached(figure: Figure) -> bool | None:
    """Whether the target is met; None where there is no value or no target."""
    if figure.value is None or figure.target is None:
        return None
    value, target = figure.value, figure.target
    return {"higher": value >= target, "lower": value <= target, "zero": abs(value) <= abs(target)}[
        figure.better
    ]


def sample(figure: Figure, language: str = ENGLISH) -> str:
    """`412 lines`; a small sample says so."""
    said, what, n = translations(language), about(figure.key).sample, number(figure.n, language)
    if what == "units" and figure.basis and not is_piece(figure.basis):
        return f"{n} {figure.basis}"
    counted = said.ngettext(*SAMPLES[what], figure.n) % {"count": n}
    few = 0 < figure.n < FEW.get(what, 0)
    return said.gettext("%(sample)s, few") % {"sample": counted} if few else counted


def details(figure: Figure, language: str = ENGLISH) -> str:
    """What a value rests on: `first promise · 412 lines · provisional`."""
    counted = about(figure.key).sample == "units"  # the sample itself names the unit of measure
    parts = (
        None if counted else basis(figure.basis, language),
        sample(figure, language),
        translations(language).gettext("provisional") if figure.status == "provisional" else None,
    )
    return " · ".join(part for part in parts if part)


def unsettled(figures: Iterable[Figure], language: str = ENGLISH) -> str:
    """Why figures are provisional although every source has reported; empty where none is."""
    if all(each.status != "provisional" for each in figures):
        return ""
    return translations(language).gettext(
        "Provisional figures still wait for returns or feedback; they are called better only once final."
    )


__all__ = [
    "about",
    "against_target",
    "amount",
    "basis",
    "changed",
    "chosen",
    "details",
    "figure",
    "name",
    "ordered",
    "reached",
    "rounded",
    "sample",
    "shown",
    "signed",
    "unsettled",
]
