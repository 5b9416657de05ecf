"""Questions left open in a mapping: values that begin with a question mark, for a person to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.mapping.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION = "? "
_ZONE = ", or --zone Europe/Berlin"


class OpenQuestionsError(MappingError):
    """A mapping that someone must answer first; `questions` are the key paths with what is asked."""

    def __init__(self, name: str, questions: list[tuple[str, str]]) -> None:
        path, text = questions[0]
        more = f" ({len(questions) - 1} more)" if questions[1:] else ""
        super().__init__(
            f"{name}: {path}: is a question not answered yet: {text}; write the answer in its place"
            f"{_ZONE if path == 'timezone' else ''}{more}"
        )
        self.questions = questions


def open_questions(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every question in a document, with its key path."""
    if isinstance(value, str):
        if value.startswith(QUESTION):
            yield path, value.removeprefix(QUESTION)
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from open_questions(part, f"{path}.{name}" if path else str(name))
