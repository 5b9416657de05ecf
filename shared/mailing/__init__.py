"""Mailing: who gets an edition, what exactly each gets, and what became of every mail."""
