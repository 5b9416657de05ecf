"""`tandem people`: lists in, choices kept, errors by line and field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = "p-1;ana@example.com;Ana Ruiz;sales;named"
HEAD = "person_id;email;name;department;naming"


def write(*rows: str) -> Path:
    path = Path("people.csv")
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8-sig")
    return path


def test_a_list_goes_in_and_shows(tandem: Callable[..., Any]) -> None:
    done = tandem("people", "import", write(GOOD, "p-2;nobody;Bo;sales;"), "--json")
    assert done.code == 1
    assert done.json == {
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "rejects": [
            {
                "file": "people.csv",
                "line": 3,
                "field": "email",
                "reason": "'nobody' is no mail address; write name@example.com",
            }
        ],
    }
    [ana] = tandem("people", "list", "--json").json
    assert (ana["person_id"], ana["naming"], ana["customers"]) == ("p-1", "named", None)
    assert "Ana Ruiz" in tandem("people", "list").out
    assert "people.csv:3: email:" in tandem("people", "import", write(GOOD, "p-2;nobody;Bo;sales;")).err


def test_choices_are_kept_and_shown(tandem: Callable[..., Any]) -> None:
    tandem("people", "import", write(GOOD))
    told = tandem("people", "prefer", "p-1", "--naming", "never", "--edition", "newsletter=monthly", "--json")
    assert (told.json["naming"], told.json["subscriptions"]) == ("never", {"newsletter": "monthly"})
    assert "newsletter monthly" in tandem("people", "show", "p-1").out
    assert tandem("people", "prefer", "p-1").code == 2
    assert tandem("people", "prefer", "p-1", "--edition", "newsletter").code == 2
    assert tandem("people", "prefer", "p-1", "--naming", "loud").code == 2


def test_the_forgotten_are_gone(tandem: Callable[..., Any]) -> None:
    tandem("people", "import", write(GOOD))
    assert tandem("people", "erase", "p-1").code == 0
    assert tandem("people", "list", "--json").json == []
    shown = tandem("people", "show", "p-1", "--json").json
    assert (shown["name"], shown["email"]) == (None, None)
    assert tandem("people", "erase", "p-9").code == 1


def test_a_file_that_is_no_list_is_called_wrongly(tandem: Callable[..., Any]) -> None:
    assert tandem("people", "import", "none.csv").code == 2
    Path("wrong.csv").write_text("a,b\n", encoding="utf-8")
    assert tandem("people", "import", "wrong.csv").code == 2


def test_a_preview_names_nobody_who_does_not_wish_it_any_more(
    tandem: Callable[..., Any], spring: str, tmp_path: Path
) -> None:
    people = "person_id,email,name,department,naming\np-sales,ana@example.com,Ana Ruiz,sales,named\n"
    (tmp_path / "people.csv").write_text(people)
    assert tandem("people", "import", "people.csv", "--as-of", "2026-01-01T00:00:00Z").code == 0
    made = tandem("compose", "newsletter", "--month", "2026-04", "--as-of", "2026-05-08T08:00:00Z", "--json")
    assert [story["win_id"] for story in made.json["stories"]] == [spring]
    assert tandem("release", "newsletter-2026-04", "--as-of", "2026-05-08T08:00:00Z").code == 0
    for naming, named in (("named", True), ("never", False)):
        tandem("people", "prefer", "p-sales", "--naming", naming)
        assert tandem("preview", "newsletter-2026-04", "--out", naming).code == 0
        told = [path.read_text() for path in (tmp_path / naming).iterdir()]
        assert any("Ana Ruiz" in text for text in told) == named
