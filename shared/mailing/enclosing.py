"""What goes with the meeting pack: the invitation, and the pack as PDF where one can be made."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from shared.inviting import Attachment, invitation
from shared.mailing.post import MailError
from shared.rendering.forms import render_notice
from shared.rendering.pdf import to_pdf
from shared.rendering.writing import RenderError, render_email

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.editions.brand import Brand
    from shared.editions.model import Edition
    from shared.editions.reader import Reader
    from shared.mailing.post import Post

PACK: Final = "meeting_pack"
MOST_PDF: Final = 5_000_000
"""Encoded, a third more: most relays take 10 MB. The page in the archive says the same."""
MOST_ICS: Final = 500_000
CALENDAR: Final = 'text/calendar; charset="utf-8"; method=REQUEST'

log = logging.getLogger("tandem.mailing")


def enclosures(
    edition: Edition, brand: Brand, reader: Reader, post: Post, invited: Sequence[str]
) -> tuple[Attachment, ...]:
    """The files of a mail, the same for all who read the same; none but with the pack. Raises MailError."""
    if edition.name != PACK or not invited:
        return ()
    shown = render_email(edition, brand, reader)  # without anybody's own link, which a calendar would share
    calendar = invitation(
        edition,
        brand,
        post.meeting.starts(edition, post.rules),
        post.meeting.minutes,
        post.headers.reply_to or post.headers.sender,
        invited,
        summary=shown.subject,
        description=shown.text,
    )
    if len(calendar) > MOST_ICS:
        raise MailError(
            f"The invitation of {edition.edition_id} has {len(calendar):,} bytes, of at most {MOST_ICS:,}; "
            "give the role meeting to fewer people"
        )
    return (*_pdf(edition, brand, reader), Attachment(f"{edition.edition_id}.ics", CALENDAR, calendar))


def _pdf(edition: Edition, brand: Brand, reader: Reader) -> tuple[Attachment, ...]:
    """The mail goes without it where none can be made, or where it is too large for relays."""
    try:
        made = to_pdf(render_notice(edition, brand, reader.language))
    except RenderError as error:
        log.info("%s goes without its PDF: %s", edition.edition_id, error)
        return ()
    if len(made) > MOST_PDF:
        log.warning("%s goes without its PDF, which has %d bytes", edition.edition_id, len(made))
        return ()
    return (Attachment(f"{edition.edition_id}.pdf", "application/pdf", made),)
