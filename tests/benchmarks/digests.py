"""Personal sales digests: composed once, then a mail for each salesperson, beside the compiler alone.

    python -m tests.benchmarks.digests [--mails 10000]

Everything is from one run on one core; compare the ratios, not the rates, between machines.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from mjml import mjml2html

from shared.editions import compose
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.rendering.mjml import armoured
from shared.rendering.writing import mjml_of, render_email, write
from tests.editions import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shared.editions.model import Edition
    from shared.editions.reader import Reader

SAMPLE = 500
"""Mails of what is slow: enough for a rate."""
ACCOUNTS = 4
BRAND = Brand(site_url="https://tandem.example/archive")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.digests")
    parser.add_argument("--mails", type=int, default=10_000)
    mails = parser.parse_args().mails
    edition = write(compose("sales", examples.material(told=12)))
    readers = salespeople(mails)
    sample = readers[:SAMPLE]
    sources = [mjml_of(edition, BRAND, reader) for reader in sample[:50]] * (SAMPLE // 50)
    bare = rate(sources, compiled)
    chain = rate(sample, lambda reader: compiled(mjml_of(edition, BRAND, reader)))
    ours = rate(readers, lambda reader: render_email(edition, BRAND, reader))
    print(f"| {mails:,} personal sales digests, one core | mails/s | of the compiler alone |\n|---|---|---|")
    print(f"| the compiler alone, of ready sources (HTML only) | {bare:,.0f} | 1 |")
    print(f"| Jinja and the compiler for each (HTML only) | {chain:,.0f} | {chain / bare:.2f} |")
    print(f"| Tandem: subject, text and HTML, checked | {ours:,.0f} | {ours / bare:.2f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{distinct(edition, sample)} of {len(sample)} mails differ. Peak memory: {peak:.0f} MB")


def salespeople(count: int) -> list[Reader]:
    """Readers with customers of their own, by one of the 495 choices of four; no two in a row alike."""
    groups = list(combinations(range(len(examples.CUSTOMERS)), ACCOUNTS))
    anyone = reader_of("sales")
    return [
        replace(
            anyone,
            person_id=f"p-{number}",
            accounts=frozenset(f"C-{each}" for each in groups[number * 97 % len(groups)]),
        )
        for number in range(count)
    ]


def compiled(source: str) -> str:
    """What the compiler itself makes of a source."""
    html: str = mjml2html(armoured(source), disable_comments=True, fonts={})
    return html


def rate(items: Sequence[Any], work: Callable[[Any], object]) -> float:
    """Items per second of processor time, whatever else the machine does."""
    work(items[0])
    start = time.process_time()
    for item in items:
        work(item)
    return len(items) / (time.process_time() - start)


def distinct(edition: Edition, readers: Sequence[Reader]) -> int:
    """How many of the mails read differently."""
    return len({render_email(edition, BRAND, reader).html for reader in readers})


if __name__ == "__main__":
    main()
