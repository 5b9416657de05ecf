"""Every bad input is refused by name and kept; its neighbours are recorded, and no input is a fault."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.commands.app import run
from shared.events.catalogue import Rejected, parse
from shared.intake import Origin
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import letters
from tests import databases, make
from tests.bad_inputs import BAD_INPUTS, GOOD, HARMLESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shared.store.engine import Store


@pytest.mark.parametrize(("raw", "field"), [pytest.param(*bad[1:], id=bad.name) for bad in BAD_INPUTS])
def test_refused_by_its_field(raw: bytes, field: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(raw)
    assert rejected.value.field == field
    assert rejected.value.reason.isprintable()
    assert len(rejected.value.reason) < 200
    assert b"\n" not in raw


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in HARMLESS])
def test_harmless(store: Store, raw: bytes) -> None:
    assert record(store, [raw], as_of=make.LATER, rules=DEFAULTS).accepted == 1
    assert record(store, [raw], as_of=make.LATER, rules=DEFAULTS).duplicates == 1


def test_each_is_kept_as_it_came_and_its_neighbours_are_recorded(store: Store) -> None:
    good = [make.placed(order_id=f"SO-{number}") for number in range(len(BAD_INPUTS))]
    raws = [raw for bad, event in zip(BAD_INPUTS, make.raw(good), strict=True) for raw in (bad.raw, event)]
    origins = [Origin(f"test/{number}") for number in range(len(raws))]
    report = record(store, raws, as_of=make.LATER, rules=DEFAULTS, origins=origins)
    assert (report.accepted, report.duplicates, report.conflicts) == (len(good), 0, 0)
    assert [(one.index, one.field) for one in report.rejects] == [
        (2 * number, bad.field) for number, bad in enumerate(BAD_INPUTS)
    ]
    with store.reading() as connection:
        kept = letters.listed(connection)
        bytes_ = letters.contents(connection, [one.number for one in kept])
    assert [(one.origin, one.field, one.state) for one in kept] == [
        (f"test/{2 * number}", bad.field, "waiting") for number, bad in enumerate(BAD_INPUTS)
    ]
    assert [one.reason for one in kept] == [one.reason for one in report.rejects]
    assert [bytes_[one.number].event for one in kept] == [bad.raw for bad in BAD_INPUTS]


def test_in_a_file_each_is_told_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blanks around a line are no part of it."""
    monkeypatch.chdir(tmp_path)
    bad = [one for one in BAD_INPUTS if one.raw.strip() == one.raw != b""]
    assert len(bad) > 70
    (tmp_path / "mixed.jsonl").write_bytes(b"".join(one.raw + b"\n" + GOOD + b"\n" for one in bad))
    assert run(["import", "mixed.jsonl", "--json"]) == 1
    said = capsys.readouterr()
    report = orjson.loads(said.out)
    assert said.err == ""
    assert (report["accepted"], report["duplicates"]) == (1, len(bad) - 1)
    assert [(one["line"], one["field"]) for one in report["rejects"]] == [
        (2 * number + 1, one.field) for number, one in enumerate(bad)
    ]
    assert run(["import", "mixed.jsonl"]) == 1
    assert "Traceback" not in capsys.readouterr().err


PIECES = st.one_of(
    st.binary(max_size=6),
    st.text(max_size=3).map(str.encode),
    st.sampled_from(
        [b'"', b"\\", b"\\ud83d", b"{", b"}", b"[", b"]", b",", b":", b"1e400", b"NaN", b"\xed\xa0"]
    ),
)


@pytest.fixture(scope="module")
def journal(database: str) -> Iterator[Store]:  # noqa: ARG001 - decides which kind
    opened = databases.opened()
    yield opened
    opened.close()


@given(st.integers(0, len(GOOD)), st.integers(0, 20), PIECES)
def test_no_spoiled_event_is_a_fault(journal: Store, place: int, gone: int, piece: bytes) -> None:
    spoiled = GOOD[:place] + piece + GOOD[place + gone :]
    good = make.raw([make.confirmed()])[0]
    report = record(
        journal, [spoiled, good], as_of=make.LATER, rules=DEFAULTS, origins=[Origin(str(place)), Origin("-")]
    )
    assert report.accepted + report.duplicates + report.conflicts + len(report.rejects) == 2
    assert all(reject.index == 0 for reject in report.rejects)


def test_the_longest_ids_fit_into_every_index(store: Store) -> None:
    """Of characters that no database can pack."""
    rare = random.Random(1)
    longest = {name: "".join(chr(rare.randrange(0x20000, 0x2A000)) for _ in range(150)) for name in "sclpeh"}
    of = {"order_id": longest["l"], "customer_id": longest["c"]}
    line = {"line_id": longest["l"]}
    told = [
        make.placed(make.at("03-01"), make.line(**line, product_id=longest["p"]), **of),
        make.delivered(100, make.at("03-09"), shipment=longest["h"], part=line, **of),
        make.returned(1, make.at("03-12"), name=longest["h"], **line, **of),
        make.feedback("nps", make.at("03-12"), 9, **of),
    ]
    named = [
        {**event, "source": longest["s"], "id": longest["e"][:149] + str(n)} for n, event in enumerate(told)
    ]
    named.append(make.corrected(named[0]) | {"id": longest["e"]})
    report = record(store, make.raw(named), as_of=make.LATER, rules=DEFAULTS)
    assert (report.accepted, report.rejects) == (5, [])
