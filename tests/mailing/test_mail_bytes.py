"""The frozen bytes: what a mail reader makes of them, and what may never be in a header."""

from __future__ import annotations

import email.policy
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.charts import Picture
from shared.mailing.freezing import MINE, Mail, check_headers, freeze, frozen_bytes
from shared.mailing.links import bounce_token, bounced_mail, mail_id, read, sign
from shared.mailing.post import Headers, Post
from shared.rendering.writing import Rendered
from shared.sending import address

SECRET = b"secret"
HEADERS = Headers(
    "Tandem <t@example.com>", "Editor <e@example.com>", "https://x.example.com/", "b@example.com"
)
AT = datetime(2026, 5, 5, 8, tzinfo=UTC)


def mail(**more: Any) -> Mail:
    told = {"recipient": "Ana Ruiz <ana@example.com>", "attempt": 1, "released_at": AT, "content": b""}
    named = {"mail_id": "0" * 20, "edition_id": "newsletter-2026-04", "person_id": "p-1"}
    return Mail(**(named | told | more))


def made(text: str, html: str, headers: Headers = HEADERS, **more: Any) -> bytes:
    return frozen_bytes(mail(**more), freeze(Rendered("Hello", text, html)), SECRET, headers)


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def parts(raw: bytes) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in parsed(raw).iter_parts()]


def link(raw: bytes) -> str:
    return str(parsed(raw)["List-Unsubscribe"]).partition(">")[0].removeprefix("<")


_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\r\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
)


@given(_TEXT, _TEXT, _TEXT)
def test_any_text_arrives_as_it_was_with_the_readers_own_link(before: str, after: str, html: str) -> None:
    raw = made(f"{before}{MINE}{after}", f"{html}{MINE}{MINE}")
    own = link(raw)
    assert own.startswith("https://x.example.com/preferences/")
    text, page = parts(raw)
    assert text.rstrip("\n") == f"{before}{own}{after}".rstrip("\n")
    assert page.rstrip("\n") == f"{html}{own}{own}".rstrip("\n")


def test_pictures_lie_beside_the_html_that_shows_them() -> None:
    pictures = tuple(Picture(f"otif.{n}@example.com", bytes(range(256)) * n, 560, 120) for n in (1, 2))
    shown = "".join(f'<img src="cid:{each.cid}">' for each in pictures)
    rendered = Rendered("Hello", f"text {MINE}", f"{shown} {MINE}", pictures)
    raw = frozen_bytes(mail(), freeze(rendered), SECRET, HEADERS)
    text, related = parsed(raw).iter_parts()
    html, *found = related.iter_parts()
    assert related.get_content_type() == "multipart/related"
    assert text.get_content().rstrip() == f"text {link(raw)}"
    assert html.get_content().rstrip() == f"{shown} {link(raw)}"
    assert [each["Content-ID"] for each in found] == [f"<{each.cid}>" for each in pictures]
    assert [each.get_content() for each in found] == [each.png for each in pictures]
    assert not any(part.defects for part in parsed(raw).walk())
    assert frozen_bytes(mail(), freeze(rendered), SECRET, HEADERS) == raw


@given(_TEXT, _TEXT)
def test_any_text_is_short_lines_of_ascii(text: str, html: str) -> None:
    raw = made(text + MINE, html)
    body = raw.partition(b"\r\n\r\n")[2]
    assert body.isascii()
    assert all(len(line) <= 78 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


@given(_TEXT)
def test_the_same_makes_the_same_bytes_and_readers_share_a_content(text: str) -> None:
    one, two = (freeze(Rendered("Hello", text, MINE)) for _ in range(2))
    assert one == two
    raws = {frozen_bytes(mail(person_id=each), one, SECRET, HEADERS) for each in ("p-1", "p-1", "p-2")}
    assert len(raws) == 2


def test_pictures_stand_beside_the_html_that_shows_them() -> None:
    shown = (
        Picture("otif.1a@example.com", b"\x89PNG one" * 40, 10, 10),
        Picture("nps.2b@example.com", b"two", 1, 1),
    )
    content = freeze(Rendered("Hello", f"text {MINE}", f'<img src="cid:otif.1a@example.com">{MINE}', shown))
    message = parsed(frozen_bytes(mail(), content, SECRET, HEADERS))
    text, related = message.iter_parts()
    html, *pictures = related.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "https://x.example.com/preferences/" in html.get_content()
    assert [each["Content-ID"] for each in pictures] == [f"<{each.cid}>" for each in shown]
    assert [each.get_content() for each in pictures] == [each.png for each in shown]


_ADDRESS = "ana.b-c_d@mail.example.com"
_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=150)


