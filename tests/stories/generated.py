"""Facts of stories in every combination that a win may have."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from hypothesis import strategies as st

import tests.stories.told
from shared.stories.facts import typed
from shared.stories.headlines import words
from shared.stories.languages.en import phrases
from shared.stories.model import (
    Deed,
    Facts,
    Money,
    OrderFacts,
    Quantity,
    Rating,
    Roadblock,
    Side,
    SubjectFacts,
)

TOLD: dict[str, Any] = {
    module.name: import_module(f"tests.stories.told.{module.name}")
    for module in iter_modules(tests.stories.told.__path__)
}
"""What a pattern says beyond what every order can: its module names the facts, each with its values.

`VARIANTS` are values that facts have together, in place of the others.
"""

CUSTOMERS = (
    ("Nordlicht Pumps", True),
    ("Alder", True),
    ("Ravenna Marine S.L.", True),
    ("Werk 7", True),
    ("3 Rivers Mill & Sons of 1904", True),
    ("Donaudampfschifffahrtsgesellschaftskapitän GmbH", True),
    ("\u2068شركة النور\u2069", True),
    ("北光泵业有限公司", True),
    ("a customer in process equipment for food", False),
    ("a customer", False),
)
DEPARTMENTS: dict[Side, tuple[str, ...]] = {
    "sales": ("sales", "marketing", "customer_service"),
    "operations": (
        "operations",
        "planning",
        "production",
        "procurement",
        "logistics",
        "warehouse",
        "quality",
    ),
}
DAYS = st.dates(date(2024, 12, 1), date(2026, 2, 28))


@st.composite
def deeds(draw: st.DrawFn, side: Side, placed: date, *, again: bool = False) -> tuple[Deed, ...]:
    actions = st.sampled_from([*sorted(phrases.VERBS), "something.new"])
    keys = draw(
        st.lists(st.tuples(st.sampled_from(DEPARTMENTS[side]), actions), min_size=1, max_size=5, unique=True)
    )
    return tuple(draw(deed(side, department, action, placed, again=again)) for department, action in keys)


@st.composite
def deed(draw: st.DrawFn, side: Side, department: str, action: str, placed: date, *, again: bool) -> Deed:
    """`again`: in a story of many orders, where a deed may have been done on several days."""
    many = again and draw(st.booleans())
    return Deed(
        side=side,
        department=department,
        action=action,
        on=placed + timedelta(days=draw(st.integers(0, 40))),
        until=placed + timedelta(days=draw(st.integers(41, 400))) if many else None,
        of=("many" if many else "one") if again else "the order",
        who=draw(st.sampled_from([(), (), (), ("Ana Ruiz",), ("Ana Ruiz", "Bo 2nd")])),
        others=draw(st.booleans()),
    )


@st.composite
def facts(draw: st.DrawFn, pattern: str | None = None) -> Facts:
    name = pattern or draw(st.sampled_from(sorted(words())))
    told = typed(draw(told_by(TOLD[name]))) if name in TOLD else {}
    if name not in TOLD or TOLD[name].KIND == "order":
        return draw(of_order(name)).model_copy(update=told)
    return draw(of_subject(name, TOLD[name].KIND, told))


def told_by(module: Any) -> st.SearchStrategy[dict[str, Any]]:
    variants = ({}, *getattr(module, "VARIANTS", ()))
    return st.one_of(st.fixed_dictionaries(module.FACTS | variant) for variant in variants)


ABOUT = {"product P-7": "product/P-7", "Seal kit 40": "product/P-1"} | dict.fromkeys(
    ("week 10 of 2026", "the first quarter of 2026"), "period"
)


def segment(customer: str | None) -> str | None:
    """What is said of a customer that is not named."""
    return None if customer is None else customer.partition("a customer in ")[2] or None


PERIODS = {"customer": "2026-03", "product": "2026-03", "week": "2026-W10", "quarter": "2026-Q1"}


@st.composite
def of_subject(draw: st.DrawFn, name: str, kind: str, told: dict[str, Any]) -> SubjectFacts:
    placed, period = draw(DAYS), PERIODS.get(kind)
    nobody: tuple[str | None, bool] = (None, False)
    whose = {"customer": CUSTOMERS, "hold": (*CUSTOMERS, nobody), "draft": (*CUSTOMERS, nobody)}
    customer, named = draw(st.sampled_from(whose.get(kind, (nobody,))))
    written = draw(st.fixed_dictionaries(getattr(TOLD[name], "WORDS", {})))
    others = {"product": ["Seal kit 40", "product P-7"], "week": ["week 10 of 2026"]}
    others["quarter"] = ["the first quarter of 2026"]
    label = customer or draw(st.sampled_from(others.get(kind, [f"{kind} X-1"])))
    return SubjectFacts(
        pattern=name,
        customer=customer,
        customer_named=named,
        label=label,
        about=ABOUT.get(label, f"{kind}/X-1"),
        segment=segment(customer),
        period=period,
        sales=draw(deeds("sales", placed, again=True)),
        operations=draw(deeds("operations", placed, again=True)),
        told={field: words for field, words in written.items() if words},
        **told,
    )


@st.composite
def of_order(draw: st.DrawFn, name: str) -> OrderFacts:
    placed = draw(DAYS)
    due = placed + timedelta(days=draw(st.integers(0, 60)))
    early = draw(st.integers(0, 12))
    late = draw(st.booleans()) and not early
    on = due - timedelta(days=early) + timedelta(days=int(late))
    blocks = (
        draw(st.lists(roadblocks(placed), min_size=1, max_size=5))
        if name != "new_customer_smooth_start"
        else []
    )
    customer, named = draw(st.sampled_from(CUSTOMERS))
    return OrderFacts(
        pattern=name,
        customer=customer,
        customer_named=named,
        segment=segment(customer),
        order_id=draw(st.sampled_from(["SO-1042", "4711", "order of May"])),
        placed_on=placed,
        due_on=due,
        delivered_at=datetime(on.year, on.month, on.day, 9, 5, tzinfo=timezone(timedelta(hours=-7))),
        days_early=early,
        order_lines=draw(st.integers(1, 1200)),
        quantities=tuple(draw(st.lists(quantities(), min_size=1, max_size=4))),
        value=draw(
            st.none() | st.builds(Money, amount=st.decimals(1, 10**7, places=2), currency=st.just("EUR"))
        ),
        strategic=draw(st.booleans()),
        on_requested_date=draw(st.booleans()),
        evidence=draw(st.sampled_from(sorted(phrases.RECORDS))),
        return_window_days=draw(st.sampled_from([1, 30, 45])),
        roadblocks=tuple(blocks),
        predicted_delay_days=sum(each.predicted_delay_days or 0 for each in blocks),
        rating=draw(
            st.none() | st.just(Rating(score=Decimal(9), scale_min=Decimal(0), scale_max=Decimal(10)))
        ),
        sales=draw(deeds("sales", placed)),
        operations=draw(deeds("operations", placed)),
    )


@st.composite
def roadblocks(draw: st.DrawFn, placed: date) -> Roadblock:
    return Roadblock(
        category=draw(st.sampled_from([*sorted(phrases.ROADBLOCKS), "never_heard_of"])),
        severity=draw(st.sampled_from(["medium", "high"])),
        predicted_delay_days=draw(st.none() | st.integers(1, 30)),
        raised_on=placed + timedelta(days=draw(st.integers(0, 40))),
    )


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    qty = draw(st.sampled_from(["1", "400", "1200", "12.5", "0.25", "1500000"]))
    return Quantity(qty=Decimal(qty), uom=draw(st.sampled_from(["each", "kg", "m3", "pallets"])))
