"""Dates and numbers of a column: what is certain, what can be read in two ways, and what is no such thing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.guessing.amounts import amounts_of
from shared.guessing.days import days_of
from shared.mapping import numerals
from shared.mapping.moments import ISO, moment

if TYPE_CHECKING:
    from decimal import Decimal

DATES = st.lists(st.dates(dt.date(2005, 1, 1), dt.date(2035, 12, 31)), min_size=1, max_size=12)
FORMATS = [
    f"{order}{clock}"
    for s in "./-"
    for order in (f"%d{s}%m{s}%Y", f"%m{s}%d{s}%Y", f"%d{s}%m{s}%y", f"%Y{s}%m{s}%d", "%Y%m%d", "%d-%b-%Y")
    for clock in ("", " %H:%M")
    if clock == "" or not order.startswith(("%Y%m%d", "%d-%b"))
]


@given(DATES, st.sampled_from(FORMATS))
def test_the_way_it_was_written_is_always_among_the_readings(dates: list[dt.date], written: str) -> None:
    """So that one reading left over is the right one, and nobody is talked into a wrong one."""
    texts = [date.strftime(written) for date in dates]
    found = days_of(texts)
    assert found is not None
    read = [[_read(text, reading.formats) for text in texts] for reading in found.readings]
    assert dates in read
    if len(read) > 1:
        assert not found.decisive
        assert all(date.day <= 12 or "%y" in written for date in dates)


@given(DATES)
def test_a_day_over_twelve_decides(dates: list[dt.date]) -> None:
    found = days_of([date.strftime("%d/%m/%Y") for date in [*dates, dt.date(2026, 5, 25)]])
    assert found is not None
    assert [reading.first for reading in found.readings] == ["day"]
    assert int(found.decisive[:2]) > 12


def test_both_readings_are_shown_on_a_date_where_they_differ() -> None:
    found = days_of(["05/05/2026", "03/04/2026"])
    assert found is not None
    assert [reading.words for reading in found.readings] == [
        "'03/04/2026' is 3 April 2026",
        "'03/04/2026' is 4 March 2026",
    ]


@pytest.mark.parametrize(
    ("texts", "firsts", "formats"),
    [
        (["31/5/18", "2/7/2018", "14/6/18"], ["day"], ("%d/%m/%y", "%d/%m/%Y")),
        (["10/11/12"], ["day", "month", "year"], ("%d/%m/%y",)),
        (["2026-10-01", "2026-10-02T09:30:00+02:00"], ["year"], ()),
        (["2026-10-01", "13.10.2026"], ["day"], ("%Y-%m-%d", "%d.%m.%Y")),
        (["20261001"], ["year"], ("%Y%m%d",)),
        (["13/4/26 5:30 PM"], ["day"], ("%d/%m/%y %I:%M %p",)),
        (["01-Oct-2026"], ["year"], ("%d-%b-%Y",)),
        (["15. März 2026", "1. Mai 2026"], ["year"], ("%d. %B %Y", "%d. %b %Y")),
        (["15-Mrz-26", "3-Dez-26"], ["year"], ("%d-%b-%y",)),
        (["15.Okt.26"], ["year"], ("%d.%b.%y",)),
        (["3 août 2026", "14 févr. 2026"], ["year"], ("%d %B %Y", "%d %B. %Y")),
        (["Mar 5, 2026", "March 15 2026"], ["year"], ("%b %d, %Y", "%B %d %Y")),
    ],
)
def test_formats(texts: list[str], firsts: list[str], formats: tuple[str, ...]) -> None:
    found = days_of(texts)
    assert found is not None
    assert [reading.first for reading in found.readings] == firsts
    assert found.readings[0].formats == formats


@pytest.mark.parametrize("text", ["5 Foo 2026", "32. Mai 2026", "30 Feb 2026", "Mai 2026"])
def test_words_that_name_no_day(text: str) -> None:
    assert days_of([text]) is None


def test_a_column_of_both_has_no_reading() -> None:
    found = days_of(["25/01/2026", "01/25/2026", "01/02/2026"])
    assert found is not None
    assert found.readings == ()
    assert found.contrary == ("25/01/2026", "01/25/2026")


def test_real_dates_of_a_sheet_beside_those_that_stayed_text() -> None:
    """03/04/2026 became the 4th of March where the sheet was American; 13/04/2026 could not be taken."""
    real, text = ["2026-03-04", "2026-05-04", "2026-12-04"], ["13/04/2026", "14/04/2026", "30/04/2026"]
    found = days_of([*real, *text])
    assert found is not None
    assert (found.decisive, found.swapped) == ("13/04/2026", "2026-03-04")
    for texts in ([*real, "2026-03-13", *text], [*real, *text, "05/04/2026"], real[:2] + text):
        found = days_of(texts)
        assert found is not None
        assert found.swapped == ""


def test_dates_that_a_spreadsheet_may_have_swapped() -> None:
    """As where 2/7/2018 stands for what was 02.07.18, and 31/5/18 could not be taken for an American date."""
    left = [f"{day}/5/18" for day in range(13, 32)]
    taken = [f"{day}/{month}/2018" for day in range(1, 13) for month in (3, 7)]
    found = days_of([*left, *taken])
    assert found is not None
    assert (found.decisive, found.swapped) == ("13/5/18", "1/3/2018")
    for texts in (left, taken, [*left, *taken, "25/3/2018"], [*left, *taken[:10]]):
        harmless = days_of(texts)
        assert harmless is not None
        assert not harmless.swapped


def test_what_is_no_date() -> None:
    assert days_of(["x", "y", "2026-01-01"]) is None
    assert days_of(["99.99.9999", "5", "4711"]) is None
    found = days_of(["01.10.2026", "02.10.2026", "00.00.0000"])
    assert found is not None
    assert found.odd == ("00.00.0000",)


NOTATIONS = [
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (",", " "),
    (",", "\u00a0"),
    (".", "'"),
    (",", "\u202f"),
]


def written(number: Decimal, point: str, thousands: str) -> str:
    return f"{number:,f}".replace(",", "\0").replace(".", point).replace("\0", thousands)


@given(
    st.lists(st.decimals(-(10**7), 10**7, places=2, allow_nan=False), min_size=1, max_size=9),
    st.sampled_from(NOTATIONS),
)
def test_the_numbers_that_were_written_are_always_among_the_readings(
    numbers: list[Decimal], notation: tuple[str, str]
) -> None:
    texts = [written(number, *notation) for number in numbers]
    found = amounts_of(texts)
    assert found is not None
    read = [
        [numerals.decimal(text, reading.decimal, reading.thousands) for text in texts]
        for reading in found.readings
    ]
    assert numbers in read
    assert len(read) == 1, "two decimals leave no doubt"


@pytest.mark.parametrize(
    ("texts", "readings"),
    [
        (["1.234", "12"], [(".", "", "1.234"), (",", ".", "1234")]),
        (["5,000", "12,000"], [(",", "", "5.000"), (".", ",", "5000")]),
        (["1.234", "12,5"], [(",", ".", "1234")]),
        (["0.300"], [(".", "", "0.300")]),
        (["5", "-6"], [(".", "", "5")]),
    ],
)
def test_thousands_or_decimals(texts: list[str], readings: list[tuple[str, str, str]]) -> None:
    found = amounts_of(texts)
    assert found is not None
    assert [(r.decimal, r.thousands, str(r.value)) for r in found.readings] == readings


def test_signs_of_money_are_no_part_of_a_number() -> None:
    found = amounts_of(["$1,001.18", "$5.00", "EUR 3.00", "7.50 €"])
    assert found is not None
    assert set(found.readings[0].strip) == {"$", "EUR", "€"}
    assert amounts_of(["A-17", "B-18", "4"]) is None


def _read(text: str, formats: tuple[str, ...]) -> dt.date | None:
    found = moment(text, formats or ISO)
    return found.date() if found else None
