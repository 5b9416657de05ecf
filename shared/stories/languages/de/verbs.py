"""What teams did, in German: a verb in the past, what stands behind it, and what thanks are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from shared.stories.model import Scope


class Verb(NamedTuple):
    """`buchte`, `buchten`, `einen anderen Spediteur`, `den neuen Spediteur`.

    A date goes between the verb and the rest; thanks are an accusative behind `für`.
    """

    one: str
    many: str
    rest: str
    thanks: str


def _same(one: str, rest: str, thanks: str) -> tuple[Verb, Verb, Verb]:
    """A verb whose object is the same for one order and for many."""
    return (Verb(one, _plural(one), rest, thanks),) * 3


def _by_scope(one: str, rest: tuple[str, str, str], thanks: tuple[str, str, str]) -> tuple[Verb, Verb, Verb]:
    """A verb with its objects for the order of the story, for one of many and for several."""
    first, second, third = (Verb(one, _plural(one), *both) for both in zip(rest, thanks, strict=True))
    return first, second, third


def _plural(one: str) -> str:
    """`buchte` to `buchten`, `hielt` to `hielten`."""
    return f"{one}n" if one.endswith("e") else f"{one}en"


VERBS: Final[dict[str, tuple[Verb, Verb, Verb]]] = {
    "intervention.expedite": _by_scope(
        "beschleunigte",
        ("die Lieferung", "eine Lieferung", "mehrere Lieferungen"),
        ("die beschleunigte Lieferung", "eine beschleunigte Lieferung", "die beschleunigten Lieferungen"),
    ),
    "intervention.overtime": _same("legte", "Extraschichten ein", "die Extraschichten"),
    "intervention.reschedule": _by_scope(
        "ordnete",
        ("den Zeitplan neu", "den Zeitplan neu", "den Zeitplan mehrmals neu"),
        ("den neuen Zeitplan", "den neuen Zeitplan", "die vielen neuen Zeitpläne"),
    ),
    "intervention.alternative_source": _by_scope(
        "fand",
        ("eine andere Bezugsquelle", "eine andere Bezugsquelle", "andere Bezugsquellen"),
        ("die neue Bezugsquelle", "die neue Bezugsquelle", "die neuen Bezugsquellen"),
    ),
    "intervention.alternative_carrier": _by_scope(
        "buchte",
        ("einen anderen Spediteur", "einen anderen Spediteur", "andere Spediteure"),
        ("den Wechsel des Spediteurs", "den Wechsel eines Spediteurs", "den Wechsel von Spediteuren"),
    ),
    "intervention.stock_transfer": _by_scope(
        "holte",
        ("Ware von einem anderen Standort", "Ware von einem anderen Standort", "Ware von anderen Standorten"),
        (
            "die Ware von einem anderen Standort",
            "die Ware von einem anderen Standort",
            "die Ware von anderen Standorten",
        ),
    ),
    "intervention.split_shipment": _by_scope(
        "teilte",
        ("die Lieferung auf", "eine Lieferung auf", "Lieferungen auf"),
        ("die aufgeteilte Lieferung", "eine aufgeteilte Lieferung", "die aufgeteilten Lieferungen"),
    ),
    "intervention.substitution": _by_scope(
        "besorgte",
        ("einen Ersatzartikel", "einen Ersatzartikel", "Ersatzartikel"),
        ("den Ersatzartikel", "einen Ersatzartikel", "die Ersatzartikel"),
    ),
    "intervention.capacity_added": _same("schuf", "zusätzliche Kapazität", "die zusätzliche Kapazität"),
    "intervention.priority_call": _same("legte", "die Reihenfolge fest", "die klare Reihenfolge"),
    "intervention.heads_up": _by_scope(
        "warnte",
        ("frühzeitig", "frühzeitig", "immer wieder frühzeitig"),
        ("die frühe Warnung", "eine frühe Warnung", "die frühen Warnungen"),
    ),
    "intervention.demand_reallocation": _same("verteilte", "die Mengen neu", "die neu verteilten Mengen"),
    "intervention.credit_release": _by_scope(
        "holte",
        ("die Kreditfreigabe ein", "eine Kreditfreigabe ein", "Kreditfreigaben ein"),
        ("die Kreditfreigabe", "eine Kreditfreigabe", "die Kreditfreigaben"),
    ),
    "intervention.quality_containment": _by_scope(
        "grenzte",
        ("einen Qualitätsmangel ein", "einen Qualitätsmangel ein", "Qualitätsmängel ein"),
        (
            "das Eingrenzen eines Qualitätsmangels",
            "das Eingrenzen eines Qualitätsmangels",
            "das Eingrenzen von Qualitätsmängeln",
        ),
    ),
    "intervention.spec_clarification": _by_scope(
        "klärte",
        ("die Spezifikation", "eine Spezifikation", "Spezifikationen"),
        ("die klare Spezifikation", "eine klare Spezifikation", "die klaren Spezifikationen"),
    ),
    "intervention.order_simplification": _by_scope(
        "vereinfachte",
        ("die Bestellung", "eine Bestellung", "Bestellungen"),
        ("die vereinfachte Bestellung", "eine vereinfachte Bestellung", "die vereinfachten Bestellungen"),
    ),
    "intervention.terms_changed": _same("vereinbarte", "neue Konditionen", "die neuen Konditionen"),
    "intervention.process_fix": _same("verbesserte", "den Ablauf", "den verbesserten Ablauf"),
    "intervention.buffer_changed": _same("passte", "den Pufferbestand an", "den angepassten Pufferbestand"),
    "intervention.corrective_action": _same("schuf", "Abhilfe", "die Abhilfe"),
    "roadblock.resolver": _by_scope(
        "räumte",
        ("das Hindernis aus", "ein Hindernis aus", "Hindernisse aus"),
        ("das ausgeräumte Hindernis", "ein ausgeräumtes Hindernis", "die ausgeräumten Hindernisse"),
    ),
    "roadblock.communicator": _same("hielt", "den Kunden auf dem Laufenden", "den Draht zum Kunden"),
    "promise.agreed": _by_scope(
        "stimmte",
        (
            "den Termin mit dem Kunden ab",
            "einen Termin mit dem Kunden ab",
            "Termine mit dem Kunden ab",
        ),
        ("den abgestimmten Termin", "einen abgestimmten Termin", "die abgestimmten Termine"),
    ),
    "forecast.published": _by_scope(
        "legte",
        ("eine begründete Prognose vor", "eine begründete Prognose vor", "begründete Prognosen vor"),
        ("die begründete Prognose", "die begründete Prognose", "die begründeten Prognosen"),
    ),
    "customer.registered": _same("legte", "das Kundenkonto an", "das angelegte Kundenkonto"),
    "order.placed": _by_scope(
        "nahm",
        ("die Bestellung auf", "eine Bestellung auf", "Bestellungen auf"),
        ("die aufgenommene Bestellung", "eine aufgenommene Bestellung", "die aufgenommenen Bestellungen"),
    ),
    "order.confirmed": _by_scope(
        "bestätigte",
        ("den Termin", "einen Termin", "Termine"),
        ("den bestätigten Termin", "einen bestätigten Termin", "die bestätigten Termine"),
    ),
    "delivery.planned": _by_scope(
        "plante",
        ("die Lieferung", "eine Lieferung", "Lieferungen"),
        ("die geplante Lieferung", "eine geplante Lieferung", "die geplanten Lieferungen"),
    ),
    "delivery.shipped": _same("verschickte", "die Ware", "den Versand"),
    "delivery.delivered": _same("brachte", "die Ware an die Rampe", "die Anlieferung"),
    "draft.submitted": _same("erzählte", "die Geschichte", "die Geschichte"),
    "draft.confirmed": _same("bestätigte", "die Geschichte", "die Bestätigung"),
    "roadblock.raised": _same("schlug", "Alarm", "den Alarm"),
}
_OTHER: Final = _same("half", "mit", "die Hilfe")
_SCOPES: Final[dict[Scope, int]] = {"the order": 0, "one": 1, "many": 2}


MEASURES: Final = {
    "expedite": "Eillieferung",
    "overtime": "Extraschichten",
    "reschedule": "Umplanung",
    "alternative_source": "andere Bezugsquelle",
    "alternative_carrier": "andere Spedition",
    "stock_transfer": "Umlagerung",
    "split_shipment": "Teillieferung",
    "substitution": "Ersatzartikel",
    "capacity_added": "zusätzliche Kapazität",
    "priority_call": "Priorisierung",
    "heads_up": "frühe Warnung",
    "demand_reallocation": "Umverteilung der Mengen",
    "credit_release": "Kreditfreigabe",
    "quality_containment": "Eindämmung eines Qualitätsproblems",
    "spec_clarification": "Klärung der Spezifikation",
    "order_simplification": "Vereinfachung der Bestellung",
    "terms_changed": "neue Konditionen",
    "process_fix": "Verbesserung des Ablaufs",
    "buffer_changed": "Anpassung des Pufferbestands",
    "corrective_action": "Abhilfe",
}
"""Kinds of interventions as nouns, for lists."""


def verb(action: str, of: Scope = "the order") -> Verb:
    """The words for an action, for an unknown one modest ones."""
    return VERBS.get(action, _OTHER)[_SCOPES[of]]
