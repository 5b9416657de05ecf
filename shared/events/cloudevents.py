"""One Kafka record, in either mode of CloudEvents, as the bytes of one structured event."""

from __future__ import annotations

from base64 import b64encode
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

_PREFIX = "ce_"
_STRUCTURED = b"application/cloudevents"


def structured(value: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> bytes:
    """Return the whole event; what cannot be one keeps its bytes and is rejected where it is read."""
    if value is not None:
        value = value.removeprefix(BOM_UTF8)  # as files and HTTP do without it
    attributes = _attributes(headers) if headers else {}
    if not attributes or _says_structured(headers):
        return value or b""
    return orjson.dumps({**attributes, **_data(value)})


def _says_structured(headers: Sequence[tuple[str, bytes | None]]) -> bool:
    return any(
        name.lower() == "content-type" and (text or b"").lower().startswith(_STRUCTURED)
        for name, text in headers
    )


def _attributes(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for name, value in headers:
        plain = name.lower()  # as in HTTP, some producers write CE_Id
        if plain.startswith(_PREFIX):
            found.setdefault(plain.removeprefix(_PREFIX), []).append(_text(value))
    return {name: _single(texts) for name, texts in found.items()}


def _text(value: bytes | None) -> str | dict[str, str] | None:
    """Decode a header; one that is no text becomes an object, which no attribute accepts."""
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(value or b"").decode()}


def _single(texts: list[Any]) -> Any:
    """Take a header that was sent once; of two that differ neither is right, so the list is rejected."""
    return texts[0] if all(text == texts[0] for text in texts) else texts


def _data(value: bytes | None) -> dict[str, Any]:
    """Embed the value untouched if it is one JSON document, else as CloudEvents does: text, or base64."""
    if value is None:
        return {}
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return _opaque(value)
    return {"data": orjson.Fragment(value)}


def _opaque(value: bytes) -> dict[str, str]:
    try:
        return {"data": value.decode()}
    except UnicodeDecodeError:
        return {"data_base64": b64encode(value).decode()}
