"""`tandem tune`: how many wins the past would have had at other thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.commands.context import (
    AsJson,
    AsOf,
    UsageError,
    answer,
    heading,
    instant,
    named,
    note,
    opened,
    say,
    writing,
)
from services.commands.progress import progress
from shared.patterns.registry import names
from shared.periods import Period
from shared.picturing import render_tuning
from shared.tuning import Trial, tune
from shared.viewing import view

_BARS = " ▁▂▃▄▅▆▇█"


def tune_(
    pattern: Annotated[
        list[str] | None, typer.Argument(metavar="[PATTERN]...", help="Patterns; default: all.")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="How many months back to look.")] = 12,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", parser=named, help="Draw a page for each pattern there, too."),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show how many wins each month would have had at other thresholds; changes nothing."""
    chosen, at = _known(pattern or names()), instant(as_of)
    with opened() as (settings, store):
        span = _months(at, settings.rules.zone, months)
        with view(store, at, settings.rules) as connection:
            tried: dict[str, list[Trial]] = {}
            with progress("Judging the past", unit="patterns", total=len(chosen), quiet=as_json) as advance:
                for name in chosen:
                    tried[name] = tune(connection, name, span, at, settings.rules)
                    advance(1)
        if out is not None:
            with writing(out):
                for name, trials in tried.items():
                    page = out / f"tuning-{name}.html"
                    page.write_text(render_tuning(name, trials, span, settings.brand), encoding="utf-8")
                    note(f"Open {page} in a browser.")
    if as_json:
        answer(
            {
                "months": [month.name for month in span],
                "patterns": {n: _document(t) for n, t in tried.items()},
            }
        )
    else:
        _tell(tried, span)


def _known(asked: Sequence[str]) -> list[str]:
    if unknown := sorted(set(asked) - set(names())):
        raise UsageError(f"{unknown[0]} is no pattern; write one of {', '.join(names())}")
    return list(dict.fromkeys(asked))


def _months(at: datetime, zone: Any, count: int) -> list[Period]:
    """The last so many months that have ended."""
    last = Period.of(at.astimezone(zone or UTC).date(), "month").previous
    return [last.back(number) for number in reversed(range(count))]


def _document(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    return [
        {
            "threshold": trial.threshold.name,
            "unit": trial.threshold.unit,
            "value": trial.value,
            "set": trial.is_set,
            "joint": trial.joint,
            "highlights": trial.highlights,
        }
        for trial in trials
    ]


def _tell(tried: dict[str, list[Trial]], months: Sequence[Period]) -> None:
    say(f"Wins a month from {months[0].name} to {months[-1].name}, had the thresholds been others.")
    for name, trials in tried.items():
        heading(name.replace("_", " "))
        for line in _lines(trials):
            say(line)
    if how := _how(tried):
        say(f"\nTo set one: {how}. What stands is then judged anew.")


def _how(tried: dict[str, list[Trial]]) -> str:
    """How a number of a pattern is set, and how one of the rules: an example of each from what was tried."""
    other = [(each.threshold.name, each.value) for some in tried.values() for each in some if not each.is_set]
    own = (
        f"TANDEM_THRESHOLDS='{orjson.dumps({name: float(value)}).decode()}'"
        for name, value in other
        if "." in name
    )
    ruled = (f"TANDEM_{name.upper()}={value}" for name, value in other if "." not in name)
    return ", or ".join(text for text in (next(own, None), next(ruled, None)) if text is not None)


def _lines(trials: Sequence[Trial]) -> Iterator[str]:
    """A line for each value; one for all of a threshold where it makes no difference."""
    most = max((count for trial in trials for count in trial.joint), default=0)
    for threshold, group in groupby(trials, lambda trial: trial.threshold):
        values = list(group)
        yield f"  {threshold.name}, {threshold.unit}: {threshold.reason}"
        if len({(trial.joint, trial.highlights) for trial in values}) == 1:
            low, high = (f"{values[at].value.normalize():f}" for at in (0, -1))
            yield f"    {low} to {high}: no difference; {_means(values[0])}"
            continue
        for trial in values:
            bars = "".join(_bar(count, most) for count in trial.joint)
            now = "now" if trial.is_set else ""
            yield f"    {trial.value.normalize():>8f} {now:<4} {bars}  {_means(trial)}"


def _bar(count: int, most: int) -> str:
    return _BARS[-(-count * (len(_BARS) - 1) // most) if most else 0]


def _means(trial: Trial) -> str:
    months = len(trial.joint)
    joint, alone = sum(trial.joint) / months, sum(trial.highlights) / months
    return f"{joint:.1f} joint and {alone:.1f} one-sided a month"
