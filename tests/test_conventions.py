"""What holds for every pattern, KPI, edition, module and setting: one name everywhere, no surprise."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import shared.kpis.otif
import shared.patterns.roadblock_beaten
from shared.editions.choice import Choice
from shared.editions.registry import EDITIONS, edition
from shared.kpis.registry import kpi, kpis
from shared.languages import languages
from shared.patterns.registry import names, pattern
from shared.rules import Rules
from shared.settings import Settings
from shared.stories.headlines import words

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for top in ("shared", "services") for path in (ROOT / top).rglob("*.py"))


@pytest.mark.parametrize("name", names())
def test_a_pattern_has_a_module_words_a_template_and_a_test(name: str) -> None:
    check_module("patterns", name)
    for language in languages():
        assert name in words(language)
        assert (ROOT / f"templates/stories/{language}/{name}.md.j2").is_file()


@pytest.mark.parametrize("name", kpis())
def test_a_kpi_has_a_module_and_a_test(name: str) -> None:
    check_module("kpis", name)


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_has_a_module_templates_and_a_test(name: str) -> None:
    check_module("editions", name)
    for part in ("subject.txt", "body.txt", "body.mjml"):
        assert (ROOT / f"templates/emails/{name}/{part}.j2").is_file()


def check_module(kind: str, name: str) -> None:
    module = ROOT / f"shared/{kind}/{name}.py"
    assert f"def {name}(" in module.read_text(encoding="utf-8")
    assert (ROOT / f"tests/{kind}/test_{name}.py").is_file()


@pytest.mark.parametrize("folder", [*(f"stories/{each}" for each in languages()), "emails"])
def test_no_template_without_its_owner(folder: str) -> None:
    known = set(names()) | set(EDITIONS) | {"_base", "asking"}
    assert {path.name.partition(".")[0] for path in (ROOT / "templates" / folder).iterdir()} <= known


def test_the_second_of_one_name_is_refused() -> None:
    with pytest.raises(ValueError, match="roadblock_beaten"):
        pattern(premise=lambda _: True)(shared.patterns.roadblock_beaten.roadblock_beaten)
    again = kpi(
        unit="percent", better="higher", owner="Joint", formula="a ÷ b", settled_after_days=lambda _: 0
    )
    with pytest.raises(ValueError, match="otif"):
        again(shared.kpis.otif.otif)
    with pytest.raises(ValueError, match="newsletter"):
        edition("everyone", "month")(EDITIONS["newsletter"].compose)


NUMBERS = [(Rules, "", field.name) for field in fields(Rules)] + [
    (Choice, "story_", field.name) for field in fields(Choice)
]


@pytest.mark.parametrize(("of", "prefix", "name"), NUMBERS)
def test_every_number_is_a_setting_with_a_reason(of: type, prefix: str, name: str) -> None:
    assert f"{prefix}{name}" in Settings.model_fields
    body = next(node for node in ast.parse(source(of)).body if isinstance(node, ast.ClassDef)).body
    for number, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            reason = body[number + 1]
            assert isinstance(reason, ast.Expr)
            assert isinstance(reason.value, ast.Constant)
            return
    pytest.fail(f"{name} stands nowhere in the class")


def source(one: type) -> str:
    text = (ROOT / f"{one.__module__.replace('.', '/')}.py").read_text(encoding="utf-8")
    return text[text.index("@dataclass") :]


def test_nothing_in_shared_asks_for_the_time() -> None:
    """Time comes in: as an argument, from the edge."""
    for path in (path for path in MODULES if path.is_relative_to(ROOT / "shared")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if asks and node.func.attr in ("now", "utcnow", "today"):
                pytest.fail(f"{path.relative_to(ROOT)}:{node.lineno} asks for the time")


def test_importing_does_nothing_but_define(tmp_path: Path) -> None:
    """In an empty environment and folder: no setting read, nothing written, printed or left running."""
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES]
    names = [name.removesuffix(".__init__") for name in names if "migrations" not in name]
    code = f"""
import importlib, sys, threading
sys.path.insert(0, {str(ROOT)!r})
for name in {names!r}:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
"""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
