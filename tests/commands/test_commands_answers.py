"""What each command answers: the keys scripts rely on, and the words people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.kpis.registry import kpis
from tests import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands.conftest import Tandem

LATER = ("--as-of", "2026-12-31T00:00:00Z")


def test_an_order(tandem: Tandem, spring: str) -> None:
    assert spring
    order = tandem("orders", "show", "SO-1", "--json", *LATER).json
    scored = {"due": "2026-03-12", "status": "scored", "on_time": True, "in_full": True, "otif": True}
    late = {"due": "2026-03-10", "status": "scored", "on_time": False, "in_full": True, "otif": False}
    assert list(order) == [
        "order_id",
        "customer_id",
        "first_order",
        "status",
        "quarantined",
        "lines",
        "roadblocks",
        "promise_slips",
    ]
    assert order["lines"] == [
        {
            "line_id": "1",
            "ordered_qty": 100,
            "accepted_qty": 100,
            "closed_at": "2026-03-11T12:00:00+00:00",
            "excluded_adjusted": None,
            "perfect": None,
            "outcomes": {"requested": late, "first_commit": scored, "last_commit": scored},
        }
    ]
    assert (order["first_order"], order["status"], order["quarantined"]) == (True, "delivered", None)
    assert order["roadblocks"][0]["outcome"] == "on_original_promise"


def test_an_open_outcome_has_no_verdict(tandem: Tandem, events: Callable[..., Path]) -> None:
    tandem("import", events(make.placed()))
    line = tandem("orders", "show", "SO-1", "--json", "--as-of", "2026-03-03T00:00:00Z").json["lines"][0]
    nothing = {"on_time": None, "in_full": None, "otif": None}
    assert line["outcomes"]["requested"] == {"due": "2026-03-10", "status": "open", **nothing}
    assert line["outcomes"]["first_commit"] == {"due": None, "status": "unconfirmed", **nothing}


def test_an_order_in_words(tandem: Tandem, spring: str) -> None:
    assert spring
    assert tandem("orders", "show", "SO-1", *LATER).out.splitlines() == [
        "Order SO-1 of C-1: delivered, the customer's first",
        "  line 1: 100 of 100 each, closed 2026-03-11 12:00",
        "    requested     due 2026-03-10  late, in full",
        "    first commit  due 2026-03-12  on time, in full",
        "    last commit   due 2026-03-12  on time, in full",
        "  roadblock R-SO-1 (carrier): on original promise",
        "  promise slips: 0",
    ]


def test_a_win(tandem: Tandem, spring: str) -> None:
    [win] = tandem("wins", "--json", *LATER).json
    assert list(win) == [
        "win_id",
        "pattern",
        "kind",
        "status",
        "subject",
        "customer_id",
        "month",
        "score",
        "jointness",
        "headline",
        "sales",
        "operations",
        "facts",
        "evidence",
        "final_at",
        "reason",
    ]
    assert (win["win_id"], win["kind"], win["status"], win["month"]) == (spring, "joint", "final", "2026-04")
    part = next(part for part in win["sales"] if part["action"] == "roadblock.communicator")
    assert set(part) == {"department", "role", "action", "weight", "event"}, "nobody is named unasked"
    assert set(part["event"]) == set(win["evidence"][0]) == {"source", "id"}


def test_wins_by_month_and_status(tandem: Tandem, spring: str) -> None:
    def found(*options: str) -> list[str]:
        return [win["win_id"] for win in tandem("wins", "--json", *LATER, *options).json]

    assert found() == found("--month", "2026-04") == found("--status", "final") == [spring]
    assert found("--month", "2026-03") == found("--status", "revoked") == []


def test_a_win_as_of_an_earlier_day(tandem: Tandem, spring: str) -> None:
    before = ("--as-of", "2026-03-20T00:00:00Z")
    assert tandem("wins", "--json", *before).json[0]["status"] == "provisional"
    assert "provisional until 2026-04-11 00:00" in tandem("wins", "--explain", spring, *before).out
    assert tandem("wins", "--json", "--as-of", "2026-03-10T00:00:00Z").json == []


def test_wins_in_words(tandem: Tandem, spring: str) -> None:
    out = tandem("wins", *LATER).out
    assert out.startswith("2026-04  joint            final        ")
    assert spring in out
    assert out.endswith("1 found, 1 final. tandem wins --explain ID shows why one is true.\n")
    assert tandem("wins", "--month", "2026-09", *LATER).out.startswith("0 found. tandem import")


def test_why_a_win_is_true(tandem: Tandem, spring: str) -> None:
    win = tandem("wins", "--explain", spring, "--json", *LATER).json
    assert all(set(gate) == {"name", "passed", "values"} for gate in win["gates"])
    assert {gate["name"] for gate in win["gates"]} >= {"new_customer", "otif_first_commit", "joint"}
    assert all(set(entry) == {"time", "type", "source", "id", "text"} for entry in win["timeline"])
    assert [entry["time"] for entry in win["timeline"]] == sorted(entry["time"] for entry in win["timeline"])
    assert {entry["id"] for entry in win["timeline"]} >= {ref["id"] for ref in win["evidence"]}


def test_why_a_win_is_true_in_words(tandem: Tandem, spring: str) -> None:
    out = tandem("wins", "--explain", spring, *LATER, TANDEM_ZONE="Europe/Berlin").out
    for words in (
        "joint win, final since 2026-04-11 00:00, score",
        "  yes  It is the customer’s first order, and the records reach back far enough to say so.\n",
        "first order yes, placed at 2026-03-01 13:00, prior order at none",
        "order value 0, min order value 0, strategic no",
        "  1.00  sales: sales as communicator",
        "  2026-03-05 13:00  roadblock R-SO-1: carrier, high, 3 days late predicted",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 100
    assert not set("{}'") & set(out.split("What had to hold")[1])


def test_what_was_done_alike_stands_once(tandem: Tandem, events: Callable[..., Path]) -> None:
    deeds = [make.intervened(make.at("03-06"), make.SALES, order_id="SO-900") for _ in range(4)]
    tandem("import", events(*make.win("SO-900"), *deeds), *LATER)
    out = tandem("wins", "--explain", "roadblock_beaten:SO-900", *LATER).out
    assert "intervention expedite, 4 times\n" in out
    assert "most 3, jointness" in out, "of the sum of a side"


def test_a_revoked_win_says_why(tandem: Tandem, spring: str, events: Callable[..., Path]) -> None:
    tandem("import", events(make.feedback("complaint", make.at("03-20"))), *LATER)
    [win] = tandem("wins", "--json", "--status", "revoked", *LATER).json
    assert "complained" in win["reason"]
    for command in (["wins"], ["wins", "--explain", spring]):
        assert f"revoked because {win['reason']}" in tandem(*command, *LATER).out


def test_the_kpis(tandem: Tandem, spring: str) -> None:
    assert spring
    board = tandem("kpis", "--month", "2026-03", "--json", *LATER, TANDEM_TARGETS='{"otif": 95}').json
    assert {name: board[name] for name in ("period", "start", "end", "as_of", "complete")} == {
        "period": "2026-03",
        "start": "2026-03-01",
        "end": "2026-04-01",
        "as_of": "2026-12-31T00:00:00+00:00",
        "complete": False,
    }
    rows = {(row["key"], row["basis"]): row for row in board["kpis"]}
    assert rows["otif", "first_commit"] == {
        "key": "otif",
        "basis": "first_commit",
        "value": 100,
        "unit": "percent",
        "better": "higher",
        "numerator": 1,
        "denominator": 1,
        "n": 1,
        "target": 95,
        "previous": None,
        "change": None,
        "status": "final",
        "unmatched": 0,
        "few": True,
        "low": 20.6549,
        "high": 100,
        "standing": "reached",
        "adjusted": 100,
        "excluded": 0,
        "currency": None,
    }
    assert rows["otif", "requested"]["value"] == 0
    assert rows["quality_return_ppm", None]["n"] == 100, "units"
    assert {key for key, _ in rows} == set(kpis())


def test_a_silent_month_is_complete_once_every_source_has_spoken(
    tandem: Tandem, spring: str, events: Callable[..., Path]
) -> None:
    assert spring
    tandem("import", events(make.heartbeat("2026-12-01T00:00:00Z", make.at("12-02"))), *LATER)
    assert tandem("kpis", "--month", "2026-03", "--json", *LATER).json["complete"] is True
    assert "complete" in tandem("kpis", "--month", "2026-03", *LATER).out.splitlines()[1]
    assert tandem("kpis", "--month", "2026-12", "--json", *LATER).json["complete"] is False


def test_what_a_reason_on_the_customers_side_spoilt_is_shown_beside_it(
    tandem: Tandem, spring: str, events: Callable[..., Path]
) -> None:
    assert spring
    closed = [
        make.placed(make.at("03-02"), order_id="SO-2"),
        make.confirmed(order_id="SO-2"),
        make.raised(make.at("03-12"), category="customer_site", order_id="SO-2"),
        make.delivered(100, make.at("03-13"), order_id="SO-2"),
        make.shipped(100, make.at("03-11"), order_id="SO-2"),
    ]
    tandem("import", events(*closed), *LATER)
    out = tandem("kpis", "--month", "2026-03", *LATER).out
    assert "Without lines that had a reason on the customer's side:\n" in out
    assert "  otif first commit: 100.00 % (without 1)\n" in out
    assert "Left out, because a side of it is not known:\n" in out
    assert "  fill_rate_lines first commit: 1\n" in out


def test_the_kpis_in_words(tandem: Tandem, spring: str, events: Callable[..., Path]) -> None:
    assert spring
    late = [
        make.placed(make.at("03-20"), make.line(requested_on="2026-04-10"), order_id="SO-2"),
        make.confirmed("2026-04-10", make.at("03-21"), order_id="SO-2"),
        make.delivered(100, make.at("04-12"), order_id="SO-2"),
    ]
    tandem("import", events(*late), *LATER)
    out = tandem("kpis", "--month", "2026-04", *LATER, TANDEM_TARGETS='{"otif": 97.5}').out
    lines = out.splitlines()
    assert lines[0] == "2026-04: 2026-04-01 up to, not including, 2026-05-01"
    assert lines[1:3] == [
        "as of 2026-12-31 00:00: not complete, figures may still change",
        "erp has told all up to 2026-04-12 12:00",
    ]
    [row] = [line for line in lines if line.startswith("otif") and "first commit" in line]
    told = "otif first commit 0.00 % 1 few 0.0 to 79.3 100.00 % -100.00 pt worse 97.5 % ✗ missed final"
    assert row.split() == told.split()
    assert max(map(len, lines)) <= 135
    assert len({line.index("status") for line in lines if "status" in line}) == 1


def test_the_kpis_by_customer(tandem: Tandem, spring: str, events: Callable[..., Path]) -> None:
    assert spring
    other = {"order_id": "SO-2", "customer_id": "C-2"}
    tandem("import", events(make.placed(**other), make.delivered(100, make.at("03-10"), **other)), *LATER)
    asked = ("kpis", "--month", "2026-03", "--by", "customer")
    board = tandem(*asked, "--back", "2", "--json", *LATER).json
    assert (board["by"], board["not_offered"]) == (
        "customer",
        ["bias", "fva_sales", "tracking_signal", "wape"],
    )
    rows = {(row["key"], row["basis"], row["slice"]): row for row in board["kpis"]}
    assert [rows["otif", "requested", name]["value"] for name in ("C-1", "C-2")] == [0, 100]
    months = ["2026-01", "2026-02", "2026-03"]
    assert [one["period"] for one in rows["otif", "requested", "C-2"]["series"]] == months
    assert [one["value"] for one in rows["otif", "requested", "C-2"]["series"]] == [None, None, 100]
    alone = tandem(*asked, "--of", "C-2", "--json", *LATER).json["kpis"]
    assert {row["slice"] for row in alone} == {"C-2"}
    assert {row["value"] for row in tandem(*asked, "--of", "C-9", "--json", *LATER).json["kpis"]} == {None}

    lines = tandem(*asked, "--back", "2", *LATER).out.splitlines()
    [row] = [line for line in lines if line.startswith("C-2") and "otif" in line]
    assert row.split() == "C-2 otif requested 100.00 % 1 few 20.7 to 100.0 final ··▅".split()  # noqa: SIM905 - the same
    assert lines[-1] == "Cannot be told by customer: bias, fva_sales, tracking_signal, wape."


def test_restated_figures(tandem: Tandem, spring: str, events: Callable[..., Path]) -> None:
    assert spring
    asked = ("kpis", "--month", "2026-04", "--restated")
    tandem("compose", "newsletter", "--month", "2026-03", *LATER)
    tandem("release", "newsletter-2026-03")
    assert tandem(*asked, *LATER).out == "Every figure that released editions told reads the same now.\n"
    other = {"order_id": "SO-2", "customer_id": "C-2"}
    tandem("import", events(make.placed(**other)), *LATER)
    row = tandem(*asked, *LATER, "--json").json["restated"][0]
    assert {name: row[name] for name in ("key", "basis", "told", "now", "told_final", "told_in")} == {
        "key": "in_full",
        "basis": "requested",
        "told": 100,
        "now": 50,
        "told_final": True,
        "told_in": "newsletter-2026-03",
    }
    said = tandem(*asked, *LATER).out.splitlines()[1]
    assert said.split() == "2026-03 in_full requested 100.00 % 50.00 % newsletter-2026-03".split()  # noqa: SIM905 - as it is read


@pytest.mark.parametrize("edition", ["newsletter", "leadership"])
def test_an_edition_from_composing_to_release(
    tandem: Tandem, spring: str, tmp_path: Path, edition: str
) -> None:
    name = f"{edition}-2026-04"
    made = tandem("compose", edition, "--month", "2026-04", "--json", *LATER).json
    assert list(made) == ["edition_id", "name", "audience", "period", "state", "stories", "counts"]
    assert (made["edition_id"], made["period"], made["state"]) == (name, "2026-04", "composed")
    assert [story["win_id"] for story in made["stories"]] == [spring]
    assert set(made["stories"][0]) == {"story_id", "win_id", "headline"}

    assert tandem("preview", name, "--out", "out", "--json").json == made
    suffixes = (".mail.html", ".mail.txt", ".html", ".notice.html", ".fragment.html", ".md", ".eml")
    files = {f"{name}{suffix}" for suffix in suffixes}
    assert {path.name for path in (tmp_path / "out").iterdir()} == files
    told = tandem("preview", name, "--out", "out")
    assert told.out.count("\n") == len(files)
    assert "No pictures: there is no" in told.err
    wrong = tandem("preview", name, "--language", "xx")
    assert (
        wrong.code,
        wrong.err.startswith("--language xx: there is no such language; write one of: en"),
    ) == (2, True)

    assert tandem("release", name, "--json").json == made | {"state": "released"}
    assert tandem("release", name, "--json").json["state"] == "released"
    again = tandem("compose", edition, "--month", "2026-04", *LATER)
    assert (again.code, again.err) == (1, f"{name} was released and stays as it is; preview shows it\n")
    assert tandem("compose", edition, "--month", "2026-05", "--json", *LATER).json["stories"] == []


def test_an_edition_in_the_language_that_is_asked_for(tandem: Tandem, spring: str, tmp_path: Path) -> None:
    assert spring
    tandem("compose", "newsletter", "--month", "2026-04", *LATER)
    tandem("preview", "newsletter-2026-04", "--out", "german", "--language", "de")
    tandem("preview", "newsletter-2026-04", "--out", "german-too", TANDEM_LANGUAGE="de")
    tandem("preview", "newsletter-2026-04", "--out", "english", "--language", "en", TANDEM_LANGUAGE="de")
    for name in ("newsletter-2026-04.mail.txt", "newsletter-2026-04.html"):
        german = (tmp_path / "german" / name).read_text(encoding="utf-8")
        assert german == (tmp_path / "german-too" / name).read_text(encoding="utf-8")
        assert "April 2026" in german
        assert "Monat in Zahlen" in german or "DER MONAT IN ZAHLEN" in german
        assert "month" not in german.casefold()
        assert "month in figures" in (tmp_path / "english" / name).read_text(encoding="utf-8").casefold()
    wrong = tandem("preview", "newsletter-2026-04", "--language", "xx")
    assert (wrong.code, wrong.err) == (2, "--language xx: there is no such language; write one of: en, de\n")


def test_an_editor_is_told_why(tandem: Tandem, spring: str) -> None:
    assert spring
    asked = ("compose", "newsletter", "--month", "2026-04", "--explain", *LATER)
    made = tandem(*asked, "--json").json
    chosen = [each["win_id"] for each in made["explanation"] if each["chosen"]]
    assert chosen == [story["win_id"] for story in made["stories"]] != []
    out = tandem(*asked).out
    assert all(f"{each['win_id']}\n            {each['reason']}\n" in out for each in made["explanation"])
    empty = tandem("compose", "newsletter", "--month", "2026-02", "--explain", *LATER).out
    assert "No win could be told: none is final that was not told before." in empty


def test_an_edition_of_forecasts_that_add_up_to_more_than_a_database_holds(
    tandem: Tandem, events: Callable[..., Path]
) -> None:
    places = [f"L-{number}" for number in range(12)]
    planned = [make.forecast("999999999999", make.at("01-15"), location=place) for place in places]
    wanted = [make.demand("999999999999", make.at("04-01"), location=place) for place in places]
    assert tandem("import", events(*planned, *wanted)).code == 0
    assert tandem("compose", "leadership", "--month", "2026-03").code == 0


def test_an_edition_of_a_week(tandem: Tandem, spring: str) -> None:
    assert spring
    out = tandem("compose", "leadership", "--week", "2026-W11", *LATER).out
    assert out.startswith("leadership-2026-W11 (composed), 2026-03-09 up to 2026-03-16\n")


def test_the_doctor(tandem: Tandem, spring: str, events: Callable[..., Path]) -> None:
    assert spring
    healthy = tandem("doctor", "--json")
    assert healthy.code == 0
    assert all(set(check) == {"check", "ok", "says"} and check["ok"] for check in healthy.json)
    stray = make.delivered(5, make.at("01-01"), order_id="SO-9")
    tandem("import", events(stray, make.placed(order_id="SO-9")))
    ill = tandem("doctor")
    assert ill.code == 1
    assert "FIX  Quarantine: SO-9" in ill.out


def test_the_help_names_every_option(tandem: Tandem) -> None:
    answer = tandem("import", "--help")
    assert (answer.code, answer.err) == (0, "")
    for option in ("--format", "--backfill", "--as-of", "--json"):
        assert option in answer.out


def test_the_meeting_pack_comes_with_an_invitation(tandem: Tandem, spring: str, tmp_path: Path) -> None:
    assert spring
    tandem("compose", "meeting_pack", "--month", "2026-04", *LATER)
    answered = tandem("preview", "meeting_pack-2026-04", "--out", "out", TANDEM_MEETING_TIME="09:30")
    assert (answered.code, "meeting_pack-2026-04.ics" in answered.out) == (0, True)
    calendar = (tmp_path / "out" / "meeting_pack-2026-04.ics").read_text()
    assert "DTSTART:20260511T093000Z" in calendar, "the seventh working day of May"
    pdf = (tmp_path / "out" / "meeting_pack-2026-04.pdf").exists()
    assert ("FMTTYPE=application/pdf" in calendar, "No PDF was made" in answered.err) == (pdf, not pdf)
