"""The MJML compiler in a process that may crash without harm: it is native code, and deep sources end it."""

from __future__ import annotations

import atexit
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

_PROGRAM: Final = Path(__file__).with_name("child.py")
_STARTING: Final = 60
"""Seconds that Python may take to start on a busy machine."""
_CHUNK: Final = 1 << 16


class CompilerError(Exception):
    """Why a source could not be compiled."""


class Compiler:
    """One process, started when first needed and again after it has died; threads take turns."""

    def __init__(self, seconds: float = 10, memory: int = 1 << 30) -> None:
        self._seconds, self._memory = seconds, memory
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def html(self, source: str) -> str:
        """Compile; CompilerError also where the process crashed, took too long or too much memory."""
        with self._turn:
            try:
                answer = self._ask(source.encode())
            except BaseException:
                self._end()
                raise
        if answer[:1] != b"+":
            raise CompilerError(answer[1:].decode())
        return answer[1:].decode()

    def close(self) -> None:
        """End the process; the next source starts another."""
        with self._turn:
            self._end()

    def _ask(self, source: bytes) -> bytes:
        process = self._running()
        talk = _Talk(process, time.monotonic() + self._seconds)
        try:
            talk.send(struct.pack(">I", len(source)) + source)
            return talk.receive(struct.unpack(">I", talk.receive(4))[0])
        except TimeoutError:
            raise CompilerError(f"it took more than {self._seconds:g} seconds; tell fewer stories") from None
        except (BrokenPipeError, EOFError):
            cause = _cause(process.wait(self._seconds))
            raise CompilerError(f"the compiler ended ({cause}); shorten or flatten the template") from None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-I", str(_PROGRAM), str(self._memory)]
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603
            self._greet(self._process)
        return self._process

    @staticmethod
    def _greet(process: subprocess.Popen[bytes]) -> None:
        try:
            _Talk(process, time.monotonic() + _STARTING).receive(1)
        except (TimeoutError, EOFError):
            raise CompilerError(
                "the compiler does not start; tandem doctor checks the installation"
            ) from None

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process = None


class _Talk:
    """One question and its answer, until a deadline."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        assert process.stdin
        assert process.stdout
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(self._in, False)  # or a compiler that does not read would hold us up
        self._deadline = deadline

    def send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._in, selectors.EVENT_WRITE)
            view = view[os.write(self._in, view[:_CHUNK]) :]

    def receive(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self._out, selectors.EVENT_READ)
            part = os.read(self._out, size - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _wait(self, file: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(file, event)
            if not selector.select(max(0, self._deadline - time.monotonic())):
                raise TimeoutError


def _cause(code: int) -> str:
    """How a process ended, in words: `signal 11` is a crash."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


COMPILER: Final = Compiler()
atexit.register(COMPILER.close)
