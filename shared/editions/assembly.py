"""What all editions share: figures, what got worse, risks, balance, counts and the headline sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.editions import figures, worsening
from shared.editions.discretion import shows
from shared.editions.model import Bounds, Edition, Figure
from shared.editions.sections import RiskLine
from shared.editions.storytelling import balance, highlights
from shared.languages import ENGLISH, languages, number, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from babel.support import NullTranslations

    from shared.editions.audiences import Audience
    from shared.editions.model import Highlight, Material, Risk, Story
    from shared.editions.sections import Chosen

    PeriodUnit = Literal["month", "week", "quarter"]

RISKS = 3


def assemble(
    name: str,
    audience: Audience,
    material: Material,
    stories: Sequence[Story],
    *,
    explanation: tuple[Chosen, ...] = (),
    strip: Sequence[Figure],
    lines: tuple[Highlight, ...] | None = None,
    acts: bool = False,
    **parts: Any,
) -> Edition:
    """An edition of these stories with everything that the period's material says besides.

    `strip` are the figures shown, `lines` replace the usual highlights, `parts` are what some editions have.
    `acts`: its readers have to act on what got worse, and are told of all of it.
    """
    board = shown_board(material)
    worse = worsening.gone_worse(board)
    lines = highlights(material) if lines is None else lines
    period = material.period
    joint = sum(win.kind == "joint" for win in material.wins)
    kept, final = figures.chosen(board), _became_final(material)
    headlines = {language: _headline(kept, final, period.unit, language) for language in languages()}
    return Edition(
        edition_id=f"{name}-{period.name}",
        name=name,
        audience=audience,
        period=Bounds(name=period.name, unit=period.unit, start=period.start, end=period.end),
        as_of=material.as_of,
        arrived=material.arrived,
        headline=headlines[ENGLISH],
        headlines=headlines,
        notes=dict(material.notes),
        figures=tuple(strip),
        board=board,
        worse=worse,
        named=worsening.whole(worse, board) if acts else worsening.news(worse, strip),
        stories=tuple(stories),
        highlights=lines,
        risks=risks(material.open_risks)[:RISKS],
        balance=balance(stories),
        corrections=material.corrections,
        restated=tuple(e for e in material.restated if shows(material.sight, e.key, e.unit)),
        counts={
            "wins": joint,
            "stories": len(stories),
            "highlights": len(lines),
            "not_told": joint - len(stories),
        },
        by_hand=material.by_hand,
        explanation=explanation,
        **parts,
    )


def shown_board(material: Material) -> tuple[Figure, ...]:
    """Every KPI that the audience may see."""
    seen = (kpi for kpi in material.kpis if shows(material.sight, kpi.key, kpi.unit))
    return figures.ordered(_with_mature(figures.figure(kpi, material), material) for kpi in seen)


def _with_mature(figure: Figure, material: Material) -> Figure:
    period = material.mature.get(figure.key)
    point = next((each for each in figure.trend if each.period == period and each.value is not None), None)
    return figure.model_copy(update={"mature": point}) if figure.status != "final" else figure


def _became_final(material: Material) -> int:
    """Joint wins whose last window closed inside the period; older ones may still be told."""
    period = material.period
    return sum(w.kind == "joint" and period.start <= w.final_at.date() < period.end for w in material.wins)


def risks(found: Iterable[Risk]) -> tuple[RiskLine, ...]:
    """The categories, those with the most late endings first, then with the most roadblocks."""
    worst = sorted((r for r in found if r.raised), key=lambda r: (-r.late, -r.raised, r.category))
    return tuple(
        RiskLine(
            category=r.category, raised=r.raised, saved=r.saved, late=r.late, open=r.open, before=r.before
        )
        for r in worst
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
