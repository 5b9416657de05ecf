"""The event contract: what Tandem accepts, one module per topic. Pure."""
