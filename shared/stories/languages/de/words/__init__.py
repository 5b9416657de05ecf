"""The headlines of each pattern in German, and what stands beside its story at a glance."""
