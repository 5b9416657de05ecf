"""Facts of stories in every combination that a win may have."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from shared.stories import phrases
from shared.stories.headlines import HEADLINES
from shared.stories.model import Deed, Facts, Money, Quantity, Rating, Roadblock, Side

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
def deeds(draw: st.DrawFn, side: Side, placed: date) -> tuple[Deed, ...]:
    actions = st.sampled_from([*sorted(phrases.VERBS), "something.new"])
    keys = draw(
        st.lists(st.tuples(st.sampled_from(DEPARTMENTS[side]), actions), min_size=1, max_size=5, unique=True)
    )
    return tuple(
        Deed(
            side=side,
            department=department,
            action=action,
            on=placed + timedelta(days=draw(st.integers(0, 40))),
            who=draw(st.sampled_from([(), (), (), ("Ana Ruiz",), ("Ana Ruiz", "Bo 2nd")])),
            others=draw(st.booleans()),
        )
        for department, action in keys
    )


@st.composite
def facts(draw: st.DrawFn, pattern: str | None = None) -> Facts:
    name = pattern or draw(st.sampled_from(sorted(HEADLINES)))
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
    return Facts(
        pattern=name,
        customer=customer,
        customer_named=named,
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
