"""A list of people, uploaded: first what it would change, then, once somebody looked at that, the change."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.newsroom.bodies import read_body
from services.newsroom.web import faults
from services.newsroom.web.guard import Visit, declare, may
from services.newsroom.web.pages import page, then
from shared.people.importing import OtherwiseError, import_people, planned
from shared.people.model import PeopleError
from shared.people.placing import ADMINISTRATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.people.importing import Planned
    from shared.people.model import Person
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
MOST_BYTES: Final = 4_000_000
"""Of a list that comes back in base64, some 25,000 people; `tandem people import` takes longer ones."""
SHOWN: Final = 200
FIELDS: Final = ("name", "email", "department", "language", "naming", "roles", "customers")
"""What a list may change of a person."""
_TOKEN: Final = may("edit_people")


async def _parts(request: Request, visit: Annotated[Visit, Depends(_TOKEN)]) -> Mapping[str, bytes]:
    """The parts of a form with a file in it, sent from a page of ours; raises Fault."""
    body = await read_body(request, MOST_BYTES)
    head = f"content-type: {request.headers.get('content-type', '')}\r\n\r\n".encode("latin-1", "replace")
    form = message_from_bytes(head + body, policy=policy.HTTP)
    if form.get_content_type() != "multipart/form-data" or not form.is_multipart():
        raise faults.no_form()
    found = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    if not hmac.compare_digest(found.get("csrf", b""), visit.csrf.encode()):
        raise faults.forged()
    return found


declare(_parts, "edit_people")


@router.get("/import/people")
def ask(request: Request, _visit: Annotated[Visit, Depends(may("edit_people"))]) -> Response:
    """Ask for a list."""
    return page(request, "import", plan=None, wrong="", moved=False)


@router.post("/import/people")
def take(
    request: Request,
    visit: Annotated[Visit, Depends(_TOKEN)],
    parts: Annotated[dict[str, bytes], Depends(_parts)],
) -> Response:
    """Show what a list would change; or change it, if that is still what was shown."""
    store: Store = request.app.state.store
    seen, now = parts.get("seen", b"").decode("ascii", "replace"), datetime.now(UTC)
    raw = _again(parts["list64"]) if "list64" in parts else parts.get("list", b"")
    try:
        if seen:
            import_people(store, raw, now, who=visit.me.person_id, as_seen=seen)
            return then("/people")
    except OtherwiseError:
        return _shown(request, visit, raw, now, moved=True)
    except PeopleError as error:
        raise faults.refused(str(error)) from None
    return _shown(request, visit, raw, now)


def _shown(request: Request, visit: Visit, raw: bytes, now: datetime, *, moved: bool = False) -> Response:
    store: Store = request.app.state.store
    with store.reading() as connection:
        try:
            plan = planned(connection, raw, now)
        except PeopleError as error:
            return page(request, "import", code=422, plan=None, wrong=str(error), moved=False)
    if _locks_out(plan, visit.me.person_id):
        raise faults.refused("This list takes your own role of an administrator; leave it to another one")
    shown = [(old, new, changed(old, new)) for old, new in plan.changes[:SHOWN]]
    text = b64encode(raw).decode()
    return page(request, "import", plan=plan, wrong="", shown=shown, text=text, moved=moved, most=SHOWN)


def _again(text: bytes) -> bytes:
    """The list that was shown, byte by byte; raises Fault."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise faults.no_form() from None


def changed(old: Person | None, new: Person) -> list[tuple[str, str, str]]:
    """Each field that differs, as it is and as it would be."""
    return [
        (name, _text(getattr(old, name)) if old else "", _text(getattr(new, name)))
        for name in FIELDS
        if old is None or getattr(old, name) != getattr(new, name)
    ]


def _text(value: object) -> str:
    return "; ".join(sorted(value)) if isinstance(value, frozenset) else str(value or "")


def _locks_out(plan: Planned, me: str) -> bool:
    return any(
        old is not None and new.person_id == me and ADMINISTRATOR in old.roles - new.roles
        for old, new in plan.changes
    )
