"""A JSON array as the bytes of its elements, so that one that is broken does not take the others with it."""

from __future__ import annotations

import re

import orjson

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},"]', re.DOTALL)
_SPACE = b" \t\r\n"


class BrokenBatch(ValueError):  # noqa: N818 - a verdict on an input, not a fault
    """A text that cannot be divided into elements; the message says where it breaks."""


def split(body: bytes) -> list[bytes]:
    """Divide an array into its elements, each as it was sent; raises BrokenBatch."""
    text = body.strip(_SPACE)
    if not text.startswith(b"["):
        raise BrokenBatch(_why(body))
    found: list[bytes] = []
    depth, start = 0, 1
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark == b"," and depth == 1:
            found.append(text[start : match.start()].strip(_SPACE))
            start = match.end()
        elif mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                break
        elif mark == b'"':
            raise BrokenBatch(_why(body))
    if depth or match.end() != len(text) or mark != b"]":
        raise BrokenBatch(_why(body))
    last = text[start : match.start()].strip(_SPACE)
    return [*found, last] if found or last else []


def _why(body: bytes) -> str:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return f"Not JSON: {error}"
    return "Not a JSON array; a batch is an array of events, a single event is application/cloudevents+json"
