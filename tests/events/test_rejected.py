"""What is refused, and the field that the reason names: nothing is silently mended."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from shared.events.catalogue import Rejected, parse
from shared.intake import INTAKE
from tests import make
from tests.events.contract import LINE, OF, TYPES

Json = dict[str, Any]
PLACED = TYPES["order.placed"].least
DELIVERED = TYPES["delivery.delivered"].least


def rejected(told: Json | bytes) -> Rejected:
    with pytest.raises(Rejected) as caught:
        parse(told if isinstance(told, bytes) else orjson.dumps(told))
    assert "\n" not in caught.value.reason
    return caught.value


def of(type_: str, **more: Any) -> Json:
    return make.event(type_, make.at("03-02"), {**TYPES[type_].least, **more})


def lines(**more: Any) -> Json:
    return of("order.placed", lines=[LINE | more])


def receipt(**more: Any) -> Json:
    return of("delivery.delivered", lines=[{"line_id": "1", "qty_delivered": 5, **more}])


def answer(**more: Any) -> Json:
    return of("feedback.received", **more)


QTY = "data.lines.0.qty"
CASES: list[tuple[str, Json, str]] = [
    ("negative quantity", lines(qty=-1), QTY),
    ("no quantity", lines(qty=0), QTY),
    ("seven decimals", lines(qty="1.0000001"), QTY),
    ("seven decimals as a number", lines(qty=0.0000001), QTY),
    ("a trillion", lines(qty=10**12), QTY),
    ("a trillion as text", lines(qty="1000000000000"), QTY),
    ("NaN as text", lines(qty="NaN"), QTY),
    ("infinity as text", lines(qty="Infinity"), QTY),
    ("exponent as text", lines(qty="1e3"), QTY),
    ("digits of another script", lines(qty="٣"), QTY),
    ("spaces", lines(qty=" 5"), QTY),
    ("plus", lines(qty="+5"), QTY),
    ("empty", lines(qty=""), QTY),
    ("boolean", lines(qty=True), QTY),
    ("null", lines(qty=None), QTY),
    ("list", lines(qty=[5]), QTY),
    ("a date with time", lines(requested_on="2026-03-10T00:00:00Z"), "data.lines.0.requested_on"),
    ("no such day", lines(requested_on="2026-02-30"), "data.lines.0.requested_on"),
    ("a number for a date", lines(requested_on=20260310), "data.lines.0.requested_on"),
    ("price as a number", lines(unit_price=12.5), "data.lines.0.unit_price"),
    ("negative tolerance", lines(under_tolerance=-1), "data.lines.0.under_tolerance"),
    ("early days in part", lines(early_tolerance_days=1.5), "data.lines.0.early_tolerance_days"),
    ("no lines", of("order.placed", lines=[]), "data.lines"),
    ("a line twice", of("order.placed", lines=[LINE, LINE]), "data.lines"),
    ("no lines delivered", of("delivery.delivered", lines=[]), "data.lines"),
    ("currency in small letters", of("order.placed", currency="eur"), "data.currency"),
    ("unknown kind", of("order.placed", kind="urgent"), "data.kind"),
    ("unknown zone", of("order.placed", ship_to={"timezone": "Mars/Olympus"}), "data.ship_to.timezone"),
    ("a path for a zone", of("order.placed", ship_to={"timezone": "../etc/passwd"}), "data.ship_to.timezone"),
    ("accepted more", receipt(qty_accepted=6), "data.lines.0.qty_accepted"),
    ("damaged more", receipt(qty_damaged=6), "data.lines.0.qty_damaged"),
    ("negative delivery", receipt(qty_delivered=-5), "data.lines.0.qty_delivered"),
    ("unknown evidence", of("delivery.delivered", evidence="rumour"), "data.evidence"),
    ("nps 11", answer(kind="nps", score=11), "data.score"),
    ("nps -1", answer(kind="nps", score=-1), "data.score"),
    ("nps in part", answer(kind="nps", score=7.5), "data.score"),
    ("nps without score", answer(kind="nps"), "data.score"),
    ("csat off its scale", answer(kind="csat", score=6, scale_min=1, scale_max=5), "data.score"),
    ("csat below its scale", answer(kind="csat", score=0, scale_min=1, scale_max=5), "data.score"),
    ("csat without scale", answer(kind="csat", score=4), "data.score"),
    ("a scale upside down", answer(kind="csat", score=4, scale_min=5, scale_max=1), "data.score"),
    ("unknown feedback", answer(kind="praise"), "data.kind"),
    (
        "unknown department",
        of("customer.merged", actor={"person_id": "p", "department": "it"}),
        "data.actor.department",
    ),
    ("unknown initiator", of("customer.merged", initiator="them"), "data.initiator"),
    ("recorded without offset", of("customer.merged", recorded_at="2026-03-02T08:00:00"), "data.recorded_at"),
    ("backfill as text", of("customer.merged", backfill="yes"), "data.backfill"),
    ("an id as a number", of("customer.merged", customer_id=5), "data.customer_id"),
    ("an empty id", of("customer.merged", customer_id=""), "data.customer_id"),
    ("NUL in an id", of("customer.merged", customer_id="C\x00"), "data.customer_id"),
    ("a line break in an id", of("customer.merged", customer_id="C\n1"), "data.customer_id"),
    ("control characters in text", of("event.retracted", reason="a\x1bb"), "data.reason"),
    ("a month that is none", of("demand.recorded", period="2026-13"), "data.period"),
    ("a week that is none", of("demand.recorded", period="2025-W53"), "data.period"),
    ("money as a number", of("opportunity.won", value={"amount": 5, "currency": "EUR"}), "data.value.amount"),
    ("an ordered quantity of text", of("order.changed", field="qty", new="many"), "data.new"),
    ("a negative ordered quantity", of("order.changed", field="qty", new=-1), "data.new"),
    ("a wish that is no date", of("order.changed", field="requested_on", new="soon"), "data.new"),
    ("an ordered quantity that is not told", of("order.changed", field="qty"), "data.new"),
    ("a wish that is not told", of("order.changed", field="requested_on", new=None), "data.new"),
    (
        "a number of requirements",
        of("product.registered", special_requirements=5),
        "data.special_requirements",
    ),
    ("data is a list", {**of("customer.merged"), "data": []}, "data"),
    ("no data", {k: v for k, v in of("customer.merged").items() if k != "data"}, "data"),
    ("no id", {k: v for k, v in of("customer.merged").items() if k != "id"}, "id"),
    ("empty source", {**of("customer.merged"), "source": ""}, "source"),
    ("another CloudEvents", {**of("customer.merged"), "specversion": "0.3"}, "specversion"),
    ("time without offset", {**of("customer.merged"), "time": "2026-03-02T09:00:00"}, "time"),
    ("a date for a time", {**of("customer.merged"), "time": "2026-03-02"}, "time"),
    ("seconds since 1970", {**of("customer.merged"), "time": 1772000000}, "time"),
    ("a leap second", {**of("customer.merged"), "time": "2016-12-31T23:59:60Z"}, "time"),
    ("hour 24", {**of("customer.merged"), "time": "2026-03-02T24:00:00Z"}, "time"),
    ("no such offset", {**of("customer.merged"), "time": "2026-03-02T09:00:00+24:00"}, "time"),
    ("year 0", {**of("customer.merged"), "time": "0000-01-01T00:00:00Z"}, "time"),
    ("a type that is none", {**of("customer.merged"), "type": 5}, "type"),
]


@pytest.mark.parametrize(("told", "field"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_rejected_with_the_field(told: Json, field: str) -> None:
    assert rejected(told).field == field


RAW = orjson.dumps(lines(qty=5))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(RAW.replace(b'"qty":5', b'"qty":NaN'), "", id="NaN is no JSON"),
        pytest.param(RAW.replace(b'"qty":5', b'"qty":1e999'), QTY, id="beyond a double"),
        pytest.param(
            RAW.replace(b'"qty":5', b'"qty":0.12345678901234567'), QTY, id="more digits than a double"
        ),
        pytest.param(RAW.replace(b'"P-1"', b'"\\ud800"'), "data.lines.0.product_id", id="a lone surrogate"),
        pytest.param(RAW.replace(b'"P-1"', b'"\xed\xa0\x80"'), "", id="a lone surrogate in UTF-8"),
        pytest.param(RAW.replace(b'"P-1"', b'"\xff"'), "", id="no UTF-8"),
        pytest.param(RAW[:-1], "", id="cut off"),
        pytest.param(b"[" + RAW + b"]", "", id="a list of events"),
        pytest.param(b"[" * 100_000, "", id="very deep"),
        pytest.param(b'"text"', "", id="text"),
        pytest.param(b"", "", id="nothing"),
        pytest.param(b" " * (INTAKE.event_most_bytes + 1), "", id="very long"),
    ],
)
def test_bytes_that_are_no_event(text: bytes, field: str) -> None:
    assert rejected(text).field == field


@pytest.mark.parametrize("data", [{}, [], None, "text", {"lines": []}])
def test_an_unknown_type_is_no_error_whatever_its_data(data: Any) -> None:
    told = make.event("parcel.weighed", make.at("03-02"), {}) | {"data": data}
    assert parse(orjson.dumps(told)).type == "tandem.parcel.weighed.v1"


@pytest.mark.parametrize("qty", [1, 1.0, "1", "1.000000", 0.000001, "999999999999.999999", 1e3])
def test_quantities_as_they_may_be_written(qty: Any) -> None:
    assert parse(orjson.dumps(lines(qty=qty))).data.lines[0].qty > 0


@pytest.mark.parametrize("score", [0, 6, 10, 10.0, "9"])
def test_scores_as_they_may_be_written(score: Any) -> None:
    assert parse(orjson.dumps(answer(kind="nps", score=score))).data.score == int(float(score))


@pytest.mark.parametrize(
    ("type_", "data", "field"),
    [
        ("return.received", {**OF, "return_id": "R", "qty": 1}, "line_id"),
        ("return.received", {"order_id": "O", "line_id": "1", "return_id": "R", "qty": 1}, "customer_id"),
        ("return.assessed", {"return_id": "R", "cause": "quality"}, "order_id"),
        ("intervention.recorded", {"intervention_id": "I", "kind": "expedite"}, "order_id"),
    ],
)
def test_what_another_field_makes_necessary_is_named(type_: str, data: Json, field: str) -> None:
    refused = rejected(make.event(type_, make.at("03-02"), data))
    assert refused.field == f"data.{field}"
    assert field in refused.reason


@pytest.mark.parametrize("time", ["2016-12-31T23:59:60Z", "2026-03-02T24:00:00Z"])
def test_a_time_that_is_none_is_told_how_far_clocks_run(time: str) -> None:
    assert "seconds to 59" in rejected({**of("customer.merged"), "time": time}).reason


def test_a_quantity_changed_to_nothing_is_told_how_a_line_ends() -> None:
    reasons = [rejected(of("order.changed", field="qty", new=qty)).reason for qty in (0, -1)]
    assert reasons == ["Must be more than 0; order.cancelled ends a line", "Must be 0 or more"]


def test_a_missing_order_of_an_order_event_is_named() -> None:
    data = {key: value for key, value in DELIVERED.items() if key != "order_id"}
    assert rejected(make.event("delivery.delivered", make.at("03-02"), data)).field == "data.order_id"
