"""`tandem sources`, and what the figures and editions of a period say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

SOON = ("--as-of", "2026-05-02T08:00:00Z")


def test_each_source_with_its_watermark(tandem: Tandem, events: Callable[..., Path]) -> None:
    beat = make.heartbeat(make.at("05-01", "00:00"), make.at("05-01", "06:00"))
    tandem("import", events(*make.win(), beat, make.placed(order_id="SO-2", source="crm")), *SOON)
    crm, erp = tandem("sources", "--json", *SOON).json
    assert crm.pop("last_received") == erp.pop("last_received")
    assert crm == {
        "source": "crm", "watermark": "2026-03-01T12:00:00+00:00", "by": "events", "events": 1,
        "last_event": "2026-03-01T12:00:00+00:00", "silent_since": "2026-03-01T12:00:00+00:00",
    }  # fmt: skip
    assert erp == {
        "source": "erp", "watermark": "2026-05-01T00:00:00+00:00", "by": "heartbeat", "events": 6,
        "last_event": "2026-05-01T06:00:00+00:00", "silent_since": None,
    }  # fmt: skip
    head, *lines = tandem("sources", *SOON, TANDEM_ZONE="Europe/Berlin").out.splitlines()
    assert head.startswith("source  told all up to")
    assert lines[0].startswith("crm     2026-03-01 13:00  its last event")
    assert lines[0].endswith("silent since 2026-03-01 13:00")
    assert lines[1].startswith("erp     2026-05-01 02:00  a heartbeat")
    assert lines[1].endswith(" 6")
    patient = tandem("sources", "--json", *SOON, TANDEM_SOURCE_SILENCE_HOURS="8784").json
    assert [source["silent_since"] for source in patient] == [None, None]


def test_a_period_names_whom_it_waits_for(tandem: Tandem, events: Callable[..., Path]) -> None:
    tandem("import", events(*make.win()), *SOON)
    assert "\nerp has told all up to 2026-03-11 12:00\n" in tandem("kpis", "--month", "2026-04", *SOON).out
    assert "Provisional: not every source" in tandem("compose", "newsletter", "--month", "2026-04", *SOON).out
    tandem("import", events(make.heartbeat(make.at("05-01", "00:00"), make.at("05-01", "06:00"))), *SOON)
    assert "has told all up to" not in tandem("kpis", "--month", "2026-04", *SOON).out
    assert "Provisional" not in tandem("compose", "newsletter", "--month", "2026-04", *SOON).out


def test_nobody_has_told_anything(tandem: Tandem) -> None:
    assert tandem("sources", "--json").json == []
    assert "No source has told anything yet" in tandem("sources").out


def test_the_doctor_names_who_is_silent(tandem: Tandem, events: Callable[..., Path]) -> None:
    def says() -> str:
        checks = {one["check"]: one["says"] for one in tandem("doctor", "--json").json}
        return checks["Sources"]

    ever, then = "2199-12-31T00:00:00Z", make.at("2020-03-01")
    tandem("import", events(make.placed(then), make.heartbeat(ever, then, "crm")))
    assert says() == "1 of 2 silent for over 72 h: erp; tandem sources"
    tandem("import", events(make.heartbeat(ever, then)))
    assert says() == "2 tell what happens, none is silent"
