from __future__ import annotations

from pathlib import Path

import pytest

import shared.editions
from shared.editions import EDITIONS, compose
from shared.editions.registry import edition
from shared.periods import Period
from shared.rendering.environment import TEMPLATES
from tests.editions.examples import material


def test_name_is_module_and_template_folder() -> None:
    folder = Path(shared.editions.__file__).parent
    for name, kind in EDITIONS.items():
        assert kind.compose.__name__ == name
        assert (folder / f"{name}.py").is_file()
        found = {path.name for path in (TEMPLATES / "emails" / name).iterdir()}
        assert found == {"subject.txt.j2", "body.txt.j2", "body.mjml.j2"}
        assert (Path(__file__).parent / f"test_{name}.py").is_file()
    folders = {path.name for path in (TEMPLATES / "emails").iterdir()} - {"_base", "asking"}
    assert folders == set(EDITIONS)


def test_a_second_registration_is_refused() -> None:
    with pytest.raises(ValueError, match="registered already"):
        edition("everyone", "month")(EDITIONS["newsletter"].compose)


def test_an_edition_says_of_which_periods_it_is_made() -> None:
    for name, kind in EDITIONS.items():
        for period in (Period.month(2025, 12), Period.parse("2025-W50")):
            if period.unit in kind.units:
                assert compose(name, material(period=period)).audience == kind.audience
            else:
                with pytest.raises(ValueError, match=f"{name} is made of a month, not of a week"):
                    compose(name, material(period=period))


def test_an_unknown_edition_names_the_known() -> None:
    with pytest.raises(ValueError, match="leadership, meeting_pack, newsletter"):
        compose("gazette", material())