@given(
    name=st.one_of(_NAMES, st.from_regex(r"[A-Za-z0-9 .,=?-]{0,90}", fullmatch=True)),
    public=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/._~=?-]{0,60}", fullmatch=True),
)
def test_any_headers_are_those_that_the_email_package_writes(name: str, public: str) -> None:
    """Those that are short and plain do not go through it."""
    headers = Headers("Tandem <t@example.com>", "Editor <e@example.com>", public)
    try:
        expected = address(f"{name} <{_ADDRESS}>")
        raw = made("a", "b", headers, recipient=f"{name} <{_ADDRESS}>")
    except ValueError:
        return
    plain = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=998))
    plain["To"] = expected
    plain["List-Unsubscribe"] = f"<{link(raw)}>, <mailto:e@example.com?subject=unsubscribe>"
    plain["Message-ID"] = f"<{'0' * 20}.newsletter-2026-04@example.com>"
    plain["X-Tandem-Mail"] = bounce_token(SECRET, "0" * 20)
    for line in plain.as_bytes().rstrip().split(b"\r\n"):
        assert line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_the_headers() -> None:
    message = parsed(made("a", "b"))
    token = bounce_token(SECRET, "0" * 20)
    assert message["From"] == "Tandem <t@example.com>"
    assert message["To"] == "Ana Ruiz <ana@example.com>"
    assert message["Reply-To"] == "Editor <e@example.com>"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == f"<{'0' * 20}.newsletter-2026-04@example.com>"
    assert message["List-Id"] == "<newsletter.tandem.example.com>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Feedback-ID"] == "newsletter-2026-04:newsletter:tandem:example.com"
    assert "mailto:e@example.com?subject=unsubscribe" in message["List-Unsubscribe"]
    assert HEADERS.returns_to(token) == f"b+{token}@example.com"
    assert (message.get_content_type(), len(list(message.iter_parts()))) == ("multipart/alternative", 2)


def test_without_a_page_of_ours_there_is_no_link_and_no_promise_of_one_click() -> None:
    raw = made(f"a{MINE}", "b", Headers("t@example.com", "e@example.com"))
    message = parsed(raw)
    assert message["List-Unsubscribe-Post"] is None
    assert message["List-Unsubscribe"] == "<mailto:e@example.com?subject=unsubscribe>"
    assert b"tandem.invalid" not in raw


@pytest.mark.parametrize("person", ["p-1", "p" * 200, "ü€" * 60])
def test_long_links_stay_on_one_line(person: str) -> None:
    raw = made("a", "b", person_id=person)
    [line] = [each for each in raw.split(b"\r\n") if each.startswith(b"List-Unsubscribe: ")]
    assert b"=?" not in line
    assert read(SECRET, "preferences", link(raw).rpartition("/")[2]) == (person, "newsletter")


EVIL = ["=?utf-8?q?hi=0D=0ABcc:_a@b?=", "a\r\nBcc: a@b", "a\nb", "a\0b", "a\u2028b", "\u202ea"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_subject_and_no_name_adds_a_header(evil: str) -> None:
    with pytest.raises(ValueError, match=r"forbidden|address"):
        freeze(Rendered(evil, "a", "b"))
    with pytest.raises(ValueError, match="address"):
        made("a", "b", recipient=f"{evil} <a@example.com>")


def test_this_python_is_fit_to_send() -> None:
    check_headers()


@given(st.lists(st.text(max_size=50), min_size=1, max_size=3))
def test_any_signed_parts_are_read_back_and_for_no_other_purpose(given_parts: list[str]) -> None:
    try:
        token = sign(SECRET, "preferences", *given_parts)
    except TypeError:
        assert any(0xD800 <= ord(c) <= 0xDFFF for part in given_parts for c in part)
        return
    assert read(SECRET, "preferences", token) == tuple(given_parts)
    assert read(SECRET, "other", token) is None
    assert read(b"another", "preferences", token) is None


@given(st.text(max_size=100) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_any_forged_token_is_refused(token: str) -> None:
    assert read(SECRET, "preferences", token) is None
    assert bounced_mail(SECRET, token) is None


def test_a_return_path_names_its_mail_and_no_other() -> None:
    mine, other = (mail_id(SECRET, "newsletter-2026-04", person) for person in ("p-1", "p-2"))
    assert bounced_mail(SECRET, bounce_token(SECRET, mine)) == mine
    assert bounced_mail(SECRET, bounce_token(SECRET, mine).replace(mine, other)) is None
    assert mail_id(b"another", "newsletter-2026-04", "p-1") != mine


def test_a_list_of_allowed_addresses() -> None:
    post = Post(allowed=("ana@example.com", "example.org"))
    asked = ("ana@example.com", "bo@example.com", "x@example.org", "x@evil-example.org")
    assert [post.allows(each) for each in asked] == [True, False, True, False]
    assert Post().allows("anyone@example.net")
