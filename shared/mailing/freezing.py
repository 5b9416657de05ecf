"""The exact bytes of a mail: a body frozen once for all who read the same, and headers of each."""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from shared.mailing.links import bounce_token, sign
from shared.mailing.post import MailError
from shared.sending import address, subject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.charts import Picture
    from shared.inviting import Attachment
    from shared.mailing.post import Headers
    from shared.rendering.writing import Rendered

MINE: Final = "https://tandem.invalid/mine"
"""Where a template has the reader's own link while it is rendered."""
THANKS: Final = "https://tandem.invalid/thanks"
"""The same for what the reader's own link to thank begins with; the name of a story follows."""
_MARKS: Final = ((MINE, b"\0"), (THANKS, b"\1"))
"""What stands in their place in frozen bytes; nothing that is quoted-printable holds it."""
_ADDRESSES: Final = re.compile(f"({'|'.join(re.escape(address) for address, _ in _MARKS)})")
_ENCODED: Final = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
_POLICY: Final = SMTP.clone(max_line_length=998)  # folding would break long links in headers
_SHORT: Final = 900
_PLAIN: Final = re.compile(r"(?!.*=\?)[!-~]+(?: [!-~]+)*")
_PLAIN_RECIPIENT: Final = re.compile(
    r"(?=.{3,300}$)[A-Za-z0-9]+(?: [A-Za-z0-9]+)* "
    r"<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*@[a-z0-9]+(?:\.[a-z0-9]+)*>"
)
_EVIL: Final = "=?utf-8?q?hi=0D=0ABcc:_a@example.com?="


