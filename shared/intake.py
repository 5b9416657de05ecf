"""What comes in from outside: where it came from, and how much of it is taken."""

from __future__ import annotations

from dataclasses import dataclass

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one input came from, and what `record` does not see of it.

    What was put together before it was recorded, such as an event in binary mode, comes with its `headers`
    (`ce_id` and so on), and with the `value` and `key` as they were, so that it can be put together anew.
    """

    name: str
    """Names the input for ever: `orders/0/12@1767225600000` for a record of Kafka."""
    topic: str = ""
    headers: Headers | None = None
    """Without them the bytes given to `record` are all there was."""
    value: bytes | None = None
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """How much is taken in and kept; the settings fill it."""

    event_most_bytes: int = 1_048_576
    """Bytes of one event: Kafka's own default for a record, and far above any order."""
    dead_letter_days: int = 30
    """Days until the bytes of a dead letter are erased: time to mend it; people's data is in it."""
    dead_topics: bool = False
    """Whether dead letters of Kafka also go back to it, to `<topic>.dead`."""


INTAKE = Intake()
