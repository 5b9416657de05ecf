"""Pages of the newsroom under load: `python -m tests.benchmarks.newsroom --orders 1000000`.

One process serves a database that is loaded as the benchmark of figures does; a client in another asks at a
fixed rate on loopback. A page's time runs from when it was due to be asked for, so that a server that falls
behind is not forgiven. On a busy machine only the server's processor time says something: it is printed, too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Final

import httpx

from shared import publishing, tables
from shared.people.importing import import_people
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import sign_ins
from shared.store.engine import Store
from tests import make
from tests.benchmarks.figures import AS_OF, load

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITION: Final = "newsletter-2026-04"
PAGES: Final = (
    "/", "/archive", f"/archive/{EDITION}", f"/archive/{EDITION}/story-roadblock_beaten-SO-W1", "/thanks",
    "/board?month=2024-05", "/board/otif?month=2024-05", "/board/on_time?month=2024-04", "/wins",
    "/wins/roadblock_beaten:SO-W1", "/wins/nearly?week=2024-W20", "/quality", "/me", "/people", "/desk",
    "/tell/orders?q=SO-24", "/tell/orders?q=00", "/tell/orders?q=xyzw",
)  # fmt: skip
STORIES: Final = 12
_PERSON: Final = b"person_id,email,name,department,roles\nadmin,a@example.com,A B,sales,administrator\n"
_HEADERS: Final = {"accept": "text/html", "sec-fetch-site": "same-origin"}


def main() -> None:
    """Load, serve, ask and print."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.newsroom")
    parser.add_argument("--orders", type=int, default=1_000_000, help="in the database")
    parser.add_argument("--base", type=int, default=100_000, help="order lines recorded, the rest copied")
    parser.add_argument("--rate", type=int, default=50, help="requests a second")
    parser.add_argument("--seconds", type=int, default=60, help="how long they are asked")
    parser.add_argument("--url", help="of an empty database; default: SQLite in a temporary folder")
    parser.add_argument("--folder", help="keeps the SQLite database, and takes the one that is there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.folder or temporary)
        url = asked.url or f"sqlite:///{folder}/newsroom.db"
        known = bool(asked.folder) and (folder / "newsroom.db").exists()
        with closing(Store.open(url)) as store:
            if not known:
                load(store, 2 * asked.orders, asked.base)
                tell(store, temporary)
            secret = sign_ins.link(store, "admin", datetime.now(UTC))
        with served(url, temporary) as (address, process):
            asyncio.run(ask(address, secret, asked.rate, asked.seconds, process))


def tell(store: Store, folder: str) -> None:
    """Stories, an edition of them, and somebody who may see every page.

    The edition is composed elsewhere, since the copied orders have no events that it could ask.
    """
    won = make.raw([event for n in range(1, STORIES + 1) for event in make.win(f"SO-W{n}", f"C-W{n}")])
    record(store, won, as_of=AS_OF, rules=DEFAULTS)
    with closing(Store.open(f"sqlite:///{folder}/telling.db")) as small:
        record(small, won, as_of=make.LATER, rules=DEFAULTS)
        made = publishing.compose(small, "newsletter", Period.month(2026, 4), make.LATER, DEFAULTS, {})
        publishing.release(small, made.edition_id)
        with small.reading() as there, store.noting() as here:
            for table in (tables.editions, tables.told):
                here.execute(table.insert(), [dict(row) for row in there.execute(table.select()).mappings()])
    import_people(store, _PERSON, datetime.now(UTC))


@contextmanager
def served(url: str, folder: str) -> Iterator[tuple[str, int]]:
    """A newsroom in a process of its own: its address and number."""
    command = [str(Path(sys.executable).with_name("tandem")), "serve", "--port", "0"]
    env = os.environ | {"TANDEM_DATABASE_URL": url, "TANDEM_MAIL_FOLDER": f"{folder}/mail"}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, cwd=folder) as server:
        assert server.stderr
        found = next(filter(None, (re.search(r"http://[\d.:]+", line) for line in server.stderr)))
        try:
            yield found[0], server.pid
        finally:
            server.terminate()


async def ask(address: str, secret: str, rate: int, seconds: int, process: int) -> None:
    """Ask for each page until it is there, then for all in turn, so many a second; print what it took."""
    async with httpx.AsyncClient(base_url=address, headers=_HEADERS, timeout=60) as client:
        found = re.search(r'name="csrf" value="(\w+)"', (await client.get("/sign-in")).text)
        assert found
        await client.post("/sign-in/link", data={"secret": secret, "csrf": found[1]})
        first = {path: await _first(client, path) for path in PAGES}
        began, spent = time.perf_counter(), _processor(process)
        due = [(path, began + n / rate) for n, path in enumerate(islice(cycle(PAGES), rate * seconds))]
        took = await asyncio.gather(*(_timed(client, path, at) for path, at in due))
        each = 1000 * (_processor(process) - spent) / len(due)
    for path in PAGES:
        mine = [1000 * each for (page, _), each in zip(due, took, strict=True) if page == path]
        print(f"{path:60} first {1000 * first[path]:7.0f} ms   then {_told(mine)}")
    print(f"{'all':60} {rate} a second for {seconds} s: {_told([1000 * each for each in took])}")
    print(f"The server took {each:.1f} ms of processor time for a page")


async def _first(client: httpx.AsyncClient, path: str) -> float:
    """Seconds until a page is there that nobody asked for before."""
    began = time.perf_counter()
    while (answer := await client.get(path)).status_code == httpx.codes.ACCEPTED:
        pass  # it waits a while by itself
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
    return time.perf_counter() - began


async def _timed(client: httpx.AsyncClient, path: str, due: float) -> float:
    """Seconds from when a page was due until it was there."""
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    answer = await client.get(path)
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
    return time.perf_counter() - due


def _processor(process: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(took: list[float]) -> str:
    cuts = quantiles(took, n=100)
    return f"p50 {cuts[49]:6.1f} ms   p95 {cuts[94]:6.1f} ms   p99 {cuts[98]:6.1f} ms"


if __name__ == "__main__":
    main()
