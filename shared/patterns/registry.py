"""The patterns: each module holds one function of its own name, registered by a decorator."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import shared.patterns

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.patterns.case import Finding, OrderCase

    Pattern = Callable[[OrderCase], Finding]

_PATTERNS: dict[str, Pattern] = {}


def pattern(function: Pattern) -> Pattern:
    """Register a pattern under its function's name, which is its id."""
    name = function.__name__
    if name in _PATTERNS:
        raise ValueError(f"two patterns are called {name}")
    _PATTERNS[name] = function
    return function


@cache
def patterns() -> dict[str, Pattern]:
    """Every pattern by id."""
    for module in pkgutil.iter_modules(shared.patterns.__path__):
        import_module(f"{shared.patterns.__name__}.{module.name}")
    return dict(sorted(_PATTERNS.items()))
