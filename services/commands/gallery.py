"""`tandem gallery`: every edition in every state, as mails to look at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import orjson
import typer

from services.browser import LOOKS
from services.commands.context import AsJson, Language, answer, named, say, spoken, writing
from services.commands.importing import BATCH
from services.commands.pictures import pictured
from services.simulator.states import STATES
from services.simulator.year import simulate
from shared.editions import EDITIONS, compose
from shared.editions.audiences import reader_of
from shared.editions.model import Edition
from shared.gathering.material import material
from shared.kpis.targets import read_targets
from shared.periods import Period
from shared.recording import record
from shared.rendering.environment import slug
from shared.rendering.writing import Rendered, paged, render_email
from shared.rendering.writing import write as told
from shared.sending import eml, save
from shared.settings import Settings, load
from shared.settling import settle
from shared.store.engine import Store
from shared.viewing import view

_SEED, _YEAR, _SCALE = 2025, 2025, 0.7
_MONTH = Period.month(_YEAR, 12)
_AS_OF = datetime.fromisoformat("2026-01-05T08:00:00+01:00")
_TARGETS: dict[str, Any] = {"otif": 95, "on_time": 96, "in_full": 98, "csat": 85, "wape": 25}
_NEAR = Decimal(2)
"""Percent of a target below which it still counts as nearly reached."""
_OWN, _ACCOUNTS = "One salesperson", 6
_LINKS = {
    "brand_site_url": "https://tandem.example/archive",
    "brand_draft_email": "newsroom@tandem.example",
}


class Shown(NamedTuple):
    """An edition in a state, and its mail."""

    name: str
    """The files' name: `newsletter.no-data`."""
    state: str
    edition: Edition
    mail: Rendered


def gallery(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", parser=named, help="Where to write.")] = Path(
        "gallery"
    ),
    reads: Language = None,
    as_json: AsJson = False,
) -> None:
    """Write every edition in every state, from an empty month to twelve stories, with pictures."""
    settings = spoken(load().model_copy(update={"zone": "Europe/Berlin", **_LINKS}), reads)
    with writing(out):
        shown = list(_shown(settings))
        for each in shown:
            _put(each, out, settings)
        pictures = pictured({each.name: each.mail for each in shown}, out, settings.chromium)
        (out / "index.html").write_text(_index(shown, settings, pictures), encoding="utf-8")
    if as_json:
        answer({"mails": [each.name for each in shown], "pictures": [file.name for file in pictures]})
    else:
        say(f"{len(shown)} mails in {len(STATES)} states; open {out / 'index.html'} in a browser.")


def _shown(settings: Settings) -> Iterator[Shown]:
    """Every edition that is registered, in every state of a simulated company's December."""
    targets = read_targets(_TARGETS, _NEAR)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/gallery.db")
        try:
            _live(store, settings)
            for name in sorted(EDITIONS):
                with view(store, _AS_OF, settings.rules) as connection:
                    month = material(connection, _MONTH, _AS_OF, settings.rules, targets, name)
                for state, change in STATES.items():
                    yield _one(state, told(compose(name, change(month))), settings)
                own = told(compose(name, month))
                if own.accounts:
                    yield _one(_OWN, own, settings)
        finally:
            store.close()


def _one(state: str, edition: Edition, settings: Settings) -> Shown:
    """The mail of a reader of the edition's audience."""
    reader = reader_of(edition.audience, settings.language)
    if state == _OWN:
        own = frozenset(filter(None, (each.customer.account_id for each in edition.accounts[:_ACCOUNTS])))
        reader = replace(reader, accounts=own)
    mail = render_email(edition, settings.brand, reader)
    return Shown(f"{edition.name}.{slug(state.lower())}", state, edition, mail)


def _live(store: Store, settings: Settings) -> None:
    """Let a small company trade for a year."""
    events = [orjson.dumps(event) for event in simulate(_SEED, _YEAR, _SCALE).events]
    for start in range(0, len(events), BATCH):
        record(store, events[start : start + BATCH], as_of=_AS_OF, rules=settings.rules)
    settle(store, as_of=_AS_OF, rules=settings.rules)


def _put(each: Shown, out: Path, settings: Settings) -> None:
    (out / f"{each.name}.html").write_text(each.mail.page, encoding="utf-8")
    (out / f"{each.name}.txt").write_text(each.mail.text, encoding="utf-8")
    message_id = f"<{each.name}.gallery@{settings.brand.list_id}>"
    save(out, each.name, eml(each.mail, settings.sender, settings.recipient, message_id, each.edition.as_of))


def _index(shown: list[Shown], settings: Settings, pictures: list[Path]) -> str:
    context = {
        "shown": shown,
        "looks": [look.name for look in LOOKS] if pictures else [],
        "brand": settings.brand,
    }
    return paged("web/gallery.html.j2", context)
