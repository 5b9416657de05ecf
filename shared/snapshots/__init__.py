"""Exports of what a system knows now, held against what it said before: what changed becomes events."""

from shared.snapshots.comparing import OlderExportError, Snapshot

__all__ = ["OlderExportError", "Snapshot"]
