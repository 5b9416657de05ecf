"""A record of reliable deliveries, and more business after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """More business, and what went before it."""
    who = s.subject
    if s.says("said_so"):
        return _told(s, who, "for reliable delivery", "A deal won for reliable delivery")
    grown = f"{s.figure('growth_percent')} more"
    return _told(s, who, f"came back for {grown}", f"{grown} after a quarter without misses")


def _told(s: EnglishSubject, who: str, what: str, plain: str) -> Voices:
    record = f"{s.count('orders', 'order')} kept, then more"
    if not s.facts.customer_named:
        return ((plain,), (record,), ("Reliable first, and then more business",))
    return (
        (f"{who}: {what}" if s.says("said_so") else f"{who} {what}", f"More from {who}", plain),
        (f"{who}: {record}", f"{who}: kept, then more", record),
        (f"More business from {who}", "Reliable first, and then more business"),
    )


def glance(s: EnglishSubject) -> Rows:
    """The record, and what was sold after it."""
    sold = ("Deal", s.figure("deal")) if s.says("said_so") else ("More booked", s.figure("growth_percent"))
    return [
        ("Orders due", f"{s.figure('orders')}"),
        ("Without a fault", f"{s.figure('faultless_orders')}"),
        *([(sold[0], sold[1])] if sold[1] else []),
        ("Record until", f"{s.day('to')}"),
    ]
