"""The topic `orders`: what was asked, promised, changed, held and cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.events.payload import LINES, OfOrder, Part
from shared.events.scalars import (
    Amount,
    Anything,
    Currency,
    Date,
    Id,
    Line,
    PositiveQuantity,
    Quantity,
    Reason,
    Share,
    Time,
    Zone,
)

_DATE: TypeAdapter[Any] = TypeAdapter(Date)
_QUANTITY: TypeAdapter[Any] = TypeAdapter(Quantity)


class _OnOrders(OfOrder):
    TOPIC: ClassVar[str] = "orders"


class ShipTo(Part):
    """Where the goods go; its time zone gives the business dates."""

    timezone: Zone | None = None
    country: Line | None = None
    site: Line | None = None


class OrderLine(Part):
    """What was ordered, by when, and what counts as full and on time (tolerances in percent)."""

    line_id: Id
    product_id: Id
    qty: PositiveQuantity
    uom: Id = "each"
    unit_price: Amount | None = None
    requested_on: Date
    under_tolerance: Share = Decimal(0)
    over_tolerance: Quantity = Decimal(0)
    early_tolerance_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    special_requirement: bool = False


class OrderPlaced(_OnOrders):
    """A customer ordered; `actor` took the order."""

    TYPE: ClassVar[str] = "tandem.order.placed.v1"

    kind: Literal["normal", "sample", "intercompany"] = "normal"
    currency: Currency
    strategic: bool = False
    ship_to: ShipTo = ShipTo()
    lines: Annotated[tuple[OrderLine, ...], *LINES]


class ConfirmedLine(Part):
    """What we promised of a line."""

    line_id: Id
    committed_on: Date
    committed_qty: Quantity


class OrderConfirmed(_OnOrders):
    """We promised; the first confirmation of a line is its first commit."""

    TYPE: ClassVar[str] = "tandem.order.confirmed.v1"

    lines: Annotated[tuple[ConfirmedLine, ...], *LINES]


class OrderChanged(_OnOrders):
    """A field of a line changed; by the customer, `qty` and `requested_on` re-base the line."""

    TYPE: ClassVar[str] = "tandem.order.changed.v1"

    line_id: Id
    field: Line
    old: Anything = None
    new: Anything = Field(default=None, validate_default=True)
    reason: Reason | None = None
    inside_frozen_fence: bool = False

    @field_validator("new")
    @classmethod
    def _typed(cls, value: Any, info: ValidationInfo) -> Any:
        match info.data.get("field"):
            case "qty":
                if quantity := _QUANTITY.validate_python(value):
                    return quantity
                raise PydanticCustomError("decimal", "Must be more than 0; order.cancelled ends a line")
            case "requested_on":
                return _DATE.validate_python(value)
        return value


class OrderPromiseChanged(_OnOrders):
    """The promised date moved; a later one that the customer did not ask for is a slip."""

    TYPE: ClassVar[str] = "tandem.order.promise_changed.v1"

    line_id: Id
    new_on: Date
    reason: Reason | None = None
    customer_notified_at: Time | None = None
    customer_agreed_at: Time | None = None


class OrderCancelled(_OnOrders):
    """Lines, or with none named the whole order, will not be delivered."""

    TYPE: ClassVar[str] = "tandem.order.cancelled.v1"

    line_ids: tuple[Id, ...] = Field(default=(), max_length=10_000, strict=False)
    reason: Literal["customer", "no_stock", "late", "credit", "duplicate", "other"] | None = None


class OrderLineClosed(_OnOrders):
    """Nothing more will come on this line."""

    TYPE: ClassVar[str] = "tandem.order.line_closed.v1"

    line_id: Id
    reason: Literal["complete", "short_closed"] | None = None


class _Hold(_OnOrders):
    hold_id: Id
    kind: Literal["credit", "quality", "export", "documents"]
    reason: Reason | None = None
    line_ids: tuple[Id, ...] = Field(default=(), max_length=10_000, strict=False)
    product_id: Id | None = None
    lot: Id | None = None


class OrderHoldPlaced(_Hold):
    """The order may not go on."""

    TYPE: ClassVar[str] = "tandem.order.hold_placed.v1"


class OrderHoldReleased(_Hold):
    """The order may go on."""

    TYPE: ClassVar[str] = "tandem.order.hold_released.v1"
