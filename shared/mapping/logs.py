"""Event logs of which a mapping finds nothing, as they call things otherwise: refused once, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.mapping.errors import MappingError
from shared.mapping.ocel import OF_EVENTS, Named, activities, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shared.mapping.relations import Source


@dataclass(frozen=True)
class Logs:
    """The logs that a mapping is to read; `needed` has the columns without which no row of a file is read."""

    mapping: str
    sources: Sequence[Source]
    paths: Mapping[str, Sequence[Path]]
    needed: Mapping[str, set[str]]

    def check_types(self) -> None:
        """Refuse a log without the types of objects that its events are read by."""
        for path, sources in self._by_path().items():
            has = named(sources[0], path)
            lacks = {source.name: self._lacks(source, has) for source in sources}
            if not any(lacks.values()):
                continue
            told = set(activities(sources[0], path))
            heard = (source.name for source in sources if told & source.spec.heard.keys())
            if absent := set().union(*(lacks[name] for name in heard)):
                raise MappingError(
                    f"{self.mapping}: {path} has no objects of the type {_listed(absent)}, but of "
                    f"{_listed(has.types)}; say in [log.objects] of a mapping of your own "
                    "what they are called there"
                )

    def check_heard(self, heard: set[Path]) -> None:
        """Refuse a log of which nothing was read, as none of its activities is."""
        for path, sources in self._by_path().items():
            if path not in heard and (names := activities(sources[0], path)):
                wanted = {name for source in sources for name in source.spec.heard}
                raise MappingError(
                    f"{self.mapping}: {path} tells of none of {_listed(wanted)}, but of "
                    f"{_listed(names)}; say in [log.activities] of a mapping of your own "
                    "what they are called there"
                )

    def _by_path(self) -> dict[Path, list[Source]]:
        found: dict[Path, list[Source]] = {}
        for source in self.sources:
            for path in self.paths[source.name]:
                found.setdefault(path, []).append(source)
        return found

    def _lacks(self, source: Source, has: Named) -> set[str]:
        called, lists = source.spec.log.objects, source.spec.lists
        columns = self.needed[source.name] - OF_EVENTS - has.attributes
        return {kind for name in lists | columns if (kind := called.get(name, name)) not in has.types}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(names))) or "none"
