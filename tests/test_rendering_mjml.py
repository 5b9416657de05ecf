"""The checks around the MJML compiler: each fault it lets through is caught here."""

from __future__ import annotations

import pytest

from shared.rendering_mjml import MAX_SOURCE, RenderError, inspect, to_html

DOCUMENT = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>%s</mj-text></mj-column></mj-section></mj-body></mjml>"
)


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("<mj-txet>x</mj-txet>", "no such tag as <mj-txet>"),
        ("<script>x</script>", "no such tag as <script>"),
        ('<p colour="red">x</p>', "<p colour> is no attribute"),
        ('<p onclick="x">x</p>', "<p onclick> is no attribute"),
        ('<a href="javascript:x">x</a>', "only https and mailto"),
        ('<a href="//evil.example">x</a>', "only https and mailto"),
        ('<p class="a\nb">x</p>', "on one line"),
        ("<p>" * 61 + "</p>" * 61, "nested deeper than 60"),
        ("<p>unclosed", "does not compile"),
        ("x" * (MAX_SOURCE + 1), "tell fewer stories"),
        ("<p>" + "long " * 25_000 + "</p>", "cut it off"),
    ],
)
def test_faults_are_refused(inside: str, complaint: str) -> None:
    with pytest.raises(RenderError, match=complaint):
        to_html(DOCUMENT % inside)


@pytest.mark.parametrize(
    "text", ["a\u00a0b", "\U0001f469\u200d\U0001f527", "e\u0301", "back\\slash", "\u2068שלום\u2069"]
)
def test_attributes_and_text_keep_every_character(text: str) -> None:
    html = to_html(DOCUMENT % f'<p aria-label="{text}">{text}</p>')
    plain = html.encode().decode()
    for character in text:
        assert plain.count(character) + plain.count(f"&#{ord(character)};") >= 2


def test_windows_line_ends_compile() -> None:
    assert "x" in to_html((DOCUMENT % "x").replace("<mj-body>", "<mj-head>\r\n</mj-head>\r\n<mj-body>"))


def test_comments_do_not_leave_the_house() -> None:
    assert "internal" not in to_html(DOCUMENT % "<!-- internal -->x")


@pytest.mark.parametrize(
    "html", ["<mj-text>", "<script>", "<p onload=x>", "<a href='JavaScript:x'>", '<p title="\\u{a0}">']
)
def test_active_html_is_refused(html: str) -> None:
    with pytest.raises(RenderError):
        inspect(html)
