"""`tandem compose`, `preview` and `release`: from a period to mails and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from services.commands.context import (
    AsJson,
    AsOf,
    Month,
    UsageError,
    Week,
    answer,
    instant,
    opened,
    period,
    say,
    writing,
)
from shared import publishing
from shared.editions import EDITIONS
from shared.editions.model import Edition
from shared.editions.reader import Reader
from shared.languages import languages
from shared.rendering import render_email, render_page
from shared.sending import eml, save
from shared.settings import Settings

Language = Annotated[
    str | None,
    typer.Option(
        metavar="CODE", help=f"One of: {', '.join(languages())}; by default that of the organisation."
    ),
]
EditionId = Annotated[str, typer.Argument(metavar="ID", help="As `tandem compose` prints it.")]
_NAMES = ", ".join(sorted(EDITIONS))


def compose(
    edition: Annotated[str, typer.Argument(metavar="EDITION", help=f"One of: {_NAMES}.")],
    month: Month = None,
    week: Week = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Compose an edition of a period; composing again replaces it until it is released."""
    if edition not in EDITIONS:
        raise UsageError(f"There is no edition called {edition}; write one of: {_NAMES}")
    asked, at = period(month, week), instant(as_of)
    with opened() as (settings, store):
        made = publishing.compose(
            store, edition, asked, at, settings.rules, settings.targets, settings.choice
        )
    _tell(made, as_json=as_json)


def release(edition_id: EditionId, as_json: AsJson = False) -> None:
    """Freeze an edition: what it tells is not told again."""
    with opened() as (_settings, store):
        made = publishing.release(store, edition_id)
    _tell(made, as_json=as_json)


def preview(
    edition_id: EditionId,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")] = Path("out"),
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Write an edition as html, text, .eml and a page with its evidence."""
    with opened() as (found, store):
        settings = spoken(found, language)
        made = publishing.get(store, edition_id)
        with writing(out):
            files = write(made, out, settings)
    if as_json:
        answer(document(made))
        return
    for file in files:
        say(str(file))


def spoken(settings: Settings, language: str | None) -> Settings:
    """The settings with the language that was asked for."""
    if language is None:
        return settings
    if language not in languages():
        raise UsageError(f"There is no language {language}; write one of: {', '.join(languages())}")
    return settings.model_copy(update={"language": language})


def write(edition: Edition, out: Path, settings: Settings) -> list[Path]:
    """Write the mail's parts, the mail itself and the archive page; return the files."""
    brand = settings.brand
    mail = render_email(edition, brand, Reader(language=settings.language))
    message_id = f"<{edition.edition_id}.preview@{brand.list_id}>"
    message = eml(mail, settings.sender, settings.recipient, message_id, edition.as_of)
    parts = {
        f"{edition.edition_id}.mail.html": mail.html,
        f"{edition.edition_id}.mail.txt": mail.text,
        f"{edition.edition_id}.html": render_page(edition, brand, settings.language),
    }
    for name, text in parts.items():
        (out / name).write_text(text, encoding="utf-8")
    return [*(out / name for name in parts), save(out, edition.edition_id, message)]


def document(edition: Edition) -> dict[str, Any]:
    """An edition as the command line answers it."""
    return {
        "edition_id": edition.edition_id,
        "name": edition.name,
        "audience": edition.audience,
        "period": edition.period.name,
        "state": edition.state,
        "stories": [
            {"story_id": story.story_id, "win_id": story.win_id, "headline": story.headline}
            for story in edition.stories
        ],
        "counts": edition.counts,
    }


def _tell(edition: Edition, *, as_json: bool) -> None:
    if as_json:
        answer(document(edition))
        return
    say(f"{edition.edition_id} ({edition.state}), {edition.period.start} up to {edition.period.end}")
    say(edition.headline)
    if not edition.arrived:
        say("Provisional: not every source has told all of the period; tandem sources shows which.")
    for story in edition.stories:
        say(f"  {story.headline}")
        say(f"    {story.win_id}")
    say(f"\ntandem preview {edition.edition_id} --out out writes it as html, text and .eml.")
