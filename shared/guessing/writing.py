"""Guesses written as a mapping file, with their reasons as comments and what is open as questions."""

from __future__ import annotations

import glob
import json
from typing import TYPE_CHECKING, Any

from shared.guessing import notations, rules
from shared.guessing.names import roles

if TYPE_CHECKING:
    from shared.guessing.guess import Guesses


_CONTROLS = dict.fromkeys([*range(10), *range(11, 32), 127], "\ufffd")
"""What TOML does not take, not even in a comment."""
_ZONE = "? the IANA zone of the times in the file, such as Europe/Berlin; a mere date is 00:00 there"


def written(guesses: Guesses) -> str:
    """The whole file."""
    parts = [_head(guesses), _top(guesses), _file(guesses), *rules.events(guesses)]
    return "\n\n".join(part for part in parts if part).translate(_CONTROLS) + "\n"


def _head(guesses: Guesses) -> str:
    table = guesses.table
    rows = f"its first {table.height:,} rows" if table.partial else f"all its {table.height:,} rows"
    wide = max((len(guess.column) for guess in guesses.found.values()), default=0)
    lines = [
        f"A first mapping for {table.path.name}, guessed from {rows}. Read it, correct what is wrong, and",
        'write an answer for each value that begins with "? ". Until then nothing can be imported with it.',
        "docs/mapping.md explains every key.",
        "",
        "What the columns are taken for",
    ]
    for role, means in ((name, role.means) for name, role in roles().items()):
        if guess := guesses.found.get(role):
            lines.append(f"  {guess.column:<{wide}}  {guess.words:<8} {means}: {guess.evidence}")
            lines += [f"  {'':<{wide}}           or else {other}" for other in guess.others]
    named = {guess.column for guess in guesses.found.values()}
    unknown = [name for name in table.columns if name not in named]
    if unknown:
        lines += ["", f"Taken for nothing: {', '.join(unknown)}"]
    return "\n".join(f"# {' '.join(line.splitlines())}".rstrip() if line else "#" for line in lines)


def _top(guesses: Guesses) -> str:
    unsure = ", ".join(f"{guess.column} as {roles()[guess.role].means}" for guess in guesses.unsure)
    look = f"; look above all at {unsure}" if unsure else ""
    return "\n".join(
        [
            f"confirmed_by = {text(f'? who has read what stands above and below{look}')}",
            'source = "? a name for this system that never changes, such as urn:acme:erp"',
            f"timezone = {text(_ZONE)}",
            "",
            "# Is the file exported anew each day? Take away the next #: then what changed becomes events.",
            "# [snapshot]",
        ]
    )


def _file(guesses: Guesses) -> str:
    table = guesses.table
    lines = [
        "[files.table]",
        f"path = {text(glob.escape(table.path.name))}  # or a pattern such as orders-*.csv",
    ]
    keys = {**table.keys, **rules.narrowing(guesses)}
    why = {**table.why, **rules.reasons(guesses)}
    for key, value in keys.items():
        lines.append(f"{key} = {toml(value)}" + (f"  # {why[key]}" if key in why else ""))
    order = guesses.found["order_id"].column
    lines.append(f'many.line = {{ file = "table", on = {{ {text(order)} = {text("{" + order + "}")} }} }}')
    return "\n".join([*lines, *notations.lines(guesses)])


def text(value: str) -> str:
    """A TOML string."""
    return json.dumps(value, ensure_ascii=False)


def toml(value: Any) -> str:
    """A TOML value on one line."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{text(name)} = {toml(each)}' for name, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(toml(each) for each in value)}]"
    return text(value) if isinstance(value, str) else json.dumps(value)
