"""The languages that readers may have: English as written in the templates, others by a catalogue each."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

if TYPE_CHECKING:
    from datetime import date

    from babel.messages.catalog import Catalog

CATALOGUES: Final = Path(__file__).parent.parent / "templates" / "languages"
ENGLISH: Final = "en"
MINUS: Final = "\u2212"


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return (ENGLISH, *sorted(path.stem for path in CATALOGUES.glob("*.po")))


def known(language: str) -> str:
    """The code of a language that there is; ValueError names those there are."""
    if language not in languages():
        raise ValueError(f"there is no language {language!r}; write one of: {', '.join(languages())}")
    return language


@cache
def catalogue(language: str) -> Catalog:
    """Every message of a language other than English, with what it says."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - few ask, and reading it takes a while

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def translations(language: str) -> NullTranslations:
    """What a language says for the words of the templates; ValueError names the languages there are."""
    if known(language) == ENGLISH:
        return NullTranslations()
    with (CATALOGUES / f"{language}.mo").open("rb") as compiled:
        return Translations(compiled)


def number(value: Decimal | int, language: str = ENGLISH) -> str:
    """`1,234.5`, `1.234,5`: grouped, with a true minus, without trailing zeros."""
    text: str = format_decimal(value, locale=_locale(language), decimal_quantization=False)
    return text.replace("-", MINUS)


def places(value: Decimal, digits: int, language: str = ENGLISH) -> str:
    """The same with exactly so many decimals: `97.0`, `97,0`."""
    return _places(str(value), digits, language)


@lru_cache(maxsize=8192)
def _places(value: str, digits: int, language: str) -> str:
    """By its digits, since 0 and -0 are equal and written otherwise; charts say the same numbers again."""
    form = f"#,##0{'.' * bool(digits)}{'0' * digits}"
    text: str = format_decimal(Decimal(value), form, _locale(language))
    return text.replace("-", MINUS)


def day(on: date, language: str = ENGLISH) -> str:
    """`9 March`, `9. März`."""
    return str(format_skeleton("MMMMd", on, locale=_locale(language)))


def full_day(on: date, language: str = ENGLISH) -> str:
    """`9 March 2026`, `9. März 2026`."""
    return str(format_date(on, "long", locale=_locale(language)))


def month(on: date, language: str = ENGLISH) -> str:
    """`March 2026`, `März 2026`."""
    return str(format_skeleton("yMMMM", on, locale=_locale(language)))


@cache
def _locale(language: str) -> Locale:
    """Where dates are written as we write them: in English, the day before the month."""
    return Locale.parse("en_GB" if language == ENGLISH else language)
