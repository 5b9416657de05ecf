"""From Kafka to committed effects: Tandem, its floors, and peers that do the same or less."""
