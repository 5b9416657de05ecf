"""The picture of how many wins the past would have had at other thresholds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from shared.rendering.writing import paged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.editions.brand import Brand
    from shared.periods import Period
    from shared.tuning import Trial


def render_tuning(pattern: str, trials: Sequence[Trial], months: Sequence[Period], brand: Brand) -> str:
    """A page with small bars, a month each, for every value of every threshold of a pattern."""
    told = {"pattern": pattern, "thresholds": _thresholds(trials), "months": months, "brand": brand}
    return paged("web/tuning.html.j2", told)


def _thresholds(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    most = max((count for trial in trials for count in trial.joint), default=0)
    return [
        {
            "name": threshold.name,
            "unit": threshold.unit,
            "reason": threshold.reason,
            "differs": len({(trial.joint, trial.highlights) for trial in values}) > 1,
            "trials": [_trial(trial, most) for trial in values],
        }
        for threshold, group in groupby(trials, lambda trial: trial.threshold)
        for values in [list(group)]
    ]


def _trial(trial: Trial, most: int) -> dict[str, Any]:
    months = len(trial.joint)
    return {
        "value": f"{trial.value.normalize():f}",
        "is_set": trial.is_set,
        "joint": trial.joint,
        "heights": [100 * count // most if most else 0 for count in trial.joint],
        "mean": f"{sum(trial.joint) / months:.1f}",
        "alone": f"{sum(trial.highlights) / months:.1f}",
    }
