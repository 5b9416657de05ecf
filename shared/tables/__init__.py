"""The tables, without an engine: the journal, what is kept apart from it, and the projections."""

from __future__ import annotations

from shared.tables.columns import SCALE, Day, Instant, Scaled, metadata, millionths
from shared.tables.editions import announced, choosing_log, editions, outbox, runs, schedules, told
from shared.tables.intake import conflicts, dead_letters, tokens
from shared.tables.journal import facts, journal, links, names, sources, texts
from shared.tables.mails import alerts, bounces, contents, mails, refusals, sendings
from shared.tables.orders import customers, order_lines, orders, receipts, risks, shipments
from shared.tables.people import (
    decisions,
    identities,
    openid_requests,
    people,
    sign_in_links,
    sign_ins,
    signs,
    subscriptions,
    suppressions,
)
from shared.tables.reports import feedback, holds, interventions, invoices, plans, products, returns
from shared.tables.stories import (
    manuscripts,
    photos,
    questions,
    stories,
    story_log,
    thanked_departments,
    thanked_people,
    thanks,
)
from shared.tables.totals import (
    TOTALS,
    demand_weeks,
    due_days,
    first_passes,
    margin_times,
    order_days,
    placed_times,
    received_days,
    sold_days,
)
from shared.tables.wins import agenda, drafts, wins

PROJECTIONS = (
    customers,
    orders,
    order_lines,
    *TOTALS,
    receipts,
    shipments,
    feedback,
    plans,
    products,
    risks,
    interventions,
    holds,
    returns,
    invoices,
    drafts,
    wins,
)
"""What the journal can rebuild."""
REBUILT = (*PROJECTIONS, agenda)
"""These and what is still to be judged of them, which depends on when that was done last."""
