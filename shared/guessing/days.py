"""Which date formats the texts of a column allow: one, several that disagree, or none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.mapping import moments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_SHAPE = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{1,2})"
    r"(?:(?P<gap>[T ]|, ?)(?P<hour>\d{1,2}):\d\d(?P<second>:\d\d)?(?P<half> ?[AaPp][Mm])?)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(19|20)\d\d[01]\d[0-3]\d", re.ASCII)
_NAMED = re.compile(
    r"(?P<day>\d{1,2})(?P<a>\.? |[-./])(?P<month>[^\W\d_]{3,10})(?P<b>\.?[-. /])(?P<year>\d{4}|\d\d)"
    r"|(?P<month_>[^\W\d_]{3,10})(?P<a_>\.? )(?P<day_>\d{1,2})(?P<b_>,? )(?P<year_>\d{4}|\d\d)"
)
_MANY = 20
_FEW, _MONTHS = 3, 12
_YEARS_APART = 15  # a two-digit number that runs wider is a day, not the year of a living order book
_AGE = range(1990, 2050)
ORDERS = {"day": "%d{s}%m{s}", "month": "%m{s}%d{s}", "year": "{y}{s}%m{s}%d"}
"""What may stand first in a date."""
WORDS = {"day": "day first", "month": "month first", "year": "year first"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read every date of a column; no formats means ISO 8601, which needs none."""

    first: str
    formats: tuple[str, ...]
    example: str
    day: datetime

    @property
    def words(self) -> str:
        """`03/04/2026 is 3 April 2026`."""
        return f"{self.example!r} is {self.day.day} {self.day:%B} {self.day.year}"


@dataclass(frozen=True, slots=True)
class Days:
    """The readings that fit every date, and what speaks for them.

    `decisive` is a text that rules the others out, `odd` are no dates, `contrary` a text that is day first
    and one that is month first, `swapped` one of many that are written in a way in which no day is over 12.
    """

    readings: tuple[Reading, ...]
    decisive: str
    dates: int
    odd: tuple[str, ...]
    contrary: tuple[str, str] | None = None
    swapped: str = ""

    @property
    def two_digit(self) -> bool:
        """Whether years have two digits."""
        return any("%y" in each for reading in self.readings for each in reading.formats)


def days_of(texts: Iterable[str]) -> Days | None:
    """Look at the texts of a column; None where few of them are dates."""
    told = Counter(texts)
    fits = {text: _fits(text) for text in told}
    dates = [text for text in told if fits[text]]
    odd = tuple(text for text in told if not fits[text])
    if not dates or len(dates) < len(odd):
        return None
    open_ = [text for text in dates if len(_formats(text)) > 1]  # the others can be read in one way only
    firsts = [first for first in ORDERS if all(first in fits[text] for text in open_)] if open_ else ["year"]
    firsts = [first for first in firsts if not (open_ and _too_wide(first, firsts, open_, fits))]
    readings = tuple(_reading(first, dates, fits, firsts) for first in firsts)
    count = sum(told[text] for text in dates)
    decisive = _decisive(readings, open_, fits)
    swapped = decisive and (_swapped(readings[0].first, open_, fits) or _taken(dates, open_, fits))
    return Days(readings, decisive, count, odd, _contrary(open_, fits), swapped)


def serials_of(texts: Iterable[str]) -> Days | None:
    """The texts as the days of a spreadsheet that lost their format; None unless all are, of this age."""
    told = Counter(texts)
    found = {text: moments.moment(text, (moments.SERIAL,)) for text in told}
    days = [day for day in found.values() if day is not None and day.year in _AGE]
    if not days or len(days) < len(told):
        return None
    reading = Reading("year", (moments.SERIAL,), next(iter(told)), days[0])
    return Days((reading,), "", told.total(), ())


def _swapped(first: str, open_: list[str], fits: dict[str, dict[str, str]]) -> str:
    """A date written as only those are that can be read both ways, if there are many such.

    A spreadsheet that takes day for month does so where it can, and writes what it took in its own way.
    """
    by_format: dict[str, list[str]] = {}
    for text in open_:
        by_format.setdefault(fits[text][first], []).append(text)
    other = "month" if first == "day" else "day"
    doubtful = [
        texts for texts in by_format.values() if len(texts) >= _MANY and all(other in fits[t] for t in texts)
    ]
    return doubtful[0][0] if doubtful and len(by_format) > 1 else ""


def _taken(dates: list[str], open_: list[str], fits: dict[str, dict[str, str]]) -> str:
    """A real date of a sheet, if all of them are of days up to 12 and all that stayed text of later ones."""
    real = [text for text in dates if fits[text] == {"year": ""}]
    apart = all(_at(text, "").day <= _MONTHS for text in real) and all(len(fits[text]) == 1 for text in open_)
    return real[0] if apart and len(real) >= _FEW and len(open_) >= _FEW else ""


