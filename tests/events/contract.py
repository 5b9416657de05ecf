"""The contract as it is written down for integrators: type, topic, required fields, a full example."""

from __future__ import annotations

from typing import Any, NamedTuple

Json = dict[str, Any]


class Type(NamedTuple):
    """One type of the contract."""

    topic: str
    least: Json
    """Data with the required fields only."""
    more: Json
    """Every other field of the type."""


PERSON = {"person_id": "p-1", "department": "sales", "role": "resolver", "is_human": True, "name": "Ana Ruiz"}
OF = {"customer_id": "C-1", "order_id": "SO-1"}
EUR = {"amount": "180.00", "currency": "EUR"}
LINE = {"line_id": "1", "product_id": "P-1", "qty": 5, "requested_on": "2026-03-10"}
FULL_LINE = LINE | {
    "uom": "kg",
    "unit_price": "12.50",
    "under_tolerance": 5,
    "over_tolerance": "2.5",
    "early_tolerance_days": 2,
    "special_requirement": True,
}
COMMON = {
    "recorded_at": "2026-03-02T08:00:00+01:00",
    "actor": PERSON,
    "participants": [PERSON | {"person_id": "p-2", "department": "quality"}],
    "initiator": "customer",
    "corrects": {"source": "erp", "id": "e-0"},
    "backfill": True,
}
HOLD = {"reason": "limit", "line_ids": ["1"], "product_id": "P-1", "lot": "L-1"}
T = "2026-03-02T09:00:00Z"

