"""Event logs (OCEL) in forms that are not read: which each is, and how it becomes one that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = 65_536
_JSON_1: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"ocel:')
_JSON_1_KEYS: Final = (b'"ocel:events"', b'"ocel:objects"')
_XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<.*<log\b", re.DOTALL)
_XML_1: Final = re.compile(rb'<global\s[^>]*scope="object"|key="object-types?"')
_XML_2: Final = re.compile(rb"<(?:object|event)-types\b")


def unread(path: Path) -> str | None:
    """What to do with a log of OCEL 1.0, or one written as XML; None for everything else."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if _JSON_1.match(head) and any(key in head + file.read() for key in _JSON_1_KEYS):
                return _told(path, "OCEL 1.0 (JSON)", "read_ocel_json")
    except OSError:
        return None
    if not _XML.match(head):
        return None
    if _XML_1.search(head):
        return _told(path, "OCEL 1.0 (XML)", "read_ocel_xml")
    return _told(path, "OCEL 2.0 (XML)", "read_ocel2_xml") if _XML_2.search(head) else None


def _told(path: Path, form: str, reads: str) -> str:
    return (
        f"is a log of {form}; Tandem reads OCEL 2.0 as JSON, CSV or SQLite; convert it, such as by pm4py: "
        f"pm4py.write_ocel2_json(pm4py.{reads}({path.name!r}), {f'{path.stem}-2.0.json'!r})"
    )
