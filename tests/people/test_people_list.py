"""Lists of people: what becomes of each row, and why some are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.people.choosing import prefer
from shared.people.importing import import_people
from shared.people.listing import Reject, read
from shared.people.model import PeopleError, Person
from shared.people.reading import everyone, one
from tests import databases, make

if TYPE_CHECKING:
    from shared.people.importing import Imported
    from shared.store.engine import Store

HEAD = "person_id,email,name,department,language,naming,roles,customers"
ANA = "p-1,ana@example.com,Ana Ruiz,sales,en,named,leader;editor,C-1;C-2"
NOW = make.LATER


def taken(store: Store, *lines: str, head: str = HEAD) -> Imported:
    return import_people(store, "\n".join([head, *lines]).encode(), NOW)


def all_of(store: Store) -> list[Person]:
    with store.reading() as connection:
        return [person for some in everyone(connection) for person in some]


def faults(done: Imported) -> list[tuple[int, str]]:
    return [(reject.line, reject.field) for reject in done.rejects]


def test_a_list_creates_people_and_says_so(store: Store) -> None:
    done = taken(store, ANA, "p-2,bo@example.com,Bo Li,logistics,,,,")
    assert (done.read, done.created, done.updated, done.unchanged, done.rejects) == (2, 2, 0, 0, ())
    ana, bo = all_of(store)
    assert (ana.naming, ana.roles, ana.customers) == ("named", {"leader", "editor"}, {"C-1", "C-2"})
    assert (bo.naming, bo.language, bo.roles, bo.customers) == ("team", "en", frozenset(), None)


def test_the_same_list_again_changes_nothing(store: Store) -> None:
    taken(store, ANA)
    done = taken(store, ANA)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 1)


def test_what_a_list_does_not_say_stays(store: Store) -> None:
    taken(store, ANA)
    done = taken(store, "p-1,ana@example.org,Ana Ruiz,marketing", head="person_id,email,name,department")
    assert done.updated == 1
    [ana] = all_of(store)
    assert (ana.email, ana.department, ana.naming) == ("ana@example.org", "marketing", "named")


def test_what_people_chose_no_list_changes(store: Store) -> None:
    taken(store, ANA)
    prefer(store, "p-1", NOW, who="ana", naming="never", subscriptions={"newsletter": "never"})
    assert taken(store, ANA).unchanged == 1
    [ana] = all_of(store)
    assert (ana.naming, ana.wants("newsletter"), ana.wants("leadership")) == ("never", "never", "every")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",a@example.com,A,sales,,,,", "person_id"),
        ("p\u200b1,a@example.com,A,sales,,,,", "person_id"),
        ("p-1,,A,sales,,,,", "email"),
        ("p-1,nobody,A,sales,,,,", "email"),
        ("p-1,A <a@example.com>,A,sales,,,,", "email"),
        ("p-1,ä@example.com,A,sales,,,,", "email"),
        (f"p-1,{'a' * 65}@example.com,A,sales,,,,", "email"),
        ("p-1,a@example.com,,sales,,,,", "name"),
        ("p-1,a@example.com,A,magic,,,,", "department"),
        ("p-1,a@example.com,A,sales,xx,,,", "language"),
        ("p-1,a@example.com,A,sales,,maybe,,", "naming"),
        ("p-1,a@example.com,A,sales,,,king,", "roles"),
        ("p-1,a@example.com,A,sales,,,,C\x071", "customers"),
        ("p-1,a@example.com,A,sales", ""),
    ],
)
def test_a_wrong_cell_is_named_and_its_neighbours_are_taken(store: Store, row: str, field: str) -> None:
    done = taken(store, row, "p-9,z@example.com,Z,quality,,,,")
    assert faults(done) == [(2, field)]
    assert (done.read, done.created) == (2, 1)


def test_nobody_stands_twice(store: Store) -> None:
    done = taken(store, ANA, "p-1,other@example.com,Ana,sales,,,,", "p-2,ANA@Example.com,Bo,sales,,,,")
    assert faults(done) == [(3, "person_id"), (4, "email")]
    assert "p-1" in done.rejects[1].reason


def test_one_address_in_two_alphabets_is_one(store: Store) -> None:
    taken(store, "p-1,a@bücher.example,A,sales,,,,")
    done = taken(store, "p-2,A@xn--bcher-kva.example,B,sales,,,,")
    assert faults(done) == [(2, "email")]


def test_two_people_may_swap_addresses_in_one_list(store: Store) -> None:
    taken(store, "p-1,a@example.com,A,sales,,,,", "p-2,b@example.com,B,sales,,,,")
    assert taken(store, "p-1,b@example.com,A,sales,,,,", "p-2,a@example.com,B,sales,,,,").updated == 2
    assert [person.email for person in all_of(store)] == ["b@example.com", "a@example.com"]


def test_a_refused_move_refuses_whoever_counted_on_it(store: Store) -> None:
    taken(
        store,
        "p-1,a@example.com,A,sales,,,,",
        "p-2,b@example.com,B,sales,,,,",
        "p-3,c@example.com,C,sales,,,,",
    )
    done = taken(store, "p-1,b@example.com,A,sales,,,,", "p-2,c@example.com,B,sales,,,,")
    assert faults(done) == [(2, "email"), (3, "email")]
    assert [person.email for person in all_of(store)] == ["a@example.com", "b@example.com", "c@example.com"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lists_as_spreadsheets_write_them(store: Store, mark: str, end: str) -> None:
    lines = [
        "Person_ID;Email;Name;Department;Customers",
        'p-1;a@example.com;"Ruiz; Ana";sales;"C-1;C-2"',
        "",
        "",
    ]
    done = import_people(store, (mark + end.join(lines)).encode(), NOW)
    assert (done.read, done.created) == (1, 1)
    with store.reading() as connection:
        ana = one(connection, "p-1")
    assert (ana.name, ana.customers) == ("Ruiz; Ana", {"C-1", "C-2"})


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no column person_id"),
        (b"person_id,email,name\n", "no column department"),
        (f"{HEAD},salary\n".encode(), "'salary'"),
        (f"{HEAD},email\n".encode(), "email stands twice"),
        (f"{HEAD}\n".encode("utf-16"), "UTF-8"),
        (f"{HEAD}\np\0".encode(), "NUL"),
    ],
)
def test_what_is_no_list_changes_nothing_and_says_why(store: Store, raw: bytes, says: str) -> None:
    with pytest.raises(PeopleError, match=says):
        import_people(store, raw, NOW)
    assert all_of(store) == []


def test_a_quote_that_never_ends_is_told_by_its_line(store: Store) -> None:
    done = taken(store, ANA, 'p-2,"bo@example.com,Bo,sales,,,,')
    assert faults(done) == [(3, "")]
    assert [person.person_id for person in all_of(store)] == ["p-1"]


_CELL = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
_ROW = st.fixed_dictionaries(
    {
        "person_id": st.sampled_from(["p-1", "p-2", "p-3"]) | _CELL,
        "email": st.sampled_from(["a@example.com", "A@example.com", "b@example.com", "c@example.com"])
        | _CELL,
        "name": _CELL,
        "department": st.sampled_from(["sales", "logistics", "magic"]),
    }
)


def quoted(row: dict[str, Any]) -> str:
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in row.values())


@given(st.lists(st.lists(_ROW, max_size=5), max_size=3))
def test_any_lists_leave_one_address_to_each_and_count_every_row(
    database: str, lists: list[list[dict[str, Any]]]
) -> None:
    del database
    store = databases.opened()
    try:
        for rows in lists:
            text = "\n".join(["person_id,email,name,department", *map(quoted, rows)])
            try:
                done = import_people(store, text.encode(), NOW)
            except PeopleError as error:
                assert "NUL" in str(error)  # noqa: PT017 - the only reason there may be
                continue
            assert done.read == done.created + done.updated + done.unchanged + len(done.rejects)
        found = all_of(store)
        assert len({person.email.lower() for person in found if person.email}) == len(found)
        for rows in lists[-1:]:
            again = "\n".join(["person_id,email,name,department", *map(quoted, rows)]).encode()
            if b"\0" not in again:
                assert import_people(store, again, NOW).created == 0
    finally:
        store.close()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        rows = list(read(f"{HEAD}\n".encode() + raw))
    except PeopleError:
        return
    assert all(isinstance(told, Reject | dict) for _, told in rows)
