"""The topic `deliveries`: shipments, roadblocks, interventions, returns, documents, invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shared.events.payload import LINES, Money, OfCustomer, OfOrder, Part, Payload, Person, lacking
from shared.events.scalars import Date, Id, Line, PeriodName, PositiveQuantity, Quantity, Reason, Text

RoadblockCategory = Literal[
    "material_shortage",
    "capacity",
    "quality_hold",
    "carrier",
    "weather_civil",
    "customs_documents",
    "order_error",
    "credit_hold",
    "customer_change",
    "customer_site",
    "it_outage",
    "other",
]
ASKED = "tandem/asked"
"""The source of what people say they did, once they were asked: told later, by themselves."""
InterventionKind = Literal[
    "expedite",
    "overtime",
    "reschedule",
    "alternative_source",
    "alternative_carrier",
    "stock_transfer",
    "split_shipment",
    "substitution",
    "capacity_added",
    "priority_call",
    "heads_up",
    "demand_reallocation",
    "credit_release",
    "quality_containment",
    "spec_clarification",
    "order_simplification",
    "terms_changed",
    "process_fix",
    "buffer_changed",
    "corrective_action",
]
Evidence = Literal["pod", "receiving_advice", "carrier", "estimated"]


class _OnDeliveries(OfOrder):
    TOPIC: ClassVar[str] = "deliveries"


class PlannedLine(Part):
    """How much of a line a shipment will hold."""

    line_id: Id
    qty: Quantity


class DeliveryPlanned(_OnDeliveries):
    """A shipment was planned."""

    TYPE: ClassVar[str] = "tandem.delivery.planned.v1"

    shipment_id: Id
    lines: Annotated[tuple[PlannedLine, ...], *LINES]
    planned_on: Date | None = None
    carrier: Line | None = None


class ShippedLine(Part):
    """How much of a line left, and from which lot."""

    line_id: Id
    qty: Quantity
    lot: Id | None = None


class DeliveryShipped(_OnDeliveries):
    """A shipment left."""

    TYPE: ClassVar[str] = "tandem.delivery.shipped.v1"

    shipment_id: Id
    lines: Annotated[tuple[ShippedLine, ...], *LINES]


class DeliveredLine(Part):
    """What arrived of a line and what the customer kept."""

    line_id: Id
    qty_delivered: Quantity
    qty_damaged: Quantity = Decimal(0)
    qty_accepted: Quantity | None = None
    lot: Id | None = None
    documents_ok: bool | None = None

    @field_validator("qty_damaged", "qty_accepted")
    @classmethod
    def _within_delivered(cls, value: Any, info: ValidationInfo) -> Any:
        delivered = info.data.get("qty_delivered")
        if value is not None and delivered is not None and value > delivered:
            raise PydanticCustomError(
                "more_than_delivered",
                "{value} is more than the {delivered} delivered",
                {"value": str(value), "delivered": str(delivered)},
            )
        return value

    @property
    def accepted(self) -> Any:
        """The accepted quantity: as said, else delivered without the damaged."""
        return self.qty_delivered - self.qty_damaged if self.qty_accepted is None else self.qty_accepted


class DeliveryDelivered(_OnDeliveries):
    """A shipment was accepted at the dock, at the event's time."""

    TYPE: ClassVar[str] = "tandem.delivery.delivered.v1"

    shipment_id: Id
    lines: Annotated[tuple[DeliveredLine, ...], *LINES]
    evidence: Evidence = "carrier"


class RoadblockRaised(_OnDeliveries):
    """Something stands between the order and its promise."""

    TYPE: ClassVar[str] = "tandem.delivery.roadblock_raised.v1"

    roadblock_id: Id
    category: RoadblockCategory
    line_ids: tuple[Id, ...] = Field(default=(), max_length=10_000, strict=False)
    severity: Literal["low", "medium", "high"] = "medium"
    predicted_delay_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    description: Text | None = None
    detected_by: Literal["human", "system"] | None = None
    caused_by: Person | None = None


class RoadblockResolved(_OnDeliveries):
    """A roadblock ended; `participants` resolved it or kept the customer informed."""

    TYPE: ClassVar[str] = "tandem.delivery.roadblock_resolved.v1"

    roadblock_id: Id
    outcome: Literal["on_original_promise", "late", "cancelled", "false_alarm"]
    action: Text | None = None
    description: Text | None = None
    cost: Money | None = None


class InterventionRecorded(Payload):
    """Someone did something out of the ordinary."""

    TYPE: ClassVar[str] = "tandem.intervention.recorded.v1"
    TOPIC: ClassVar[str] = "deliveries"

    customer_id: Id | None = None
    order_id: Id | None = None
    product_id: Id | None = None
    week: PeriodName | None = None
    intervention_id: Id
    kind: InterventionKind
    premium: bool = False
    cost: Money | None = None
    cause: (
        Literal["forecast_miss", "late_order_change", "supply", "quality", "carrier", "customer"] | None
    ) = None
    roadblock_id: Id | None = None
    from_order_id: Id | None = None
    description: Text | None = None

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.order_id is None and self.product_id is None and self.week is None:
            raise lacking("order_id", "Name an order_id, a product_id or a week")
        return self

    @property
    def subject(self) -> str:
        """The order, else the product, else the week."""
        if self.order_id is not None:
            return f"order/{self.order_id}"
        return f"week/{self.week}" if self.product_id is None else f"product/{self.product_id}"


class _Return(Payload):
    TOPIC: ClassVar[str] = "deliveries"

    customer_id: Id | None = None
    order_id: Id | None = None
    line_id: Id | None = None
    product_id: Id | None = None
    return_id: Id

    @model_validator(mode="after")
    def _known_or_product(self) -> Self:
        if self.order_id is None and self.product_id is None:
            raise lacking("order_id", "Name the order_id, or else the product_id")
        if self.order_id is not None and self.customer_id is None:
            raise lacking("customer_id", "Name the customer_id of the order")
        return self

    @property
    def subject(self) -> str:
        """The order, else the product."""
        return f"product/{self.product_id}" if self.order_id is None else f"order/{self.order_id}"


class ReturnReceived(_Return):
    """Goods came back."""

    TYPE: ClassVar[str] = "tandem.return.received.v1"

    qty: PositiveQuantity
    claimed_reason: Reason | None = None
    lot: Id | None = None

    @model_validator(mode="after")
    def _line_of_order(self) -> Self:
        if self.order_id is not None and self.line_id is None:
            raise lacking("line_id", "Name the line_id of the order")
        return self


class ReturnAssessed(_Return):
    """Why the goods came back, as we found."""

    TYPE: ClassVar[str] = "tandem.return.assessed.v1"

    cause: Literal[
        "quality", "transit_damage", "wrong_item", "over_shipment", "changed_mind", "no_fault_found"
    ]


class DocumentErrorReported(_OnDeliveries):
    """A paper of the delivery was wrong."""

    TYPE: ClassVar[str] = "tandem.document.error_reported.v1"

    document: Literal["packing_slip", "bill_of_lading", "invoice", "certificate"]
    error: Text | None = None


class InvoicePosted(OfCustomer):
    """What was charged, and what it cost."""

    TYPE: ClassVar[str] = "tandem.invoice.posted.v1"
    TOPIC: ClassVar[str] = "deliveries"

    order_id: Id | None = None
    invoice_id: Id
    kind: Literal["invoice", "credit_note"] = "invoice"
    net_sales: Money
    cost_of_goods: Money | None = None
    premium_freight: Money | None = None

    @property
    def subject(self) -> str:
        """The order, else the customer."""
        return super().subject if self.order_id is None else f"order/{self.order_id}"
