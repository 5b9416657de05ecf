"""Rules of a mapping, as they are written."""

from __future__ import annotations

import json


def prefixed(line: str) -> str:
    """A placeholder of a row as it reads inside a list of lines."""
    return line.replace("{", "{line.", 1) if line.startswith("{") else line


def head(kind: str, id_: str, time: str, *, when: str = "", once_per: str = "") -> str:
    """What stands above the fields of an event."""
    lines = ["[[events]]", f'type = "tandem.{kind}.v1"', 'from = "table"']
    lines += [f"when = {when}"] if when else []
    lines += [f"once_per = {once_per}"] if once_per else []
    return "\n".join([*lines, f"id = {quoted(id_)}", f"time = {time}", "[events.data]"])


def live(why: str, rule: str, data: list[str]) -> str:
    """A rule that counts, with why."""
    body = "\n".join([rule, *(line.rstrip("\n") for line in data if line)])
    return f"# {why}\n{body}" if why else body


def commented(why: str, rule: str, data: list[str]) -> str:
    """A rule that is but a policy: whoever wants it takes the # away."""
    lines = [why, *"\n".join([rule, *data]).split("\n")]
    return "\n".join(f"# {line}" for line in lines)


def quoted(value: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)
