"""Asking: one person is asked one thing by a mail, and answers by its link, without signing in."""