def _decisive(readings: tuple[Reading, ...], open_: list[str], fits: dict[str, dict[str, str]]) -> str:
    """A text that cannot be read with day and month the other way round."""
    if len(readings) != 1:
        return ""
    other = "month" if readings[0].first == "day" else "day"
    return next((text for text in open_ if other not in fits[text]), "")


def _fits(text: str) -> dict[str, str]:
    """What may stand first in this text, each with its format; empty where it is no date."""
    if moments.moment(text, moments.ISO):
        return {"year": ""}
    formats = _formats(text)
    return {first: each for first, each in formats.items() if moments.moment(text, (each,))}


def _formats(text: str) -> dict[str, str]:
    if _COMPACT.fullmatch(text):
        return {"year": "%Y%m%d"}
    if named := _NAMED.fullmatch(text):
        return {"day": _worded(named)}
    match = _SHAPE.fullmatch(text)
    if match is None:
        return {}
    long_first, long_last = len(match["a"]) == 4, len(match["c"]) == 4  # noqa: PLR2004 # a full year
    year = "%Y" if long_first or long_last else "%y"
    padded = len(match["a"]) == len(match["b"]) == len(match["c"])  # as years of two digits are when first
    firsts = ["year"] if long_first else ["day", "month"] if long_last or not padded else list(ORDERS)
    return {first: _day(first, match["sep"], year) + _clock(match) for first in firsts}


def _worded(named: re.Match[str]) -> str:
    """The format of a date that names its month."""
    part = {name.rstrip("_"): text for name, text in named.groupdict().items() if text is not None}
    month = "%b" if len(part["month"]) == 3 else "%B"  # noqa: PLR2004 # as in Oct
    year = "%Y" if len(part["year"]) == 4 else "%y"  # noqa: PLR2004 # a full year
    first, second = ("%d", month) if named["day"] else (month, "%d")
    return f"{first}{part['a']}{second}{part['b']}{year}"


def _day(first: str, separator: str, year: str) -> str:
    text = ORDERS[first].format(s=separator, y=year)
    return text if first == "year" else text + year


def _clock(match: re.Match[str]) -> str:
    if match["hour"] is None:
        return ""
    hour, half = ("%I", match["half"][:-2] + "%p") if match["half"] else ("%H", "")
    return f"{match['gap']}{hour}:%M{':%S' if match['second'] else ''}{half}"


def _too_wide(first: str, firsts: list[str], dates: list[str], fits: dict[str, dict[str, str]]) -> bool:
    """Whether two-digit years would lie far apart where another reading keeps them together."""
    return first == "year" and len(firsts) > 1 and _span(first, dates, fits) > _YEARS_APART


def _span(first: str, dates: list[str], fits: dict[str, dict[str, str]]) -> int:
    years = [_at(text, fits[text][first]).year for text in dates]
    return max(years) - min(years)


def _at(text: str, format_: str) -> datetime:
    found = moments.moment(text, (format_,) if format_ else moments.ISO)
    assert found is not None, text
    return found


def _reading(first: str, dates: list[str], fits: dict[str, dict[str, str]], rivals: list[str]) -> Reading:
    formats = tuple(dict.fromkeys(_chosen(fits[text], first) for text in dates))
    if any(formats):
        formats = tuple(dict.fromkeys(_chosen(fits[text], first) or _iso(text) for text in dates))
    else:
        formats = ()
    example = _telling(dates, fits, rivals)
    return Reading(first, formats, example, _at(example, _chosen(fits[example], first)))


def _iso(text: str) -> str:
    """The format of an ISO date or time, for a list in which it stands with others."""
    clock = f"{text[10]}%H:%M{':%S' if text.count(':') > 1 else ''}" if ":" in text else ""
    return f"%Y-%m-%d{clock}"


def _chosen(fits: dict[str, str], first: str) -> str:
    """The format of a text where `first` stands first; of one that can be read in one way only, that way."""
    return fits[first] if first in fits else next(iter(fits.values()))


def _telling(dates: list[str], fits: dict[str, dict[str, str]], rivals: list[str]) -> str:
    """A date that the rival readings see on different days, if there is one."""
    for text in dates:
        if len({_at(text, _chosen(fits[text], first)).date() for first in rivals}) == len(rivals):
            return text
    return dates[0]


def _contrary(dates: list[str], fits: dict[str, dict[str, str]]) -> tuple[str, str] | None:
    """A text that is day first only and one that is month first only."""
    only = {first: next((t for t in dates if set(fits[t]) == {first}), None) for first in ("day", "month")}
    return (only["day"], only["month"]) if only["day"] and only["month"] else None
