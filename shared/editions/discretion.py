"""Who may see what: facts without money, margins and names, and an edition as one reader may see it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from shared.editions.audiences import narrowed
from shared.keeping import Keeping
from shared.languages import ENGLISH
from shared.stories.facts import UNITS
from shared.stories.model import OrderFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.editions.audiences import Audience, Sight
    from shared.editions.model import Edition, Figure, Highlight, Story
    from shared.editions.reader import Reader
    from shared.editions.sections import Account, Decision, OpenItem
    from shared.kpis.model import Unit
    from shared.stories.model import Facts, Measure
    from shared.stories.names import Names

MARGINS: Final = frozenset({"gross_margin"})
"""The KPIs that give a margin away."""
Owned = TypeVar("Owned", "Account", "OpenItem")
Told = TypeVar("Told", "Story", "Highlight")


def is_money(measure: Measure) -> bool:
    """Whether a figure is an amount: its unit is then a currency."""
    return bool(measure.unit) and measure.unit not in UNITS


def has_money(facts: Facts) -> bool:
    """Whether facts hold an amount of money."""
    priced = isinstance(facts, OrderFacts) and facts.value is not None
    return priced or any(is_money(measure) for measure in facts.measures.values())


def has_margin(facts: Facts) -> bool:
    """Whether facts hold a margin, which their names then say."""
    return any("margin" in name for name in facts.measures)


def trimmed(facts: Facts, *, money: bool, margin: bool) -> Facts:
    """The facts without money or margins, as if nothing were known of them."""
    hidden = {
        name
        for name, measure in facts.measures.items()
        if (not money and is_money(measure)) or (not margin and "margin" in name)
    }
    update: dict[str, object] = {
        "measures": {name: each for name, each in facts.measures.items() if name not in hidden},
        "unknown": facts.unknown | hidden,
    }
    if isinstance(facts, OrderFacts) and not money:
        update["value"] = None
    return facts.model_copy(update=update)


def opened(names: Names) -> Names:
    """The names with those of confidential customers."""
    customers = {key: replace(each, confidential=False) for key, each in names.customers.items()}
    return replace(names, customers=customers)


def shows(sight: Sight | Reader, key: str, unit: Unit) -> bool:
    """Whether a KPI may be seen."""
    money, margin = _rights(sight)
    return (money or unit != "money") and (margin or key not in MARGINS)


def _rights(sight: Sight | Reader) -> tuple[bool, bool]:
    return (sight.money, sight.margin) if isinstance(sight, tuple) else (sight.sees_money, sight.sees_margin)


def seen_by(reader: Reader, edition: Edition) -> Edition:
    """The edition as a reader may see it: never more than its audience may."""
    audience: Audience = edition.audience
    allowed = narrowed(reader, audience)
    keys = {figure.key for figure in _figures(allowed, edition.board)}
    return edition.model_copy(
        update={
            "figures": _figures(allowed, edition.figures),
            "board": _figures(allowed, edition.board),
            "worse": _figures(allowed, edition.worse),
            "restated": tuple(each for each in edition.restated if shows(allowed, each.key, each.unit)),
            "decisions": tuple(_decisions(keys, edition.decisions)),
            "stories": tuple(_story(allowed, each) for each in edition.stories),
            "highlights": tuple(_highlight(allowed, each) for each in edition.highlights),
            "accounts": tuple(_owned(allowed, each) for each in edition.accounts),
            "open_items": tuple(_owned(allowed, each) for each in edition.open_items),
            "explanation": (),
        }
    )


def _figures(reader: Reader, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    return tuple(each for each in figures if shows(reader, each.key, each.unit))


def _decisions(keys: set[str], decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Without the targets of figures that are not shown."""
    for each in decisions:
        left = tuple(target for target in each.targets if target[0] in keys)
        if each.kind != "target" or left:
            changes = {"targets": left, "count": len(left)} if each.kind == "target" else {}
            yield each.model_copy(update=changes)


def _knows(reader: Reader, account_id: str | None) -> bool:
    return reader.sees_confidential or account_id in reader.accounts


def _story(reader: Reader, story: Story) -> Story:
    whole = (
        (_knows(reader, story.account_id) or not story.confidential)
        and (reader.sees_money or not has_money(story.facts))
        and (reader.sees_margin or not has_margin(story.facts))
    )
    if story.discreet is None:
        return story
    return _whole(story) if whole else story.discreet


def _highlight(reader: Reader, each: Highlight) -> Highlight:
    if each.discreet is None:
        return each
    if _knows(reader, each.account_id):
        return _whole(each)
    shown: Highlight = _KEPT.get(("line", each), partial(_discreet, each, each.discreet))
    return shown


def _whole(each: Told) -> Told:
    whole: Told = _KEPT.get(("whole", each), lambda: each.model_copy(update={"discreet": None}))
    return whole


def _discreet(each: Highlight, lines: dict[str, str]) -> Highlight:
    return each.model_copy(update={"line": lines[ENGLISH], "lines": lines, "discreet": None})


def _owned(reader: Reader, each: Owned) -> Owned:
    if not each.customer.discreet:
        return each
    known = _knows(reader, each.customer.account_id)
    shown: Owned = _KEPT.get(("owned", each, known), partial(_named, each, known=known))
    return shown


def _named(each: Owned, *, known: bool) -> Owned:
    customer = each.customer
    shown = {"name": customer.name if known else None, "discreet": False}
    return each.model_copy(update={"customer": customer.model_copy(update=shown)})


_KEPT: Final[Keeping[Any]] = Keeping()
"""What readers of the same rights see is one object, so that what is made of it is made once."""
