from __future__ import annotations

from pathlib import Path

import pytest

import shared.editions
from shared.editions import EDITIONS, compose
from shared.editions.registry import edition
from shared.rendering_environment import TEMPLATES
from tests.editions.examples import material


def test_name_is_module_and_template_folder() -> None:
    folder = Path(shared.editions.__file__).parent
    for name, function in EDITIONS.items():
        assert function.__name__ == name
        assert (folder / f"{name}.py").is_file()
        found = {path.name for path in (TEMPLATES / "emails" / name).iterdir()}
        assert found == {"subject.txt.j2", "body.txt.j2", "body.mjml.j2"}
        assert (Path(__file__).parent / f"test_{name}.py").is_file()
    folders = {path.name for path in (TEMPLATES / "emails").iterdir()} - {"_base"}
    assert folders == set(EDITIONS)


def test_a_second_registration_is_refused() -> None:
    with pytest.raises(ValueError, match="registered already"):
        edition(EDITIONS["newsletter"])


def test_an_unknown_edition_names_the_known() -> None:
    with pytest.raises(ValueError, match="leadership, newsletter"):
        compose("gazette", material())
