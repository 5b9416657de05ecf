"""The languages that readers may have: English as written in the templates, others by a catalogue each."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES: Final = Path(__file__).parent.parent / "templates" / "languages"
ENGLISH: Final = "en"


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return (ENGLISH, *sorted(path.stem for path in CATALOGUES.glob("*.po")))


@cache
def translations(language: str) -> NullTranslations:
    """What a language says for the words of the templates; ValueError names the languages there are."""
    if language == ENGLISH:
        return NullTranslations()
    if language not in languages():
        raise ValueError(f"there is no language {language!r}; write one of: {', '.join(languages())}")
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
