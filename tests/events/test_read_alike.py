"""An event is checked as it was decoded; what that accepts, its text says, too, and nothing else."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.events.catalogue import MODELS
from tests import make
from tests.events.contract import COMMON, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        [
            "",
            "5",
            "1.5",
            "-0",
            "1e3",
            "2026-03-10",
            "2026-03-02T09:00:00Z",
            "2026-03-02T09:00:00+02:60",
            "2026-03-02T09:00:00.1234567Z",
        ]
    ),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below, max_size=2),
    max_leaves=3,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        yield value, key
        yield from places(each)


@st.composite
def documents(draw: st.DrawFn) -> Json:
    name = draw(st.sampled_from(sorted(TYPES)))
    data = deepcopy({**TYPES[name].least, **TYPES[name].more, **COMMON})
    document = make.event(name, make.at("03-02"), data)
    for _ in range(draw(st.integers(0, 2))):
        holder, key = draw(st.sampled_from(list(places(document["data"]))))
        holder[key] = draw(VALUES)
    return document


@given(documents())
def test_what_is_accepted_as_decoded_says_the_same_as_text(document: Json) -> None:
    raw = orjson.dumps(document)
    validator = MODELS[document["type"]].__pydantic_validator__
    try:
        decoded = validator.validate_python(orjson.loads(raw))
    except ValidationError:
        return
    read = validator.validate_json(raw)
    assert decoded == read
    assert decoded.model_dump_json() == read.model_dump_json()
