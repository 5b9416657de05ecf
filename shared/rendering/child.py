"""The program that compiles MJML in a process of its own: sources come on stdin, answers go to stdout.

It is run by its path, imports nothing of ours, and says `+` once it listens. A frame is a length of four
bytes and that many bytes; an answer begins with `+` for HTML or `-` for the compiler's complaint.
"""

from __future__ import annotations

import resource
import signal
import struct
import sys

from mjml import mjml2html


def main() -> None:
    """Answer until stdin ends; the argument is the most memory this process may have, in bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(b"+")
    while header := sys.stdin.buffer.read(4):
        answer = _answer(sys.stdin.buffer.read(struct.unpack(">I", header)[0]).decode())
        _send(struct.pack(">I", len(answer)) + answer)


def _send(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _answer(source: str) -> bytes:
    try:
        return b"+" + mjml2html(source, disable_comments=True, fonts={}).encode()
    except ValueError as error:
        return b"-" + str(error).encode()


if __name__ == "__main__":
    main()
