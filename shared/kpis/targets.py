"""Targets: what a KPI should reach, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shared.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.kpis.model import Better, Standing

    Targets = Mapping[str, Sequence["Target"]]
    """By KPI; of several one holds on each day at most."""

_FORM = '95, or [{"value": 95, "from": "2026-01", "until": "2026-12"}]'


@dataclass(frozen=True, slots=True)
class Target:
    """A value in the KPI's unit that holds from `start` up to, not including, `end`."""

    value: Decimal
    start: date = date.min
    end: date = date.max
    near_percent: Decimal = Decimal(0)
    """How far from the value, in percent of it, is still near."""

    def standing(self, value: Decimal, better: Better) -> Standing:
        """How a value stands against it; where zero is the aim, it says how far from zero is still good."""
        near = abs(self.value) * self.near_percent / 100
        gap = {
            "higher": self.value - value,
            "lower": value - self.value,
            "zero": abs(value) - abs(self.value),
        }[better]
        return "reached" if gap <= 0 else "near" if gap <= near else "missed"


def target_of(targets: Targets, key: str, period: Period) -> Target | None:
    """The target that holds on the period's last day."""
    last = period.end - timedelta(days=1)
    return next((one for one in targets.get(key, ()) if one.start <= last < one.end), None)


def read_targets(told: Any, near_percent: Decimal) -> dict[str, tuple[Target, ...]]:
    """Read targets as settings write them; ValueError names the KPI and says what to write."""
    if not isinstance(told, dict):
        raise ValueError('write JSON such as {"otif": 95}')  # noqa: TRY004 - a setting is wrong, not our code
    return {key: _read(key, one, near_percent) for key, one in told.items()}


def _read(key: str, told: Any, near_percent: Decimal) -> tuple[Target, ...]:
    several = told if isinstance(told, list) else [told if isinstance(told, dict) else {"value": told}]
    found = sorted((_one(key, one, near_percent) for one in several), key=lambda one: one.start)
    for earlier, later in pairwise(found):
        if later.start < earlier.end:
            raise ValueError(
                f"two targets of {key!r} hold on {later.start}; let one end before the other begins"
            )
    return tuple(found)


def _one(key: str, told: Any, near_percent: Decimal) -> Target:
    if not isinstance(told, dict) or not {"value"} <= told.keys() <= {"value", "from", "until"}:
        raise ValueError(f"{key!r}: write {_FORM}")
    start = _days(key, told["from"], "from")[0] if told.get("from") else date.min
    end = _days(key, told["until"], "until")[1] if told.get("until") else date.max
    if start >= end:
        raise ValueError(f"{key!r}: a target from {told['from']} cannot end with {told['until']}")
    return Target(_value(key, told["value"]), start, end, near_percent)


def _value(key: str, told: Any) -> Decimal:
    try:
        value = Decimal(str(told))
    except InvalidOperation:
        raise ValueError(f"{key!r}: {told!r} is no number; write {_FORM}") from None
    if not value.is_finite() or isinstance(told, bool):
        raise ValueError(f"{key!r}: {told!r} is no number; write {_FORM}")
    return value


def _days(key: str, told: Any, name: str) -> tuple[date, date]:
    """The days of a month, or of one day: from the first up to, not including, the second."""
    try:
        if day := _iso(told):
            return day, day + timedelta(days=1)
        period = Period.parse(str(told))
    except ValueError:
        raise ValueError(
            f"{key!r}: {name} {told!r} is no month and no day; write 2026-01 or 2026-01-15"
        ) from None
    return period.start, period.end


def _iso(told: Any) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) and len(told) == len("2026-01-15") else None
