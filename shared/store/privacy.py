"""What is kept apart from the journal: names, contacts and free texts, so that people can be forgotten."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, get_args, get_origin

from shared.events.customers import FeedbackReceived, OpportunityWon
from shared.events.orders import OrderChanged
from shared.events.payload import Payload, Person
from shared.events.scalars import Personal
from shared.history.reasons import RELIABILITY, names_reliability

REDACTED = "*"
"""Stands in the journal where a text was."""
_CHECKED = ("qty", "requested_on")
_CODE = re.compile(r"[A-Z]{3}|[0-9.-]{1,40}")


@dataclass(slots=True)
class Apart:
    """What was taken out of one event."""

    texts: dict[str, str] = field(default_factory=dict)
    """By field."""
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """By kind (`person`) and id."""


@dataclass(frozen=True, slots=True)
class _Plan:
    texts: tuple[str, ...]
    people: tuple[str, ...]


def redact(payload: type[Payload], data: dict[str, Any], secret: bytes) -> Apart:
    """Take names, contacts and free texts out of `data`, in place.

    A contact leaves a keyed hash behind, so that the last answer of each contact can still be found; the
    reason of a deal leaves behind whether it named reliability.
    """
    apart, plan = Apart(), _plan(payload)
    for field_name in plan.people:
        if told := data.get(field_name):
            for person in told if isinstance(told, list) else (told,):
                if person.get("name") is not None:
                    apart.names["person", person["person_id"]] = person.pop("name")
    for name in plan.texts:
        if isinstance(value := data.get(name), str) and value:
            apart.texts[name] = value
            data[name] = REDACTED
    if payload is FeedbackReceived and "contact" in apart.texts:
        contact = " ".join(apart.texts["contact"].casefold().split())  # as mail addresses are one
        data["contact"] = hmac.digest(secret, contact.encode(), sha256).hex()[:32]
    if payload is OpportunityWon and names_reliability(apart.texts.get("reason", "")):
        data["reason"] = RELIABILITY
    if payload is OrderChanged:
        _change(data, apart)
    return apart


def _change(data: dict[str, Any], apart: Apart) -> None:
    """Leave what was checked, and codes of currencies; whatever else a field held people may have written."""
    for name in ("old", "new"):
        checked = name == "new" and data["field"] in _CHECKED
        code = data["field"] in (*_CHECKED, "currency") and _CODE.fullmatch(str(data.get(name)))
        if data.get(name) is not None and not checked and not code:
            apart.texts[name] = str(data[name])
            data[name] = REDACTED


@cache
def _plan(payload: type[Payload]) -> _Plan:
    fields = payload.model_fields.items()
    texts = tuple(
        name
        for name, info in fields
        if _holds(info.annotation, Personal) or any(isinstance(m, Personal) for m in info.metadata)
    )
    return _Plan(texts, tuple(name for name, info in fields if _holds(info.annotation, Person)))


def _holds(annotation: Any, wanted: type) -> bool:
    """Whether a type, or a part of it, is `wanted` or is marked with it."""
    if annotation is wanted:
        return True
    marks = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    return any(isinstance(mark, wanted) for mark in marks) or any(
        _holds(part, wanted) for part in get_args(annotation)
    )
