"""Mail as bytes, and a folder of .eml files to put it in."""

from __future__ import annotations

import hashlib
import os
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from shared.charts import Picture
    from shared.rendering.writing import Rendered

MAX_SUBJECT: Final = 150
_POLICY: Final = SMTP.clone(max_line_length=998)  # folding would break long links in headers
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|=\?"
)
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+>")
_CID: Final = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
_LIST_ID: Final = re.compile(r"[A-Za-z0-9.-]+")
_USER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,150}")


def eml(
    rendered: Rendered,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    *,
    list_id: str = "tandem.localhost",
) -> bytes:
    """One complete mail; the same arguments make the same bytes. ValueError says which header is unsafe."""
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs a time zone; pass an aware datetime")
    message = EmailMessage(policy=_POLICY)
    message["From"] = address(sender)
    message["To"] = address(recipient)
    message["Subject"] = subject(rendered.subject)
    message["Date"] = date
    message["Message-ID"] = _matching(_MESSAGE_ID, message_id, "message id", "<name@example.com>")
    message["List-Id"] = f"<{_matching(_LIST_ID, list_id, 'list id', 'tandem.example.com')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    _show(message, rendered.pictures)
    for part in (part for part in message.walk() if part.is_multipart()):
        seed = f"{part.get_content_subtype()} {message_id}"
        part.set_boundary(f"=_tandem_{hashlib.sha256(seed.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _show(message: EmailMessage, pictures: Sequence[Picture]) -> None:
    """Put pictures beside the HTML that shows them by content id."""
    html = message.get_body(("html",))
    for each in pictures:
        assert isinstance(html, EmailMessage)
        name = f"{each.cid.partition('.')[0]}.png"
        cid = f"<{_matching(_CID, each.cid, 'content id', 'otif.1a2b@example.com')}>"
        html.add_related(each.png, "image", "png", cid=cid, filename=name, disposition="inline")


def subject(text: str) -> str:
    """The subject itself; ValueError if it could add a header, turn the text around, or is too long."""
    if _UNSAFE.search(text) or not text.strip():
        raise ValueError(f"the subject {text!r} is empty or holds forbidden characters; write plain words")
    if len(text) > MAX_SUBJECT:
        raise ValueError(f"the subject has {len(text)} characters; write at most {MAX_SUBJECT}")
    return text


def address(text: str) -> Address:
    """`name@example.com` or `Name <name@example.com>` as an address; ValueError if it is neither."""
    name, _, spec = text.rpartition("<") if text.endswith(">") else ("", "", text)
    user, _, domain = spec.removesuffix(">").rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    if _UNSAFE.search(name) or not _USER.fullmatch(user) or not _DOMAIN.fullmatch(ascii_domain):
        raise ValueError(f"{text!r} is no mail address; write name@example.com")
    return Address(name.strip().strip('"'), user, ascii_domain)


def save(folder: Path, name: str, message: bytes) -> Path:
    """Put a mail into a folder as `<name>.eml`, whole or not at all; the same name is replaced."""
    path = folder / f"{_matching(_FILE, name, 'file name', 'newsletter-2025-12')}.eml"
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".eml.part")
    with partial.open("wb") as file:
        file.write(message)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return path


def _matching(pattern: re.Pattern[str], text: str, what: str, example: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text!r} is no {what}; write it as {example}")
    return text
