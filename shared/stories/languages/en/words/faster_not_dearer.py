"""A customer that waits less, at the same margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """How long it waits now, and how long it did."""
    who, now, then = s.subject, s.figure("now_days"), s.figure("before_days")
    cut = s.figure("cut_percent")
    plain = f"{now} instead of {then}"
    if not s.facts.customer_named:
        return ((plain,), (f"{cut} less waiting, at the same margin",), (f"A wait cut by {cut}",))
    return (
        (f"{who} now waits {plain}", f"{who}: {plain}", f"{who}: {now} now", plain),
        (f"{who} waits {cut} less", f"A wait cut by {cut}"),
        (f"Faster for {who}, and no dearer", f"Faster for {who}", "Faster, and no dearer"),
    )


def glance(s: EnglishSubject) -> Rows:
    """The wait and, for those who may see it, the margin, before and now."""
    before, now = s.figure("before_margin_percent"), s.figure("margin_percent")
    return [
        ("Wait before", f"{s.figure('before_days')}"),
        ("Wait now", f"{s.figure('now_days')}"),
        *([("Margin before", before), ("Margin now", now)] if before and now else []),
    ]
