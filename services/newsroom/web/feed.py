"""Newsletters as an Atom feed (RFC 4287): titles and headlines, and where to read on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from shared.stories.names import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.editions.brand import Brand
    from shared.editions.model import Edition

_ATOM = "http://www.w3.org/2005/Atom"


def atom(editions: Sequence[Edition], brand: Brand, url: str, question: str) -> bytes:
    """The feed; `question` is what its own address asks with."""
    feed = Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"{url}/archive")
    _add(feed, "title", brand.name)
    _add(feed, "subtitle", brand.tagline)
    SubElement(feed, "link", rel="self", href=f"{url}/archive/feed.atom?{question}")
    SubElement(feed, "link", rel="alternate", href=f"{url}/archive")
    latest = max((each.as_of for each in editions), default=None)
    _add(feed, "updated", latest.isoformat() if latest else "1970-01-01T00:00:00+00:00")
    author = SubElement(feed, "author")
    _add(author, "name", brand.name)
    for each in editions:
        _entry(feed, each, url)
    told: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return told


def _entry(feed: Element, edition: Edition, url: str) -> None:
    entry = SubElement(feed, "entry")
    page = f"{url}/archive/{edition.edition_id}"
    _add(entry, "id", page)
    _add(entry, "title", edition.period.title)
    SubElement(entry, "link", rel="alternate", href=page)
    _add(entry, "updated", edition.as_of.isoformat())
    _add(entry, "summary", "\n".join([edition.headline, *(story.headline for story in edition.stories)]))


def _add(parent: Element, name: str, text: str) -> None:
    """Text that XML may hold: no controls."""
    SubElement(parent, name).text = "\n".join(map(clean, text.split("\n")))
