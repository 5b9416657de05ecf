"""The topic `customers`: who they are, what they say, what they decided."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.events.payload import Money, OfCustomer, Person
from shared.events.scalars import Date, Id, Line, Name, Number, Reason, Text, Time

NPS_MOST = 10


class _OnCustomers(OfCustomer):
    TOPIC: ClassVar[str] = "customers"


class CustomerRegistered(_OnCustomers):
    """A customer's master data; `history_from`: our log of this customer is complete since then."""

    TYPE: ClassVar[str] = "tandem.customer.registered.v1"

    name: Name
    parent_id: Id | None = None
    segment: Line | None = None
    is_internal: bool = False
    confidential: bool = False
    first_won_at: Time | None = None
    account_owner: Person | None = None
    history_from: Date | None = None


class CustomerMerged(_OnCustomers):
    """Two accounts are one."""

    TYPE: ClassVar[str] = "tandem.customer.merged.v1"

    merged_into: Id


class FeedbackReceived(_OnCustomers):
    """A customer answered a survey, complained or complimented."""

    TYPE: ClassVar[str] = "tandem.feedback.received.v1"

    feedback_id: Id
    kind: Literal["nps", "csat", "complaint", "compliment"]
    scale_min: Number | None = None
    scale_max: Number | None = None
    score: Number | None = Field(default=None, validate_default=True)
    order_id: Id | None = None
    contact: Text | None = None
    comment: Text | None = None
    quote_allowed: bool = False

    @field_validator("score")
    @classmethod
    def _on_its_scale(cls, value: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("kind")
        if kind in ("nps", "csat") and value is None:
            raise PydanticCustomError("no_score", "A survey answer has a score")
        if kind == "nps" and not (value == int(value) and 0 <= value <= NPS_MOST):
            raise PydanticCustomError("off_scale", "An nps score is an integer from 0 to 10")
        least, most = info.data.get("scale_min"), info.data.get("scale_max")
        if kind == "csat" and (least is None or most is None or least >= most):
            raise PydanticCustomError("no_scale", "A csat score needs scale_min below scale_max")
        if value is not None and least is not None and most is not None and not least <= value <= most:
            raise PydanticCustomError("off_scale", "The score lies outside scale_min and scale_max")
        return value

    @property
    def subject(self) -> str:
        """The order, else the customer."""
        return super().subject if self.order_id is None else f"order/{self.order_id}"


class OpportunityWon(_OnCustomers):
    """Sales closed business."""

    TYPE: ClassVar[str] = "tandem.opportunity.won.v1"

    value: Money
    reason: Reason | None = None