@dataclass(frozen=True, slots=True)
class Content:
    """A subject and a body, alike for all who read the same."""

    digest: bytes
    subject: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as the ledger has it."""

    mail_id: str
    edition_id: str
    person_id: str
    recipient: str
    content: bytes
    attempt: int
    released_at: datetime
    digest: bytes | None = None
    """Of the bytes of an earlier attempt."""


def freeze(rendered: Rendered, enclosed: Sequence[Attachment] = ()) -> Content:
    """Encode a mail's parts once, with the files that go with it; the reader's own links stay open."""
    text, html = _text(b"plain", rendered.text), _text(b"html", rendered.html)
    if rendered.pictures:
        html = _multipart(b"related", [html, *map(_picture, rendered.pictures)])
    body = _multipart(b"alternative", [text, html])
    if enclosed:
        body = _multipart(b"mixed", [body, *map(_enclosed, enclosed)])
    return Content(hashlib.sha256(body).digest(), subject(rendered.subject), zlib.compress(body))


def _multipart(kind: bytes, parts: list[bytes]) -> bytes:
    """Parts between marks that follow from what they say; quoted-printable and base64 hold no such mark."""
    boundary = b"=_tandem_" + hashlib.sha256(b"".join(parts)).hexdigest()[:32].encode()
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + part for part in parts) + b"--" + boundary + b"--\r\n"


def _text(kind: bytes, text: str) -> bytes:
    head = b"Content-Type: text/" + kind + b'; charset="utf-8"\r\n' + _ENCODED
    pieces = [_marked(piece) for piece in _ADDRESSES.split(text)]
    return head + b"=\r\n".join(pieces) + b"\r\n"


def _marked(piece: str) -> bytes:
    return dict(_MARKS).get(piece) or _quoted(piece)


def _picture(picture: Picture) -> bytes:
    name = picture.cid.partition(".")[0]
    heads = (
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: inline; filename="{name}.png"',
        f"Content-ID: <{picture.cid}>",
    )
    return _file(heads, picture.png)


def _enclosed(attachment: Attachment) -> bytes:
    heads = (
        f"Content-Type: {attachment.media_type}",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{attachment.name}"',
    )
    return _file(heads, attachment.content)


def _file(heads: Sequence[str], content: bytes) -> bytes:
    return "\r\n".join([*heads, "", ""]).encode() + encodebytes(content).replace(b"\n", b"\r\n")


def _quoted(text: str) -> bytes:
    plain = text.replace("\r\n", "\n").encode()
    return b2a_qp(plain, istext=True).replace(b"\n", b"\r\n")


def frozen_bytes(mail: Mail, content: Content, secret: bytes, headers: Headers) -> bytes:
    """The mail as it goes out: the same arguments make the same bytes. ValueError names an unsafe header."""
    body = _opened(content.digest, content.body)
    link = preferences_link(secret, headers, mail)
    for (_, mark), own in zip(_MARKS, (link, thanks_link(secret, headers, mail)), strict=True):
        body = body.replace(mark, _quoted(own) if own else b"")
    return _headers(mail, content, link, secret, headers) + b"MIME-Version: 1.0\r\n" + body


@lru_cache(maxsize=8)
def _opened(_digest: bytes, body: bytes) -> bytes:
    """Bodies that many mails share are opened once."""
    return zlib.decompress(body)


def _headers(mail: Mail, content: Content, link: str | None, secret: bytes, headers: Headers) -> bytes:
    """The headers of one mail: those that all mails of an edition share are written once."""
    top, middle, listed, rest = _shared(headers, content.subject, mail.edition_id, mail.released_at)
    unsubscribing = _unsubscribing(link, headers)
    return b"".join(
        (
            top,
            _to(mail.recipient),
            middle,
            _header("Message-ID", message_id(mail.mail_id, mail.edition_id, headers.domain)),
            listed,
            _header("List-Unsubscribe", unsubscribing) if unsubscribing else b"",
            rest,
            _header("X-Tandem-Mail", bounce_token(secret, mail.mail_id)),
        )
    )


@lru_cache(maxsize=8)
def _shared(headers: Headers, about: str, edition_id: str, released_at: datetime) -> tuple[bytes, ...]:
    """What stands before the recipient, the message's id and the list's links, and after these."""
    name, domain = edition_id.partition("-")[0], headers.domain
    answered = [("Reply-To", address(headers.reply_to))] if headers.reply_to else []
    one_click = [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if headers.public_url else []
    return (
        _written(("From", address(headers.sender))),
        _written(*answered, ("Subject", subject(about)), ("Date", released_at)),
        _written(("List-Id", f"<{name}.tandem.{domain}>")),
        _written(
            *one_click,
            ("Auto-Submitted", "auto-generated"),
            ("Precedence", "bulk"),
            ("Feedback-ID", f"{edition_id}:{name}:tandem:{domain}"),
            ("X-Auto-Response-Suppress", "All"),
        ),
    )


def _written(*fields: tuple[str, Any]) -> bytes:
    message = EmailMessage(policy=_POLICY)
    for name, value in fields:
        message[name] = value
    return message.as_bytes().removesuffix(b"\r\n")


def _to(recipient: str) -> bytes:
    if _PLAIN_RECIPIENT.fullmatch(recipient):
        return b"To: " + recipient.encode() + b"\r\n"
    return _written(("To", address(recipient)))


def _header(name: str, text: str) -> bytes:
    """A header of its own; what is short and plain the email package would write as it is, but slowly."""
    if len(text) <= _SHORT and _PLAIN.fullmatch(text):
        return f"{name}: {text}\r\n".encode()
    return _written((name, text))


def message_id(mail_id: str, edition_id: str, domain: str) -> str:
    """The same for every attempt."""
    return f"<{mail_id}.{edition_id}@{domain}>"


def preferences_link(secret: bytes, headers: Headers, mail: Mail) -> str | None:
    """Where the reader chooses; None where no page of ours can be reached."""
    if headers.public_url is None:
        return None
    token = sign(secret, "preferences", mail.person_id, mail.edition_id.partition("-")[0])
    return f"{headers.public_url.rstrip('/')}/preferences/{token}"


def thanks_link(secret: bytes, headers: Headers, mail: Mail) -> str | None:
    """What the reader's own links to thank begin with; None where no page of ours can be reached."""
    if headers.public_url is None:
        return None
    token = sign(secret, "thanks", mail.person_id, mail.edition_id)
    return f"{headers.public_url.rstrip('/')}/thanks/{token}"


def _unsubscribing(link: str | None, headers: Headers) -> str:
    """By link, and by a mail to whoever answers for it."""
    mailto = f"<mailto:{address(headers.reply_to).addr_spec}?subject=unsubscribe>" if headers.reply_to else ""
    return ", ".join(part for part in (f"<{link}>" if link else "", mailto) if part)


def check_headers() -> None:
    """Refuse to send where a subject could add a header, or a long link would be torn: MailError."""
    try:
        evil = subject(_EVIL)
    except ValueError:
        evil = ""
    message = EmailMessage(policy=_POLICY)
    if evil:
        message["Subject"] = evil
    link = f"<https://example.com/preferences/{'x' * 400}>"
    message["List-Unsubscribe"] = link
    made = message.as_bytes()
    if b"\nBcc" in made or link.encode() not in made:
        raise MailError("This Python writes mail headers wrongly; install 3.11.10, 3.12.5 or newer")
