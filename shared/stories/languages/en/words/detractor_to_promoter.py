"""A customer let down, and won back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """From which answer to which, and in how many days."""
    who, days, after = s.subject, s.figure("days"), _after(s)
    plain = f"From {_before(s)} to {after}"
    if not s.facts.customer_named:
        return ((f"Won back in {days}",), (plain,), ("How we earned a customer back",))
    return (
        (f"{who}: won back in {days}", f"{who}: won back", f"Won back in {days}"),
        (f"{who}: {after} after {_before(s)}", f"{after} from {who}", plain),
        (f"How we earned {who} back", f"{who}: earned back", "How we earned a customer back"),
    )


def glance(s: EnglishSubject) -> Rows:
    """Both answers, and what lies between them."""
    return [
        ("Before", _before(s).removeprefix("a ")),
        ("After", _after(s)),
        ("Between them", f"{s.figure('days')}"),
        ("Orders since", f"{s.figure('orders_since')}"),
    ]


def _before(s: EnglishSubject) -> str:
    if s.says("complained"):
        return "a complaint"
    return f"{s.figure('hurt_score')} of {s.figure('hurt_scale_max')}"


def _after(s: EnglishSubject) -> str:
    return f"{s.figure('asked_score')} of {s.figure('asked_scale_max')}"
