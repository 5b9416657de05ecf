"""Nothing that an audience may not see is in any form of any edition, nor in what is kept of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html import unescape

import pytest

from shared.editions import EDITIONS, compose
from shared.editions.audiences import AUDIENCES, Audience, narrowed, reader_of
from shared.editions.brand import Brand
from shared.editions.reader import ANYONE, Reader
from shared.inviting import Attachment, invitation
from shared.rendering.forms import render_fragment, render_markdown, render_notice
from shared.rendering.writing import render_email, render_index, render_page, write
from shared.sending import eml
from tests.editions.secrets import MARGINS, MONEY, NAMES, OWNED, secretive

BRAND = Brand()
EVERYTHING = Reader(sees_money=True, sees_margin=True, sees_confidential=True)
OWNER = Reader(accounts=frozenset({"C-0"}), sees_money=True)
READERS: dict[str, Reader] = {
    **{name: reader_of(name) for name in AUDIENCES},
    "owner of one": OWNER,
    "owner of all without money": Reader(accounts=frozenset({"C-0", "C-1", "C-2", "C-3", "C-4", "C-90"})),
    "one with every right": EVERYTHING,
}
FORMS = {"html", "text", "eml", "page", "markdown", "fragment"}


def forms(name: str, reader: Reader) -> dict[str, str]:
    """Everything that this reader could be given of an edition."""
    edition = write(compose(name, secretive()))
    mail = render_email(edition, BRAND, reader)
    sent = eml(mail, "T <t@tandem.example>", "r@tandem.example", "<1@tandem.example>", edition.as_of)
    message = message_from_bytes(sent, policy=default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    starts, pack = datetime(2026, 1, 13, 9, tzinfo=UTC), render_notice(edition, BRAND)
    invited = invitation(
        edition, BRAND, starts, 60, "t@tandem.example", ["r@tandem.example"],
        [Attachment("pack.html", "text/html", pack.encode())], summary=mail.subject, description=mail.text,
    )  # fmt: skip
    return {
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "eml": "\n".join([*(f"{key}: {value}" for key, value in message.items()), *parts]),
        "page": render_page(edition, BRAND, reader),
        "notice": pack,
        "fragment": render_fragment(edition, BRAND, reader),
        "markdown": render_markdown(edition, BRAND, reader),
        "index": render_index([edition], BRAND),
        "ics": invited.decode().replace("\r\n ", ""),
    }


def leaks(found: dict[str, str], secrets: tuple[str, ...]) -> set[str]:
    plain = {form: re.sub(r"\s+", " ", unescape(text)) for form, text in found.items()}
    return {form for form, text in plain.items() if any(secret in text for secret in secrets)}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_no_form_tells_what_its_reader_may_not_see(name: str, who: str) -> None:
    reader, sight = READERS[who], AUDIENCES[EDITIONS[name].audience]
    found = forms(name, reader)
    if not (sight.money and reader.sees_money):
        assert leaks(found, MONEY) == set()
    if not (sight.margin and reader.sees_margin):
        assert leaks(found, MARGINS) == set()
    if not (sight.names == "all" and reader.sees_confidential):
        own = reader.accounts if sight.names != "none" else frozenset[str]()
        others = (hidden for hidden, account in zip(NAMES, OWNED, strict=True) if account not in own)
        assert leaks(found, tuple(others)) == set()


def test_whoever_may_see_them_does() -> None:
    """Otherwise the test above could not fail."""
    found = forms("leadership", EVERYTHING)
    assert {"html", "text", "eml", "page", "markdown", "fragment"} <= leaks(found, NAMES) & leaks(
        found, MARGINS
    )
    own = forms("sales", OWNER)
    assert leaks(own, NAMES[:1]) >= FORMS
    assert {"text", "page"} <= leaks(forms("sales", reader_of("sales")), MONEY)


def test_paper_and_the_index_show_what_all_may_see() -> None:
    for name in EDITIONS:
        found = forms(name, EVERYTHING)
        public = {form: found[form] for form in ("notice", "index")}
        assert leaks(public, (*NAMES, *MONEY, *MARGINS)) == set()


@pytest.mark.parametrize("name", sorted(EDITIONS))
def test_what_is_kept_of_an_edition_is_for_its_audience(name: str) -> None:
    kept = {"json": write(compose(name, secretive())).to_json().replace("48765", "48,765")}
    sight = AUDIENCES[EDITIONS[name].audience]
    assert bool(leaks(kept, NAMES)) == (sight.names != "none")
    assert bool(leaks(kept, MONEY)) == sight.money
    assert bool(leaks(kept, MARGINS)) == sight.margin


@pytest.mark.parametrize("audience", AUDIENCES)
def test_rights_are_never_more_than_the_audiences(audience: Audience) -> None:
    sight, allowed = AUDIENCES[audience], narrowed(EVERYTHING, audience)
    assert (allowed.sees_money, allowed.sees_margin) == (sight.money, sight.margin)
    assert allowed.sees_confidential == (sight.names == "all")
    assert narrowed(ANYONE, audience) == ANYONE
