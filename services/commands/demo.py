"""`tandem demo`: a simulated year, recorded month by month, told as the year goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy import select

from services.commands.context import AsJson, Language, answer, named, note, say, spoken, writing
from services.commands.editions import document, write
from services.commands.importing import BATCH
from services.commands.progress import progress
from services.simulator.year import simulate
from services.simulator.year import write as write_simulation
from shared import publishing, tables
from shared.editing import Desk, EditingError
from shared.editions.model import Edition
from shared.events.envelope import SIMULATED
from shared.periods import Period
from shared.recording import record
from shared.rendering.writing import render_index
from shared.roles import Actor
from shared.rules import Rules
from shared.settings import Settings, load
from shared.settling import settle
from shared.store.engine import Store, put_fact
from shared.store.rows import win_of

_YEAR = 2025
_EDITIONS = ("newsletter", "leadership")
_AT_LAST = ("sales", "operations", "meeting_pack")
"""Composed of the last month alone, so that the year does not take longer."""
_COMPOSED_AFTER = timedelta(days=4, hours=8)
"""Editions are made on the fifth of the next month at eight."""
Clock = dict[str, float]


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", parser=named, help="Where to write.")] = Path(
        "out"
    ),
    seed: Annotated[int, typer.Option(help="Another seed, another company.")] = 2025,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a company's year and write its newsletters and digests."""
    settings, clock = spoken(load().model_copy(update={"zone": "Europe/Berlin"}), language), Clock()
    with writing(out):
        _demo(out, seed, settings, clock, as_json=as_json)


def _demo(out: Path, seed: int, settings: Settings, clock: Clock, *, as_json: bool) -> None:
    with _timed(clock, "simulate"), progress("Simulating a year", unit="", quiet=as_json):
        simulation = simulate(seed, _YEAR)
        write_simulation(simulation, out / "data")
    database = _fresh(out / "demo.db")
    store = Store.open(f"sqlite:///{database}")
    try:
        with store.noting() as connection:
            put_fact(connection, SIMULATED, str(seed))
        made = _live(store, simulation.events, settings, clock, quiet=as_json)
        scored = _score(store, simulation.truth)
    finally:
        store.close()
    with _timed(clock, "render"):
        for edition in made:
            write(edition, out, settings)
        index = render_index(reversed(made), settings.brand, settings.language)
        (out / "index.html").write_text(index, encoding="utf-8")
    if as_json:
        editions = [document(edition) for edition in made]
        answer({"events": len(simulation.events), **scored, "editions": editions, "seconds": clock})
    else:
        _tell(out, len(simulation.events), scored, made, clock)
    if scored["planted_found"] < scored["planted"] or scored["traps_claimed"]:
        note("The detector missed a planted win or fell for a trap: please report the seed.")
        raise typer.Exit(1)


def _fresh(database: Path) -> Path:
    """The demo's own database, made anew: it never touches another one."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    return database


def _live(
    store: Store, events: list[dict[str, Any]], settings: Settings, clock: Clock, *, quiet: bool
) -> list[Edition]:
    """Let the year pass: what is known by the fifth of a month makes the editions of the month before."""
    waiting = sorted(((_known_at(event), orjson.dumps(event)) for event in events), key=lambda pair: pair[0])
    rules, made, done = settings.rules, [], 0
    with progress("Living through it", unit="events", total=len(waiting), quiet=quiet) as advance:
        for month in (Period.month(_YEAR, number) for number in range(1, 13)):
            as_of = month.ends_at(rules.zone) + _COMPOSED_AFTER
            with _timed(clock, "record"):
                while done < len(waiting) and waiting[done][0] <= as_of:
                    batch = [raw for known_at, raw in waiting[done : done + BATCH] if known_at <= as_of]
                    record(store, batch, as_of=as_of, rules=rules)
                    done += len(batch)
                    advance(len(batch))
                settle(store, as_of=as_of, rules=rules)
                _review(store, as_of, rules)
            with _timed(clock, "compose"):
                for name in (*_EDITIONS, *(_AT_LAST if month.end.year > _YEAR else ())):
                    edition = publishing.compose(
                        store, name, month, as_of, rules, settings.targets, settings.choice
                    )
                    made.append(publishing.release(store, edition.edition_id))
    return made


def _review(store: Store, as_of: datetime, rules: Rules) -> None:
    """An editor reads what people handed in: what facts back is approved, all else goes back."""
    desk, editor = Desk(store, as_of, rules), Actor("editor", frozenset({"editor"}))
    for waiting in desk.queue("submitted"):
        try:
            desk.approve(waiting.story.story_id, editor)
        except EditingError as error:
            desk.give_back(waiting.story.story_id, editor, str(error))


def _known_at(event: dict[str, Any]) -> datetime:
    """From when the company knows of an event."""
    told = (event["time"], event["data"].get("recorded_at") or event["time"])
    return max(datetime.fromisoformat(text) for text in told).astimezone(UTC)


def _score(store: Store, truth: dict[str, Any]) -> dict[str, Any]:
    """Hold what was found against what the simulator planted."""
    as_of = datetime.fromisoformat(truth["as_of"])
    with store.reading() as connection:
        wins = [win_of(body) for body in connection.scalars(select(tables.wins.c.body))]
    joint = {(w.pattern, w.about): w.status(as_of) for w in wins if w.kind == "joint"}
    standing = {key for key, status in joint.items() if status != "revoked"}
    planted = {(win["pattern"], f"order/{win['order_id']}") for win in truth["wins"]}
    planted |= {(e["pattern"], e["subject"]) for e in truth["episodes"] if e["expected"] == "joint"}
    traps = {
        (t["pattern"], f"order/{t['order_id']}")
        for t in truth["traps"]
        if t["expected"] in {"none", "highlight", "revoked"}
    }
    return {
        "joint_wins": len(standing),
        "revoked": len(joint) - len(standing),
        "highlights": sum(win.kind == "highlight" for win in wins),
        "planted": len(planted),
        "planted_found": len(planted & standing),
        "traps": len(truth["traps"]),
        "traps_claimed": len(standing & traps),
    }


def _tell(out: Path, events: int, scored: dict[str, Any], made: list[Edition], clock: Clock) -> None:
    last = [edition for edition in made if edition.name == "newsletter"][-1]
    say(
        f"A year of {events:,} events: {scored['joint_wins']} joint wins stand, "
        f"{scored['revoked']} were revoked, {scored['highlights']} highlights."
    )
    say(
        f"Of {scored['planted']} planted wins {scored['planted_found']} were found; "
        f"of {scored['traps']} traps {scored['traps_claimed']} were taken for a win."
    )
    say("  ".join(f"{step} {seconds:.1f} s" for step, seconds in clock.items()))
    say(f"\nOpen {out / 'index.html'} in a browser: every edition, each story with its evidence.")
    say(f"The newest newsletter: {out / f'{last.edition_id}.mail.html'}  (.txt and .eml beside it)")
    if last.stories:
        say("\nWhy is its first story true? Ask:")
        database, tandem = quote(f"sqlite:///{out / 'demo.db'}"), quote(sys.argv[0])
        say(f"  TANDEM_DATABASE_URL={database} TANDEM_ZONE=Europe/Berlin \\")
        say(f"    {tandem} wins --explain {last.stories[0].win_id} --as-of {last.as_of.isoformat()}")


@contextmanager
def _timed(clock: Clock, step: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        clock[step] = round(clock.get(step, 0.0) + time.perf_counter() - start, 2)
