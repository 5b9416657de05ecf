"""Dates and times from text: declared formats, declared zones, nothing guessed."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.mapping.months import in_english

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_PROBE = datetime(2003, 2, 1, 4, 5, 6)  # noqa: DTZ001 # each part another number
ISO = ("ISO 8601",)
SERIAL = "serial"
"""The days since the end of 1899, as spreadsheets count them; the part after the point is the time of day."""
_SERIAL = re.compile(r"[1-9]\d{1,5}(\.\d{1,15})?")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 # the wall clock of the sheet
_FRIDAY = 4


def format_problem(text: str) -> str:
    """What is wrong with a date format, empty if nothing is."""
    if text == SERIAL:
        return ""
    if "%Y" not in text and "%y" not in text:
        return f"{text!r} reads no year; write one such as %d/%m/%Y"
    try:
        datetime.strptime("", text)  # noqa: DTZ007 # only the format is tried
    except ValueError as error:
        if "bad directive" in str(error) or "stray %" in str(error):
            return f"{text!r} is no date format; write one such as %d/%m/%Y"
    return ""


def clashing(formats: list[str]) -> tuple[str, str, str] | None:
    """Two formats that read one text as different days, and that text; None where no two do."""
    for one, other in itertools.permutations(formats, 2):
        text = _PROBE.strftime(one)
        first, second = moment(text, (one,)), moment(text, (other,))
        if first and second and first.date() != second.date():
            return one, other, text
    return None


def clock_problem(text: str) -> str:
    """What is wrong with a time of day, empty if nothing is."""
    return "" if _CLOCK.fullmatch(text) else f"{text!r} is no time of day; write one such as 17:00"


@lru_cache(maxsize=65_536)
def moment(text: str, formats: tuple[str, ...]) -> datetime | None:
    """Read a date or time by the first format that fits; None if none does."""
    if formats is ISO:
        try:
            return datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
        except ValueError:
            return None
    for each in formats:
        if each == SERIAL:
            if _SERIAL.fullmatch(text):
                return _EPOCH + timedelta(seconds=round(float(text) * 86_400))
            continue
        named = in_english(text, each) if "%b" in each.lower() else text
        try:
            return datetime.strptime(named, each)  # noqa: DTZ007 # the zone is declared apart
        except ValueError:
            continue
    return None


def working_days_after(day: date, count: int) -> date:
    """So many days from Monday to Friday later; raises OverflowError past the calendar."""
    if not count:
        return day
    start = day - timedelta(days=max(day.weekday() - _FRIDAY, 0))
    weeks, rest = divmod(start.weekday() + count, 5)
    return start + timedelta(days=7 * weeks + rest - start.weekday())


def clock(text: str) -> time:
    """Read `17:00`, checked before by `clock_problem`."""
    return time.fromisoformat(text)


def local(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """That reading of the clock in `zone`; None in the gap of spring, the earlier in autumn's fold."""
    aware = wall.replace(tzinfo=zone, fold=0)
    back = aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
    return aware if back == wall else None


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone, or None."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown; a folder; no name at all
        return None
