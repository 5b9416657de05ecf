"""What the reason of a deal says of us: the words are kept apart, that it names reliability is not."""

from __future__ import annotations

import re

RELIABILITY = "reliability"
"""Stands in the journal for a reason that names reliable delivery."""
_NAMES = re.compile(
    r"deliver|reliab|on[ -]time|otif|punctual|service level"
    r"|liefer|zuverl|pünktlich|termintreu"
    r"|livraison|fiab|ponctual|à l'heure"
    r"|entrega|puntual|a tiempo",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"competi|rival|despite|although|\bnot\b|\bno\b|late\b|delay|price|cheap|discount|free"
    r"|wettbewerb|konkurren|trotz|obwohl|nicht|kein|verspät|preis|rabatt|günstig|frei"
    r"|concurren|malgré|\bpas\b|retard|prix|remise|gratuit"
    r"|competencia|a pesar|aunque|tarde|retras|precio|descuento|gratis",
    re.IGNORECASE,
)
"""Somebody else failed, we were chosen all the same, or it was the price."""


def names_reliability(reason: str) -> bool:
    """Whether a customer gave reliable delivery, and nothing that may mean else, as its reason."""
    return bool(_NAMES.search(reason)) and not _BUT.search(reason)
