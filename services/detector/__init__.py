"""The detector: Kafka in, one transaction a batch."""
