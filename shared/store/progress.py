"""How far everything has been judged anew, where every process sees it: pages tell it to whoever waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FACT: Final = "judging_anew"


class Progress(NamedTuple):
    """Since when orders are judged anew, None before anybody began; how many are done, and of how many."""

    since: datetime | None = None
    done: int = 0
    total: int = 0


def put(connection: Connection, so_far: Progress) -> None:
    """Note how far it is."""
    put_fact(connection, _FACT, orjson.dumps(tuple(so_far)).decode())


def found(connection: Connection) -> Progress | None:
    """How far it was said to be last; None before anybody began."""
    if not (told := fact(connection, _FACT)):
        return None
    since, done, total = orjson.loads(told)
    return Progress(datetime.fromisoformat(since), done, total)


def clear(connection: Connection) -> None:
    """Everything is judged."""
    put_fact(connection, _FACT, "")
