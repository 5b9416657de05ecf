"""Whatever a gate asks is said in a sentence, so that nobody must guess from its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared.history.outcomes import BASES
from shared.patterns.conditions import CONDITIONS, condition

PATTERNS = Path(__file__).parents[2] / "shared" / "patterns"
UNUSED_BASIS = "requested"


def asked() -> set[str]:
    """The names of all gates, as the code writes them."""
    found = set[str]()
    for path in PATTERNS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Verdict" | "Gate"), args=[first, *_]):
                    found |= names(first)
                case ast.Call(func=ast.Attribute(attr="_fell"), args=[ast.Constant(value=str(name)), *_]):
                    found.add(name)
    return found


def names(value: ast.expr) -> set[str]:
    match value:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.IfExp(body=one, orelse=other):
            return names(one) | names(other)
        case ast.JoinedStr():
            return {f"otif_{basis}" for basis in BASES if basis != UNUSED_BASIS}
    return set()


def test_every_gate_has_a_sentence_and_no_sentence_is_without_a_gate() -> None:
    assert asked() == CONDITIONS.keys()


@pytest.mark.parametrize("sentence", CONDITIONS.values())
def test_a_sentence_is_one(sentence: str) -> None:
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_where_two_patterns_ask_otherwise_each_says_its_own() -> None:
    assert condition("peak_week_carried", "not_bought") != condition("detractor_to_promoter", "not_bought")
    assert condition("roadblock_beaten", "joint") == CONDITIONS["joint"]
    assert condition("roadblock_beaten", "of_another_version") == "of another version"
