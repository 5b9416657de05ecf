"""Why a win is true: its gates with the values they were judged by, who did what, and the timeline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from services.commands.context import moment, say
from shared.explaining import timeline
from shared.history.timeline import tell
from shared.patterns.conditions import condition
from shared.patterns.model import Win
from shared.projecting.reading import Reading
from shared.rules import Rules

_WIDTH = 98
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_TIED = "\u00a0"
_WORDS = {True: "yes", False: "no", None: "none"}


def explanation(connection: Connection, win: Win, rules: Rules, at: datetime) -> dict[str, Any]:
    """The gates and the timeline of a win, for the JSON answer."""
    events = timeline(Reading(connection, at, rules), win)
    return {
        "gates": [{"name": gate.name, "passed": gate.passed, "values": gate.values} for gate in win.gates],
        "timeline": [
            {
                "time": event.time.isoformat(),
                "type": event.type,
                "source": event.source,
                "id": event.id,
                "text": tell(event),
            }
            for event in events
        ],
    }


def show(win: Win, headline: str, about: str, told: dict[str, Any], zone: ZoneInfo) -> None:
    """Print a win in plain words; `about` names its subject, `told` is the JSON answer."""
    kind = "joint win" if win.kind == "joint" else f"highlight of {win.side}"
    say(headline)
    standing = _standing(win, told["status"], zone)
    say(f"{kind}, {standing}, score {win.score:.1f}, jointness {win.jointness:.2f}")
    say(f"{about} ({win.customer_id or win.subject}), {win.win_id}")
    say("\nWhat had to hold")
    for gate in win.gates:
        wrapped(condition(win.pattern, gate.name), " " * 7, f"  {'yes' if gate.passed else 'NO '}  ")
        for text in paragraphs(gate.values, zone):
            wrapped(text, " " * 7)
    say("\nWho did what, and its weight")
    for (weight, who, action), count in _deeds(win).items():
        say(f"  {weight:.2f}  {who:<44} {action}" + (f", {count} times" if count > 1 else ""))
    say("\nTimeline")
    for entry in told["timeline"]:
        at = datetime.fromisoformat(entry["time"]).astimezone(zone)
        ref = f"[{entry['source']}{_TIED}{entry['id']}]"
        wrapped(f"{entry['text']}  {ref}", " " * 20, f"  {moment(at)}  ")


def _deeds(win: Win) -> Counter[tuple[Decimal, str, str]]:
    """Weight, who and what, in order of time; what was done alike several times stands once."""
    return Counter(
        (
            part.weight,
            _plain(f"{part.side}: {part.department}{f' as {part.role}' if part.role else ''}"),
            _plain(part.action.replace(".", " ")),
        )
        for part in (*win.sales, *win.operations)
    )


def _standing(win: Win, status: str, zone: ZoneInfo) -> str:
    since = moment(win.final_at.astimezone(zone))
    if status == "revoked":
        return f"revoked because {win.reason}"
    if status == "final":
        return f"final since {since}"
    return f"provisional until {'every return is assessed, at least ' if win.pending else ''}{since}"


def wrapped(text: str, indent: str, first: str | None = None) -> None:
    """Print a text in lines of readable length; `first` begins the first."""
    lines = wrap(
        text, _WIDTH, initial_indent=first or indent, subsequent_indent=indent, break_on_hyphens=False
    )
    say("\n".join(lines).replace(_TIED, " "))


def paragraphs(values: dict[str, Any], zone: ZoneInfo) -> Iterator[str]:
    """The plain values in one paragraph, each nested object in one of its own."""
    plain = {name: value for name, value in values.items() if not _nested(value)}
    if plain:
        yield _text(plain, zone)
    for name, value in values.items():
        if _nested(value):
            yield from (
                [f"{_plain(name)}: {_text(value, zone)}"]
                if isinstance(value, dict)
                else (_text(each, zone) for each in value)
            )


def _nested(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, dict) for each in value)
    )


def _conditions(held: dict[str, bool]) -> Iterator[str]:
    """Those that failed, which is what is asked for; where none did, all."""
    failed = [_plain(name) for name, passed in held.items() if not passed]
    if held:
        yield f"but not {' nor '.join(failed)}" if failed else f"and {', '.join(map(_plain, held))}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, dict):
        told = [f"{_plain(name)} {_text(each, zone)}" for name, each in value.items() if name != "passed"]
        return ", ".join([*told, *_conditions(value.get("passed", {}))])
    if isinstance(value, list):
        return ", ".join(_text(each, zone) for each in value) or "none"
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, str) and _INSTANT.match(value):
        return moment(datetime.fromisoformat(value).astimezone(zone))
    return str(value)
