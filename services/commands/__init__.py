"""The commands of `tandem`, one module a topic."""
