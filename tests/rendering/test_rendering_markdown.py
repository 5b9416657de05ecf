"""What people write as Markdown: safe wherever it is shown, and never lost in silence."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.rendering.markdown import MarkdownError, links, to_html, to_paragraphs, to_text
from shared.rendering.mjml import inspect, lint

HOSTS = frozenset({"wiki.example.com"})
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code"}
INLINE = {"br", "strong", "em", "a"}


class Seen(HTMLParser):
    """The tags and attributes of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.others: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            (self.targets if name == "href" else self.others).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello **world**", "<p>Hello <strong>world</strong></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Big *news*", "<p><strong>Big <em>news</em></strong></p>"),
        ("<b>x</b> & <script>", "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> told", "<blockquote>\n<p>told</p>\n</blockquote>"),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("    kept as text", "<p>kept as text</p>"),
        (
            "[ok](https://wiki.example.com/a?b=1)",
            '<p><a href="https://wiki.example.com/a?b=1" rel="noopener noreferrer">ok</a></p>',
        ),
    ],
)
def test_what_it_becomes(text: str, html: str) -> None:
    assert to_html(text, HOSTS) == html


REFUSED = [
    "https://evil.example/a",
    "http://wiki.example.com/",
    "//wiki.example.com/x",
    "/relative",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://user:pw@wiki.example.com/",
    "https://wiki.example.com@evil.example/",
    "https://wiki.example.com:8080/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://wiki.example.com.evil.example/",
    "https://wiki.ex\u0430mple.com/",
    "https://xn--wiki.example.com/",
    r"https:\\wiki.example.com",
]


@pytest.mark.parametrize("target", REFUSED)
def test_a_link_elsewhere_is_text(target: str) -> None:
    html = to_html(f"[said](<{target}>)", HOSTS)
    assert "<a" not in html
    assert "said" in html
    assert "javascript:" not in html.lower()


def test_a_link_elsewhere_shows_where_it_would_lead() -> None:
    assert "said (https://evil.example/a)" in to_html("[said](https://evil.example/a)", HOSTS)


def test_links_are_told_with_what_they_say() -> None:
    honest, lying, other = links(
        "[the wiki](https://wiki.example.com/) [wiki.example.com](https://evil.example/) "
        "[x](mailto:a@example.com)"
    )
    assert (honest.host, honest.misleads()) == ("wiki.example.com", False)
    assert (lying.host, lying.misleads()) == ("evil.example", True)
    assert (other.host, other.misleads()) == (None, False)


def test_plain_text_and_paragraphs_without_blocks() -> None:
    text = (
        "# News\n\nIt **went** [well](https://wiki.example.com/).\n\n1. first\n2. then\n   - inside\n\n> told"
    )
    assert to_text(text).split("\n\n") == [
        "News", "It went well (https://wiki.example.com/).", "1. first", "2. then", "• inside", "› told",
    ]  # fmt: skip
    assert to_paragraphs(text, HOSTS)[:3] == [
        "<strong>News</strong>",
        'It <strong>went</strong> <a href="https://wiki.example.com/">well</a>.',
        "1. first",
    ]


@pytest.mark.parametrize("text", ["x" * 20_481, "[" * 401, "> " * 30 + "x"], ids=len)
def test_the_limits(text: str) -> None:
    for read in (to_html, to_paragraphs, to_text, links):
        with pytest.raises(MarkdownError):
            read(text)


PIECES = (
    "<script>alert(1)</script>", '" onerror="x', "</mj-text><mj-text>", "{{ 7*7 }}", "{% raw %}", "<!--",
    "-->", "<![CDATA[", "&#106;avascript:", "](javascript:x)", "[a", "](https://wiki.example.com/", ")", "![",
    "`", "**", "_", "\n\n", "\n> ", "\n- ", "\n# ", "\n    ", "<a href='//evil'>", "<img src=x>", "&nbsp;",
    "&bogus;", "\\", "\x0b", "\u202e", "\u2028", "|a|b|\n|-|-|\n", "[x]: https://evil\n",
    "<https://evil.example>", "~~", "1. ", "a", " ",
)  # fmt: skip
NASTY = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join)


@given(NASTY)
@example('[x](https://wiki.example.com/"onmouseover=alert)')
@example("[a](https://wiki.example.com/'><script>)")
def test_whatever_is_written_only_the_few_tags_come_out(text: str) -> None:
    try:
        html, parts = to_html(text, HOSTS), to_paragraphs(text, HOSTS)
    except MarkdownError:
        return
    page, mail = Seen(html), Seen("".join(parts))
    assert page.tags <= TAGS
    assert mail.tags <= INLINE
    assert set(page.others) <= {"noopener noreferrer"}
    assert not mail.others
    for target in (*page.targets, *mail.targets):
        assert re.match(r"https://wiki\.example\.com(/|$|\?|#)", target), target
    inspect(html)
    for part in parts:
        lint(f"<p>{part}</p>")


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_no_word_is_lost(word: str) -> None:
    for frame in ("{}", "**{}**", "# {}", "- {}", "> {}", "<b>{}</b>", "[{}](https://evil.example)", "`{}`"):
        text = frame.format(word)
        assert word in Seen(to_html(text)).text
        assert word in to_text(text)
        assert word in Seen("".join(to_paragraphs(text))).text
