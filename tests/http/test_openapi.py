"""The OpenAPI document: what it says, what a client made from it can do, and that the server keeps to it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared import tables
from shared.events.catalogue import MODELS
from tests import make
from tests.events.contract import COMMON, TYPES

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

Json = dict[str, Any]
GENERATOR = os.environ.get("TANDEM_TEST_GENERATOR")
EXAMPLES = 600 if os.environ.get("TANDEM_TEST_SLOW") else 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def document(newsroom: Newsroom) -> Json:
    return newsroom.client.get("/openapi.json").json()


def test_every_type_of_event_is_a_model(document: Json) -> None:
    schemas = document["components"]["schemas"]
    told = schemas["CloudEvent"]["discriminator"]["mapping"]
    assert set(told) == set(MODELS)
    for name, reference in told.items():
        model = schemas[reference.rpartition("/")[2]]
        assert model["properties"]["type"]["const"] == name
        assert set(model["required"]) == {"specversion", "id", "source", "type", "time", "data"}


def test_nothing_is_referred_to_that_is_not_there(document: Json) -> None:
    text = orjson.dumps(document).decode()
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in text


def test_the_schema_of_a_type(newsroom: Newsroom) -> None:
    for name in MODELS:
        told = newsroom.client.get(f"/v1/schemas/{name}").json()
        assert told == MODELS[name].model_json_schema()
    answer = newsroom.client.get("/v1/schemas/tandem.order.eaten.v1")
    assert answer.status_code == 404
    assert "tandem.order.placed.v1" in answer.json()["detail"]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("full", [False, True], ids=["least", "full"])
def test_the_examples_of_the_contract_are_what_it_describes(document: Json, name: str, *, full: bool) -> None:
    data = TYPES[name].least | (COMMON | TYPES[name].more if full else {})
    root = {"$ref": "#/components/schemas/CloudEvent", "components": document["components"]}
    check = jsonschema_rs.validator_for(root)
    check.validate(make.event(name, make.at("03-02"), data))
    with pytest.raises(jsonschema_rs.ValidationError):
        check.validate(make.event(name, make.at("03-02"), {}))


def test_the_server_keeps_to_it(newsroom: Newsroom) -> None:
    schema = schemathesis.openapi.from_url(f"{newsroom.url}/openapi.json")
    headers = {"authorization": newsroom.client.headers["authorization"]}
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(sent=operation.as_strategy())
        def keeps(sent: Any) -> None:
            sent.call_and_validate(headers=headers, checks=CHECKS)

        keeps()


@pytest.mark.skipif(not GENERATOR, reason="needs openapi-python-client (TANDEM_TEST_GENERATOR)")
def test_a_generated_client_sends_events_and_drafts(
    newsroom: Newsroom, document: Json, tmp_path: Path
) -> None:
    assert GENERATOR
    (tmp_path / "openapi.json").write_bytes(orjson.dumps(document))
    call([GENERATOR, "generate", "--path", "openapi.json", "--meta", "none"], tmp_path)
    secret = newsroom.client.headers["authorization"].removeprefix("Bearer ")
    script = Path(__file__).with_name("client_script.py")
    call([str(Path(GENERATOR).with_name("python")), str(script), newsroom.url, secret], tmp_path)
    [draft] = set(newsroom.ids) - {"EUR", "c1"}
    assert draft in {row["id"] for row in newsroom.rows(tables.journal) if "draft" in row["type"]}


def call(command: list[str], folder: Path) -> None:
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
