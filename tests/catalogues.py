"""`make words`: what the templates and the code say, into each language's catalogue, and that compiled."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from shared.editions.catalogue import MESSAGES
from shared.languages import CATALOGUES
from shared.sayings import SAID
from tests.sayings import sayings

ROOT = Path(__file__).parent.parent
TEMPLATES = [("emails/**.j2", "jinja2"), ("web/**.j2", "jinja2"), ("*.j2", "jinja2")]
OPTIONS = {
    pattern: {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
    for pattern, _ in TEMPLATES
}
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""No dates in it, so that nothing changes where no message does."""
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Babel writes dates all the same where it compiles."""


def messages() -> Catalog:
    """Every message there is, with the files it is in."""
    found = Catalog(charset="utf-8")
    for folder, methods in (("templates", TEMPLATES), ("shared", [("**.py", "python")])):
        for name, _line, said, _comments, _context in extract_from_dir(
            ROOT / folder, methods, OPTIONS, directory_filter=lambda _: True
        ):
            found.add(said, locations=[(f"{folder}/{name}", 0)])
    for keywords in ({"Fault": (2,)}, {"Fault": (3,)}):  # what happened, and what to do next
        for name, _line, said, _comments, _context in extract_from_dir(
            ROOT / "services", [("newsroom/web/**.py", "python")], keywords=keywords
        ):
            found.add(said, locations=[(f"services/{name}", 0)])
    for said, name in sayings():
        found.add(said, locations=[(name, 0)], context=SAID)
    for said in MESSAGES:
        found.add(said, locations=[("shared/editions/catalogue.py", 0)])
    for message in found:
        message.locations.sort()  # file systems list files in any order
    return found


def read(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def update(path: Path, template: Catalog) -> None:
    """Bring a catalogue up to date: new messages come untranslated, old ones go."""
    catalogue = read(path)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        file.write(HEADER.format(language=path.stem, plural=catalogue.plural_forms).encode())
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)


def compiled(path: Path) -> bytes:
    """A catalogue as `gettext` reads it, which takes a hundredth of the time."""
    made, catalogue = BytesIO(), read(path)
    catalogue.creation_date = catalogue.revision_date = UNDATED
    write_mo(made, catalogue)
    return made.getvalue()


if __name__ == "__main__":
    every = messages()
    for each in sorted(CATALOGUES.glob("*.po")):
        update(each, every)
        each.with_suffix(".mo").write_bytes(compiled(each))
