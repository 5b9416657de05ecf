"""Which other stories may tell the same: of one order, one customer, or the same people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.stories.review import Story

FEW: Final = 2
"""People that two stories share by chance."""
MOST: Final = 5


class Likeness(NamedTuple):
    """Another story, and what it has in common."""

    story: Story
    order_ids: tuple[str, ...]
    same_customer: bool
    people: tuple[str, ...]


def alike(story: Story, others: Iterable[Story]) -> list[Likeness]:
    """The likeliest first: of an order, then of the customer, then of at least two of the people."""
    found = [_likeness(story, other) for other in others if other.story_id != story.story_id]
    like = [each for each in found if each.order_ids or each.same_customer or len(each.people) >= FEW]
    return sorted(like, key=_apart)[:MOST]


def _likeness(story: Story, other: Story) -> Likeness:
    one, two = story.content, other.content
    return Likeness(
        other,
        tuple(name for name in one.order_ids if name in two.order_ids),
        one.customer_id is not None and one.customer_id == two.customer_id,
        tuple(sorted(_people(story) & _people(other))),
    )


def _people(story: Story) -> set[str]:
    return {each.person_id for each in story.mentions}


def _apart(each: Likeness) -> tuple[int, bool, int, str]:
    return -len(each.order_ids), not each.same_customer, -len(each.people), each.story.story_id
