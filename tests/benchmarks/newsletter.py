"""How long a newsletter of twelve stories takes, from its material to html."""

from __future__ import annotations

import time
from statistics import median

from shared.editions.brand import Brand
from shared.editions.registry import compose
from shared.rendering.writing import render_email, write
from tests.editions import examples

RUNS = 30


def newsletter_ms() -> tuple[float, float]:
    """Milliseconds: the median once templates are compiled, and the first time."""
    material = examples.material(told=12)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        render_email(write(compose("newsletter", material)), Brand())
        times.append((time.perf_counter() - start) * 1000)
    return median(times[1:]), times[0]
