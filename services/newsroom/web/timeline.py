"""The picture of a win over time: its promise, what stood in the way, what each side did, the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from shared.patterns.model import Win

WIDTH: Final = 960
LANES: Final[dict[str, int]] = {"roadblock": 40, "sales": 92, "operations": 144, "delivery": 196}
"""Where the middle of each lane stands, from the top."""
HEIGHT: Final = 246
_LEFT, _RIGHT = 130, 940


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at one time, or from then until an end."""

    lane: str
    at: datetime
    x: float
    y: int
    text: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """All marks, the day promised, and where the axis begins and ends."""

    marks: tuple[Mark, ...]
    promise: tuple[float, str] | None
    start: datetime
    end: datetime


def picture(win: Win, zone: ZoneInfo) -> Picture:
    """Draw what a win's facts and contributions say."""
    spans = _spans(win)
    promise = _promise(win, zone)
    times = [time for _, start, end, _ in spans for time in (start, end or start)]
    times += [promise] if promise else []
    start, end = min(times), max(times)
    start, end = start - (margin := max((end - start) * 0.02, timedelta(hours=6))), end + margin

    def x(at: datetime) -> float:
        return round(_LEFT + (at - start) / (end - start) * (_RIGHT - _LEFT), 1)

    marks = tuple(
        Mark(lane, at.astimezone(zone), x(at), LANES[lane], text, x(until) if until else None)
        for lane, at, until, text in sorted(spans, key=lambda span: span[1])
    )
    shown = (x(promise), promise.date().isoformat()) if promise else None
    return Picture(marks, shown, start.astimezone(zone), end.astimezone(zone))


def _spans(win: Win) -> list[tuple[str, datetime, datetime | None, str]]:
    """Lane, begin, end and words of everything that happened."""
    found: list[tuple[str, datetime, datetime | None, str]] = []
    for each in win.facts.get("roadblocks", ()):
        raised, resolved = each["raised_at"], each.get("resolved_at")
        end = datetime.fromisoformat(resolved) if resolved else None
        found.append(("roadblock", datetime.fromisoformat(raised), end, _words(each["category"])))
    found += [
        (part.side, part.time, None, f"{_words(part.department)}: {_words(part.action)}")
        for part in (*win.sales, *win.operations)
    ]
    if delivered := win.facts.get("delivered_at"):
        found.append(("delivery", datetime.fromisoformat(delivered), None, ""))
    return found or [("delivery", win.final_at, None, "")]


def _promise(win: Win, zone: ZoneInfo) -> datetime | None:
    """The end of the day that was promised."""
    told: Any = win.facts.get("due_on")
    if not isinstance(told, str):
        return None
    return datetime.fromisoformat(told).replace(hour=23, minute=59, tzinfo=zone)


def _words(text: str) -> str:
    return text.replace(".", " ").replace("_", " ")
