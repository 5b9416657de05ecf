"""What is made of things that stay the same, made once: our things are the same if they are one object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Made = TypeVar("Made")
_MOST: Final = 2048


class Keeping(Generic[Made]):
    """What was made, by what of; when there is too much of it, all is let go."""

    def __init__(self, most: int = _MOST) -> None:
        self._made: dict[Hashable, Made] = {}
        self._most = most

    def get(self, of: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What was made of these things, else what is made of them now."""
        key = _key(of)
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[key] = make()
        return found


def _key(value: object) -> Hashable:
    """Markup is not the text that it equals; models would be compared field by field."""
    if type(value) is tuple:
        return tuple([_key(each) for each in value])
    if isinstance(value, BaseModel | dict):
        return _Same(value)
    return (type(value), value)


class _Same:
    """Equal to nothing but the very same thing, which it keeps alive."""

    __slots__ = ("of",)

    def __init__(self, of: object) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.of is other.of
