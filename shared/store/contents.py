"""The frozen contents of mails, each kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from shared import tables

if TYPE_CHECKING:
    from sqlalchemy import Row


def find(connection: Connection, digest: bytes) -> Row[Any] | None:
    """A frozen content."""
    column = tables.contents.c
    return connection.execute(select(tables.contents).where(column.digest == digest)).first()


def add(connection: Connection, digest: bytes, subject: str, body: bytes) -> None:
    """Keep a content; the same one is kept once."""
    if find(connection, digest) is None:
        row = {"digest": digest, "subject": subject, "body": body}
        connection.execute(insert(tables.contents).values(row))
