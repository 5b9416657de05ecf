"""`tandem topics`: the topics of Kafka that Tandem reads and writes."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from services.commands.context import AsJson, NotFoundError, answer, say
from services.commands.detecting import check_url
from shared.settings import load


def topics(
    create: Annotated[bool, typer.Option("--create", help="Make the topics that are missing.")] = False,
    partitions: Annotated[int, typer.Option(min=1, max=1000, help="Of each topic made.")] = 6,
    replicas: Annotated[int, typer.Option(min=1, max=100, help="Of each partition made.")] = 1,
    wait: Annotated[int, typer.Option(min=0, max=3600, help="Seconds to wait for Kafka.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List the topics with their partitions; exit 1 where one is missing."""
    settings = load()
    check_url(settings.kafka_url)
    from services.topics import TopicError  # noqa: PLC0415 - only this command needs a Kafka client
    from services.topics import topics as find  # noqa: PLC0415 - the same

    try:
        found = asyncio.run(find(settings, create=(partitions, replicas) if create else None, patience=wait))
    except TopicError as error:
        raise NotFoundError(str(error)) from None
    if as_json:
        answer([{"topic": one.name, "holds": one.holds, "partitions": one.partitions} for one in found])
    else:
        for one in found:
            count = f"{one.partitions} partitions" if one.partitions else "missing"
            say(f"{one.name:<18} {one.holds:<13} {count}")
    if missing := sum(not one.partitions for one in found):
        if not as_json:
            say(f"{missing} missing; tandem topics --create makes them.")
        raise typer.Exit(1)
