"""`tandem mapping`: try a mapping on files, or guess one from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.commands.checked import show
from services.commands.context import AsJson, UsageError, answer
from shared import mapping
from shared.checking import Report
from shared.checking import check as check_files
from shared.mapping import OpenQuestionsError

app = typer.Typer(help="Describe the files of another system, and try it.", no_args_is_help=True)

FilePaths = Annotated[list[Path], typer.Argument(metavar="FILES...", help="Files or folders.")]


@app.command()
def check(
    name: Annotated[str, typer.Argument(metavar="MAPPING", help="A built-in mapping, or a .toml file.")],
    files: FilePaths,
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows of each file to show.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Show what each row becomes and why others do not; nothing is recorded."""
    for path in files:
        if not path.exists():
            raise UsageError(f"{path} does not exist; check the path")
    try:
        report = check_files(mapping.find(name), files, rows)
    except OpenQuestionsError as error:
        questions = [{"key": key, "asks": text} for key, text in error.questions]
        report = Report(name, questions=questions)
    report.mapping = name
    if as_json:
        answer(vars(report))
    else:
        show(report, files)
    if not report.sound:
        raise typer.Exit(1)
