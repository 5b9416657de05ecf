"""Values that are dates and times, in declared formats and zones."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.mapping import moments
from shared.mapping.leaves import Text, misread
from shared.mapping.notation import Formats  # noqa: TC001 # pydantic reads it
from shared.mapping.section import Section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from shared.mapping.rows import Scope
    from shared.mapping.template import Template


def _checked(problem: Any) -> AfterValidator:
    def check(text: str) -> str:
        if why := problem(text):
            raise PydanticCustomError("format", "{why}", {"why": why})
        return text

    return AfterValidator(check)


Clock = Annotated[str, _checked(moments.clock_problem)]
Days = Annotated[int, Field(ge=-3650, le=3650)]
WorkingDays = Annotated[int, Field(ge=0, le=2500)]


class _Moment(Section):
    format: Formats | None = None
    zone: Text | None = None
    plus_days: Days = 0
    plus_working_days: WorkingDays = 0

    @property
    @abstractmethod
    def source(self) -> Template:
        """The text to read."""

    @abstractmethod
    def instant(self, scope: Scope) -> dt.date | None:
        """The day or the point in time itself."""

    def of(self, source: Template) -> Self:
        """The same reading of another text, as it stands."""
        own = {type(self).__name__.lower(): source, "plus_days": 0, "plus_working_days": 0}
        return self.model_copy(update=own)

    def children(self) -> Iterable[tuple[str, Template]]:
        """The text to read, and the zone if one is given."""
        yield type(self).__name__.lower(), self.source
        if self.zone is not None:
            yield "zone", self.zone

    def _formats(self, scope: Scope) -> tuple[str, ...]:
        declared = self.format or getattr(scope.notation(self.source), "format", None)
        if declared is None:
            return moments.ISO
        return (declared,) if isinstance(declared, str) else tuple(declared)

    def _moment(self, scope: Scope) -> dt.datetime | None:
        template = self.source
        text = template.read(scope)
        if text is None:
            return None
        formats = self._formats(scope)
        found = moments.moment(text, formats)
        if found is None:
            raise misread(
                template,
                scope,
                text,
                f"no date in the format {' or '.join(formats)}",
                "mend it, or `format`",
            )
        return self._later(self._placed(found, scope), scope)

    def _placed(self, found: dt.datetime, _scope: Scope) -> dt.datetime:
        return found

    def _later(self, found: dt.datetime, scope: Scope) -> dt.datetime:
        try:
            day = moments.working_days_after(found.date(), self.plus_working_days)
            return found + (day - found.date()) + dt.timedelta(days=self.plus_days)
        except OverflowError:
            raise misread(self.source, scope, found.isoformat(), "outside the calendar", "mend it") from None

    def _zone(self, scope: Scope) -> ZoneInfo | None:
        if self.zone is None:
            return None
        name = self.zone.read(scope)
        zone = None if name is None else moments.zone_named(name)
        if zone is None and name is not None:
            raise misread(self.zone, scope, name, "no IANA time zone", "write one such as Europe/Berlin")
        return zone


class Date(_Moment):
    """A calendar date, or the month or week it lies in; a time with an offset is first put into `zone`."""

    date: Text
    period: str | None = Field(default=None, pattern="^(month|week)$")

    @property
    def source(self) -> Template:
        """The text to read."""
        return self.date

    def instant(self, scope: Scope) -> dt.date | None:
        """The day."""
        found = self._moment(scope)
        return None if found is None else found.date()

    def _placed(self, found: dt.datetime, scope: Scope) -> dt.datetime:
        zone = None if found.tzinfo is None else self._zone(scope) or scope.zone
        return found if zone is None else found.astimezone(zone)

    def read(self, scope: Scope) -> str | None:
        """`2026-10-01`; with `period`, `2026-10` or `2026-W40`."""
        day = self.instant(scope)
        if day is None:
            return None
        if self.period == "month":
            return f"{day:%Y-%m}"
        if self.period == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        return day.isoformat()


class Datetime(_Moment):
    """An instant; one without an offset is the local time of `zone`, else of the mapping's `timezone`."""

    datetime: Text
    at: Clock | None = None

    @property
    def source(self) -> Template:
        """The text to read."""
        return self.datetime

    def instant(self, scope: Scope) -> dt.datetime | None:
        """The point in time."""
        found = self._moment(scope)
        if found is None:
            return None
        if self.at is not None:
            found = dt.datetime.combine(found, moments.clock(self.at), found.tzinfo)
        return found if found.tzinfo else self._local(found, scope)

    def read(self, scope: Scope) -> str | None:
        """`2026-10-01T09:30:00+02:00`."""
        found = self.instant(scope)
        return None if found is None else found.isoformat()

    def _local(self, wall: dt.datetime, scope: Scope) -> dt.datetime:
        zone = self._zone(scope) or scope.zone
        if zone is None:
            raise misread(
                self.datetime,
                scope,
                wall.isoformat(),
                "a time without a zone",
                "write `zone` beside it, or `timezone` at the top of the mapping",
            )
        aware = moments.local(wall, zone)
        if aware is None:
            raise misread(
                self.datetime,
                scope,
                wall.isoformat(),
                f"a time that {zone.key} skipped, as its clocks went forward",
                "mend it, or `zone`",
            )
        return aware
