"""The editions by name; a decorator registers each, nothing central is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from shared.editions.audiences import AUDIENCES
from shared.editions.model import Edition, Material

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.editions.audiences import Audience

Compose = Callable[[Material], Edition]
Unit = Literal["month", "week"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of edition: how it is composed, for whom, and of which periods."""

    compose: Compose
    audience: Audience
    units: tuple[Unit, ...]


EDITIONS: Final[dict[str, Kind]] = {}


def edition(audience: Audience, *units: Unit) -> Callable[[Compose], Compose]:
    """Register an edition under the function's name, which is also its template folder."""

    def register(function: Compose) -> Compose:
        name = function.__name__
        if name in EDITIONS:
            raise ValueError(f"an edition named {name} is registered already; rename one of the two")
        EDITIONS[name] = Kind(function, audience, units)
        return function

    return register


def compose(name: str, material: Material) -> Edition:
    """Compose an edition, with nothing in it that its audience may not see; ValueError says what to write."""
    if name not in EDITIONS:
        raise ValueError(f"there is no edition {name!r}; write one of: {_names(EDITIONS)}")
    kind = EDITIONS[name]
    if material.period.unit not in kind.units:
        raise ValueError(f"{name} is made of a {' or a '.join(kind.units)}, not of a {material.period.unit}")
    return kind.compose(replace(material, sight=AUDIENCES[kind.audience]))


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
