"""The checks around the MJML compiler: each fault it lets through is caught here."""

from __future__ import annotations

import pytest

from shared.rendering.mjml import MAX_SOURCE, RenderError, inspect, to_html

DOCUMENT = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>%s</mj-text></mj-column></mj-section></mj-body></mjml>"
)


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("<mj-txet>x</mj-txet>", "<mj-txet> is no such tag"),
        ("<script>x</script>", "<script> is no such tag"),
        ('<p colour="red">x</p>', "has colour, which is no attribute of this tag"),
        ('<p onclick="x">x</p>', "has onclick, which is no attribute"),
        ('<a href="javascript:x">x</a>', "only https and mailto"),
        ('<a href="//evil.example">x</a>', "only https and mailto"),
        ("<a>x</a>", "needs href"),
        ('<img src="https://a.example/1.png" width="9" height="9" />', "needs alt"),
        ('<img src="data:x" alt="" width="9" height="9" />', "has src='data:x', which is no value"),
        ('<table cellpadding="0" border="0"></table>', "needs cellspacing"),
        ('<td bgcolor="red">x</td>', "has bgcolor='red', which is no value"),
        ('<td width="abc">x</td>', "has width='abc', which is no value"),
        ('<p style="color:#12345">x</p>', "has the style 'color:#12345'"),
        ('<p style="colour:#123456">x</p>', "has the style 'colour:#123456'"),
        ('<p style="color:red;background:url(https://a.example)">x</p>', "has the style 'color:red'"),
        ('<p style="background:url(https://a.example)">x</p>', "has the style 'background:url"),
        ('<p class="a\nb">x</p>', "on one line"),
        ("<p class='a'>x</p>", "in double quotes"),
        ("<p class=a>x</p>", "in double quotes"),
        ('<p class="a" class="b">x</p>', "each attribute once"),
        ('<p aria-label="a > b">x</p>', "in double quotes"),
        ("a < b", "is a bare <"),
        ("<p>" * 61 + "</p>" * 61, "nested deeper than 60"),
        ("<p>unclosed", "</mj-text> closes <p>"),
        ("<b>crossed</b>", "<b> is no such tag"),
        ("<p><em>crossed</p></em>", "</p> closes <em>"),
        ("</p>", "</p> closes <mj-text>"),
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


@pytest.mark.parametrize(
    ("tag", "complaint"),
    [
        ('<mj-section padding="10 20"></mj-section>', "has padding='10 20'"),
        ('<mj-section padding="ten"></mj-section>', "has padding='ten'"),
        ('<mj-section background-color="red"></mj-section>', "has background-color='red'"),
        ('<mj-section width="0.5"></mj-section>', "has width='0.5'"),
        ("<mj-section>", "</mj-body> closes <mj-section>"),
        ('<mj-image src="https://a.example/1.png" width="9px" />', "needs alt"),
        ('<mj-include path="../../etc/passwd" />', "<mj-include .* is no such tag"),
    ],
)
def test_faults_around_the_text_are_refused(tag: str, complaint: str) -> None:
    with pytest.raises(RenderError, match=complaint):
        to_html(f"<mjml><mj-body>{tag}</mj-body></mjml>")


def test_styles_are_ascii() -> None:
    head = "<mj-head><mj-style>.a { content: '→' }</mj-style></mj-head>"
    with pytest.raises(RenderError, match="plain ASCII"):
        to_html((DOCUMENT % "x").replace("<mj-body>", f"{head}<mj-body>", 1))


def test_what_never_closes_is_refused() -> None:
    with pytest.raises(RenderError, match="<mjml> is never closed"):
        to_html("<mjml>")


@pytest.mark.parametrize("text", ["", "plain", "<p>html</p>"])
def test_what_is_no_mjml_does_not_compile(text: str) -> None:
    with pytest.raises(RenderError, match="does not compile"):
        to_html(text)


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
