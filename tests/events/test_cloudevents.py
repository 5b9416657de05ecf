import orjson
import pytest

from shared.events.catalogue import Rejected, parse
from shared.events.cloudevents import structured

ATTRIBUTES = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "erp/é",
    "type": "tandem.customer.registered.v1",
    "time": "2026-01-05T09:00:00+01:00",
    "subject": "customer/C-1",
}
DATA = b'{"customer_id": "C-1", "name": "Alba", "extra": 1.10, "big": 123456789012345678901234567890}'
BINARY = tuple((f"ce_{name}", text.encode()) for name, text in ATTRIBUTES.items())


def test_a_value_without_attributes_in_its_headers_stays_as_it_is() -> None:
    assert structured(b"{ not json", (("trace", b"\xff"), ("empty", None))) == b"{ not json"


def test_the_content_type_of_structured_mode_wins_over_attributes_in_headers() -> None:
    headers = (("content-type", b"application/cloudevents+json; charset=utf-8"), *BINARY)
    assert structured(b'{"id":"inside"}', headers) == b'{"id":"inside"}'


def test_binary_mode_is_the_same_event_as_structured_mode() -> None:
    event = parse(structured(DATA, BINARY))
    assert event == parse(orjson.dumps({**ATTRIBUTES, "data": {"customer_id": "C-1", "name": "Alba"}}))


def test_headers_are_heard_in_any_case_as_over_http() -> None:
    loud = tuple((name.upper(), value) for name, value in BINARY)
    assert parse(structured(DATA, loud)) == parse(structured(DATA, BINARY))
    kind = ("Content-Type", b"Application/CloudEvents+JSON")
    assert structured(b'{"id":"inside"}', (kind, *loud)) == b'{"id":"inside"}'
    with pytest.raises(Rejected) as rejected:
        parse(structured(DATA, (*BINARY, ("CE_ID", b"another"))))
    assert rejected.value.field == "id"


def test_binary_mode_leaves_every_digit_of_the_data_alone() -> None:
    assert DATA in structured(DATA, BINARY)


def test_data_cannot_break_out_of_its_place() -> None:
    breakout = b'{"customer_id":"C-1","name":"A"},"id":"forged"'
    assert orjson.loads(structured(breakout, BINARY))["id"] == "e-1"
    with pytest.raises(Rejected) as rejected:
        parse(structured(breakout, BINARY))
    assert rejected.value.field == "data"


def test_a_header_named_data_does_not_replace_the_data() -> None:
    assert parse(structured(DATA, (*BINARY, ("ce_data", b"no")))).data.customer_id == "C-1"


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
@pytest.mark.parametrize(
    "headers", [(None,), (b"\xff\xfe",), (b"one", b"another"), ()], ids=["null", "bytes", "two", "none"]
)
def test_a_spoiled_attribute_is_rejected_by_its_name(name: str, headers: tuple[bytes | None, ...]) -> None:
    kept = tuple(pair for pair in BINARY if pair[0] != f"ce_{name}")
    with pytest.raises(Rejected) as rejected:
        parse(structured(DATA, (*kept, *((f"ce_{name}", value) for value in headers))))
    assert rejected.value.field == name


def test_an_attribute_sent_twice_alike_is_one() -> None:
    assert structured(DATA, (*BINARY, BINARY[1])) == structured(DATA, BINARY)


@pytest.mark.parametrize(
    "value",
    [None, b"", b"\xff\x00", b"plain text", b"[" * 50_000, b"[1, 2]", b"NaN"],
    ids=["null", "empty", "bytes", "text", "deep", "list", "nan"],
)
def test_data_that_is_no_object_is_rejected_by_name_and_its_bytes_are_kept(value: bytes | None) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(structured(value, BINARY))
    assert rejected.value.field == "data"


def test_the_bytes_of_unreadable_data_can_be_had_again() -> None:
    assert orjson.loads(structured(b"\xff\x00", BINARY))["data_base64"] == "/wA="


@pytest.mark.parametrize("headers", [(), BINARY])
def test_a_byte_order_mark_is_no_part_of_a_value(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert structured(b"\xef\xbb\xbf" + DATA, headers) == structured(DATA, headers)
