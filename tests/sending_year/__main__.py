"""A year of editions that goes by itself, at a real SMTP server, with kills, and is judged from outside.

    python -m tests.sending_year [--database postgresql] [--people 2000] [--months 12] [--kills 100]
    python -m tests.sending_year --mails 10000 --kills 40      one newsletter

PostgreSQL is that of `.ci/postgres`, with two publishers.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests import databases
from tests.sending_year import server
from tests.sending_year.driving import Plan, Year

_FIRST = date(2026, 1, 5)
_SHOWN = 20
_DROPS = 0.002


def main() -> int:
    options = _options()
    print(f"seed {options.seed}: to repeat what people do, add --seed {options.seed}", flush=True)
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory(prefix="year-") as name, databases.using(options.database):
        folder = Path(name)
        with server.running(folder, _DROPS, options.seed) as running:
            faults, counts = Year(_plan(options), databases.new_url(folder), running, say).run()
    return _report(faults, counts, f"{options.database}, {time.monotonic() - began:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sending_year")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--mails", type=int, help="one newsletter to so many people instead of a year")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--connections", type=int, default=5, help="of each publisher")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    return parser.parse_args()


def _plan(options: argparse.Namespace) -> Plan:
    """Kills come early enough that all of them fall while mail goes out."""
    publishers = 2 if options.database == "postgresql" else 1
    last = _FIRST + timedelta(days=round(options.months * 364 / 12) - 1)
    often = options.people * options.months * 2 // options.kills
    plan = Plan(
        options.people,
        _FIRST,
        last,
        publishers,
        options.kills,
        often,
        seed=options.seed,
        connections=options.connections,
    )
    if not options.mails:
        return plan
    day, often = date(2026, 1, 7), options.mails * 7 // 10 // options.kills
    one = {"first": day, "last": day, "mails_per_kill": often, "opt_outs": 20, "only": ("newsletter",)}
    return replace(plan, people=options.mails, **one)


def _report(faults: list[str], counts: dict[str, int], what: str) -> int:
    print(f"\n{what}")
    for name, count in counts.items():
        print(f"  {count:8,}  {name}")
    for fault in faults[:_SHOWN]:
        print(f"FAULT {fault}")
    print(
        f"{len(faults)} faults"
        if faults
        else "Each mail once or doubtful for a reason; nobody got what they did not want"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
