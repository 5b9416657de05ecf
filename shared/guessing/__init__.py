"""A first mapping for a table nobody has described yet: what its columns may mean, with the evidence."""

from shared.guessing.guess import Guesses, guesses_of
from shared.guessing.table import table_of
from shared.guessing.writing import written

__all__ = ["Guesses", "guesses_of", "table_of", "written"]
