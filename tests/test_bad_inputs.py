"""Every bad input is refused by name, and every harmless one is taken."""

from __future__ import annotations

import pytest

from shared.events.catalogue import Rejected, parse
from tests.bad_inputs import BAD_INPUTS, HARMLESS


@pytest.mark.parametrize(("raw", "field"), [pytest.param(*bad[1:], id=bad.name) for bad in BAD_INPUTS])
def test_refused_by_its_field(raw: bytes, field: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(raw)
    assert rejected.value.field == field
    assert rejected.value.reason.isprintable()
    assert b"\n" not in raw


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in HARMLESS])
def test_harmless(raw: bytes) -> None:
    parse(raw)
