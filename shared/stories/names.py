"""What a reader may see instead of an id: customers by display name, people only if they wish it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATE, _POP = "\u2068", "\u2069"
_LEGAL_FORM = re.compile(
    r"|ab|ag|aps|as|bv|co|company|corp|corporation|gmbh|inc|kg|kgaa|lda|limited|llc|llp|ltd|ltda|mbh|nv|ohg|oyj?|plc|"
    r"pty|pvt|sarl?|sas|se|sl|spa|srl|ug",
    re.IGNORECASE,
)
_TELLING = 4
"""Letters of a first word that tells which company it is: not `The`, nor `New`."""


@dataclass(frozen=True, slots=True)
class CustomerName:
    """A customer's name and, where the customer is confidential, the segment said in its place."""

    name: str
    segment: str | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Display names by id; `people` holds only those whose preference is to be named."""

    customers: Mapping[str, CustomerName] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """What people wrote, as far as it may be printed, by source, id and field of the event."""
    objections: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who objected to being named in the story of a win, by its id."""

    def in_story(self, win_id: str) -> Names:
        """The names for one story: without those who objected to it."""
        if not (objected := self.objections.get(win_id)):
            return self
        return replace(self, people={id_: name for id_, name in self.people.items() if id_ not in objected})

    def customer(self, customer_id: str | None) -> tuple[str, bool]:
        """The words for a customer, and whether they are its name."""
        known = self.customers.get(customer_id or "")
        if known is None:
            return "a customer", False
        if known.confidential or not clean(known.name):
            return (f"a customer in {clean(known.segment)}" if known.segment else "a customer"), False
        return clean(known.name), True

    def segment(self, customer_id: str | None) -> str | None:
        """What is said of a customer that is not named."""
        known = self.customers.get(customer_id or "")
        return clean(known.segment or "") or None if known and not self.customer(customer_id)[1] else None

    def product(self, product_id: str) -> str:
        """What a product is called, or which it is."""
        return clean(self.products.get(product_id, "")) or f"product {clean(product_id)}"

    def person(self, person_id: str) -> str | None:
        """The name of a person who wishes to be named."""
        name = clean(self.people.get(person_id, ""))
        return name or None


def shortened(name: str) -> tuple[str, ...]:
    """What people call a company: its name without the legal form, and the first word of several."""
    words = name.split()
    while len(words) > 1 and _LEGAL_FORM.fullmatch("".join(filter(str.isalnum, words[-1]))):
        words.pop()
    first = words[:1] if len(words[0]) >= _TELLING else []
    return tuple(dict.fromkeys((" ".join(words), *first)))


def clean(text: str) -> str:
    """One line without controls, stray surrogates or direction overrides; right-to-left text is isolated."""
    kept = "".join(" " if c.isspace() and c != "\u00a0" else c for c in text if _printable(c)).strip(" ")
    words = " ".join(part for part in kept.split(" ") if part)
    if any(unicodedata.bidirectional(c) in {"R", "AL"} for c in words):
        return f"{_ISOLATE}{words}{_POP}"
    return words


def _printable(character: str) -> bool:
    if character in _BIDI_CONTROLS:
        return False
    return character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"}
