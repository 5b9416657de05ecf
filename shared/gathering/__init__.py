"""Gathering: all that an edition is composed from, read once from the projections."""
