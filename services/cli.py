"""The command line: `tandem`."""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import TyperException

from services.commands import demo, doctor, editions, figures, importing, orders, wins
from services.commands.context import UsageError
from shared.mapping import MappingError
from shared.publishing import EditionError
from shared.settings import SettingsError
from shared.store.engine import StoreError
from shared.store.lock import LockedError

app = typer.Typer(
    name="tandem",
    help="Finds what Sales and Operations achieved together, proves it, and tells them.",
    no_args_is_help=True,
    add_completion=False,
)
app.command("import")(importing.import_)
app.add_typer(orders.app, name="orders")
app.command()(wins.wins)
app.command()(figures.kpis)
app.command()(editions.compose)
app.command()(editions.preview)
app.command()(editions.release)
app.command()(demo.demo)
app.command()(doctor.doctor)

_KNOWN = (UsageError, SettingsError, StoreError, LockedError, MappingError, EditionError)


def main() -> None:
    """Run a command; every failure is one line that says what to do."""
    try:
        sys.exit(app(standalone_mode=False))
    except TyperException as error:
        _fail(f"{error.format_message()} See tandem --help.", 2)
    except _KNOWN as error:
        _fail(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        _fail("Stopped. What was committed stays; run the same command again to go on.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("TANDEM_DEBUG"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        _fail(f"Tandem failed: {what}. Nothing half-done was kept; TANDEM_DEBUG=1 shows where.", 1)


def _fail(text: str, code: int) -> None:
    typer.echo(text, err=True)
    sys.exit(code)
