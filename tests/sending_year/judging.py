"""Judges what the server has against who should have got it and what the ledger says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared import tables
from shared.store import ledger, runs, sendings
from tests.sending_year.server import DROPPED, TAKEN, TAKEN_UNSAID

if TYPE_CHECKING:
    from sqlalchemy import Row

    from shared.store.engine import Store
    from tests.sending_year.company import Member
    from tests.sending_year.server import Entry


@dataclass
class Witness:
    """What was seen from outside while it ran."""

    languages: dict[tuple[str, str], str] = field(default_factory=dict)
    """What language each mail should be in, by edition and person: nobody else should get one."""
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Who wanted a kind of edition no more, and how many mails the server had then."""
    on_the_way: set[str] = field(default_factory=set)
    """Mails that were being handed over when someone wanted no more of them."""
    cut_off: set[str] = field(default_factory=set)
    """Mails that were being handed over when a publisher was killed or the clock leapt."""

    def release(self, edition_id: str, members: list[Member]) -> None:
        kind = edition_id.partition("-")[0]
        for each in members:
            if each.gets(kind):
                self.languages[edition_id, each.person_id] = each.language


def judge(store: Store, entries: list[Entry], seen: Witness, wanted: Counter[str]) -> list[str]:
    """Everything that is wrong."""
    with store.reading() as connection:
        mails = list(connection.execute(select(tables.mails)))
        found = runs.listed(connection)
        released = {row.edition_id: row for row in sendings.listed(connection)}
    faults = [
        f"{row.schedule} of {row.day} is {row.state}: {row.note}" for row in found if row.state != "completed"
    ]
    had = Counter(row.edition for row in found)
    faults += [f"there should be {wanted} runs, not {had}"] if had != wanted else []
    for edition_id, row in released.items():
        count = sum(mail.edition_id == edition_id for mail in mails)
        if row.state not in {"completed", "archived"} or row.candidates != count:
            faults.append(f"{edition_id} is {row.state} with {count} of {row.candidates} mails")
    return faults + _mails(mails, entries, seen) + _strangers(entries, seen) + _unwanted(entries, seen)


def _mails(mails: list[Row[tuple[object]]], entries: list[Entry], seen: Witness) -> list[str]:
    """Each mail against what came of it: once, or doubtful for a reason, or not at all."""
    taken = Counter(entry.mail_id for entry in entries if entry.taken)
    unsaid = {entry.mail_id for entry in entries if entry.fate != TAKEN}
    faults = [f"mail {mail_id} came {count} times" for mail_id, count in taken.items() if count > 1]
    for mail in mails:
        own = f"mail {mail.mail_id} of {mail.edition_id} to {mail.person_id} is {mail.state}"
        came = taken.pop(mail.mail_id, 0)
        if mail.state == "sent" and not came:
            faults.append(f"{own}, and never came")
        elif mail.state == "excluded" and came:
            faults.append(f"{own}, and came")
        elif mail.state == "doubtful" and mail.mail_id not in unsaid | seen.cut_off:
            faults.append(f"{own}, and nobody knows why: {mail.reason}")
        elif mail.state not in ("sent", "excluded", "doubtful"):
            faults.append(own)
        due = (mail.edition_id, mail.person_id) in seen.languages
        if due and mail.state == "excluded" and mail.reason not in ("unsubscribed", "erased"):
            faults.append(f"{own}: {mail.reason}")
    missing = seen.languages.keys() - {(mail.edition_id, mail.person_id) for mail in mails}
    return (
        faults
        + [f"{each} was never made" for each in missing]
        + [f"{each} is none of ours" for each in taken]
    )


def _strangers(entries: list[Entry], seen: Witness) -> list[str]:
    """Mails to those who had left, had opted out before, or in a language of others."""
    faults = []
    for entry in entries:
        person_id = entry.to.partition("@")[0]
        language = seen.languages.get((entry.edition_id, person_id))
        if language != entry.language:
            faults.append(f"{entry.edition_id} came to {person_id} in {entry.language}, not {language}")
    return faults


def _unwanted(entries: list[Entry], seen: Witness) -> list[str]:
    """Mails that left after someone had said that they want no more."""
    return [
        f"{entry.edition_id} came to {entry.to}, who wanted no more"
        for after, person_id, kind in seen.refused
        for entry in entries[after:]
        if entry.to == f"{person_id}@example.com"
        and entry.edition_id.startswith(f"{kind}-")
        and entry.mail_id not in seen.on_the_way
    ]


def counts(store: Store, entries: list[Entry], seen: Witness) -> dict[str, int]:
    """What there was of each."""
    with store.reading() as connection:
        doubtful = ledger.listed(connection, state="doubtful", most=10**6)
        states = Counter(connection.scalars(select(tables.mails.c.state)))
    taken = {entry.mail_id for entry in entries if entry.taken}
    fates = Counter(entry.fate for entry in entries)
    return {
        "editions": len({edition_id for edition_id, _ in seen.languages}),
        **{f"{state} in the ledger": number for state, number in sorted(states.items())},
        "at the server": len(taken),
        "doubtful that came": sum(mail.mail_id in taken for mail in doubtful),
        "doubtful that did not": sum(mail.mail_id not in taken for mail in doubtful),
        "lines dropped before a mail was taken": fates[DROPPED],
        "lines dropped after": fates[TAKEN_UNSAID],
        "mails under way at a kill or leap of the clock": len(seen.cut_off),
        "opted out while it ran": len(seen.refused),
    }
