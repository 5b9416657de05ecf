"""Every type of the contract by name, and the one way from bytes to an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import orjson
from pydantic import BeforeValidator, ValidationError

from shared.events import customers, decoding, deliveries, drafts, forecasts, orders, sources
from shared.events.decoding import canonical, decode, named, without_nulls
from shared.events.envelope import Event
from shared.events.payload import Payload
from shared.events.scalars import HINTS

_MODULES = (orders, deliveries, customers, forecasts, sources, drafts)

Rejected = decoding.Rejected

PAYLOADS: dict[str, type[Payload]] = {
    payload.TYPE: payload
    for module in _MODULES
    for payload in vars(module).values()
    if isinstance(payload, type) and issubclass(payload, Payload) and "TYPE" in vars(payload)
}
MODELS: dict[str, type[Event[Any]]] = {name: Event[payload] for name, payload in PAYLOADS.items()}  # type: ignore[valid-type] # a class per type, made here once
TOPICS = sorted({payload.TOPIC for payload in PAYLOADS.values()} - {""})


class Unknown(Payload):
    """The data of a type this version does not know: journalled, counted and otherwise ignored."""


class UnknownEvent(Event[Unknown]):
    """An event of such a type: whatever its data, it is no error."""

    data: Annotated[Unknown, BeforeValidator(lambda _: Unknown())] = Unknown()


def parse(raw: bytes) -> Event[Any]:
    """Read one structured CloudEvent; raises Rejected, which names the field and the reason."""
    document = decode(raw)
    canonical(raw, document)
    return validate(raw, document)


def validate(raw: bytes, document: dict[str, Any]) -> Event[Any]:
    """Check `raw`, already decoded to `document`, against the model of its type."""
    kind = document.get("type")
    model = MODELS.get(kind, UnknownEvent) if isinstance(kind, str) else UnknownEvent
    validator = model.__pydantic_validator__
    try:
        return validator.validate_python(document)  # type: ignore[no-any-return] # the model's own
    except ValidationError:
        pass  # the verdict is that on the text itself
    try:
        return validator.validate_json(raw)  # type: ignore[no-any-return] # the same
    except ValidationError as error:
        if b"null" in raw and (told := without_nulls(document)) != document:
            return validate(orjson.dumps(told), told)
        raise _rejected(error, document) from None


def reread(kind: str, body: bytes) -> Event[Any]:
    """Read back what was checked before it was written."""
    validator = MODELS.get(kind, UnknownEvent).__pydantic_validator__
    try:
        return validator.validate_json(body)  # type: ignore[no-any-return] # the model's own
    except ValidationError:
        return validator.validate_json(orjson.dumps(without_nulls(orjson.loads(body))))  # type: ignore[no-any-return] # the same


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each type's envelope and data."""
    return {name: model.model_json_schema() for name, model in sorted(MODELS.items())}


def _rejected(error: ValidationError, document: Any) -> Rejected:
    """Name the first thing wrong; the rest shows once it is mended."""
    first = error.errors(include_url=False, include_input=False)[0]
    context = first.get("ctx", {})
    hint = HINTS.get(context.get("pattern", "")) or HINTS.get(first["type"])
    missing = (context["missing"],) if "missing" in context else ()
    return Rejected(named((*_path(first["loc"], document), *missing)), hint or first["msg"])


def _path(where: tuple[str | int, ...], document: Any) -> Iterator[str | int]:
    """The way to a value in the document, without the alternatives of its type that were tried."""
    for part in where:
        if isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        elif (
            isinstance(document, dict) and isinstance(part, str) and (part in document or part.isidentifier())
        ):
            document = document.get(part)  # a field that is missing is none of the alternatives
        else:
            return
        yield part
