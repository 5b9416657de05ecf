"""The mail that asks one person one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions.reader import Reader
from shared.mailing.freezing import MINE
from shared.mailing.links import sign
from shared.rendering.environment import template
from shared.rendering.mjml import to_html
from shared.rendering.writing import Rendered

if TYPE_CHECKING:
    from datetime import date

    from shared.asking.telling import About
    from shared.editions.brand import Brand
    from shared.people.model import Person
    from shared.store.questions import Kind


def link(secret: bytes, public_url: str, question_id: str) -> str:
    """Where the question is answered; nobody else can have made it."""
    return f"{public_url.rstrip('/')}/asked/{sign(secret, 'question', question_id)}"


def letter(brand: Brand, person: Person, kind: Kind, told: About, due_on: date, url: str) -> Rendered:
    """The mail, in the person's language; raises RenderError."""
    shown = {
        "brand": brand,
        "reader": Reader(language=person.language, preferences_url=MINE),
        "page": None,
        "name": person.name,
        "kind": kind,
        "told": told,
        "due_on": due_on,
        "link": url,
    }
    parts = {
        part: template(f"emails/asking/{part}.j2", person.language, brand).render(shown)
        for part in ("subject.txt", "body.txt", "body.mjml")
    }
    subject = " ".join(parts["subject.txt"].split())
    return Rendered(subject, parts["body.txt"].strip("\n") + "\n", to_html(parts["body.mjml"]))
