"""What all editions share: figures, what got worse, risks, balance, counts and the headline sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions import figures
from shared.editions.model import Bounds, Edition, Figure, RiskLine
from shared.editions.selection import balance, highlights
from shared.languages import ENGLISH, languages, number, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from babel.support import NullTranslations

    from shared.editions.model import Material, Risk, Story

    PeriodUnit = Literal["month", "week", "quarter"]


def assemble(name: str, audience: str, material: Material, stories: Sequence[Story]) -> Edition:
    """An edition of these stories with everything that the period's material says besides."""
    board = figures.ordered(figures.figure(kpi, material) for kpi in material.kpis)
    strip = figures.chosen(board)
    period = material.period
    lines = highlights(material)
    joint = sum(win.kind == "joint" for win in material.wins)
    return Edition(
        edition_id=f"{name}-{period.name}",
        name=name,
        audience=audience,
        period=Bounds(name=period.name, unit=period.unit, start=period.start, end=period.end),
        as_of=material.as_of,
        arrived=material.arrived,
        headline=_headline(strip, _became_final(material), period.unit, ENGLISH),
        headlines={
            each: _headline(strip, _became_final(material), period.unit, each) for each in languages()
        },
        notes=dict(material.notes),
        figures=strip,
        board=board,
        worse=figures.gone_worse(board),
        stories=tuple(stories),
        highlights=lines,
        risks=_risks(material.open_risks),
        balance=balance(stories),
        corrections=material.corrections,
        restated=material.restated,
        counts={
            "wins": joint,
            "stories": len(stories),
            "highlights": len(lines),
            "not_told": joint - len(stories),
        },
    )


def _became_final(material: Material) -> int:
    """Joint wins whose last window closed inside the period; older ones may still be told."""
    period = material.period
    return sum(w.kind == "joint" and period.start <= w.final_at.date() < period.end for w in material.wins)


def _risks(risks: Iterable[Risk]) -> tuple[RiskLine, ...]:
    """The three categories with the most late endings, then the most roadblocks."""
    worst = sorted((r for r in risks if r.raised), key=lambda r: (-r.late, -r.raised, r.category))
    return tuple(
        RiskLine(category=r.category, raised=r.raised, saved=r.saved, late=r.late) for r in worst[:3]
    )


def _headline(strip: Sequence[Figure], joint: int, unit: PeriodUnit, language: str) -> str:
    """One sentence from the facts: how the promises were kept, what moved most, how many wins there are."""
    said = translations(language)
    kept = next((f for f in strip if f.key == "otif"), None)
    wins = _wins(joint, said)
    if kept is None or kept.value is None:
        nothing = {
            "month": said.gettext("No order line fell due this month, and %(wins)s."),
            "week": said.gettext("No order line fell due this week, and %(wins)s."),
            "quarter": said.gettext("No order line fell due this quarter, and %(wins)s."),
        }
        return nothing[unit] % {"wins": wins}
    of = said.ngettext(
        "%(share)s of %(n)s order line kept the first promise on time and in full%(compared)s; %(wins)s.",
        "%(share)s of %(n)s order lines kept the first promise on time and in full%(compared)s; %(wins)s.",
        kept.n,
    )
    share, count = figures.shown(kept, language), number(kept.n, language)
    compared = _compared(kept, unit, language)
    return of % {"share": share, "n": count, "compared": compared, "wins": wins}


def _wins(joint: int, said: NullTranslations) -> str:
    if not joint:
        return said.gettext("no joint win became final")
    return said.ngettext("%(count)s joint win became final", "%(count)s joint wins became final", joint) % {
        "count": joint
    }


def _compared(kept: Figure, unit: PeriodUnit, language: str) -> str:
    if kept.change is None:
        return ""
    said = translations(language)
    before = {
        "month": said.gettext("the month before"),
        "week": said.gettext("the week before"),
        "quarter": said.gettext("the quarter before"),
    }[unit]
    if kept.direction == "same":
        return said.gettext(", the same as %(before)s") % {"before": before}
    size = figures.signed(abs(kept.change), kept.unit, language).lstrip("+")
    moved = (
        said.gettext(", up %(size)s on %(before)s")
        if kept.change > 0
        else said.gettext(", down %(size)s on %(before)s")
    )
    return moved % {"size": size, "before": before}
