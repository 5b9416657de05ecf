"""What every payload may carry, and the parts that payloads share."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.events.scalars import Amount, Currency, Id, Line, Name, Time

SalesSide = Literal["sales", "marketing", "customer_service"]
OperationsSide = Literal[
    "operations", "planning", "production", "procurement", "logistics", "warehouse", "quality"
]
Department = Literal[SalesSide, OperationsSide, "finance", "customer", "carrier", "supplier", "system"]
Initiator = Literal["customer", "us", "carrier", "supplier", "system"]


class Part(BaseModel):
    """A piece of a payload: strict, immutable; fields it does not know are left to the journal."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Person(Part):
    """Who did something, with the department at that time."""

    person_id: Id
    department: Department
    role: Line | None = None
    is_human: bool = True
    name: Name | None = None


class Money(Part):
    """An amount in one currency."""

    amount: Amount
    currency: Currency


class EventName(Part):
    """`source` and `id`: the name of one event for ever."""

    source: Id
    id: Id


class Payload(Part):
    """The data of an event; subclasses name their type, topic and subject."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]

    recorded_at: Time | None = None
    actor: Person | None = None
    participants: tuple[Person, ...] = Field(default=(), max_length=1000, strict=False)
    initiator: Initiator = "us"
    corrects: EventName | None = None
    backfill: bool = False

    @property
    def subject(self) -> str:
        """What is rebuilt when this event comes, such as `order/SO-1`; empty where nothing is."""
        return ""


def lacking(field: str, why: str) -> PydanticCustomError:
    """What to raise where another field makes this one necessary, or takes its place."""
    return PydanticCustomError("lacking", "{why}", {"why": why, "missing": field})


def distinct_lines(lines: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a `line_id` that occurs twice."""
    seen: set[str] = set()
    for line in lines:
        if line.line_id in seen:
            raise PydanticCustomError(
                "line_twice", "line_id {line_id} occurs twice; each line once", {"line_id": line.line_id}
            )
        seen.add(line.line_id)
    return lines


LINES = (Field(min_length=1, max_length=10_000, strict=False), AfterValidator(distinct_lines))
"""What holds wherever there is `lines`: not empty, each `line_id` once; a list of JSON becomes a tuple."""


class OfOrder(Payload):
    """A payload about one order of one customer."""

    order_id: Id
    customer_id: Id

    @property
    def subject(self) -> str:
        """The order."""
        return f"order/{self.order_id}"


class OfCustomer(Payload):
    """A payload about one customer."""

    customer_id: Id

    @property
    def subject(self) -> str:
        """The customer."""
        return f"customer/{self.customer_id}"


class OfProduct(Payload):
    """A payload about one product."""

    product_id: Id

    @property
    def subject(self) -> str:
        """The product."""
        return f"product/{self.product_id}"
