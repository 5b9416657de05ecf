"""Named points at which a test may have the process die; nothing happens where none is armed."""

from __future__ import annotations

import os

DETECTING = ("mid_batch", "before_sql_commit", "after_sql_commit", "after_offset_commit")
RELAYING = ("before_outbox_removal",)
MAILING = ("after_claim", "before_started", "after_started", "after_accepted", "after_settled")
ASKING = ("before_asked", "after_asked")
POINTS = DETECTING + RELAYING + MAILING + ASKING
_KILLED = 137
_armed: dict[str, int] = {}


def arm(point: str) -> None:
    """Die when `name:n` is reached for the n-th time, as if killed; raises ValueError."""
    name, _, count = point.partition(":")
    if name not in POINTS:
        raise ValueError(f"{name!r} is no point to fail at; write one of {', '.join(POINTS)}, and :n")
    _armed[name] = int(count or 1)


def reach(name: str) -> None:
    """Say that the process is at this point."""
    if _armed:
        _count(name)


def _count(name: str) -> None:
    _armed[name] = _armed.get(name, 0) - 1
    if _armed[name] == 0:
        os._exit(_KILLED)
