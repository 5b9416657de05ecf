"""Who may do what: one table from each action to the roles that may do it. What is not in it, nobody may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["reporter", "editor", "publisher", "leader", "admin", "auditor"]
"""What a person is to everything; everybody is a reporter."""
Standing = Literal["author", "named", "deputy"]
"""What a person is to one story: submitted it, is mentioned in it, or stands in where it waits too long."""
Action = Literal["read", "submit", "edit", "return", "approve", "publish", "retract", "object", "merge"]

MAY: Final[Mapping[Action, frozenset[Role | Standing]]] = {
    "read": frozenset({"author", "named", "editor", "deputy", "publisher", "leader", "admin", "auditor"}),
    "submit": frozenset({"reporter"}),
    "edit": frozenset({"author", "editor", "deputy"}),
    "return": frozenset({"editor", "deputy"}),
    "approve": frozenset({"editor", "deputy"}),
    "publish": frozenset({"publisher"}),
    "retract": frozenset({"author", "editor", "publisher"}),
    "object": frozenset({"named"}),
    "merge": frozenset({"editor", "deputy"}),
}
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, with the roles that person has."""

    person_id: str
    roles: frozenset[Role] = frozenset({"reporter"})
    deputy: bool = False
    """Whether this person stands in for the editors where a story waits too long."""


def may(action: Action, roles: frozenset[Role], standings: frozenset[Standing] = frozenset()) -> bool:
    """Whether someone of these roles, who is this to the story, may do it."""
    return not MAY[action].isdisjoint(roles | standings)


def who_may(action: Action) -> str:
    """Those who may, in words."""
    return " or ".join(sorted(MAY[action]))
