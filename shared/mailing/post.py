"""What a company says about its mail."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

import orjson

from shared.meetings import MEETING, Meeting
from shared.rules import DEFAULTS, Rules
from shared.sending import address


class MailError(Exception):
    """Mail cannot go out so; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Headers:
    """What the headers of mails are made from; frozen with an edition, so that every attempt is the same."""

    sender: str = "Tandem <tandem@localhost>"
    reply_to: str | None = None
    public_url: str | None = None
    bounce_address: str | None = None

    @property
    def domain(self) -> str:
        """The domain of the sender, which names lists and messages."""
        return address(self.sender).domain

    def returns_to(self, token: str) -> str:
        """Where a mail goes back to that cannot be delivered: an address for each, where one is set."""
        if self.bounce_address is None:
            return address(self.sender).addr_spec
        user, _, domain = self.bounce_address.partition("@")
        return f"{user}+{token}@{domain}"

    def to_json(self) -> str:
        """As it is kept."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> Headers:
        """What `to_json` wrote."""
        return cls(**orjson.loads(text))


@dataclass(frozen=True, slots=True)
class Post:
    """Who mail comes from, and whom it may go to; the settings explain each."""

    headers: Headers = Headers()
    allowed: tuple[str, ...] = ()
    most_recipients: int = 10_000
    most_late: timedelta = timedelta(hours=48)
    stop_percent: int = 20
    slow_down_after: int | None = None
    meeting: Meeting = MEETING
    rules: Rules = DEFAULTS
    """By which the day of the meeting is found."""

    def allows(self, email: str) -> bool:
        """Whether an address may be written to: any, or those that were named, alone or by their domain."""
        return not self.allowed or email in self.allowed or email.partition("@")[2] in self.allowed
