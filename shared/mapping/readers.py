"""The rows of a file, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.mapping.csv_rows import csv_rows
from shared.mapping.json_rows import json_array, json_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from shared.mapping.relations import Source
    from shared.mapping.rows import Row


def rows(source: Source, path: Path, columns: Collection[str]) -> Iterator[Row]:
    """The rows of a file, in its order; of a CSV only `columns`."""
    match path.suffix:
        case ".jsonl" | ".ndjson":
            return json_lines(source, path)
        case ".json":
            return json_array(source, path)
    return csv_rows(source, path, columns)
