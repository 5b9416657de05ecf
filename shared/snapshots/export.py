"""One export: whose, of when, and the policies by which its differences become events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.mapping.model import Snapshot as Policy

Json = dict[str, Any]
_OF_AN_EXPORT = re.compile(r"@\d{8}T\d{6}(\.\d{6})?Z(/back@|$)")


def is_difference(name: str) -> bool:
    """Whether an event of this id was found between exports, and not made by a rule of the mapping."""
    return _OF_AN_EXPORT.search(name) is not None


@dataclass(frozen=True, slots=True)
class Export:
    """What every difference found in one export shares."""

    source: str
    at: datetime
    policy: Policy

    @property
    def time(self) -> str:
        """The instant of the export, as events write it."""
        return self.at.isoformat()

    def id(self, *parts: str) -> str:
        """The id of a difference: the same export finds it under the same id again."""
        moment = self.at.astimezone(UTC)
        return f"{'/'.join(parts)}@{moment:%Y%m%dT%H%M%S}{f'.{moment:%f}' if moment.microsecond else ''}Z"

    def event(self, kind: str, name: str, data: Json) -> Json:
        """An event that happened, as far as anyone can know, when the export was made."""
        return {
            "specversion": "1.0",
            "id": name,
            "source": self.source,
            "type": kind,
            "time": self.time,
            "data": data,
        }

    def of_order(self, kind: str, name: str, order: Json, data: Json, initiator: str = "us") -> Json:
        """The same about the order that `order` is the payload of an event of."""
        about = {"order_id": order["order_id"], "customer_id": order["customer_id"]}
        by = {} if initiator == "us" else {"initiator": initiator}
        return self.event(kind, name, about | data | by)

    def taken_back(self, root: str, reason: str) -> Json:
        """The news that an event told before does not hold."""
        data = {"corrects": {"source": self.source, "id": root}, "reason": reason}
        return self.event("tandem.event.retracted.v1", self.id(root, "back"), data)

    def corrected(self, wanted: Json) -> Json:
        """The event as it is told now, in place of what was told under its id before."""
        data = wanted["data"] | {
            "corrects": {"source": self.source, "id": wanted["id"]},
            "recorded_at": self.time,
        }
        return {**wanted, "id": self.id(wanted["id"]), "data": data}
