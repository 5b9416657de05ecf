"""`tandem mapping`: try a mapping on files, or guess one from a file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from services.commands import checked
from services.commands.context import AsJson, UsageError, Zone, answer, note, say
from shared import mapping
from shared.checking import Report
from shared.checking import check as check_files
from shared.guessing import Guesses, guesses_of, table_of, written
from shared.mapping import OpenQuestionsError, open_questions

app = typer.Typer(help="Describe the files of another system, and try it.", no_args_is_help=True)

FilePaths = Annotated[list[Path], typer.Argument(metavar="FILES...", help="Files or folders.")]


@app.command()
def check(
    name: Annotated[str, typer.Argument(metavar="MAPPING", help="A built-in mapping, or a .toml file.")],
    files: FilePaths,
    rows: Annotated[int, typer.Option("--rows", min=0, help="How many rows of each file to show.")] = 5,
    zone: Zone = None,
    as_json: AsJson = False,
) -> None:
    """Show what each row becomes and why others do not; nothing is recorded."""
    for path in files:
        if not path.exists():
            raise UsageError(f"{path} does not exist; check the path")
    try:
        report = check_files(mapping.find(name, zone), files, rows)
    except OpenQuestionsError as error:
        questions = [{"key": key, "asks": text} for key, text in error.questions]
        report = Report(name, questions=questions)
    report.mapping = name
    if as_json:
        answer(vars(report))
    else:
        checked.show(report, files, zone)
    if not report.sound:
        raise typer.Exit(1)


@app.command()
def guess(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table of order lines: .csv or .xlsx.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="MAPPING.toml", help="Where to write it (default: stdout)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a first mapping for a table, with its reasons and with questions for you to answer."""
    if not file.is_file():
        raise UsageError(f"{file} is no file; name one table, such as orders.csv or orders.xlsx")
    if out is not None and (out.exists() or out.suffix != ".toml"):
        raise UsageError(
            f"--out {out}: name a new file that ends in .toml; what you have written is not replaced"
        )
    guesses = guesses_of(table_of(file))
    text = written(guesses)
    if out is not None:
        _write(out, text)
    if as_json:
        answer(_told(guesses, text))
    elif out is None:
        say(text.rstrip())
    else:
        _next_steps(guesses, text, out)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="MAPPING", help="A built-in mapping, such as erpnext.")],
    as_json: AsJson = False,
) -> None:
    """Print a built-in mapping, to make one of your own from it."""
    text = mapping.text_of(name)
    if as_json:
        answer({"name": name, "mapping": text})
    else:
        say(text.rstrip())


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}; name a file that you may write") from None


def _questions(text: str) -> list[tuple[str, str]]:
    return list(open_questions(tomllib.loads(text)))


def _told(guesses: Guesses, text: str) -> dict[str, object]:
    names = ("role", "column", "score", "evidence", "others")
    return {
        "file": str(guesses.table.path),
        "rows": guesses.table.height,
        "reads": guesses.table.keys,
        "guesses": [
            {**{name: getattr(each, name) for name in names}, "confidence": each.words}
            for each in guesses.found.values()
        ],
        "questions": [{"key": key, "asks": asks} for key, asks in _questions(text)],
        "mapping": text,
    }


def _next_steps(guesses: Guesses, text: str, out: Path) -> None:
    file, questions = guesses.table.path, _questions(text)
    say(f"{out}: a first mapping for {file}. {len(guesses.found)} columns are taken for something.")
    say(f"It asks {len(questions)} questions; write each answer in the place of its question:")
    for key, asks in questions:
        note(f"  {key}: {asks}")
    say(f"Then: tandem mapping check {out} {file}")
