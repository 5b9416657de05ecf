"""While all is judged anew by rules that have changed, pages say so, and show no figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.replaying import under_way

if TYPE_CHECKING:
    from fastapi import Request

    from shared.rules import Rules
    from shared.store.progress import Progress


class UnjudgedError(Exception):
    """What is asked for would mix what stands with rules by which it was not judged."""


def judging(request: Request) -> Progress | None:
    """How far all is judged anew; None where it is judged."""
    rules: Rules = request.app.state.settings.rules
    with request.app.state.store.reading() as connection:
        so_far = under_way(connection, rules)
    since = so_far and so_far.since
    return so_far._replace(since=since.astimezone(rules.zone)) if so_far and since else so_far


def must_be_judged(request: Request) -> None:
    """Show nothing that would be true of neither rules; raises UnjudgedError."""
    if judging(request) is not None:
        raise UnjudgedError
