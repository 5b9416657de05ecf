"""Run `tandem detect` as its users do; the arguments are the seconds it waits for its database."""

from __future__ import annotations

import os
import sys

from services.cli import main
from services.commands import detecting
from services.detector import app


def with_waits(waits: list[float]) -> None:
    """Wait as long as told before a batch is read again, which takes more than a minute otherwise."""
    app.run.__kwdefaults__["waits"] = waits


assert detecting
if sys.argv[1:]:
    with_waits([float(each) for each in sys.argv[1:]])
sys.argv[1:] = ["detect"]
os.environ.pop("TANDEM_DEBUG", None)
main()
