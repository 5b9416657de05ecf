"""Processes; they import shared, never each other."""
