"""An SMTP server in a process of its own, which writes down what it takes, and at times drops the line."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TAKEN, TAKEN_UNSAID, DROPPED = "taken", "taken, and no answer given", "dropped"
_ID = re.compile(rb"^Message-ID: <([^.]+)\.(.+)@", re.MULTILINE)
_LANGUAGE = re.compile(rb'<html[^>]*? lang=3D"(\w+)"')


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one mail at the server."""

    fate: str
    to: str
    mail_id: str
    edition_id: str
    language: str

    @property
    def taken(self) -> bool:
        return self.fate != DROPPED


class Server:
    """The process, and the file that it writes."""

    def __init__(self, port: int, file: Path) -> None:
        self.port, self._file, self._read, self.entries = port, file, 0, list[Entry]()

    def look(self) -> list[Entry]:
        """All that came so far."""
        with self._file.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                self.entries.append(Entry(*json.loads(line)))
        return self.entries


@contextmanager
def running(folder: Path, drops: float, seed: int) -> Iterator[Server]:
    """A server on a free port, which drops this share of mails before it takes them, and as many after."""
    file = folder / "taken.jsonl"
    file.touch()
    command = [sys.executable, "-m", "tests.sending_year.server", str(file), str(drops), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield Server(int(process.stdout.readline()), file)
        finally:
            process.kill()


class _Handler:
    def __init__(self, log: TextIO, drops: float, seed: int) -> None:
        self._log, self._drops, self._dice = log, drops, random.Random(seed)

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        fates = (DROPPED, TAKEN_UNSAID, TAKEN)
        [fate] = self._dice.choices(fates, (self._drops, self._drops, 1 - 2 * self._drops))
        mail_id, edition_id = (part.decode() for part in _ID.search(envelope.content).groups())
        language = _LANGUAGE.search(envelope.content).group(1).decode()
        [to] = envelope.rcpt_tos
        self._log.write(json.dumps([fate, to, mail_id, edition_id, language]) + "\n")
        self._log.flush()
        if fate != TAKEN:
            server.transport.abort()
        return "250 OK"


async def _serve(file: str, drops: str, seed: str) -> None:
    with Path(file).open("a", encoding="utf-8") as log:  # noqa: ASYNC230 - before anything is served
        handler = _Handler(log, float(drops), int(seed))
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, hostname="relay", loop=loop), "127.0.0.1", 0)
        os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
