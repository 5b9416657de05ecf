"""How far the group has read, as a batch in hand tells it to Kafka."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
)

from shared.failpoints import reach

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer, TopicPartition

    from services.detector.recorder import Recorder

log = logging.getLogger("tandem.detector")


class Offsets:
    """The consumer as a batch sees it; a failure to commit loses nothing, and is told in one line."""

    def __init__(self, consumer: AIOKafkaConsumer, recorder: Recorder) -> None:
        self._consumer = consumer
        self._recorder = recorder

    async def commit(self) -> None:
        """Have Kafka note that the batch was read; its effects are in the database already."""
        try:
            await self._consumer.commit()
        except (CommitFailedError, IllegalStateError):
            log.warning(
                "The partitions of this batch were given to another detector meanwhile; it reads them again, "
                "and what is recorded counts as duplicates"
            )
        except KafkaError as error:
            log.error(  # noqa: TRY400 - one line says it all
                "Kafka did not note how far the group has read (%s); the batch is recorded; check the "
                "group's rights and the broker",
                error,
            )
        else:
            self._recorder.noted()
        reach("after_offset_commit")

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Have the batch read again; a partition given away meanwhile is read again by its new holder."""
        with suppress(IllegalStateError):
            self._consumer.seek(partition, offset)
