"""Bringing a database up to the tables of this version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from shared.store import postgres

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0021"
"""The newest migration; a test holds it against the folder."""
FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing; an up-to-date database costs one query."""
    if _version(connection) == HEAD:
        return
    # Alembic is only needed here, and importing it takes longer than a short command.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "postgresql":
        postgres.collate_by_code_points(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
