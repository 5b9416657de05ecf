"""People in the browser: a list is looked at before it is imported, people are changed, and forgotten."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.people.importing import import_people
from shared.people.reading import one
from shared.store import sign_ins
from tests.newsroom.visiting import sign_in

if TYPE_CHECKING:
    import httpx

    from shared.people.model import Person
    from tests.http.newsroom import Newsroom
    from tests.newsroom.visiting import Browser

LIST = """person_id,email,name,department
p-1,jo@example.com,Jörg Müller,warehouse
reporter,reporter@example.com,The reporter,planning
,x@example.com,X,sales
"""
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
SENT = re.compile(r'name="list64" value="([^"]*)"')


def upload(visitor: Browser, text: str) -> httpx.Response:
    files = {"csrf": (None, visitor.csrf("/")), "list": ("people.csv", text.encode(), "text/csv")}
    return visitor.http.post("/import/people", files=files, headers={"sec-fetch-site": "same-origin"})


def confirm(visitor: Browser, shown: str) -> httpx.Response:
    fields = {"csrf": visitor.csrf("/"), "seen": SEEN.findall(shown)[0], "list64": SENT.findall(shown)[0]}
    files = {name: (None, value) for name, value in fields.items()}
    return visitor.http.post("/import/people", files=files, headers={"sec-fetch-site": "same-origin"})


def person(newsroom: Newsroom, person_id: str) -> Person:
    with newsroom.store.reading() as connection:
        return one(connection, person_id)


def test_a_list_changes_nothing_before_it_was_looked_at(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    shown = upload(visitor, LIST)
    assert shown.status_code == 200
    assert "1 new, 1 changed, 0 as they are, 1 left out." in shown.text
    assert "Department: sales" in shown.text
    assert "Department: planning" in shown.text
    assert "Jörg Müller" in shown.text
    assert person(newsroom, "reporter").department == "sales"
    assert confirm(visitor, shown.text).status_code == 303
    assert person(newsroom, "reporter").department == "planning"
    assert person(newsroom, "p-1").name == "Jörg Müller"


def test_a_list_that_would_change_something_else_by_now_is_shown_again(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    shown = upload(visitor, LIST).text
    moved = LIST.splitlines()[0] + "\nreporter,reporter@example.com,The reporter,quality\n"
    import_people(newsroom.store, moved.encode(), datetime.now(UTC))
    again = confirm(visitor, shown)
    assert again.status_code == 200
    assert "Somebody changed people since you looked" in again.text
    assert person(newsroom, "reporter").department == "quality"
    assert confirm(visitor, again.text).status_code == 303
    assert person(newsroom, "reporter").department == "planning"


def test_what_is_no_list_is_refused_with_the_reason(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    answer = upload(visitor, "who,where\n")
    assert answer.status_code == 422
    assert "There is no column person_id" in answer.text


def test_nobody_locks_themselves_out(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    answer = upload(
        visitor, "person_id,email,name,department,roles\nadmin,admin@example.com,The admin,sales,\n"
    )
    assert answer.status_code == 422
    assert "your own role" in answer.text


def test_an_upload_from_elsewhere_is_refused(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    for csrf, site, code in (("0" * 64, "same-origin", 403), (visitor.csrf("/"), "cross-site", 403)):
        files = {"csrf": (None, csrf), "list": ("people.csv", LIST.encode(), "text/csv")}
        answer = visitor.http.post("/import/people", files=files, headers={"sec-fetch-site": site})
        assert answer.status_code == code
    same = {"sec-fetch-site": "same-origin", "content-type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x\r\n", b"\xff\xfe", b"--x\r\n\r\n\r\n--x--"):
        assert visitor.http.post("/import/people", content=body, headers=same).status_code in {403, 415}


def test_an_administrator_changes_what_is_known(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    fields = {"department": "planning", "role": "editor", "language": "de", "naming": "never"}
    fields |= {"customers": "C-1; C-2", "edition.newsletter": "monthly"}
    assert visitor.post("/people/editor", {**fields, "csrf": visitor.csrf("/")}).status_code == 303
    found = person(newsroom, "editor")
    assert (found.department, found.language, found.naming) == ("planning", "de", "never")
    assert found.customers == {"C-1", "C-2"}
    assert found.wants("newsletter") == "monthly"


def test_an_administrator_cannot_have_stories_say_more_of_someone(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    fields = {"department": "planning", "naming": "named", "csrf": visitor.csrf("/")}
    answer = visitor.post("/people/reporter", fields)
    assert answer.status_code == 422
    assert "Only people themselves" in answer.text
    assert person(newsroom, "reporter").naming == "team"


def test_erasing_needs_the_id_and_keeps_it(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    page = visitor.get("/erase/reporter").text
    assert "What goes" in page
    assert "What stays" in page
    csrf = visitor.csrf("/")
    assert visitor.post("/erase/reporter", {"confirm": "Reporter", "csrf": csrf}).status_code == 422
    assert person(newsroom, "reporter").erased_at is None
    assert visitor.post("/erase/reporter", {"confirm": "reporter", "csrf": csrf}).status_code == 303
    gone = person(newsroom, "reporter")
    assert (gone.name, gone.email, gone.department) == (None, None, "sales")
    assert "was erased on" in visitor.get("/erase/reporter").text


def test_nobody_erases_themselves(newsroom: Newsroom) -> None:
    visitor = sign_in(newsroom, "admin")
    answer = visitor.post("/erase/admin", {"confirm": "admin", "csrf": visitor.csrf("/")})
    assert answer.status_code == 422
    assert person(newsroom, "admin").erased_at is None
    assert sign_ins.link(newsroom.store, "admin", datetime.now(UTC))
