"""`tandem token`: who may send events by HTTP."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from services.commands.context import AsJson, UsageError, answer, instant, moment, note, opened, say
from shared.store import tokens

app = typer.Typer(help="Who may send events by HTTP.", no_args_is_help=True)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_SOURCE = 200


@app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it, such as erp.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may do: events:write (default), drafts.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PREFIX", help="As which source it may speak; repeat for several (default: any)."
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day or instant from which it is refused.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token; it is shown this once."""
    _check(name, source or [])
    with opened() as (settings, store):
        ends = _instant(expires, ZoneInfo(settings.zone))
        secret = tokens.create(
            store,
            name,
            scopes=scope or list(tokens.USUAL),
            sources=source or [],
            now=datetime.now(UTC),
            expires_at=ends,
        )
    if as_json:
        return answer({"name": name, "token": secret})
    say(secret)
    note("Keep it like a password: it is shown this once. Send it as the header Authorization: Bearer TOKEN.")
    return None


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    now = datetime.now(UTC)
    with opened() as (_, store):
        found = tokens.listed(store)
    if as_json:
        return answer([{**_described(token), "state": token.state(now)} for token in found])
    for token in found:
        used = f"last used {moment(token.last_used_at)}" if token.last_used_at else "never used"
        ends = f", expires {moment(token.expires_at)}" if token.expires_at else ""
        own = f" as {', '.join(token.sources)}" if token.sources else ""
        say(f"{token.name}: {token.state(now)}, {' '.join(token.scopes)}{own}, {used}{ends}")
    if not found:
        note("There is no token; tandem token create NAME makes one.")
    return None


@app.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """End a token at once and for ever."""
    with opened() as (_, store):
        tokens.revoke(store, name, datetime.now(UTC))
    say(f"The token {name} is refused from now on.")


def _check(name: str, sources: list[str]) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a token; write letters, digits and . _ -, at most 64")
    for source in sources:
        if not source.isprintable() or not 0 < len(source) <= _MOST_SOURCE:
            raise UsageError("--source: write how the source of its events begins, such as /erp")


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Read `--expires`: a day begins in the organisation's zone."""
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
    except ValueError:
        pass
    try:
        return instant(text)
    except UsageError:
        raise UsageError(
            f"--expires {text}: write a day such as 2027-01-31, or RFC 3339 with an offset"
        ) from None


def _described(token: tokens.Token) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "sources": token.sources,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }
