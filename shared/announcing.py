"""Use case: what came to be true of wins, editions, stories and thanks goes into the outbox, once."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from shared import news, tables
from shared.editions.model import Edition
from shared.projecting.built import by_other_rules, instant, stale
from shared.quoting import quotable
from shared.recording import record
from shared.store import announced, outbox, people, stories, thanks
from shared.store.announced import Said
from shared.store.chunks import chunks
from shared.store.outbox import Record
from shared.store.rows import win_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.events.emitted import News
    from shared.rules import Rules
    from shared.store.engine import Store

_MOST = 1000
_ANNOUNCING = 0x54616E64656D03
_ENDED = frozenset({"revoked", "taken_back"})
_STRUCTURED = (("content-type", b"application/cloudevents+json"),)


class _Truth(NamedTuple):
    """What is true of a win, an edition, a story or thanks now, and of which row that is read."""

    name: str
    state: str
    seen: bytes
    news: News


def announce(store: Store, *, as_of: datetime, rules: Rules, most: int = _MOST) -> int:
    """Put into the outbox what is true as of an instant and was not said; return how many events that made.

    Looks at no more than `most` of each kind: ask again until nothing comes. Wins that
    were final, editions composed and stories decided more than `story_max_age_days` ago are no news; what was
    said once is followed up however old. What stands by other rules is no news before a replay.
    """
    with store.reading() as connection:
        if by_other_rules(connection, rules):
            return 0
    _catch_up(store, as_of, rules)
    horizon = as_of - timedelta(days=rules.story_max_age_days)
    with store.reading() as connection:
        wins = announced.changed_wins(connection, as_of, horizon)[:most]
        editions = announced.changed_editions(connection, horizon)[:most]
        told = announced.changed_stories(connection, horizon)[:most]
        given = announced.changed_thanks(connection, horizon)[:most]
    events = 0
    for some in chunks(wins):
        with _announcing(store) as connection:
            before = announced.said(connection, "wins", some)
            events += _say(connection, _wins(connection, some, before, as_of, rules), before, as_of)
    for some in chunks(editions):
        with _announcing(store) as connection:
            before = announced.said(connection, "editions", some)
            events += _say(connection, _editions(connection, some), before, as_of)
    for some in chunks(told):
        with _announcing(store) as connection:
            before = announced.said(connection, "stories", some)
            events += _say(connection, _stories(connection, some), before, as_of)
    for some in chunks(given):
        with _announcing(store) as connection:
            before = announced.said(connection, "thanks", some)
            events += _say(connection, _thanks(connection, some), before, as_of)
    return events


class Announcer:
    """Announces again and again; while nothing has happened, asking costs next to nothing."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules
        self._done: tuple[object, datetime] | None = None

    def announce(self, as_of: datetime) -> int:
        """Do what `announce` does, if anything can have come to be true since all was said."""
        with self._store.reading() as connection:
            mark = announced.mark(connection)
            if self._done is not None and not announced.moved(connection, *self._done, mark, as_of):
                return 0
        events = announce(self._store, as_of=as_of, rules=self._rules)
        self._done = None if events else (mark, as_of)
        return events


def _catch_up(store: Store, as_of: datetime, rules: Rules) -> None:
    """Rebuild what events whose time has come make different."""
    with store.reading() as connection:
        behind = bool(stale(connection, instant(connection, as_of)))
    if behind:
        record(store, [], as_of=as_of, rules=rules)


@contextmanager
def _announcing(store: Store) -> Iterator[Connection]:
    """Write as the only one who announces, so that nobody says the same."""
    with store.noting() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_ANNOUNCING)))
        yield connection


def _wins(
    connection: Connection, names: Sequence[str], before: dict[str, Said], as_of: datetime, rules: Rules
) -> Iterator[_Truth]:
    win = tables.wins.c
    found = announced.rows(connection, [win.win_id, win.digest, win.body], names)
    for name in names:
        if (row := found.get(name)) is not None:
            known = win_of(row.body)
            said = news.of_win(known, as_of, rules.zone)
            yield _Truth(name, known.status(as_of), row.digest, said)
        elif (old := before.get(name)) is not None:
            yield _Truth(name, "revoked", old.seen, news.gone(old.data))


def _editions(connection: Connection, names: Sequence[str]) -> Iterator[_Truth]:
    edition = tables.editions.c
    found = announced.rows(connection, [edition.edition_id, edition.state, edition.body], names)
    for name, row in found.items():
        yield _Truth(name, row.state, b"", news.of_edition(Edition.from_json(row.body)))


def _stories(connection: Connection, names: Sequence[str]) -> Iterator[_Truth]:
    changes = stories.changes(connection, names)
    for name, story in stories.found(connection, names).items():
        change = changes[name]
        edition = change.note if story.state == "published" else None
        yield _Truth(name, story.state, b"", news.of_story(story, change.by, edition))


def _thanks(connection: Connection, names: Sequence[str]) -> Iterator[_Truth]:
    found = thanks.those(connection, {name.partition("/")[0] for name in names})
    notes = quotable(connection, found.values())
    agreed = people.named(connection, {each.person_id for each in found.values()})
    for name in names:
        thanks_id, _, department = name.partition("/")
        row = found[thanks_id]
        is_named = row.person_id in agreed
        told = news.of_thanks(row, department, notes.get(thanks_id), is_named=is_named)
        state = "given" if row.taken_back_at is None else "taken_back"
        yield _Truth(name, state, row.digest, told)


def _say(connection: Connection, truths: Iterator[_Truth], before: dict[str, Said], as_of: datetime) -> int:
    """Write the events that are due, and what is said from now on; return how many events."""
    records: list[Record] = []
    notes: list[Said] = []
    for truth in truths:
        old, data = before.get(truth.name), news.dump(truth.news)
        due = _due(old, truth.state, data)
        if old is None and not due:
            continue
        turn = (old.turn if old else 0) + due
        if due:
            records.append(_record(truth.news, turn, as_of))
        notes.append(Said(truth.news.TOPIC, truth.name, turn, truth.state, truth.seen, data))
    announced.say(connection, notes)
    outbox.put(connection, records, as_of)
    return len(records)


def _due(old: Said | None, state: str, data: bytes) -> bool:
    """Whether it is news: of what was revoked, and of what was never said and does not hold, nothing is."""
    if state in _ENDED and (old is None or old.state == state):
        return False
    return old is None or (old.state, old.data) != (state, data)


def _record(said: News, turn: int, as_of: datetime) -> Record:
    key = said.about.partition("/")[2].encode()
    return Record(said.TOPIC, key, news.event(said, turn, as_of), _STRUCTURED)
