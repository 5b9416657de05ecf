"""Who may do what: one table from each action to the roles that may do it. What is not in it, nobody may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Role = Literal["reporter", "editor", "publisher", "leader", "admin", "auditor"]
"""What a person is to everything; everybody is a reporter."""
Standing = Literal["author", "named", "deputy", "anyone"]
"""What a person is to one story: submitted it, is mentioned in it, or stands in where it waits too long;
`anyone` needs not even be signed in."""
Action = Literal[
    "read", "submit", "edit", "return", "approve", "publish", "retract", "object", "dispute",
    "merge", "comment",
    "enter", "browse", "prefer", "see_composed", "see_evidence", "cut_figures",
    "see_quality", "mend", "see_people", "edit_people", "thank",
    "see_desk", "compose", "try_mail",
]  # fmt: skip

MAY: Final[Mapping[Action, frozenset[Role | Standing]]] = {
    "read": frozenset({"author", "named", "editor", "deputy", "publisher", "leader", "admin", "auditor"}),
    "submit": frozenset({"reporter"}),
    "edit": frozenset({"author", "editor", "deputy"}),
    "return": frozenset({"editor", "deputy"}),
    "approve": frozenset({"editor", "deputy"}),
    "publish": frozenset({"publisher"}),
    "retract": frozenset({"author", "editor", "publisher"}),
    "object": frozenset({"named"}),
    "dispute": frozenset({"named"}),
    "merge": frozenset({"editor", "deputy"}),
    "comment": frozenset({"author", "editor", "deputy", "publisher"}),
    "enter": frozenset({"anyone"}),
    "browse": frozenset({"reporter"}),
    "prefer": frozenset({"reporter"}),
    "see_composed": frozenset({"editor", "publisher", "admin", "auditor"}),
    "see_evidence": frozenset({"leader", "editor", "publisher", "admin", "auditor"}),
    "cut_figures": frozenset({"leader", "editor", "publisher", "admin", "auditor"}),
    "see_quality": frozenset({"editor", "admin", "auditor"}),
    "mend": frozenset({"admin"}),
    "see_people": frozenset({"admin", "auditor"}),
    "edit_people": frozenset({"admin"}),
    "see_desk": frozenset({"editor", "deputy", "publisher", "admin", "auditor"}),
    "compose": frozenset({"editor", "publisher"}),
    "try_mail": frozenset({"editor", "publisher"}),
    "thank": frozenset({"reporter"}),
}
"""`browse` is what every employee reads: newsletters, their stories, the figures of the whole company."""
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


def roles_of(listed: Iterable[str]) -> frozenset[Role]:
    """The roles of a person by what the list of people says; other words there open no door here."""
    called = {"administrator": "admin"}
    told = {called.get(name, name) for name in listed}
    return frozenset({"reporter", *(role for role in ROLES if role in told)})
