"""A folder of .eml files in the place of a relay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from services.publisher.transport import Reply, Unreachable
from shared.sending import save

if TYPE_CHECKING:
    from pathlib import Path


class Folder:
    """Writes each mail as `<edition>.<mail>.eml`; the same mail again replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""

    async def sender(self, address: str) -> Reply:
        """Make the folder; raises Unreachable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"{self._folder} cannot be made: {error.strerror}") from None
        return Reply(250, address)

    async def recipient(self, address: str, mail_id: str) -> Reply:
        """Choose the file's name."""
        self._name = mail_id
        return Reply(250, address)

    async def hand_over(self, message: bytes) -> Reply:
        """Write the file, whole or not at all."""
        try:
            path = await asyncio.to_thread(save, self._folder, self._name, message)
        except OSError as error:
            return Reply(452, f"{self._folder}: {error.strerror}")
        return Reply(250, str(path))

    async def drop(self) -> None:
        """Nothing was begun."""

    async def close(self) -> None:
        """Nothing is open."""
