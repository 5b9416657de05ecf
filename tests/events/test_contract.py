"""Every type of the contract, least and full; every field that is required, none that is not."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.catalogue import PAYLOADS, TOPICS, Rejected, parse, reread, schemas
from tests import make
from tests.events.contract import CHOICES, COMMON, TYPES

Json = dict[str, Any]
REQUIRED = [
    (kind, name) for kind, told in TYPES.items() for name in told.least if (kind, name) not in CHOICES
]


def read(kind: str, data: Json) -> Any:
    return parse(make.raw([make.event(kind, make.at("03-02"), data)])[0]).data


def test_the_types_and_topics_are_those_of_the_contract() -> None:
    topics = {
        name.removeprefix("tandem.").removesuffix(".v1"): model.TOPIC for name, model in PAYLOADS.items()
    }
    assert topics == {kind: told.topic for kind, told in TYPES.items()}
    assert TOPICS == ["customers", "deliveries", "drafts", "forecasts", "orders"]


@pytest.mark.parametrize("kind", TYPES)
def test_the_least_is_accepted(kind: str) -> None:
    data = read(kind, TYPES[kind].least)
    assert (data.initiator, data.backfill, data.participants) == ("us", False, ())


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_read(kind: str) -> None:
    told = {**COMMON, **TYPES[kind].least, **TYPES[kind].more}
    data = read(kind, told)
    assert set(told) == data.model_fields_set
    assert data.actor.name == "Ana Ruiz"
    assert data.recorded_at.isoformat() == "2026-03-02T08:00:00+01:00"


@pytest.mark.parametrize("kind", TYPES)
def test_no_field_is_missing_here(kind: str) -> None:
    known = {**COMMON, **TYPES[kind].least, **TYPES[kind].more}
    extra = set(PAYLOADS[f"tandem.{kind}.v1"].model_fields) - set(known)
    assert not extra


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_what_is_required_cannot_be_left_out(kind: str, name: str) -> None:
    data = {key: value for key, value in TYPES[kind].least.items() if key != name}
    with pytest.raises(Rejected) as rejected:
        read(kind, data)
    assert rejected.value.field == f"data.{name}"


@pytest.mark.parametrize(("kind", "name"), sorted(CHOICES))
def test_one_of_several_is_required(kind: str, name: str) -> None:
    data = {key: value for key, value in TYPES[kind].least.items() if key != name}
    with pytest.raises(Rejected, match="Name"):
        read(kind, data)


@pytest.mark.parametrize("kind", TYPES)
def test_unknown_fields_do_no_harm(kind: str) -> None:
    assert read(kind, TYPES[kind].least | {"colour": {"deep": [1]}})


@pytest.mark.parametrize("kind", TYPES)
def test_null_says_no_more_than_a_field_that_is_not_there(kind: str) -> None:
    told, absent = TYPES[kind].least, dict.fromkeys([*COMMON, *TYPES[kind].more])
    event = make.event(kind, make.at("03-02"), {**absent, **told})
    raw = make.raw([event])[0]
    assert parse(raw).data.model_dump(exclude_unset=True) == read(kind, told).model_dump(exclude_unset=True)
    assert reread(event["type"], raw) == parse(raw)


@pytest.mark.parametrize("kind", TYPES)
def test_the_schema_names_every_field_and_what_is_required(kind: str) -> None:
    schema = schemas()[f"tandem.{kind}.v1"]
    data = schema["$defs"][schema["properties"]["data"]["$ref"].rpartition("/")[2]]
    told = TYPES[kind]
    assert {*COMMON, *told.least, *told.more} <= set(data["properties"])
    choices = {name for of, name in CHOICES if of == kind}
    assert set(data.get("required", ())) == set(told.least) - choices
    assert set(schema["required"]) == {"specversion", "id", "source", "type", "time", "data"}


def test_schemas_are_the_same_each_time() -> None:
    assert schemas() == schemas()
    assert list(schemas()) == sorted(schemas())
