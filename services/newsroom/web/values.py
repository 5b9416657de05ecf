"""The values that a gate was judged by, as lines for people."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.languages import ENGLISH
from shared.sayings import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def described(values: dict[str, Any], zone: ZoneInfo, language: str = ENGLISH) -> list[tuple[str, str]]:
    """Each value with its name; what is nested by the names of its parts."""
    return [(name, said(_text(value, zone), language)) for name, value in _leaves(values, language)]


def _leaves(values: dict[str, Any], language: str, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        label = f"{before}{said(name.replace('_', ' '), language)}"
        if isinstance(value, dict):
            yield from _leaves(value, language, f"{label}, ")
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for count, each in enumerate(value, 1):
                inner = each if isinstance(each, dict) else {"": each}
                yield from _leaves(inner, language, f"{label} {count}, ")
        else:
            yield label, value


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each, zone) for each in value) or "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if value is None:
        return "–"
    if isinstance(value, str) and _INSTANT.match(value):
        return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"
    return str(value)
