"""Charts as pictures: the right size, the same bytes, and inks that read on both papers."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from shared.charts import HEIGHT, WIDTH, Pictures, trend
from shared.editions import compose
from shared.editions.brand import PAPER, PAPER_DARK, Brand, between, contrast
from shared.editions.model import Figure, Point
from shared.editions.trends import shape
from tests.editions.examples import material

if TYPE_CHECKING:
    from decimal import Decimal

FIGURE = compose("leadership", material()).figures[0]
VALUES = st.none() | st.decimals(-1000, 1000, places=2)


def alpha(png: bytes) -> list[bytes]:
    """How opaque each pixel of each row is; PNG filters undone as far as resvg uses them."""
    data, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    raw, width, rows = zlib.decompress(data), 8 * WIDTH, []
    before = bytes(width)
    for row in range(2 * HEIGHT):
        kind, line = raw[row * (width + 1)], raw[row * (width + 1) + 1 : (row + 1) * (width + 1)]
        before = unfiltered(kind, line, before)
        rows.append(before[3::4])
    return rows


def unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    done = bytearray()
    for index, byte in enumerate(line):
        left, up, corner = (
            (done[index - 4] if index > 3 else 0), above[index], (above[index - 4] if index > 3 else 0)
        )  # fmt: skip
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda each: abs(guess - each))
        done.append((byte + (0, left, up, (left + up) // 2, paeth)[kind]) % 256)
    return bytes(done)


def test_a_chart_has_its_size_and_stands_on_no_ground() -> None:
    png = trend(FIGURE, Brand()).png
    assert struct.unpack(">II", png[16:24]) == (2 * WIDTH, 2 * HEIGHT)
    rows = alpha(png)
    assert rows[0] == bytes(2 * WIDTH)
    assert sum(1 for row in rows if max(row) == 255) > HEIGHT


def test_a_chart_is_the_same_every_time_and_one_picture() -> None:
    pictures = Pictures(Brand())
    assert pictures.trend(FIGURE) == pictures.trend(FIGURE) == trend(FIGURE, Brand())
    assert len(pictures.taken) == 1
    other = FIGURE.model_copy(update={"trend": FIGURE.trend[:-1]})
    assert pictures.trend(other).cid != pictures.trend(FIGURE).cid


@given(st.lists(VALUES, max_size=24), VALUES, st.sampled_from(["higher", "lower", "zero"]))
def test_any_trend_is_a_chart_and_stays_within(
    values: list[Decimal | None], target: Decimal | None, better: str
) -> None:
    points = tuple(Point(period=str(number), value=value) for number, value in enumerate(values))
    figure = Figure.model_validate(
        FIGURE.model_dump() | {"trend": points, "target": target, "better": better}
    )
    found = shape(figure, 30)
    assert [each is None for each in found.heights] == [value is None for value in values]
    assert all(2 <= each <= 30 for each in (*found.heights, found.target) if each is not None)
    assert trend(figure, Brand()).png.startswith(b"\x89PNG")


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"))
def test_any_ink_is_told_from_both_papers(ink: str) -> None:
    assert min(contrast(between(ink, (PAPER, PAPER_DARK)), paper) for paper in (PAPER, PAPER_DARK)) >= 3
