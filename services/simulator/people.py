"""Who works here: people of every department, and the accounts of machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.simulator.dice import Dice

_NAMES = {
    "sales": (
        "Ana Ruiz", "Tobias Lindqvist", "Chiamaka Obi", "Yusuf Demir", "Claire Dumont",
        "Rahul Menon", "Greta Hoffmann", "Mateo Fuentes", "Siobhan Kelly", "Daniel Weiss",
    ),
    "marketing": ("Noor van Dijk", "Emre Aydin", "Lucia Ferraro"),
    "customer_service": (
        "Katarzyna Nowak", "Hana Suzuki", "Olivier Lambert", "Fatima Haddad", "Sven Carlsson",
        "Priya Raman", "Marta Silva",
    ),
    "operations": ("Ingrid Solberg", "Kwame Boateng", "Petra Vogel", "Luis Herrera"),
    "planning": (
        "Mei Lin", "Arjun Patel", "Sabine Krause", "Tomasz Wolski", "Leila Karimi", "Jonathan Frey",
    ),
    "production": ("Jonas Weber", "Aylin Kaya", "Piotr Zielinski", "Grace Mwangi", "Uwe Brandt"),
    "procurement": ("Elif Yildiz", "Henrik Dahl", "Beatriz Costa", "Wei Zhang"),
    "logistics": (
        "Dragan Petrovic", "Amina Diallo", "Ruud Bakker", "Linh Tran", "Sophie Martin", "Andrei Popescu",
    ),
    "warehouse": (
        "Marek Svoboda", "Adaeze Eze", "Carlos Mendes", "Nina Berger", "Ibrahim Sesay", "Kalani Akana",
    ),
    "quality": ("Birgit Schuster", "Thanh Nguyen", "Oksana Bondar", "Samuel Adeyemi", "Eva Horvath"),
    "finance": ("Martin Keller", "Zainab Rashid", "Paulina Berg"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Someone, or something, that does things to orders; the department as of the event."""

    person_id: str
    department: str
    name: str | None = None
    is_human: bool = True

    def wire(self, role: str | None = None) -> dict[str, Any]:
        """The contract's Person, in `role`."""
        fields: dict[str, Any] = {"person_id": self.person_id, "department": self.department}
        if role:
            fields["role"] = role
        if not self.is_human:
            fields["is_human"] = False
        if self.name:
            fields["name"] = self.name
        return fields


EDI = Person("svc-edi", "system", is_human=False)
BATCH = Person("svc-planning", "system", is_human=False)
TRACKING = Person("svc-tracking", "system", is_human=False)
MAILBOX = Person("svc-service-desk", "customer_service", is_human=False)
ALLOCATION = Person("svc-allocation", "planning", is_human=False)
HAULIER = Person("driver-pool", "carrier")


def _staff() -> dict[str, tuple[Person, ...]]:
    number = iter(range(1, 1000))
    return {
        department: tuple(Person(f"p-{next(number):03}", department, name) for name in names)
        for department, names in _NAMES.items()
    }


STAFF = _staff()


def someone(dice: Dice, *departments: str) -> Person:
    """A person of one of these departments."""
    return dice.pick(STAFF[dice.pick(departments)])
