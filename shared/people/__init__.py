"""People: who they are, what they want to read, and whether they wish to be named."""
