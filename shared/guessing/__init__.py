"""A first mapping for a table nobody has described yet: what its columns may mean, with the evidence."""
