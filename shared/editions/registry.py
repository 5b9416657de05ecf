"""The editions by name; a decorator registers each, nothing central is edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from shared.editions.model import Edition, Material

if TYPE_CHECKING:
    from collections.abc import Iterable

Compose = Callable[[Material], Edition]
EDITIONS: Final[dict[str, Compose]] = {}


def edition(function: Compose) -> Compose:
    """Register an edition under the function's name, which is also its template folder."""
    if function.__name__ in EDITIONS:
        raise ValueError(f"an edition named {function.__name__} is registered already; rename one of the two")
    EDITIONS[function.__name__] = function
    return function


def compose(name: str, material: Material) -> Edition:
    """Compose the edition `name`; ValueError names the editions there are."""
    if name not in EDITIONS:
        raise ValueError(f"there is no edition {name!r}; write one of: {_names(EDITIONS)}")
    return EDITIONS[name](material)


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
