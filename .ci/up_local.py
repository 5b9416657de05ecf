"""`make up-local`: all of Tandem on loopback, without Docker, until Ctrl-C.

Data and logs stay in `.local/`. Ports and the number of detectors can be chosen:

    LOCAL_POSTGRES_PORT=5433 LOCAL_DETECTORS=3 make up-local
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCAL = Path(os.environ.get("LOCAL_FOLDER", ROOT / ".local")).resolve()
TANDEM = str(Path(sys.executable).with_name("tandem"))
PORTS = {"POSTGRES": 5432, "KAFKA": 9092, "HTTP": 8080, "SMTP": 1025, "MAIL": 8025}
FIRST_START_SECONDS = 900
"""Packages and jars may have to be fetched."""
STOP_SECONDS = 70
"""A detector finishes the batch in hand."""


class UpError(Exception):
    """It cannot go on; the message says what to do."""


@dataclass
class Server:
    """A program, and the signal by which it ends well."""

    name: str
    process: subprocess.Popen[bytes]
    ends_by: signal.Signals
    is_ours: bool

    @property
    def log(self) -> Path:
        """Where it says what it does."""
        return LOCAL / "log" / f"{self.name}.log"


@dataclass
class Up:
    """What was started, in the order of starting."""

    ports: dict[str, int]
    detectors: int
    servers: list[Server] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """What tells `tandem` where everything is."""
        return {
            "TANDEM_DATABASE_URL": f"postgresql://tandem@127.0.0.1:{self.ports['POSTGRES']}/tandem",
            "TANDEM_KAFKA_URL": f"127.0.0.1:{self.ports['KAFKA']}",
        }

    def start_all(self) -> None:
        """Start everything in the order in which one needs the other."""
        say("Starting PostgreSQL and Apache Kafka; the first time they may have to be fetched")
        postgres, kafka = (str(self.ports[name]) for name in ("POSTGRES", "KAFKA"))
        self.start("postgres", [HERE / "postgres-serve", LOCAL / "postgres", postgres], signal.SIGINT)
        self.start("kafka", [HERE / "kafka-serve", LOCAL / "kafka", kafka])
        self.start_mailpit()
        self.wait_for_port("postgres", self.ports["POSTGRES"])
        self.wait_for_port("kafka", self.ports["KAFKA"])
        self.run("topics", "topics", "--create", "--partitions", "6", "--wait", "60")
        self.run("doctor", "doctor", "--json", codes=(0, 1))  # makes the tables
        for number in range(1, self.detectors + 1):
            self.start(f"detector-{number}", [TANDEM, "detect"])
        serve = [TANDEM, "serve", "--port", str(self.ports["HTTP"])]
        self.start("newsroom", serve, TANDEM_KAFKA_URL="")  # the detectors read Kafka
        self.wait_for_port("newsroom", self.ports["HTTP"])

    def start_mailpit(self) -> None:
        """Start the mail server that delivers to nobody, where it can be had."""
        program = shutil.which("mailpit")
        if program is None and shutil.which("go") is None:
            say("Mailpit is left out: it is not installed, and Go is not there to build it")
            return
        if program is None:
            say("Building Mailpit, once")
            command = (str(HERE / "go-tool"), "mailpit", "v1.27.11", "github.com/axllent/mailpit")
            built = subprocess.run(command, check=False, capture_output=True, text=True)
            if built.returncode:
                raise UpError(f"Mailpit cannot be built: {built.stderr.strip()}")
            program = built.stdout.strip()
        at = {name: f"127.0.0.1:{self.ports[name]}" for name in ("SMTP", "MAIL")}
        (LOCAL / "mail").mkdir(exist_ok=True)
        options = ("--smtp", at["SMTP"], "--listen", at["MAIL"], "--disable-version-check")
        self.start("mailpit", [program, *options, "--database", LOCAL / "mail" / "mailpit.db"])
        self.wait_for_port("mailpit", self.ports["MAIL"])

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        ends_by: signal.Signals = signal.SIGTERM,
        **environment: str,
    ) -> None:
        """Start a program in a session of its own, so that Ctrl-C reaches this one alone."""
        log = LOCAL / "log" / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self.settings, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.servers.append(Server(name, process, ends_by, is_ours=command[0] == TANDEM))

    def run(self, name: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> None:
        """Run a command of Tandem to its end."""
        env = {**os.environ, **self.settings}
        done = subprocess.run(
            [TANDEM, *arguments], cwd=ROOT, env=env, check=False, capture_output=True, text=True
        )
        if done.returncode not in codes:
            raise UpError(f"tandem {name}: {done.stderr.strip() or done.stdout.strip()}")

    def wait_for_port(self, name: str, port: int) -> None:
        """Wait until a server listens; raises UpError."""
        deadline = time.monotonic() + FIRST_START_SECONDS
        while not listens(port):
            self.check()
            if time.monotonic() > deadline:
                raise UpError(f"{name} does not listen on port {port}; see {LOCAL}/log/{name}.log")
            time.sleep(0.2)

    def check(self) -> None:
        """Raise UpError if anything has ended by itself."""
        for server in self.servers:
            if server.process.poll() is not None:
                lines = server.log.read_text(errors="replace").splitlines()[-15:]
                raise UpError("\n".join([f"{server.name} has ended; the end of {server.log}:", *lines]))

    def stop_all(self) -> None:
        """Stop what was started, the last first; kill what does not end in time."""
        ours = [server for server in self.servers if server.is_ours]
        for group in (ours, [server for server in self.servers if not server.is_ours]):
            for server in group:
                if server.process.poll() is None:
                    server.process.send_signal(server.ends_by)
            for server in group:
                try:
                    server.process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    say(f"{server.name} does not end; killing it")
                    server.process.kill()
                    server.process.wait()


def main() -> int:
    """Start, tell where everything listens, and wait for Ctrl-C."""
    for name in ("log", "postgres", "kafka"):
        (LOCAL / name).mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupt)
    up: Up | None = None
    try:
        with _alone():
            up = Up(_ports(), int(os.environ.get("LOCAL_DETECTORS", "2")))
            try:
                up.start_all()
                say(_told(up))
                while True:
                    time.sleep(0.5)
                    up.check()
            finally:
                say("Stopping")
                up.stop_all()
                say(f"Stopped. Data and logs stay in {LOCAL}; delete it to start from nothing.")
    except KeyboardInterrupt:
        return 0
    except UpError as error:
        say(str(error))
        return 1


def _told(up: Up) -> str:
    ports = up.ports
    mail = any(server.name == "mailpit" for server in up.servers)
    lines = [
        "",
        "Tandem is up. In another terminal:",
        *(f"  export {name}={value}" for name, value in up.settings.items()),
        "  .venv/bin/tandem wins",
        "",
        f"  Kafka        127.0.0.1:{ports['KAFKA']}   6 partitions a topic, read by {up.detectors} detectors",
        f"  PostgreSQL   127.0.0.1:{ports['POSTGRES']}   database and user tandem, no password",
        f"  HTTP         http://127.0.0.1:{ports['HTTP']}/v1/events   .venv/bin/tandem token create NAME",
        f"  Mail         http://127.0.0.1:{ports['MAIL']}   SMTP on 127.0.0.1:{ports['SMTP']}"
        if mail
        else "",
        f"  Logs         {LOCAL}/log",
        "",
        "Ctrl-C stops all of it.",
    ]
    return "\n".join(lines)


def _alone() -> IO[str]:
    """Hold the folder; refuse to share it."""
    file = (LOCAL / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise UpError(f"make up-local runs already (process {holder}); stop that one with Ctrl-C") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _ports() -> dict[str, int]:
    """The ports that were asked for, or the usual; 0 takes a free one."""
    found: dict[str, int] = {}
    for name, usual in PORTS.items():
        variable = f"LOCAL_{name}_PORT"
        port = int(os.environ.get(variable, usual))
        if port and listens(port):
            raise UpError(
                f"Port {port} is in use; stop what listens there, or choose another: "
                f"{variable}={port + 1} make up-local"
            )
        found[name] = port or _free()
    return found


def listens(port: int) -> bool:
    """Whether anything answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def say(text: str) -> None:
    """Tell the user."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
