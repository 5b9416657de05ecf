"""What a mail is handed to: a relay or a folder, and what either may say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Unreachable(Exception):  # noqa: N818 - what happened, and no error of ours
    """Nothing was sent: no connection, or it was lost before the mail was handed over."""


class Lost(Exception):  # noqa: N818 - the same
    """The mail was handed over, and nobody knows whether it was taken."""


class Refused(Exception):  # noqa: N818 - the same
    """The relay takes no mail from us at all; someone must look at the settings."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A relay's answer: 2xx yes, 4xx later, 5xx never."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"[:500]

    @property
    def later(self) -> bool:
        """Whether to try again."""
        return self.code // 100 == 4  # noqa: PLR2004 - RFC 5321

    @property
    def yes(self) -> bool:
        """Whether it was taken."""
        return self.code // 100 == 2  # noqa: PLR2004 - RFC 5321


class Transport(Protocol):
    """One connection; used by one mail at a time."""

    async def sender(self, address: str) -> Reply:
        """Open a connection where there is none, and begin a mail; raises Unreachable, Refused."""

    async def recipient(self, address: str, mail_id: str) -> Reply:
        """Name its only recipient; raises Unreachable."""

    async def hand_over(self, message: bytes) -> Reply:
        """Give its bytes; raises Lost."""

    async def drop(self) -> None:
        """Begin anew with the next mail: the last was not handed over."""

    async def close(self) -> None:
        """End the connection."""
