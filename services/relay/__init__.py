"""The relay: what waits in the outbox goes to Kafka, in order, until Kafka has it."""
