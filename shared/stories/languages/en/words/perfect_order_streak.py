"""Orders of one customer, one after another, without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """How many, and whose."""
    orders, who = s.count("orders", "order"), s.subject
    plain = f"{orders} in a row without a fault"
    if not s.facts.customer_named:
        return ((plain,), (f"Not one fault in {orders}",), (f"{orders}, and nothing wrong with any",))
    return (
        (f"{who}: {plain}", f"{who}: {orders} without a fault", plain),
        (f"Not one fault in {orders} for {who}", f"{orders} without fault for {who}", plain),
        (f"Nothing wrong in {orders} for {who}", f"{orders}, no fault: {who}", plain),
    )


def glance(s: EnglishSubject) -> Rows:
    """How many in a row, from when to when, and what had been usual."""
    usual = "Usual before" if s.says("usual_known") else "Reckoned usual"
    return [
        ("In a row", f"{s.count('orders', 'order')}"),
        ("First due", f"{s.day('from')}"),
        ("Last due", f"{s.day('to')}"),
        (usual, f"{s.figure('usual_percent')}"),
    ]
