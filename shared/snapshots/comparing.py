"""One export after another: what is new in each, batch by batch, and what is missing at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from shared.events.catalogue import Rejected
from shared.events.deliveries import DeliveryDelivered
from shared.events.orders import OrderCancelled, OrderPlaced
from shared.events.sources import SourceHeartbeat
from shared.snapshots.differences import differences
from shared.snapshots.export import Export, is_difference
from shared.snapshots.reading import open_orders, said_of
from shared.snapshots.said import Said, Told
from shared.store import journal
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from shared.store.engine import Store

Json = dict[str, Any]
_CHUNK = 1000


class OlderExportError(ValueError):
    """An export is older than one that is in; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An event that the export makes."""

    raw: bytes
    document: Json
    subject: str
    digest: bytes

    @property
    def places(self) -> bool:
        """Whether it says what an order is, which is compared before what is said of its lines."""
        return bool(self.document["type"] == OrderPlaced.TYPE)


def _places(each: _Wanted | bytes) -> bool:
    return isinstance(each, _Wanted) and each.places


class Snapshot:
    """One export held against the journal, in batches; each must be recorded before the next is asked for."""

    def __init__(self, store: Store, export: Export) -> None:
        self._store = store
        self._export = export
        self._orders: dict[str, frozenset[str]] = {}
        self._made: dict[str, bytes] = {}
        self._complete = True

    def unread(self) -> None:
        """Note that a row could not be read: from now on silence means nothing, as it may be that row's."""
        self._complete = False
        kept = self._export.policy.model_copy(update={"missing_line": "kept"})
        self._export = replace(self._export, policy=kept)

    def begin(self) -> None:
        """Note that this export is being read; raises OlderExportError where a newer one was."""
        name = f"newest export of {self._export.source}"
        with self._store.writing() as connection:
            newest = fact(connection, name)
            if newest is not None and datetime.fromisoformat(newest) > self._export.at:
                raise OlderExportError(
                    f"This export is of {self._export.time}, and one of {newest} is in already: an older "
                    "state says nothing of a newer one, and nothing was recorded. Import exports from the "
                    "oldest to the newest; if the instant is wrong, pass --exported-at"
                )
            put_fact(connection, name, self._export.at.isoformat())

    def restate(self, raws: Iterable[bytes]) -> list[list[bytes]]:
        """For each event that the export makes, what is new in it: nothing where it was said before."""
        entries = [self._read(raw) for raw in raws]
        subjects = {each.document["id"]: each.subject for each in entries if isinstance(each, _Wanted)}
        with self._store.reading() as connection:
            said = said_of(connection, self._export.source, subjects)
        found: list[list[bytes]] = [[] for _ in entries]
        for at in sorted(range(len(entries)), key=lambda at: not _places(entries[at])):
            each = entries[at]
            found[at] = [each] if isinstance(each, bytes) else self._new(each, said)
        return found

    def _read(self, raw: bytes) -> _Wanted | bytes:
        """An event to compare; raw, where it is the recorder's to judge: broken, or told in two ways."""
        try:
            entry = journal.read(raw, self._store.secret, backfill=False)
        except Rejected:
            return raw
        wanted = _Wanted(raw, orjson.loads(raw), entry.known.subject, entry.known.digest)
        before = self._made.setdefault(entry.event.id, entry.known.digest)
        if wanted.places:
            self._orders[wanted.subject] = frozenset(line.line_id for line in entry.event.data.lines)
        return wanted if before == entry.known.digest else raw

    def _new(self, wanted: _Wanted, said: dict[str, Said]) -> list[bytes]:
        of_it = said.setdefault(wanted.subject, Said())
        found = [orjson.dumps(each) for each in differences(wanted.document, of_it, self._export, self._same)]
        for raw in found:
            of_it.add(self._told(raw))
        return found

    def _told(self, raw: bytes) -> Told:
        document = orjson.loads(raw)
        return Told(document["id"], document["type"], self._digest(raw), document)

    def _digest(self, raw: bytes) -> bytes:
        try:
            return journal.read(raw, self._store.secret, backfill=False).known.digest
        except Rejected:
            return b""

    def _same(self, wanted: Json, head: Told) -> bool:
        """Whether `wanted` is what was told under `head`: where it has no time of its own, at any time."""
        told = {**wanted, "id": head.id, "data": wanted["data"]}
        if wanted["time"] == self._export.time:
            told["time"] = head.document["time"]
        if head.id != wanted["id"]:  # it is a correction of what was told first
            kept = {name: head.data[name] for name in ("corrects", "recorded_at")}
            told["data"] = wanted["data"] | kept
        return self._digest(orjson.dumps(told)) == head.digest

    def missing(self) -> Iterator[list[bytes]]:
        """What silence means, by the policies of the mapping, and that the export has been read whole."""
        if not (self._complete and self._orders):
            return  # an export that failed is no news of every order
        policy = self._export.policy
        if policy.missing_order != "kept":
            with self._store.reading() as connection:
                gone = list(open_orders(connection, self._orders.keys()))
            yield from self._each(gone, self._gone)
        if policy.missing_event == "retracted":
            yield from self._each(sorted(self._orders), self._unsaid)
        data = {"complete_until": self._export.time}
        yield [orjson.dumps(self._export.event(SourceHeartbeat.TYPE, self._export.id("snapshot"), data))]

    def _each(
        self, subjects: list[str], news: Callable[[str, Said], Iterator[Json]]
    ) -> Iterator[list[bytes]]:
        rest = iter(subjects)
        while some := list(islice(rest, _CHUNK)):
            with self._store.reading() as connection:
                said = said_of(connection, self._export.source, {name: name for name in some})
            yield [orjson.dumps(each) for name in some for each in news(name, said.get(name, Said()))]

    def _gone(self, _subject: str, said: Said) -> Iterator[Json]:
        """An open order of this source that the export does not list."""
        if (placed := said.placed()) is None:
            return
        root, head = placed
        left = [line for line in said.lines().values() if line.open and line.left]
        name = self._export.id(root, "missing")
        if left and self._export.policy.missing_order == "cancelled":
            by = self._export.policy.initiator.missing
            yield self._export.of_order(OrderCancelled.TYPE, name, head.data, {"reason": "other"}, by)
        elif left:
            parts = [{"line_id": line.line_id, "qty_delivered": f"{line.left:f}"} for line in left]
            data = {"shipment_id": name, "lines": parts, "evidence": "estimated"}
            yield self._export.of_order(DeliveryDelivered.TYPE, name, head.data, data)

    def _unsaid(self, subject: str, said: Said) -> Iterator[Json]:
        """What was told of the order, or of its lines that are listed, and is not told any more."""
        listed = self._orders[subject]
        standing = dict(said.standing())
        unsaid = [
            root
            for root, told in standing.items()
            if root not in self._made and not is_difference(root) and _concerns(told, listed)
        ]
        of_them = tuple(f"{root}/" for root in unsaid)
        for name in standing:
            if name in unsaid or (is_difference(name) and name.startswith(of_them)):
                yield self._export.taken_back(name, "The export does not say it any more")


def _concerns(told: Told, listed: frozenset[str]) -> bool:
    """Whether an event is about the whole order, or about a line that is listed."""
    data = told.data
    lines = [*(line["line_id"] for line in data.get("lines", ())), *data.get("line_ids", ())]
    lines += [data["line_id"]] if data.get("line_id") else []
    return not lines or not listed.isdisjoint(lines)
