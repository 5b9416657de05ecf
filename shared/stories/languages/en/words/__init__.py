"""The headlines of each pattern, and what stands beside its story at a glance: a module named as it is."""
