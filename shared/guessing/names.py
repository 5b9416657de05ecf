"""Column names as words that can be compared: `_CustomerID`, `Kunden-Nr.`, `N° client`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

_CAMEL = re.compile(r"(?<=[a-zäöüéèñ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NUMBER = re.compile(r"\bn\.?\s*[°º]|[#№]", re.IGNORECASE)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO = {"nr", "no", "num", "nbr", "nb", "numero", "nummer", "number", "nro"}
_EMPTY = {"the", "of", "de", "du", "des", "la", "der", "die", "das", "del", "el", "d", "l"}
_LONG = {
    short: long
    for long, shorts in {
        "actual": "act",
        "amount": "amt",
        "artikel": "art",
        "auftrags": "auftr",
        "bestaetigter": "bestaet",
        "bezeichnung": "bez",
        "code": "cd",
        "commande": "cde cmd cmde",
        "committed": "commit",
        "confirmed": "conf",
        "currency": "curr",
        "customer": "cust",
        "date": "dt dte",
        "datum": "dat",
        "delivery": "deliv dlv dlvy dely",
        "description": "desc descr",
        "document": "doc",
        "estimated": "est",
        "expected": "exp",
        "kunden": "kd",
        "liefer": "lief",
        "liefertermin": "lt",
        "ligne": "lig",
        "line": "ln",
        "livraison": "liv livr",
        "marchandise": "march marchandises",
        "order": "ord",
        "product": "prod",
        "promised": "promise",
        "quantite": "qte",
        "quantity": "qty qnty qtty quan",
        "requested": "req request",
        "required": "reqd",
        "scheduled": "sched",
        "waehrung": "waehrg whg",
    }.items()
    for short in shorts.split()
}
EXACT, WEAK, PART = 1.0, 0.6, 0.7


def words_of(name: str) -> tuple[str, ...]:
    """The plain words of a column's name, in order: numbers of something as `no`."""
    text = _NUMBER.sub(" no ", _CAMEL.sub(" ", name))
    text = unicodedata.normalize("NFC", text).casefold().translate(_GERMAN)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    tokens = re.findall(r"[a-z0-9]+", text)
    return tuple(word for token in tokens for word in _split(token) if word not in _EMPTY)


def _split(token: str) -> list[str]:
    """A token at full length, with German compounds such as `auftragsnummer` as `auftrags no`."""
    if token in _NO:
        return ["no"]
    for ending in ("nummer", "nr"):
        if token.endswith(ending) and len(token) > len(ending) + 1:
            stem = token.removesuffix(ending)
            return [_LONG.get(stem) or stem.removesuffix("s").removesuffix("en"), "no"]
    return [_LONG.get(token, token)]


@dataclass(frozen=True, slots=True)
class Role:
    """What a column can be."""

    name: str
    means: str
    kind: str
    words: tuple[str, ...]
    weak: tuple[str, ...]

    def score(self, name: str) -> float:
        """How well a column's name says this role, 0 to 1."""
        return _score(self.name, words_of(name))


@cache
def roles() -> dict[str, Role]:
    """Every role, in the order of the list."""
    text = (resources.files("shared.guessing") / "roles.toml").read_text(encoding="utf-8")
    return {
        name: Role(name, role["means"], role["kind"], tuple(role["words"]), tuple(role["weak"]))
        for name, role in tomllib.loads(text).items()
    }


@cache
def _known(role: str) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    found = roles()[role]
    return frozenset(map(words_of, found.words)), frozenset(map(words_of, found.weak))


def _joined(words: tuple[str, ...]) -> str:
    """The words without what divides them: `Wunsch-Liefer-Datum` says the same as `Wunschlieferdatum`."""
    return "".join(words)


@cache
def _score(role: str, words: tuple[str, ...]) -> float:
    strong, weak = _known(role)
    if _joined(words) in map(_joined, strong):
        return EXACT
    if _joined(words) in map(_joined, weak):
        return WEAK
    parts = [len(each) for each in strong if len(each) > 1 and set(each) <= set(words)]
    return PART - 0.05 * (len(words) - max(parts)) if parts else 0.0
