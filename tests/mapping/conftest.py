from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.mapping import find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shared.mapping import Mapped


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., list[Mapped]]:
    """Write a mapping and its files, and map them."""

    def map_files(mapping: str, **files: str | bytes) -> list[Mapped]:
        (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("_", ".")).write_bytes(raw)
        return list(find(str(tmp_path / "m.toml")).events([folder]))

    return map_files
