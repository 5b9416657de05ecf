"""What was made before changes nothing of what is made after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from shared.editions import compose
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.keeping import Keeping
from shared.rendering.environment import escaping, plain
from shared.rendering.mjml import MAX_DEPTH, RenderError, lint
from shared.rendering.writing import render_email, write
from tests.editions import examples

LINES = ("<mj-section>", "</mj-section>", "<mj-column>", "</mj-column>", "<mj-section><mj-column>", "a", "<")
"""Of which any order is tried; `<` alone is a fault."""


@pytest.mark.parametrize("language", ["en", "de"])
def test_mails_are_the_same_whatever_mails_were_made_before(language: str) -> None:
    edition = write(compose("sales", examples.material(told=12)))
    accounts = [{"C-0", "C-1", "C-2"}, {"C-1", "C-5"}, set[str]()]
    readers = [
        replace(reader_of(edition.audience, language), accounts=frozenset(own), thanks_url=f"https://x.y/{n}")
        for n, own in enumerate(accounts)
    ]
    brand = Brand(site_url="https://tandem.example/archive")
    kept = [render_email(edition, brand, reader) for reader in readers]
    for reader, mail in zip(readers, kept, strict=True):
        escaping.cache_clear()
        plain.cache_clear()
        assert render_email(edition.model_copy(deep=True), brand, reader) == mail


def test_markup_is_not_the_text_that_it_equals() -> None:
    keeping = Keeping[str]()
    assert keeping.get(("<b>",), lambda: "escaped") == "escaped"
    assert keeping.get((Markup("<b>"),), lambda: "as it is") == "as it is"
    assert keeping.get((("<b>",),), lambda: "in a list") == "in a list"
    assert keeping.get(("<b>",), lambda: "again") == "escaped"


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_tags_are_checked_across_lines_as_within_one(lines: list[str]) -> None:
    assert fit("\n".join(lines)) == fit("".join(lines)) == plainly(lines)


def test_depth_counts_across_lines() -> None:
    deep = MAX_DEPTH // 2
    assert fit("<mj-section><mj-column>\n" * deep + "</mj-column></mj-section>\n" * deep)
    deep += 1
    assert not fit("<mj-section><mj-column>\n" * deep + "</mj-column></mj-section>\n" * deep)


def fit(source: str) -> bool:
    try:
        lint(source)
    except RenderError:
        return False
    return True


def plainly(lines: list[str]) -> bool:
    open_tags: list[str] = []
    for tag in "".join(lines).replace("a", "").replace("><", ">\n<").replace("<<", "!<").split("\n"):
        if tag.startswith("</"):
            if not open_tags or open_tags.pop() != tag[2:]:
                return False
        elif tag.startswith("<mj"):
            open_tags.append(tag[1:])
        elif tag:
            return False
    return not open_tags
