"""Mail as bytes: safe headers, both parts whole, the same bytes every time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from shared.editions import compose
from shared.editions.brand import Brand
from shared.rendering.writing import Rendered, render_email
from shared.sending import address, eml, save, subject
from tests.editions.examples import material

if TYPE_CHECKING:
    from pathlib import Path

WHEN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
IDENTITY = "<newsletter-2025-12.0001@tandem.example>"


def mail(rendered: Rendered) -> bytes:
    return eml(rendered, "Tandem <tandem@example.com>", "all@example.com", IDENTITY, WHEN)


def test_a_mail_reads_back_as_it_was_written() -> None:
    rendered = render_email(compose("newsletter", material()), Brand())
    raw = mail(rendered)
    read = message_from_bytes(raw, policy=default)
    assert read.get_content_type() == "multipart/alternative"
    text, html = read.iter_parts()
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == rendered.text.rstrip("\n")
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == rendered.html.rstrip("\n")
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert read["Subject"] == rendered.subject
    assert read["Message-ID"] == IDENTITY
    assert read["List-Id"] == "<tandem.localhost>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == WHEN
    assert not read.defects


def test_pictures_lie_beside_the_html_that_shows_them() -> None:
    rendered = render_email(compose("leadership", material()), Brand())
    read = message_from_bytes(mail(rendered), policy=default)
    _, related = read.iter_parts()
    html, *pictures = related.iter_parts()
    assert related.get_content_type() == "multipart/related"
    shown = re.findall(r'src="cid:([^"]+)"', html.get_content())
    assert [f"<{cid}>" for cid in shown] == [each["Content-ID"] for each in pictures]
    assert [each.get_content() for each in pictures] == [each.png for each in rendered.pictures]
    assert {each.get_content_disposition() for each in pictures} == {"inline"}
    assert pictures
    assert mail(rendered) == mail(render_email(compose("leadership", material()), Brand()))


def test_the_same_mail_is_the_same_bytes() -> None:
    rendered = Rendered(
        "Ä subject — long enough to need more than one encoded word in it", "text", "<p>é</p>"
    )
    assert mail(rendered) == mail(rendered)
    assert message_from_bytes(mail(rendered), policy=default)["Subject"] == rendered.subject
    assert all(len(line) <= 998 for line in mail(rendered).split(b"\r\n"))
    assert b"\n" not in mail(rendered).replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "  ",
        "a\r\nBcc: x@y.z",
        "a\nb",
        "a\x00",
        "=?utf-8?q?hi=0D=0ABcc:_a@b?=",
        "a\u202eb",
        "a\u2028b",
        "x" * 151,
    ],
)
def test_unsafe_subjects_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        subject(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.de",
        "ä@example.com",
        "a@b.de\r\nBcc: c@d.de",
        "a@b..de",
        "=?x?= <a@b.de>",
        "a@-b.de",
    ],
)
def test_unsafe_addresses_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        address(wrong)


def test_addresses() -> None:
    assert str(address("a.b+c@example.com")) == "a.b+c@example.com"
    assert str(address("Ana Ruiz <a@example.com>")) == "Ana Ruiz <a@example.com>"
    assert address("a@bücher.example").addr_spec == "a@xn--bcher-kva.example"


def test_unsafe_ids_and_dates_are_refused() -> None:
    rendered = Rendered("s", "t", "<p>h</p>")
    with pytest.raises(ValueError, match="message id"):
        eml(rendered, "a@b.de", "a@b.de", "<a@b>\r\nX: y", WHEN)
    with pytest.raises(ValueError, match="list id"):
        eml(rendered, "a@b.de", "a@b.de", IDENTITY, WHEN, list_id="a>b")
    with pytest.raises(ValueError, match="time zone"):
        eml(rendered, "a@b.de", "a@b.de", IDENTITY, WHEN.replace(tzinfo=None))


def test_saving(tmp_path: Path) -> None:
    path = save(tmp_path / "out", "newsletter-2025-12", b"one")
    assert save(tmp_path / "out", "newsletter-2025-12", b"two") == path
    assert [each.name for each in path.parent.iterdir()] == ["newsletter-2025-12.eml"]
    assert path.read_bytes() == b"two"
    for name in ("../x", "a/b", "", ".hidden"):
        with pytest.raises(ValueError, match="file name"):
            save(tmp_path, name, b"")
