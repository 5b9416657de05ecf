"""The topic `forecasts`: what was expected, what was wanted, and of which product."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.payload import OfProduct
from shared.events.scalars import Date, Id, Line, Name, PeriodName, Quantity, Reason

Step = Literal["naive", "statistical", "sales", "marketing", "consensus"]


class _OnForecasts(OfProduct):
    TOPIC: ClassVar[str] = "forecasts"


class _Plan(_OnForecasts):
    """A quantity of a product in a period; rebuilt period by period."""

    customer_id: Id | None = None
    location: Line | None = None
    period: PeriodName
    qty: Quantity

    @property
    def subject(self) -> str:
        """The product's period."""
        return f"plan/{self.period}/{self.product_id}"


class ForecastPublished(_Plan):
    """A version of the forecast; `actor` is its author, the lag is period start minus `time`."""

    TYPE: ClassVar[str] = "tandem.forecast.published.v1"

    version_id: Id
    step: Step
    reason: Reason | None = None


class DemandRecorded(_Plan):
    """Unconstrained demand by requested date."""

    TYPE: ClassVar[str] = "tandem.demand.recorded.v1"


class ProductRegistered(_OnForecasts):
    """A product's master data."""

    TYPE: ClassVar[str] = "tandem.product.registered.v1"

    name: Name
    family: Line | None = None
    lead_time_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    launched_on: Date | None = None
    quality_limit_ppm: Quantity | None = None
    special_requirements: bool | Line | None = None


class StockCounted(_OnForecasts):
    """The stock at the event's time."""

    TYPE: ClassVar[str] = "tandem.stock.counted.v1"

    location: Line | None = None
    qty: Quantity
