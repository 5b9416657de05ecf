"""Declarative mappings: files of another system become events. A mapping is data, never code."""

from shared.mapping.errors import MappingError
from shared.mapping.library import Mapping, find, text_of
from shared.mapping.questions import OpenQuestionsError, open_questions
from shared.mapping.run import Mapped

__all__ = ["Mapped", "Mapping", "MappingError", "OpenQuestionsError", "find", "open_questions", "text_of"]
