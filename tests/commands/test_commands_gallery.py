"""`tandem gallery`: every registered edition in every state, each as html, text and mail."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from services.simulator.states import STATES
from shared.editions import EDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Tandem


def test_every_edition_in_every_state(tandem: Tandem, tmp_path: Path) -> None:
    made = tandem("gallery", "--out", "out", "--json").json
    out = tmp_path / "out"
    assert len(made["mails"]) == len(EDITIONS) * len(STATES) + 1
    assert "sales.one-salesperson" in made["mails"]
    assert {name.partition(".")[0] for name in made["mails"]} == set(EDITIONS)
    assert made["pictures"] == []
    index = (out / "index.html").read_text(encoding="utf-8")
    for name in made["mails"]:
        assert f'href="{name}.html"' in index
        text = (out / f"{name}.txt").read_text(encoding="utf-8")
        mail = message_from_bytes((out / f"{name}.eml").read_bytes(), policy=default)
        assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip() == text.rstrip()  # type: ignore[union-attr]
        assert "cid:" not in (out / f"{name}.html").read_text(encoding="utf-8")

    def said(name: str) -> str:
        return " ".join((out / f"{name}.txt").read_text(encoding="utf-8").split())

    assert len(re.findall("Read all 12 stories", (out / "newsletter.twelve-stories.html").read_text())) == 1
    assert "THE FIGURES, AND A WORD OF THANKS" in said("newsletter.empty-month")
    assert "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" in said("newsletter.long-words")
    assert "Северные насосы" in said("newsletter.other-scripts")
    assert "96.9%, not 97.4%" in said("newsletter.corrections")
    assert "Provisional" in said("newsletter.provisional")
    assert "no data" in said("newsletter.no-data")
    assert said("newsletter.everything-red").count("worse") >= 4
