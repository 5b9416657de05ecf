"""What comes back of a mail: a report that nobody got it (RFC 3464), or a complaint (RFC 5965)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["hard", "soft", "other", "complaint", "none"]
"""`hard`: nobody is there; `soft`: not now; `other`: no fault of the address; `none`: nothing to act on."""
MOST_BYTES: Final = 1_000_000
_TOKEN: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{20}-[0-9a-f]{12}(?![0-9a-f])")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS: Final = re.compile(r"[^\s<>()\"';:,]+@[^\s<>()\"';,]+")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_TO_US: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_OF_OURS: Final = ("Return-Path", "X-Tandem-Mail")
_NOBODY: Final = frozenset({"5.2.1", "5.4.4"})
_NOT_THEIRS: Final = frozenset({"5.1.7", "5.1.8", "5.2.3"})
_PASSING: Final = frozenset("024")
"""Subjects of RFC 3463 that may pass: not told, the mailbox, the network."""
_MOST_SAID, _MOST_PARTS = 200, 100


@dataclass(frozen=True, slots=True)
class Returned:
    """A report as far as it can be read; `tokens` may name our mail, and may be forged."""

    kind: Kind
    tokens: tuple[str, ...] = ()
    status: str = ""
    said: str = ""


def read_report(raw: bytes) -> Returned:
    """Read a mail that came back; whatever it is, nothing is raised."""
    if len(raw) > MOST_BYTES:
        return Returned("none", said=f"it has more than {MOST_BYTES:,} bytes")
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        parts = list(_parts(message))
        return _report(message, parts)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):  # as the parser may
        return Returned("none", said="it cannot be read as a mail")


def weigh(status: str) -> Kind:
    """What a status code (RFC 3463) says of an address; one that is not told counts as not now."""
    found = _STATUS.search(status)
    if found is None:
        return "soft"
    code, (level, subject, _) = found.group(0), found.groups()
    if level == "2":
        return "none"
    if code in _NOBODY:
        return "hard"
    if code in _NOT_THEIRS:
        return "other"
    if level == "4" or subject in _PASSING:
        return "soft"
    return "hard" if subject == "1" else "other"


def plain(text: str) -> str:
    """What a relay said, short, without addresses and on one line."""
    return " ".join(_ADDRESS.sub("…", _UNSEEN.sub(" ", text)).split())[:_MOST_SAID]


def status_in(text: str) -> str:
    """The first status code in a text; empty where there is none."""
    found = _STATUS.search(text)
    return found.group(0) if found else ""


def tokens_in(text: str) -> tuple[str, ...]:
    """What in a text, such as a return path, may be a token of ours."""
    return tuple(dict.fromkeys(_TOKEN.findall(text.lower())))


def _report(message: Message, parts: list[Message]) -> Returned:
    kind = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() != "multipart/report":
        automatic = str(message.get("Auto-Submitted", "no")).lower() != "no"
        return Returned("none", said="an automatic answer" if automatic else "no report")
    tokens = tokens_in(" ".join(_told(message, parts)))
    if kind == "feedback-report":
        return _complaint(parts, tokens)
    if kind == "delivery-status":
        return _undelivered(parts, tokens)
    return Returned("none", said=f"a report of {plain(kind) or 'no kind'}")


def _complaint(parts: list[Message], tokens: tuple[str, ...]) -> Returned:
    fields = _fields(parts, "message/feedback-report")
    what = next((each["feedback-type"] for each in fields if "feedback-type" in each), "").lower()
    if what in {"", "not-spam"}:
        return Returned("none", tokens, said=plain(what) or "a report that says nothing")
    return Returned("complaint", tokens, said=plain(what))


def _undelivered(parts: list[Message], tokens: tuple[str, ...]) -> Returned:
    for each in _fields(parts, "message/delivery-status"):
        if (action := each.get("action", "").lower()) == "failed":
            said = each.get("diagnostic-code", "")
            status = status_in(each.get("status", "")) or status_in(said)
            if status.endswith(".0.0"):  # says no more than that it failed; the relay's words may
                status = status_in(said) or status
            return Returned(weigh(status), tokens, status, plain(said))
        if action:
            return Returned("none", tokens, said=plain(action))
    return Returned("none", tokens, said="a report without a recipient")


def _fields(parts: list[Message], kind: str) -> Iterator[dict[str, str]]:
    """The blocks of fields of a report, which stand as headers below headers."""
    for part in parts:
        if part.get_content_type() == kind:
            blocks = part.get_payload()
            if isinstance(blocks, str):
                blocks = [message_from_bytes(text.encode(errors="replace")) for text in blocks.split("\n\n")]
            for block in blocks if isinstance(blocks, list) else ():
                if isinstance(block, Message):
                    yield {name.lower(): str(value).strip() for name, value in block.items()}


def _told(message: Message, parts: list[Message]) -> Iterator[str]:
    """Where a token may stand: whom the report is for, and the headers of the mail it is about."""
    for name in _TO_US:
        yield from map(str, message.get_all(name, []))
    for fields in _fields(parts, "message/feedback-report"):
        yield fields.get("original-mail-from", "")
    for part in parts:
        for name in _OF_OURS:
            yield from map(str, part.get_all(name, []))
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            headers = message_from_bytes(payload if isinstance(payload, bytes) else b"")
            for name in _OF_OURS:
                yield from map(str, headers.get_all(name, []))


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail, and of a mail within it, of which there are few in any report."""
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        if part is not message:
            yield part
