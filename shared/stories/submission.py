"""A person's own story as it is handed in: a JSON document, or Markdown below a few lines of TOML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.events.catalogue import parse
from shared.events.decoding import Rejected, canonical, decode
from shared.events.drafts import DraftConfirmed, DraftSubmitted
from shared.languages import ENGLISH, languages, translations

if TYPE_CHECKING:
    from datetime import datetime

    Json = dict[str, Any]

MOST_BYTES: Final = 65_536
"""Of a whole submission: its text, and whom it mentions."""
FIELDS: Final = ("draft_id", "title", "body", "by", "order_ids", "customer_id", "thanks", "named", "photos")
_FENCE: Final = "+++"
_HEADING: Final = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed in, as the data of an event; checked when that is made."""

    data: Json

    @property
    def hash(self) -> str:
        """The same for the same content, however it was written down."""
        return _digest(orjson.dumps(self.data, option=orjson.OPT_SORT_KEYS))


def questions(language: str = ENGLISH) -> tuple[str, ...]:
    """What a first draft asks; an answer stays, the question and what was not answered go."""
    said = translations(language)
    return (
        said.gettext("Who was the customer?"),
        said.gettext("What threatened?"),
        said.gettext("What did you do?"),
        said.gettext("Who of the other side helped, and how?"),
        said.gettext("What was the result?"),
        said.gettext("Whom do you want to thank?"),
        said.gettext("May we name you?"),
    )


def read(raw: bytes) -> Submission:
    """Read a submission; raises Rejected, which names the field and what to write."""
    if len(raw) > MOST_BYTES:
        raise Rejected("", f"The draft has {len(raw)} bytes; the most is {MOST_BYTES}: shorten it")
    raw = raw.removeprefix(_BOM)
    return of_form(_of_markdown(raw) if _is_markdown(raw) else _of_json(raw))


def of_form(form: Json) -> Submission:
    """Take the fields of a form; raises Rejected."""
    if unknown := sorted(set(form) - set(FIELDS)):
        raise Rejected(unknown[0], f"Unknown field; write one of {', '.join(FIELDS)}")
    if not isinstance(form.get("by"), dict):
        raise Rejected("by", 'Say who tells it: {"person_id": "…", "department": "warehouse"}')
    data = {name: value for name, value in form.items() if name != "by" and value is not None}
    if isinstance(body := data.get("body"), str):
        data["body"] = _composed(_answers(body))
        if not data["body"]:
            raise Rejected("body", "The text is empty; tell what happened")
    if isinstance(title := data.get("title"), str):
        data["title"] = _composed(title)
    return Submission({**data, "actor": form["by"]})


def submitted(submission: Submission, source: str, key: str, time: datetime) -> bytes:
    """The event that hands it in; `key` names it for ever. Raises Rejected, in the words of the form."""
    name = _digest(f"{source}\n{key}".encode())
    data = {"draft_id": f"D-{name[:10]}", **submission.data}
    return _event(DraftSubmitted.TYPE, data, source, name, time)


def confirmed(draft_id: str, line: str, by: Json, source: str, time: datetime) -> bytes:
    """The event by which the other side confirms a story in one line; raises Rejected."""
    data = {"draft_id": draft_id, "line": _composed(line), "actor": by}
    name = _digest(_dumped({**data, "source": source}))
    return _event(DraftConfirmed.TYPE, data, source, name, time)


def words(title: str | None, body: str | None) -> dict[str, str]:
    """Changed words, checked like those of a submission; raises Rejected."""
    told = {name: _composed(text) for name, text in (("title", title), ("body", body)) if text is not None}
    if told.get("body") == "":
        raise Rejected("body", "The text is empty; tell what happened")
    data = {"draft_id": "D", "title": "T", "body": "B", **told}
    parse(_dumped(_envelope(DraftSubmitted.TYPE, data, "tandem", "words", "2000-01-01T00:00:00Z")))
    return told


def _event(kind: str, data: Json, source: str, name: str, time: datetime) -> bytes:
    raw = _dumped(_envelope(kind, data, source, name, time.isoformat()))
    try:
        parse(raw)
    except Rejected as rejected:
        raise Rejected(_in_form(rejected.field), rejected.reason) from None
    return raw


def _envelope(kind: str, data: Json, source: str, name: str, time: str) -> Json:
    subject = f"draft/{data['draft_id']}"
    told = {"specversion": "1.0", "id": name, "source": source, "type": kind, "time": time, "data": data}
    return told | ({"subject": subject} if len(subject) <= 500 and subject.isprintable() else {})  # noqa: PLR2004 - of a line


def _in_form(field: str) -> str:
    """The field of an event as the form calls it."""
    field = field.removeprefix("data.")
    return re.sub(r"^actor(?=$|\.)", "by", field)


def _dumped(document: Any) -> bytes:
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise Rejected("", f"Something in it is no JSON ({error}); write text, numbers and lists") from None


def _digest(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _is_markdown(raw: bytes) -> bool:
    return not raw.lstrip().startswith((b"{", b"["))


def _of_json(raw: bytes) -> Json:
    document = decode(raw, MOST_BYTES)
    canonical(raw, document)
    return document


def _of_markdown(raw: bytes) -> Json:
    try:
        text = raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Rejected("", f"No UTF-8 at byte {error.start}; save the file as UTF-8") from None
    head, fence, body = text.lstrip().removeprefix(_FENCE).partition(f"\n{_FENCE}\n")
    if not text.lstrip().startswith(_FENCE) or not fence:
        raise Rejected(
            "",
            'Begin with +++, lines such as title = "…", +++ and the text; tandem draft new writes one',
        )
    try:
        form = tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Rejected(
            "", f'Between the +++: {error or "nested too deep"}; write TOML such as title = "…"'
        ) from None
    if "body" in form:
        raise Rejected("body", "The text stands below the second +++, not above it")
    form = orjson.loads(_dumped({**form, "body": body}))
    return {name: value for name, value in form.items() if value not in ("", [])}


def _answers(body: str) -> str:
    """The text without the questions of a first draft, and without those that were not answered."""
    parts: list[str] = []
    for line in body.split("\n"):
        heading = _HEADING.match(line)
        if not (heading and heading[1] in _asked()):
            parts.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


@cache
def _asked() -> frozenset[str]:
    """The questions in every language: nobody must say in which a draft was begun."""
    return frozenset(each for language in languages() for each in questions(language))
