"""Inputs that no entrance may take, lose or stumble over, each with the field that its reason names.

The field is empty where the bytes are no JSON object; the reason says where they stop being one. Each input
is one line, so that files can hold it; its `id`, where it has one, is `bad`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shared.intake import INTAKE
from tests import make

Json = dict[str, Any]


class BadInput(NamedTuple):
    """One input and the field that is wrong."""

    name: str
    raw: bytes
    field: str


GOOD = make.raw([make.placed(name="bad")])[0]
LINE = "data.lines.0"
QTY, ORDER, PRODUCT = f"{LINE}.qty", "data.order_id", f"{LINE}.product_id"
DELIVERED = make.raw([make.delivered(5, make.at("03-11"), shipment="S", name="bad")])[0]
CUSTOMER = make.raw([make.registered() | {"id": "bad"}])[0]
NPS = make.raw([make.feedback("nps", make.at("03-12"), 7) | {"id": "bad"}])[0]

DRAFT = make.raw([make.drafted(make.at("03-16")) | {"id": "bad"}])[0]


def with_(old: str | bytes, new: str | bytes, raw: bytes = GOOD) -> bytes:
    """The same event with other bytes in one place."""
    old, new = (text if isinstance(text, bytes) else text.encode() for text in (old, new))
    assert raw.count(old) == 1, (old, raw)
    return raw.replace(old, new)


def qty(text: str) -> bytes:
    return with_('"qty":100', f'"qty":{text}')


def order(text: str | bytes) -> bytes:
    return with_("SO-1", text)


def extra(text: str) -> bytes:
    """A value in a field that no type knows."""
    return with_('"data":{', '"data":{"extra":' + text + ",")


BAD_INPUTS = [
    # no JSON object at all
    BadInput("empty", b"", ""),
    BadInput("spaces", b"   ", ""),
    BadInput("no JSON", b"junk", ""),
    BadInput("no text", b"\xff\xfe\x80", ""),
    BadInput("NUL bytes", b"\x00" * 100, ""),
    BadInput("cut off", GOOD[:-1], ""),
    BadInput("two events", GOOD + GOOD, ""),
    BadInput("UTF-16", GOOD.decode().encode("utf-16-le"), ""),
    BadInput("null", b"null", ""),
    BadInput("text", b'"text"', ""),
    BadInput("a number", b"1", ""),
    BadInput("a list", b"[" + GOOD + b"]", ""),
    BadInput("50,000 lists deep", b"[" * 50_000, ""),
    BadInput("50,000 objects deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, ""),
    BadInput("1,000 levels deep", extra("[" * 1000 + "]" * 1000), ""),
    BadInput("300 levels deep", extra("[" * 300 + "]" * 300), ""),
    BadInput("10 MB", extra('"' + "x" * 10_000_000 + '"'), ""),
    BadInput("one byte too long", GOOD + b" " * (INTAKE.event_most_bytes + 1 - len(GOOD)), ""),
    # text that is none
    BadInput("half a surrogate pair", order(r"SO-\ud800"), ORDER),
    BadInput("the other half", order(r"SO-\udc00"), ORDER),
    BadInput("half a surrogate pair in UTF-8", order(b"SO-\xed\xa0\x80"), ""),
    BadInput("half a surrogate pair in a field nobody knows", extra(r'"\ud800"'), "data.extra"),
    BadInput("half a surrogate pair as a key", with_('"data":{', r'"data":{"\ud800":1,'), r"data.\ud800"),
    BadInput("no UTF-8", order(b"SO-\xff"), ""),
    BadInput("Latin-1", order("SO-ü".encode("latin-1")), ""),
    BadInput("overlong UTF-8", order(b"SO-\xc0\xaf"), ""),
    # text that shows something other than it is
    BadInput("NUL", order(r"SO-\u0000"), ORDER),
    BadInput("escape", order(r"SO-\u001b[2J"), ORDER),
    BadInput("line break", order(r"SO-\n1"), ORDER),
    BadInput("C1 control", order(r"SO-\u009b"), ORDER),
    BadInput("right-to-left override", order("SO-\u202e1"), ORDER),
    BadInput("right-to-left override, escaped", order(r"SO-\u202e1"), ORDER),
    BadInput("isolate", order("SO-\u2067"), ORDER),
    BadInput("zero-width space", order("SO-\u200b1"), ORDER),
    BadInput("zero-width joiner", order("SO-\u200d1"), ORDER),
    BadInput("byte order mark inside", order("SO-\ufeff1"), ORDER),
    BadInput("line separator", order("SO-\u20281"), ORDER),
    BadInput("decomposed letters (NFD)", order("SO-u\u0308"), ORDER),
    BadInput("decomposed letters, escaped", order(r"SO-u\u0308"), ORDER),
    BadInput("a compatibility twin", order("SO-\u212b"), ORDER),
    BadInput("decomposed letters in a line", with_('"P-1"', '"P-u\u0308"'), PRODUCT),
    BadInput("decomposed letters in the name", with_('"bad"', '"bad-u\u0308"'), "id"),
    BadInput("right-to-left override in a name", with_("C-1 Ltd", "\u202eC-1 Ltd", CUSTOMER), "data.name"),
    BadInput("NUL in a name", with_("C-1 Ltd", r"C-1\u0000 Ltd", CUSTOMER), "data.name"),
    BadInput("an encoded word in a title", with_("How it went", "=?utf-8?q?=0ABcc:?=", DRAFT), "data.title"),
    BadInput("U+2028 in a title", with_("How it went", r"How\u2028it went", DRAFT), "data.title"),
    BadInput("an empty title", with_("How it went", " ", DRAFT), "data.title"),
    BadInput("a title too long", with_("How it went", "x" * 151, DRAFT), "data.title"),
    BadInput("right-to-left override in a text", with_("We did it.", "We \u202edid it.", DRAFT), "data.body"),
    BadInput("a text of too many bytes", with_("We did it.", "ü" * 10_241, DRAFT), "data.body"),
    # numbers that are none, or too much
    BadInput("NaN", qty("NaN"), ""),
    BadInput("infinity", qty("-Infinity"), ""),
    BadInput("1e999", qty("1e999"), QTY),
    BadInput("-1e999", qty("-1e999"), QTY),
    BadInput("1e308", qty("1e308"), QTY),
    BadInput("1e-308", qty("1e-308"), QTY),
    BadInput("2^63", qty("9223372036854775808"), QTY),
    BadInput("2^64", qty("18446744073709551616"), QTY),
    BadInput("-2^63", qty("-9223372036854775809"), QTY),
    BadInput("5,000 digits", qty("9" * 5000), QTY),
    BadInput("5,000 digits as text", qty('"' + "9" * 5000 + '"'), QTY),
    BadInput("5,000 decimals", qty("0." + "1" * 5000), QTY),
    BadInput("NaN as text", qty('"NaN"'), QTY),
    BadInput("NaN in a field nobody knows", extra("NaN"), ""),
    BadInput("1e999 in a field nobody knows", extra("1e999"), "data.extra"),
    BadInput("5,000 digits in a field nobody knows", extra("9" * 5000), "data.extra"),
    BadInput("negative", qty("-5"), QTY),
    BadInput("none", qty("0"), QTY),
    BadInput(
        "2^63 days", qty('1,"early_tolerance_days":9223372036854775808'), f"{LINE}.early_tolerance_days"
    ),
    # a key twice: nobody can tell which one counts
    BadInput("a name twice", with_('"id":"bad"', '"id":"bad","id":"good"'), "id"),
    BadInput("a key twice", with_('"order_id":"SO-1"', '"order_id":"SO-1","order_id":"SO-2"'), ORDER),
    BadInput("a key twice, alike", with_('"order_id":"SO-1"', '"order_id":"SO-1","order_id":"SO-1"'), ORDER),
    BadInput("a key twice, escaped", with_('"qty":100', r'"qty":100,"\u0071ty":5,"note":"\u003a"'), QTY),
    BadInput("data twice", with_('"data":{', '"data":{},"data":{'), "data"),
    BadInput("a key twice in a field nobody knows", extra('{"a":1,"a":2}'), "data.extra.a"),
    # another type than the field has
    BadInput("true for a quantity", qty("true"), QTY),
    BadInput("null for a quantity", qty("null"), QTY),
    BadInput("a list for a quantity", qty("[100]"), QTY),
    BadInput("an object for a quantity", qty('{"value":100}'), QTY),
    BadInput("text for a quantity", qty('"many"'), QTY),
    BadInput("a number for an id", with_('"SO-1"', "1"), ORDER),
    BadInput("an empty id", with_('"SO-1"', '""'), ORDER),
    BadInput("a very long id", order("S" * 201), ORDER),
    BadInput("an id of too many bytes", order("\U00020000" * 151), ORDER),
    BadInput("text for lines", with_('"lines":[', '"lines":"1","more":['), "data.lines"),
    BadInput("a list for data", with_('"data":{', '"data":[],"more":{'), "data"),
    BadInput("no data", with_('"data":{', '"more":{'), "data"),
    BadInput("a number for a type", with_('"tandem.order.placed.v1"', "1"), "type"),
    BadInput("an empty object", b"{}", "specversion"),
    # times
    BadInput("no offset", with_("12:00:00+00:00", "12:00:00"), "time"),
    BadInput("a day that is none", with_("2026-03-01T", "2026-02-30T"), "time"),
    BadInput("year 9999", with_("2026-03-01T", "9999-03-01T"), "time"),
    BadInput("seconds since 1970", with_('"2026-03-01T12:00:00+00:00"', "1772000000"), "time"),
    # what one event shows by itself
    BadInput(
        "more accepted than delivered",
        with_('"qty_delivered":5', '"qty_delivered":5,"qty_accepted":6', DELIVERED),
        f"{LINE}.qty_accepted",
    ),
    BadInput(
        "more damaged than delivered",
        with_('"qty_delivered":5', '"qty_delivered":5,"qty_damaged":6', DELIVERED),
        f"{LINE}.qty_damaged",
    ),
    BadInput("a score off its scale", with_('"score":7', '"score":11', NPS), "data.score"),
    BadInput("no lines", with_('"lines":[', '"lines":[],"more":['), "data.lines"),
]
"""No two of one name. None of them may be accepted, and what stands beside them is recorded."""


# What looks dangerous and is not: it is recorded as it is.
HARMLESS: list[tuple[str, bytes]] = [
    ("an astral character", order("SO-\U0001f69a")),
    ("a long id of rare characters", order("\U00020000" * 150)),
    ("a long id of letters", order("\u4e00" * 200)),
    ("composed letters (NFC)", order("SO-ü")),
    ("Arabic", with_("C-1 Ltd", "شركة", CUSTOMER)),
    ("a joined emoji in a name", with_("C-1 Ltd", "\U0001f468\u200d\U0001f469\u200d\U0001f467", CUSTOMER)),
    ("decomposed letters in a name", with_("C-1 Ltd", "Mu\u0308ller", CUSTOMER)),
    ("a long event", GOOD + b" " * (INTAKE.event_most_bytes - len(GOOD))),
    ("150 levels deep", extra("[" * 150 + "]" * 150)),
    ("a colon, escaped", extra(r'"\u003a"')),
    ("keys alike in two objects", extra('[{"a":1},{"a":1}]')),
    ("a type nobody knows", with_("tandem.order.placed.v1", "tandem.order.placed.v9")),
    ("script in a name", with_("C-1 Ltd", "<script>alert(1)</script>{{7*7}}", CUSTOMER)),
]
