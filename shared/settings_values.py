"""What settings may be besides text and numbers: each refuses what it is not, and says what to write."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from shared.editions.brand import Brand
from shared.languages import known
from shared.mailing.scheduling import impossible
from shared.patterns.registry import thresholds
from shared.people.addresses import plain
from shared.schedules import Schedule
from shared.sending import address

_IN_MEMORY = re.compile(r"sqlite(?:\+\w+)?:(?://)?/?(?::memory:)?(?:\?.*)?")
_SITE = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?:/[!-~]*)?"
)


def _that_stays(value: str) -> str:
    if _IN_MEMORY.fullmatch(value):
        raise ValueError("what names no file is gone with the command; write such as sqlite:///tandem.db")
    return value


def _of_iana(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise ValueError("write an IANA time zone such as Europe/Berlin") from None
    return value


def _readable(value: str) -> str:
    address(value)
    return value


def _safe(value: str) -> str:
    if not _SITE.fullmatch(value):
        raise ValueError("write a full https:// address; http:// is for localhost only")
    return value.rstrip("/")


def _each_plain(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(each) if "@" in each else plain(f"x@{each}")[2:] for each in value)


def _of_a_host(value: str) -> str:
    Brand(site_url=value)
    parts = urlsplit(value)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(
            f"{value!r} goes on after the host; pages need one of their own: https://tandem.example.com"
        )
    return value


def _possible(value: dict[str, Schedule]) -> dict[str, Schedule]:
    for name, schedule in value.items():
        if why := impossible(schedule):
            raise ValueError(f"{name}: {why}")
    return value


def _of_patterns(value: dict[str, Decimal]) -> dict[str, Decimal]:
    if unknown := sorted(set(value) - set(thresholds())):
        raise ValueError(f"{unknown[0]!r} is no threshold; docs/patterns.md lists them")
    return value


Database = Annotated[str, AfterValidator(_that_stays)]
Language = Annotated[str, AfterValidator(known)]
Zone = Annotated[str, AfterValidator(_of_iana)]
Address = Annotated[str, AfterValidator(_readable)]
"""With or without a name: `Tandem <tandem@example.com>`."""
PlainAddress = Annotated[str, AfterValidator(plain)]
Allowed = Annotated[tuple[str, ...], AfterValidator(_each_plain)]
"""Plain addresses, or domains."""
Site = Annotated[str, AfterValidator(_safe)]
Host = Annotated[str, AfterValidator(_of_a_host)]
"""An address of pages that have a host of their own."""
Schedules = Annotated[dict[str, Schedule], AfterValidator(_possible)]
Thresholds = Annotated[dict[str, Decimal], AfterValidator(_of_patterns)]
