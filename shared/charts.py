"""Pictures of trends for mails: without words, on no ground, in inks that read on light and on dark paper."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from resvg_py import svg_to_bytes

from shared.editions.brand import PAPER, PAPER_DARK, between
from shared.editions.trends import shape

if TYPE_CHECKING:
    from shared.editions.brand import Brand
    from shared.editions.model import Figure

WIDTH: Final = 560
HEIGHT: Final = 120
_SCALE: Final = 2
_EDGE: Final = 8
_GREY: Final = between("#7B828F", (PAPER, PAPER_DARK))


class Picture(NamedTuple):
    """A PNG that a mail carries and shows by its content id; sizes in CSS pixels."""

    cid: str
    png: bytes
    width: int
    height: int


class Pictures:
    """Draws what a mail shows and keeps it, each picture once."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand
        self._taken: dict[str, Picture] = {}

    def trend(self, figure: Figure) -> Picture:
        """The picture of a figure's trend."""
        picture = trend(figure, self._brand)
        return self._taken.setdefault(picture.cid, picture)

    @property
    def taken(self) -> tuple[Picture, ...]:
        """All that were drawn, in order."""
        return tuple(self._taken.values())


def trend(figure: Figure, brand: Brand) -> Picture:
    """A figure's trend as a line, broken where data is missing, with its target; always the same bytes."""
    png = _png(_svg(figure, between(brand.colour, (PAPER, PAPER_DARK))))
    digest = hashlib.sha256(png).hexdigest()[:16]
    return Picture(f"{figure.key}.{digest}@{brand.list_id}", png, WIDTH, HEIGHT)


@lru_cache(maxsize=64)
def _png(svg: str) -> bytes:
    return bytes(svg_to_bytes(svg_string=svg, zoom=_SCALE, skip_system_fonts=True))


def _svg(figure: Figure, ink: str) -> str:
    found = shape(figure, HEIGHT - 2 * _EDGE)
    step = (WIDTH - 2 * _EDGE) / max(len(found.heights) - 1, 1)
    places = [
        None if high is None else (round(_EDGE + step * index, 1), HEIGHT - _EDGE - high)
        for index, high in enumerate(found.heights)
    ]
    runs = [list(run) for known, run in groupby(places, key=bool) if known]
    lines = "".join(_line([place for place in run if place], ink) for run in runs)
    aim = "" if found.target is None else _target(HEIGHT - _EDGE - found.target)
    last = places[-1] if places else None
    end = "" if last is None else f'<circle cx="{last[0]}" cy="{last[1]}" r="6" fill="{ink}"/>'
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{aim}{lines}{end}</svg>'


def _line(places: list[tuple[float, int]], ink: str) -> str:
    points = " ".join(f"{x:g},{y}" for x, y in places)
    dots = "".join(f'<circle cx="{x:g}" cy="{y}" r="2.5" fill="{ink}"/>' for x, y in places)
    stroke = f'fill="none" stroke="{ink}" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"'
    return f'<polyline points="{points}" {stroke}/>{dots}'


def _target(y: int) -> str:
    line = f'x1="0" y1="{y}" x2="{WIDTH}" y2="{y}"'
    return f'<line {line} stroke="{_GREY}" stroke-width="1.5" stroke-dasharray="5 4"/>'
