"""What Tandem emits, held against the contract as it is written down for those who read it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from shared.events import emitted
from shared.events.catalogue import PAYLOADS
from shared.events.catalogue import TOPICS as READ

Json = dict[str, Any]

WIN: Json = {
    "win_id": "roadblock_beaten:SO-1",
    "pattern": "roadblock_beaten",
    "kind": "joint",
    "status": "provisional",
    "headline": "On time after a carrier delay",
    "customer_id": "C-1",
    "subject": "order/SO-1",
    "month": "2026-04",
    "score": 71.4,
    "jointness": 0.67,
    "sales": [
        {"department": "sales", "action": "order.placed", "weight": 0.25, "event": {"source": "a", "id": "1"}}
    ],
    "operations": [
        {
            "person_id": "p-1",
            "department": "quality",
            "role": "resolver",
            "action": "roadblock.resolver",
            "weight": 1.0,
            "event": {"source": "a", "id": "2"},
        }
    ],
    "facts": {"order_value": None},
    "evidence": [{"source": "a", "id": "1"}],
    "final_at": "2026-04-20T00:00:00+02:00",
}
EDITION: Json = {
    "edition_id": "newsletter-2026-04",
    "kind": "newsletter",
    "audience": "everyone",
    "period": "2026-04",
    "counts": {"candidates": 0, "sent": 0, "excluded": 0, "failed": 0},
}
STORY: Json = {
    "story_id": "story-team_told:D-1",
    "win_id": "team_told:D-1",
    "edition": "newsletter-2026-04",
    "state": "submitted",
    "by": "reporter",
}
THANKS: Json = {
    "thanks_id": "a1b2",
    "story_id": "story-team_told:D-1",
    "from": {"person_id": "p-1", "department": "sales"},
    "to_department": "warehouse",
    "note": "Well done",
}
TYPES: dict[str, tuple[str, Json]] = {
    "win.detected": ("wins", WIN),
    "win.confirmed": ("wins", WIN | {"status": "final"}),
    "win.revoked": ("wins", WIN | {"status": "revoked"}),
    "edition.composed": ("editions", EDITION),
    "edition.released": ("editions", EDITION),
    "story.submitted": ("stories", STORY),
    "story.approved": ("stories", STORY | {"state": "approved", "by": "editor"}),
    "story.returned": ("stories", STORY | {"state": "returned", "by": "editor"}),
    "story.published": ("stories", STORY | {"state": "published", "by": "rule"}),
    "story.retracted": ("stories", STORY | {"state": "retracted"}),
    "thanks.given": ("thanks", THANKS),
    "thanks.taken_back": ("thanks", THANKS),
}
OPTIONAL = {"person_id", "role"}
UNTOLD = {"customer_id", "edition", "note"}
"""A win of a product or a week is of no customer."""


def envelope(kind: str, data: Json) -> Json:
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "tandem",
        "type": f"tandem.{kind}.v1",
        "time": "2026-04-20T00:00:01Z",
        "subject": "order/SO-1",
        "data": data,
    }


def read(kind: str, data: Json) -> Any:
    return emitted.MODELS[f"tandem.{kind}.v1"].model_validate_json(orjson.dumps(envelope(kind, data)))


def test_the_types_and_topics_are_those_of_the_contract() -> None:
    assert {name: news.TOPIC for name, news in emitted.EMITTED.items()} == {
        f"tandem.{kind}.v1": topic for kind, (topic, _) in TYPES.items()
    }


@pytest.mark.parametrize("kind", TYPES)
def test_an_event_is_written_as_it_is_read(kind: str) -> None:
    _, data = TYPES[kind]
    assert read(kind, data).data.model_dump(mode="json", exclude_none=True) == data


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, (_, data) in TYPES.items() for name in sorted(data.keys() - UNTOLD)],
)
def test_every_field_is_there_always(kind: str, name: str) -> None:
    data = {key: value for key, value in TYPES[kind][1].items() if key != name}
    with pytest.raises(ValidationError, match=name):
        read(kind, data)


@pytest.mark.parametrize("kind", TYPES)
def test_the_schema_names_exactly_these_fields(kind: str) -> None:
    schema = emitted.schemas()[f"tandem.{kind}.v1"]
    data = schema["$defs"][schema["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert set(data["properties"]) == set(TYPES[kind][1])
    assert set(data["required"]) == set(TYPES[kind][1]) - UNTOLD
    assert set(schema["required"]) == {"specversion", "id", "source", "type", "time", "data"}


def test_a_win_may_be_of_no_customer() -> None:
    data = {key: value for key, value in WIN.items() if key != "customer_id"} | {"subject": "week/2026-W10"}
    assert read("win.detected", data).data.model_dump(mode="json", exclude_none=True) == data


def test_of_a_person_only_what_may_be_told() -> None:
    told = emitted.ContributionTold.model_fields
    assert set(told) == {"person_id", "department", "role", "action", "weight", "event"}
    assert {name for name, field in told.items() if not field.is_required()} == OPTIONAL
    with pytest.raises(ValidationError, match="role"):
        read("win.detected", WIN | {"sales": [WIN["operations"][0] | {"role": "Ana's own words"}]})


def test_nothing_is_both_read_and_emitted() -> None:
    assert PAYLOADS.keys().isdisjoint(emitted.EMITTED)
    assert set(READ).isdisjoint(emitted.TOPICS)