TYPES: dict[str, Type] = {
    "customer.registered": Type(
        "customers",
        {"customer_id": "C-1", "name": "Nordlicht"},
        {
            "parent_id": "C-0",
            "segment": "retail",
            "is_internal": True,
            "confidential": True,
            "first_won_at": T,
            "account_owner": PERSON,
            "history_from": "2020-01-01",
        },
    ),
    "customer.merged": Type("customers", {"customer_id": "C-1", "merged_into": "C-2"}, {}),
    "order.placed": Type(
        "orders",
        {**OF, "currency": "EUR", "lines": [LINE]},
        {
            "kind": "sample",
            "strategic": True,
            "ship_to": {"timezone": "Europe/Berlin", "country": "DE", "site": "Kiel"},
            "lines": [FULL_LINE],
        },
    ),
    "order.confirmed": Type(
        "orders",
        {**OF, "lines": [{"line_id": "1", "committed_on": "2026-03-12", "committed_qty": 5}]},
        {},
    ),
    "order.changed": Type(
        "orders",
        {**OF, "line_id": "1", "field": "site"},
        {"old": "A", "new": "B", "reason": "moved", "inside_frozen_fence": True},
    ),
    "order.promise_changed": Type(
        "orders",
        {**OF, "line_id": "1", "new_on": "2026-03-14"},
        {"reason": "late", "customer_notified_at": T, "customer_agreed_at": T},
    ),
    "order.cancelled": Type("orders", OF, {"line_ids": ["1"], "reason": "no_stock"}),
    "order.line_closed": Type("orders", {**OF, "line_id": "1"}, {"reason": "short_closed"}),
    "order.hold_placed": Type("orders", {**OF, "hold_id": "H-1", "kind": "quality"}, HOLD),
    "order.hold_released": Type("orders", {**OF, "hold_id": "H-1", "kind": "credit"}, HOLD),
    "delivery.planned": Type(
        "deliveries",
        {**OF, "shipment_id": "S-1", "lines": [{"line_id": "1", "qty": 5}]},
        {"planned_on": "2026-03-11", "carrier": "DHL"},
    ),
    "delivery.shipped": Type(
        "deliveries",
        {**OF, "shipment_id": "S-1", "lines": [{"line_id": "1", "qty": 5}]},
        {"lines": [{"line_id": "1", "qty": 5, "lot": "L-1"}]},
    ),
    "delivery.delivered": Type(
        "deliveries",
        {**OF, "shipment_id": "S-1", "lines": [{"line_id": "1", "qty_delivered": 5}]},
        {
            "evidence": "pod",
            "lines": [
                {
                    "line_id": "1",
                    "qty_delivered": 5,
                    "qty_damaged": 1,
                    "qty_accepted": 4,
                    "lot": "L-1",
                    "documents_ok": True,
                }
            ],
        },
    ),
    "delivery.roadblock_raised": Type(
        "deliveries",
        {**OF, "roadblock_id": "R-1", "category": "carrier"},
        {
            "line_ids": ["1"],
            "severity": "high",
            "predicted_delay_days": 3,
            "description": "Stuck",
            "detected_by": "human",
            "caused_by": PERSON,
        },
    ),
    "delivery.roadblock_resolved": Type(
        "deliveries",
        {**OF, "roadblock_id": "R-1", "outcome": "on_original_promise"},
        {"action": "Second carrier", "description": "Booked", "cost": EUR},
    ),
    "intervention.recorded": Type(
        "deliveries",
        {"intervention_id": "I-1", "kind": "expedite", "product_id": "P-1"},
        {
            **OF,
            "premium": True,
            "cost": EUR,
            "cause": "carrier",
            "roadblock_id": "R-1",
            "from_order_id": "SO-9",
            "description": "By air",
            "week": "2026-W11",
        },
    ),
    "return.received": Type(
        "deliveries",
        {"return_id": "RT-1", "qty": 1, "product_id": "P-1"},
        {**OF, "line_id": "1", "claimed_reason": "Scratched", "lot": "L-1"},
    ),
    "return.assessed": Type(
        "deliveries", {"return_id": "RT-1", "cause": "quality", "product_id": "P-1"}, {**OF, "line_id": "1"}
    ),
    "document.error_reported": Type("deliveries", {**OF, "document": "invoice"}, {"error": "Wrong price"}),
    "invoice.posted": Type(
        "deliveries",
        {"customer_id": "C-1", "invoice_id": "IV-1", "net_sales": EUR},
        {"order_id": "SO-1", "kind": "credit_note", "cost_of_goods": EUR, "premium_freight": EUR},
    ),
    "feedback.received": Type(
        "customers",
        {"customer_id": "C-1", "feedback_id": "F-1", "kind": "complaint"},
        {
            "kind": "csat",
            "score": 4,
            "scale_min": 1,
            "scale_max": 5,
            "order_id": "SO-1",
            "contact": "kim@example.com",
            "comment": "Fine",
            "quote_allowed": True,
        },
    ),
    "forecast.published": Type(
        "forecasts",
        {"version_id": "V-1", "step": "sales", "product_id": "P-1", "period": "2026-10", "qty": 0},
        {"customer_id": "C-1", "location": "north", "reason": "Tender won"},
    ),
    "demand.recorded": Type(
        "forecasts",
        {"product_id": "P-1", "period": "2026-W43", "qty": 7},
        {"customer_id": "C-1", "location": "north"},
    ),
    "product.registered": Type(
        "forecasts",
        {"product_id": "P-1", "name": "Seal kit"},
        {
            "family": "seals",
            "lead_time_days": 20,
            "launched_on": "2026-01-01",
            "quality_limit_ppm": 500,
            "special_requirements": True,
        },
    ),
    "stock.counted": Type("forecasts", {"product_id": "P-1", "qty": 9}, {"location": "north"}),
    "opportunity.won": Type("customers", {"customer_id": "C-1", "value": EUR}, {"reason": "Reliability"}),
    "source.heartbeat": Type("", {"complete_until": T}, {}),
    "event.retracted": Type("", {"corrects": {"source": "erp", "id": "e-0"}, "reason": "Typing error"}, {}),
    "draft.confirmed": Type("drafts", {"draft_id": "D-1", "line": "We called them."}, {}),
    "draft.submitted": Type(
        "drafts",
        {"draft_id": "D-1", "title": "Thanks", "body": "They *made* it."},
        {
            "order_ids": ["SO-1"],
            "customer_id": "C-1",
            "thanks": [PERSON],
            "named": [PERSON],
            "photos": ["f0"],
        },
    ),
}
CHOICES = {
    ("intervention.recorded", "product_id"),
    ("return.received", "product_id"),
    ("return.assessed", "product_id"),
}
"""Fields of which one of several is required; leaving them out is refused without naming one."""
