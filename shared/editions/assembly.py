"""What all editions share: figures, what got worse, risks, balance, counts and the headline sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions import figures
from shared.editions.model import Bounds, Edition, Figure, RiskLine
from shared.editions.selection import balance, highlights
from shared.stories import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.editions.model import Material, Risk, Story


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
        headline=_headline(strip, _became_final(material), period.unit),
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


def _headline(strip: Sequence[Figure], joint: int, unit: str) -> str:
    """One sentence from the facts: how the promises were kept, what moved most, how many wins there are."""
    kept = next((f for f in strip if f.key == "otif"), None)
    wins = f"{phrases.count(joint, 'joint win')} became final" if joint else "no joint win became final"
    if kept is None or kept.value is None:
        return f"No order line fell due this {unit}, and {wins}."
    of = f"{figures.shown(kept)} of {phrases.count(kept.n, 'order line')}"
    return f"{of} kept the first promise on time and in full{_compared(kept, unit)}; {wins}."


def _compared(kept: Figure, unit: str) -> str:
    if kept.change is None:
        return ""
    if kept.direction == "same":
        return f", the same as the {unit} before"
    size = figures.signed(abs(kept.change), kept.unit).lstrip("+")
    return f", {'up' if kept.change > 0 else 'down'} {size} on the {unit} before"
