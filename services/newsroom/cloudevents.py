"""The headers of the binary mode of CloudEvents over HTTP: each attribute as `ce_…`, decoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.intake import Headers

_PREFIX = b"ce-"
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def attributes(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The attributes, in the form in which Kafka has them; empty where this is not binary mode."""
    return tuple(
        (f"ce_{name.removeprefix(_PREFIX).decode('latin-1')}", _value(value))
        for name, value in headers
        if name.startswith(_PREFIX)
    )


def _value(value: bytes) -> bytes:
    """Undo quotes, then percent-encoding, once."""
    if len(value) > 1 and value.startswith(b'"') and value.endswith(b'"'):
        value = _ESCAPED.sub(rb"\1", value[1:-1])
    return unquote_to_bytes(value)
