"""The patterns: each module holds one function of its own name, registered by a decorator."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import shared.patterns
from shared.patterns.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shared.patterns.case import Finding, OrderCase
    from shared.patterns.claim import Case, Claim
    from shared.patterns.thresholds import Threshold

    Pattern = Callable[[OrderCase], Finding]
    Premise = Callable[[OrderCase], bool]

C = TypeVar("C", bound="Case")


class SubjectPattern(NamedTuple):
    """A pattern that looks at other subjects than orders, judged by the clock."""

    kind: str
    """What its case is about: `customer`, `product`, `week`, `quarter`, `hold` or `draft`."""
    claim: Callable[[Any], Claim | None]
    apart: int
    """Where the gates held in one of the `apart` - 1 periods before, the win was theirs: windows overlap."""
    after: int
    """Periods after its own that the gates look at once they have ended: then it is judged again."""
    heeds: Threshold | None
    """Days after its period in which what is told of the subject still counts, if more than the rules say."""


_PATTERNS: dict[str, Pattern] = {}
_PREMISES: dict[str, Premise] = {}
_OF_SUBJECTS: dict[str, SubjectPattern] = {}


def pattern(*, premise: Premise) -> Callable[[Pattern], Pattern]:
    """Register a pattern of orders under its function's name, which is its id.

    `premise` tells at a glance most orders of which it can say nothing, so that recording passes them by.
    """

    def register(function: Pattern) -> Pattern:
        _PATTERNS[_free(function.__name__)] = function
        _PREMISES[function.__name__] = premise
        return function

    return register


def subject_pattern(
    kind: str, *, apart: int = 1, after: int = 0, heeds: Threshold | None = None
) -> Callable[[Callable[[C], Claim | None]], Callable[[C], Claim | None]]:
    """Register a pattern of subjects of a kind; None from it says that there is nothing to judge."""

    def register(function: Callable[[C], Claim | None]) -> Callable[[C], Claim | None]:
        _OF_SUBJECTS[_free(function.__name__)] = SubjectPattern(kind, function, apart, after, heeds)
        return function

    return register


def _free(name: str) -> str:
    if name in _PATTERNS or name in _OF_SUBJECTS:
        raise ValueError(f"two patterns are called {name}")
    return name


@cache
def patterns() -> dict[str, Pattern]:
    """Every pattern of orders by id."""
    _load()
    return dict(sorted(_PATTERNS.items()))


def possible(case: OrderCase) -> Iterator[tuple[str, Pattern]]:
    """The patterns of orders, by id, that may say something of a case: the others fail one of their gates."""
    return ((name, each) for name, each in patterns().items() if _PREMISES[name](case))


@cache
def subject_patterns(kind: str) -> dict[str, SubjectPattern]:
    """Every pattern of a kind of subject by id."""
    _load()
    return {name: each for name, each in sorted(_OF_SUBJECTS.items()) if each.kind == kind}


def names() -> list[str]:
    """The ids of all patterns."""
    _load()
    return sorted([*_PATTERNS, *_OF_SUBJECTS])


def thresholds() -> dict[str, Threshold]:
    """The numbers that stand in the patterns, by name."""
    _load()
    return dict(sorted(THRESHOLDS.items()))


def _load() -> None:
    for module in pkgutil.iter_modules(shared.patterns.__path__):
        import_module(f"{shared.patterns.__name__}.{module.name}")
