"""Bytes from outside, shown so that they can steer no terminal."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

_LAYOUT = "\t\n\r"


def lines(raw: bytes, most: int) -> Iterator[str]:
    """Its lines, escaped, at most so many bytes of them; the last says how many were left out."""
    for line in raw[:most].split(b"\n"):
        yield escaped(line)
    if len(raw) > most:
        yield f"… and {len(raw) - most:,} bytes more; --out FILE writes them all"


def escaped(raw: bytes) -> str:
    r"""Text as it is, and whatever cannot be seen as `\x1b` or `\u202e`."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def document(raw: bytes | None) -> dict[str, str] | None:
    """Bytes in JSON: as text where all of it can be seen, else as base64."""
    if raw is None:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(raw).decode()}
    if all(one.isprintable() or one in _LAYOUT for one in text):
        return {"text": text}
    return {"base64": b64encode(raw).decode()}
