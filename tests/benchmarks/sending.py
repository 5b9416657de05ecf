"""Sending an edition of twelve stories to a local server, beside a bare loop and the usual chain.

    python -m tests.benchmarks.sending [--mails 300] [--rounds 10] [--release 100000] [--stories 12]

Then its release to very many people, and the sending to all of them; `--mails 0` does that alone.
The database is SQLite in a file, or with `.ci/postgres` PostgreSQL. Compare the ratios, not the rates,
between machines.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any, NamedTuple

import aiosmtplib
from mjml import mjml2html

from services.publisher.opening import sender
from shared import publishing
from shared.editions import compose
from shared.editions.audiences import reader_of
from shared.editions.brand import Brand
from shared.mailing.freezing import Mail, frozen_bytes
from shared.mailing.releasing import release
from shared.people.importing import import_people
from shared.rendering.mjml import armoured
from shared.rendering.writing import mjml_of, write
from shared.settings import Settings
from shared.store import contents, ledger
from shared.store.engine import Store
from tests import databases
from tests.benchmarks.sink import sinking
from tests.editions import examples

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from shared.editions.model import Edition

CONNECTIONS = (1, 5, 20)
CHAIN = 10
"""The usual chain gets so many times fewer mails: it is slow enough to have a rate with these."""
_TITLES = {
    "bare": "aiosmtplib, ready bytes",
    "chain": "Jinja2, MJML, EmailMessage, aiosmtplib",
    "ours": "Tandem",
}
NOW = datetime(2026, 5, 5, 8, tzinfo=UTC)
BRAND = Brand()
FROM = "tandem@example.com"


class Rate(NamedTuple):
    """Seconds for each mail, and seconds of the processor for each in this process."""

    wall: float
    work: float


class Watch:
    """Runs from now on."""

    def __init__(self) -> None:
        self._wall, self._work = time.perf_counter(), time.process_time()

    def rate(self, mails: int) -> Rate:
        return Rate((time.perf_counter() - self._wall) / mails, (time.process_time() - self._work) / mails)


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.sending")
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--release", type=int, default=100_000)
    parser.add_argument("--stories", type=int, default=12)
    asked = parser.parse_args()
    edition = write(compose("newsletter", examples.material(told=asked.stories)))
    kind = databases.KINDS[-1]
    with tempfile.TemporaryDirectory() as name, sinking() as port, databases.using(kind):
        folder = Path(name)
        if asked.mails:
            rates(edition, folder, port, asked.mails, asked.rounds)
        if asked.release:
            many(edition, folder, port, asked.release)


def rates(edition: Edition, folder: Path, port: int, mails: int, rounds: int) -> None:
    """Mails a second by connections, over all rounds, in which all take turns."""
    ready = messages(edition, folder)
    size = f"{databases.KINDS[-1]}, mails of {len(ready[0]) / 1000:.0f} kB"
    print(f"\n| {size} | connections | mails/s | of the bare loop | of the chain | ms of work a mail |")
    print("|---|---|---|---|---|---|")
    for connections in CONNECTIONS:
        found: dict[str, list[Rate]] = {"bare": [], "chain": [], "ours": []}
        for _ in range(rounds):
            found["bare"].append(asyncio.run(bare(port, ready, mails, connections)))
            found["chain"].append(asyncio.run(chain(edition, port, mails // CHAIN, connections)))
            found["ours"].append(ours(edition, folder, port, mails, connections))
        of = {name: 1 / mean(each.wall for each in some) for name, some in found.items()}
        for name, title in _TITLES.items():
            shares = f"{of[name] / of['bare']:.2f} | {of[name] / of['chain']:.1f}"
            work = 1000 * mean(each.work for each in found[name])
            print(f"| {title} | {connections} | {of[name]:,.0f} | {shares} | {work:.2f} |", flush=True)


def settings(port: int, connections: int) -> Settings:
    told: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    told |= {"smtp_connections": connections, "mail_most_recipients": 10**6}
    told |= {"reply_to": "editor@example.com", "public_url": "https://tandem.example.com"}
    return Settings(_env_file=None, **told)  # type: ignore[call-arg]


def company(edition: Edition, folder: Path, people: int) -> Store:
    """A database with so many people and an edition to release to them."""
    target = folder / f"{time.monotonic_ns()}"
    target.mkdir()
    store = Store.open(databases.new_url(target))
    rows = "\n".join(f"p-{n},p{n}@example.com,Person {n},sales" for n in range(people))
    import_people(store, f"person_id,email,name,department\n{rows}".encode(), NOW)
    with store.noting() as connection:
        publishing._put(connection, edition)  # noqa: SLF001 - no trade of a benchmark makes such an edition
    return store


def messages(edition: Edition, folder: Path) -> list[bytes]:
    """Mails as they leave Tandem."""
    store, chosen = company(edition, folder, 100), settings(1, 1)
    release(store, edition.edition_id, BRAND, chosen.post, NOW)
    with store.reading() as connection:
        rows = ledger.listed(connection)
        content = contents.find(connection, rows[0].content)
    store.close()
    assert content is not None
    return [
        frozen_bytes(
            Mail(row.mail_id, row.edition_id, row.person_id, row.recipient, row.content, 1, NOW),
            content,
            store.secret,
            chosen.post.headers,
        )
        for row in rows
    ]


def ours(edition: Edition, folder: Path, port: int, mails: int, connections: int) -> Rate:
    store, chosen = company(edition, folder, mails), settings(port, connections)
    release(store, edition.edition_id, BRAND, chosen.post, NOW)
    watch = Watch()
    asyncio.run(sender(chosen, store, lambda: NOW).run())
    rate = watch.rate(mails)
    with store.reading() as connection:
        assert ledger.counts(connection, edition.edition_id)["sent"] == mails
    store.close()
    return rate


async def shared_out(
    count: int, connections: int, port: int, send: Callable[[Any, int], Awaitable[Any]]
) -> Rate:
    """Mails a second over so many connections that stay open."""
    left = iter(range(count))

    async def work() -> None:
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await smtp.connect()
        for number in left:
            await send(smtp, number)
        await smtp.quit()

    watch = Watch()
    await asyncio.gather(*(work() for _ in range(connections)))
    return watch.rate(count)


async def bare(port: int, ready: list[bytes], mails: int, connections: int) -> Rate:
    """The library alone."""

    def send(smtp: aiosmtplib.SMTP, number: int) -> Awaitable[Any]:
        return smtp.sendmail(FROM, [f"p{number}@example.com"], ready[number % len(ready)])

    return await shared_out(mails, connections, port, send)


async def chain(edition: Edition, port: int, mails: int, connections: int) -> Rate:
    """What is usual: everything anew for each recipient."""
    reader = reader_of("everyone")

    def send(smtp: aiosmtplib.SMTP, number: int) -> Awaitable[Any]:
        html = mjml2html(armoured(mjml_of(edition, BRAND, reader)), disable_comments=True, fonts={})
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = FROM, f"Person {number} <p{number}@example.com>"
        message["Subject"] = edition.edition_id
        message.set_content("In plain text, of which this is little.")
        message.add_alternative(html, subtype="html")
        return smtp.send_message(message)

    return await shared_out(mails, connections, port, send)


def many(edition: Edition, folder: Path, port: int, people: int) -> None:
    """A release to very many people and its sending, and the memory for them."""
    store, chosen = company(edition, folder, people), settings(port, 5)
    with measured(f"Released to {people:,} people"):
        release(store, edition.edition_id, BRAND, chosen.post, NOW)
    with measured(f"Sent to all of them, {len(messages(edition, folder)[0]) / 1000:.0f} kB each,"):
        asyncio.run(sender(chosen, store, lambda: NOW).run())
    with store.reading() as connection:
        assert ledger.counts(connection, edition.edition_id)["sent"] == people
    store.close()


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Say how long it took, and how much memory it had at the start and at most."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    began, work, before = time.perf_counter(), time.process_time(), memory("VmRSS")
    yield
    took, work = time.perf_counter() - began, time.process_time() - work
    print(
        f"{what} in {took:,.0f} s, {work:,.0f} s of the processor; memory {before:.0f} MB, "
        f"at most {memory('VmHWM'):.0f} MB",
        flush=True,
    )


def memory(name: str) -> float:
    """Megabytes that this process has, or had at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
