"""The commands of `tandem`, and how each may fail: in one line that says what to do."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final

import typer

COMMANDS: Final = {
    "demo": "demo:demo",
    "import": "importing:import_",
    "serve": "serving:serve",
    "token": "tokens:app",
    "mapping": "mapping:app",
    "detect": "detecting:detect",
    "dead": "dead:app",
    "conflicts": "conflicts:conflicts",
    "quarantine": "quarantine:quarantine",
    "wins": "wins:wins",
    "orders": "orders:app",
    "kpis": "figures:kpis",
    "tune": "tune:tune_",
    "draft": "drafts:app",
    "stories": "stories:app",
    "compose": "editions:compose",
    "preview": "editions:preview",
    "gallery": "gallery:gallery",
    "release": "editions:release",
    "send": "mail:send",
    "mail": "mail:app",
    "publish": "schedule:publish",
    "schedule": "schedule:app",
    "ask": "asking:ask_",
    "people": "people:app",
    "newsroom": "newsroom:app",
    "sources": "sources:sources",
    "replay": "replaying:replay",
    "topics": "topics:topics",
    "doctor": "doctor:doctor",
}
"""Each with its module and its name there; only the module that is asked for is imported."""


def app(command: str = "") -> typer.Typer:
    """The command line with this command; with all of them for help, or where there is none of that name."""
    made = typer.Typer(
        name="tandem",
        help="Finds what Sales and Operations achieved together, proves it, and tells them.",
        no_args_is_help=True,
        add_completion=False,
        callback=_tandem,  # else a single command would not be called by its name
    )
    for name in [command] if command in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        found = getattr(import_module(f"services.commands.{module}"), attribute)
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=name)
        else:
            made.command(name)(found)
    return made


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"tandem {metadata.version('tandem')}")
        raise typer.Exit


def _tandem(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say which version this is.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    """Take what belongs to no command."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every failure is one line on stderr."""
    # A batch makes tens of thousands of objects without cycles: looking through them often halves the speed.
    gc.set_threshold(500_000, 20, 50)
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        _check_text(arguments)
        code = app(next(iter(arguments), ""))(list(arguments), prog_name="tandem", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("TANDEM_DEBUG"):
            raise
        from services.commands.failing import tell  # noqa: PLC0415 - it knows the errors of all commands

        code = tell(error)
    return int(code or 0)


def _open_what_is_closed() -> None:
    """A caller may have closed our streams: what is said then goes nowhere, and nothing comes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good


def _check_text(arguments: Sequence[str]) -> None:
    """Refuse what is no text, since no database holds it; the name of a file may be anything."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            if not os.path.exists(argument):  # noqa: PTH110 - it takes any name
                raise typer.BadParameter(f"{argument!r} is neither UTF-8 nor a file that exists") from None
