"""One joint-win pattern each. Pure."""
