"""What DATA carries: whatever a mail says, the relay reads the same mail, and nothing after it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from services.publisher.smtp import on_the_wire

_PIECES = st.sampled_from(
    [b".", b"..", b"\r\n", b"\r\n.\r\n", b"\n.\n", b"\r.\r", b"\n", b"\r", b"QUIT", b"a"]
)


@given(st.lists(_PIECES).map(b"".join))
def test_any_mail_is_read_as_it_was_with_proper_ends_of_lines(message: bytes) -> None:
    wire = on_the_wire(message)
    assert wire.count(b"\r\n") == wire.count(b"\n") == wire.count(b"\r")
    first, _, after = (b"\r\n" + wire).partition(b"\r\n.\r\n")
    assert after == b""
    read = first.replace(b"\r\n.", b"\r\n").removeprefix(b"\r\n")
    expected = re.sub(rb"\r\n|\n|\r", b"\r\n", message)
    assert read == expected.removesuffix(b"\r\n")
