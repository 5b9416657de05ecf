"""Names of months as English, German, French and Spanish spreadsheets write them."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name

_NAMES = """
january jan januar jänner janvier janv enero ene
february feb februar febr feber février févr fév febrero
march mar märz mär mrz mars marzo
april apr avril avr abril abr
may mai mayo
june jun juni juin junio
july jul juli juillet juil julio
august aug août agosto ago
september sep sept septembre septiembre set
october oct oktober okt octobre octubre
november nov novembre noviembre
december dec dezember dez décembre déc diciembre dic
"""
_NUMBERS = {
    name: number for number, line in enumerate(_NAMES.split("\n")) for name in line.split() if line.strip()
}
_WORD = re.compile(r"[^\W\d_]{3,10}")


def number(name: str) -> int | None:
    """The month that a word names."""
    return _NUMBERS.get(name.casefold())


def in_english(text: str, format_: str) -> str:
    """A date with the name of its month as Python reads it by this format; other words stay."""
    names = month_name if "%B" in format_ else month_abbr
    return _WORD.sub(lambda found: names[number(found[0]) or 0] or found[0], text)
