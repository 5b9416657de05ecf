"""The reference of the KPIs, made from their definitions and docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.kpis.registry import kpis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.kpis.registry import Definition

MARK = "<!-- What follows is written by `make docs`, from the docstrings in shared/kpis. -->\n"
_HEADS = ("key", "name", "formula", "basis", "owner", "unit", "better")


def with_reference(text: str) -> str:
    """A document with the reference below its mark."""
    return text.partition(MARK)[0] + MARK + "\n" + "\n".join(_reference()) + "\n"


def _reference() -> Iterator[str]:
    yield "## All KPIs"
    yield _row(*_HEADS)
    yield _row(*["---"] * len(_HEADS))
    for definition in kpis().values():
        yield _summary(definition)
    for definition in kpis().values():
        yield f"\n### `{definition.key}`"
        yield definition.page.strip()


def _summary(definition: Definition) -> str:
    basis = [name.replace("_", " ") for name in definition.bases if name]
    per = f"each {definition.per}" if definition.per else ""
    return _row(
        f"`{definition.key}`",
        definition.page.partition(":")[0],
        definition.formula.replace("|", "\\|"),
        ", ".join(filter(None, [*basis, per])),
        definition.owner,
        definition.unit,
        definition.better,
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
