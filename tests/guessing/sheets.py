"""Order books as companies export them, for guessing; invented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.mapping.questions import open_questions

if TYPE_CHECKING:
    from collections.abc import Mapping

GERMAN = """Auftragsliste;;;;;;;;;;;;;;
Stand: 01.11.2026;;;;;;;;;;;;;;

Auftragsnr.;Pos.;Kunden-Nr.;Kundenname;Art.-Nr.;Bezeichnung;Menge;ME;Einzelpreis;Auftragsdatum;Wunschtermin;\
Liefertermin;Versanddatum;"Geliefert
 am";Status
4711;10;K1;Müller & Söhne;A-1;Tau;1.200,5;m;1,50;15.10.2026;19.10.2026;20.10.2026;18.10.2026;19.10.2026;fertig
4711;20;K1;Müller & Söhne;A-2;"Boje;
groß";3;Stk;1.012,00;15.10.2026;19.10.2026;20.10.2026;;;offen
;;;;;;;;;;;;;;
4712;10;K2;Küsten-Depot;A-1;Tau;12;m;1,50;16.10.2026;30.10.2026;30.10.2026;29.10.2026;31.10.2026;fertig
Summe;;;;;;1.215,5;;;;;;;;
"""
ANSWERS = {
    "confirmed_by": '"Ada"',
    "source": '"urn:test"',
    "timezone": '"Europe/Berlin"',
    "currency": '"EUR"',
    "plus_days": "14",
    "like": '"-*"',
    "initiator": '"customer"',
    "time": "2026-01-01T00:00:00Z",
}
"""What a person may write, by the key that asks."""
_QUESTION = re.compile(r'"\? (?:[^"\\]|\\.)*"')


def answered(mapping: str, answers: Mapping[str, str]) -> str:
    """The mapping with an answer for each question, by the key that it stands at (quoted TOML)."""

    def answer(match: re.Match[str]) -> str:
        key = re.findall(r'([\w-]+|"(?:[^"\\]|\\.)+") = \[?$', match.string[: match.start()])[-1].strip('"')
        proposed = re.findall(r"write (\{.*?\})(?:;|\"$)", match[0])  # of several ways to read, the first
        return {**ANSWERS, **answers}.get(key) or (proposed or ['"x"'])[0]

    lines = mapping.split("\n")
    return "\n".join(line if line.startswith("#") else _QUESTION.sub(answer, line) for line in lines)


def asked(mapping: dict[str, object]) -> dict[str, str]:
    """The questions of a parsed mapping, by their key paths."""
    return dict(open_questions(mapping))
