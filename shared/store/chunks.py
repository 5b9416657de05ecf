"""Sets of keys, cut to what one query takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 1000


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the keys, at most a thousand at a time."""
    for start in range(0, len(keys), MOST):
        yield keys[start : start + MOST]
