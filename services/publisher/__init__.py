"""Sends what was released, and says when what is due."""
