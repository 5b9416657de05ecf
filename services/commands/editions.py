"""`tandem compose`, `preview` and `release`: from a period to mails and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from services.commands.context import (
    ActedAt,
    AsJson,
    AsOf,
    Language,
    Month,
    NotFoundError,
    UsageError,
    Week,
    answer,
    heading,
    instant,
    moment,
    named,
    note,
    opened,
    period,
    say,
    spoken,
    writing,
)
from services.commands.pictures import pictured
from shared import archive, publishing
from shared.editions import EDITIONS
from shared.editions.audiences import reader_of
from shared.editions.model import Edition
from shared.inviting import Attachment, invitation
from shared.mailing.releasing import release as release_to_people
from shared.periods import Period
from shared.rendering.forms import render_fragment, render_markdown, render_notice
from shared.rendering.pdf import to_pdf
from shared.rendering.writing import Rendered, RenderError, render_email, render_page
from shared.sending import eml, save
from shared.settings import Settings

EditionId = Annotated[str, typer.Argument(metavar="ID", help="As `tandem compose` prints it.")]
_NAMES = ", ".join(sorted(EDITIONS))


def compose(
    edition: Annotated[str, typer.Argument(metavar="EDITION", help=f"One of: {_NAMES}.")],
    month: Month = None,
    week: Week = None,
    as_of: AsOf = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="List each win with why it is told or not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compose an edition of a period; composing again replaces it until it is released."""
    asked, at = _asked(edition, month, week), instant(as_of)
    with opened() as (settings, store):
        made = publishing.compose(
            store, edition, asked, at, settings.rules, settings.targets, settings.choice
        )
    _tell(made, as_json=as_json, explain=explain)


def _asked(edition: str, month: str | None, week: str | None) -> Period:
    """The period, which must be of a kind that the edition is made of."""
    if edition not in EDITIONS:
        raise UsageError(f"There is no edition called {edition}; write one of: {_NAMES}")
    asked, units = period(month, week), EDITIONS[edition].units
    if asked.unit not in units:
        options = " or ".join(f"--{unit}" for unit in units)
        raise UsageError(f"{edition} is not made of a {asked.unit}; write {options}")
    return asked


def release(edition_id: EditionId, as_of: ActedAt = None, as_json: AsJson = False) -> None:
    """Freeze an edition and who gets it; what it tells is not told again, and tandem send sends it."""
    at = instant(as_of)
    with opened() as (settings, store):
        made = release_to_people(store, edition_id, settings.brand, settings.post, at)
    _tell(made, as_json=as_json)


def preview(
    edition_id: EditionId,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", parser=named, help="Where to write.")] = Path(
        "out"
    ),
    reads: Language = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Write an edition as html, text, .eml and a page with its evidence, and as pictures by a Chromium."""
    at = None if as_of is None else instant(as_of)
    with opened() as (found, store):
        settings = spoken(found, reads)
        made = publishing.get(store, edition_id)
        if at is not None and made.as_of > at:
            raise NotFoundError(
                f"No edition {edition_id} as of {moment(at)}: it was composed as of {moment(made.as_of)}"
            )
        with store.reading() as connection:
            made = archive.of_now(connection, made)
        with writing(out):
            files = write(made, out, settings)
            mail = render_email(made, settings.brand, reader_of(made.audience, settings.language))
            files += pictured({f"{edition_id}.mail": mail}, out, settings.chromium)
    if as_json:
        answer(document(made))
        return
    for file in files:
        say(str(file))


def write(edition: Edition, out: Path, settings: Settings) -> list[Path]:
    """Write the mail's parts, the mail itself and the archive page; return the files."""
    brand, reader = settings.brand, reader_of(edition.audience, settings.language)
    mail = render_email(edition, brand, reader)
    message_id = f"<{edition.edition_id}.preview@{brand.list_id}>"
    message = eml(mail, settings.sender, settings.recipient, message_id, edition.as_of)
    parts = {
        f"{edition.edition_id}.mail.html": mail.page,
        f"{edition.edition_id}.mail.txt": mail.text,
        f"{edition.edition_id}.html": render_page(edition, brand, reader),
        f"{edition.edition_id}.notice.html": render_notice(edition, brand, reader.language),
        f"{edition.edition_id}.fragment.html": render_fragment(edition, brand, reader),
        f"{edition.edition_id}.md": render_markdown(edition, brand, reader),
    }
    for name, text in parts.items():
        (out / name).write_text(text, encoding="utf-8")
    invited = _invite(edition, out, settings, mail) if edition.name == "meeting_pack" else []
    return [*(out / name for name in parts), save(out, edition.edition_id, message), *invited]


def _invite(edition: Edition, out: Path, settings: Settings, mail: Rendered) -> list[Path]:
    """The pack as PDF, where one can be made, and the invitation with the pack attached."""
    page = render_notice(edition, settings.brand)
    try:
        pack = Attachment(f"{edition.edition_id}.pdf", "application/pdf", to_pdf(page))
    except RenderError as error:
        note(str(error))
        pack = Attachment(f"{edition.edition_id}.notice.html", "text/html", page.encode())
    meeting = settings.meeting
    calendar = invitation(
        edition,
        settings.brand,
        meeting.starts(edition, settings.rules),
        meeting.minutes,
        settings.sender,
        [settings.recipient],
        [pack],
        summary=mail.subject,
        description=mail.text,
    )
    files = {pack.name: pack.content, f"{edition.edition_id}.ics": calendar}
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files if not name.endswith(".html")]


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


def _tell(edition: Edition, *, as_json: bool, explain: bool = False) -> None:
    if as_json:
        reasons = {"explanation": [each.model_dump() for each in edition.explanation]} if explain else {}
        answer(document(edition) | reasons)
        return
    say(f"{edition.edition_id} ({edition.state}), {edition.period.start} up to {edition.period.end}")
    say(edition.headline)
    if not edition.arrived:
        say("Provisional: not every source has told all of the period; tandem sources shows which.")
    for story in edition.stories:
        say(f"  {story.headline}")
        say(f"    {story.win_id}")
    if explain:
        _explain(edition)
    say(f"\ntandem preview {edition.edition_id} --out out writes it as html, text and .eml.")


def _explain(edition: Edition) -> None:
    heading("Why these, and why not the others")
    for each in edition.explanation:
        say(f"  {'told    ' if each.chosen else 'not told'}  {each.win_id}")
        say(f"            {each.reason}")
    if not edition.explanation:
        say("  No win could be told: none is final that was not told before.")
