"""What our code says in English where readers meet it: found in the code itself, so that none is forgotten.

Errors, reasons and refusals are written, kept and logged in English; pages say them in the reader's language.
`shared/sayings.py` knows them by the catalogue, into which `make words` brings them from here.
"""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shared.patterns.registry import names

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
CALLS: Final = {
    "EditingError": 0, "EditionError": 0, "MailError": 0, "PeopleError": 0, "LetterError": 0,
    "AnsweringError": 0, "ThanksError": 0, "PhotoError": 0, "OtherwiseError": 0, "ReasonNeededError": 0,
    "refused": 0, "wrong": 1, "Reject": 2, "_Wrong": 1, "_refuse_empty": 2,
}  # fmt: skip
"""Which argument, counted from 0, a reader is told."""
FUNCTIONS: Final = frozenset(
    (
        "_quarantine", "_why_not", "why_not", "declined", "refusal", "_only_overdue", "_missing", "_proofed",
        "_sent", "_composed", "_run", "of_orders_against",
    )
)  # fmt: skip
"""What these return, a reader is told."""
MODULES: Final = frozenset(
    (
        "shared/editions/reasons.py", "shared/history/timeline.py", "shared/patterns/contradictions.py",
        "shared/events/scalars.py", "shared/mailing/slowing.py", "shared/periods.py",
        "shared/people/addresses.py", "shared/people/placing.py", "shared/patterns/conditions.py",
    )
)  # fmt: skip
"""Whatever these modules say, a reader is told."""
REJECTING: Final = ("shared/stories/submission.py", "shared/asking/answering.py", "shared/submitting.py")
"""Where a `Rejected` is about what a person wrote."""
OTHERS: Final = (
    "Field required", "Extra inputs are not permitted", "Input should be a valid string",
    "Input should be %(wanted)s", "String should have at most %(most)s characters",
    "String should have at least %(least)s character", "a customer",
    "a customer in %(segment)s", "erased", "complaint", "hard bounce", "unsubscribed",
)  # fmt: skip
"""Said by what checks events, or in one word."""
CODES: Final = (
    "accepted", "acted", "carrier", "contact known", "damaged", "detected by", "due", "first order",
    "first won at", "history from", "in full", "jointness", "kinds", "lasted", "line id", "open",
    "on time", "passed", "placed at", "predicted delay days", "prior order at", "raised at",
    "raised early enough", "resolved at", "resolved on original promise", "roadblock id", "roadblocks",
    "scored", "excluded", "unconfirmed", "serious", "severity", "statistical forecast", "last month known",
    "naive forecast", "mean of twelve months", "same month last year", "stock freed", "fewer short lines",
    "publisher", "leader", "administrator", "admin", "auditor", "deputy", "meeting",
    "first commit", "last commit", "requested", "or", "told by %(via)s",
    "the order", "no order", "no reason given", "named", "team", "never",
)  # fmt: skip
"""Words that gates are judged by, besides those that stand beside the gates."""
_JOINTS: Final = ",; "
"""What joins a part to the text before it."""
_SPEECH: Final = re.compile(r"[A-Za-z]{2,} +[A-Za-z%(]")


def sayings() -> list[tuple[str, str]]:
    """Each text, with names for what it is filled with, and the file it is in."""
    found = [(text, "shared/sayings.py") for text in (*OTHERS, *CODES)]
    for folder in ("shared", "services/newsroom/web", "services/publisher/clock.py"):
        for path in sorted((ROOT / folder).rglob("*.py")) or [ROOT / folder]:
            name, tree = path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())
            told = _said(tree, name)
            if path.parent.name == "patterns":
                told = chain(told, _gates(tree))
            elif path.parent.name == "events":
                told = chain(told, _literals(tree))
            found += [(text, name) for text in dict.fromkeys(told)]
    return found + [(name.replace("_", " "), "shared/patterns/registry.py") for name in names()]


def _gates(tree: ast.Module) -> Iterator[str]:
    """What gates are called, and the values they are judged by."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Verdict" | "Gate"), args=[ast.Constant(value=str(name)), *_]):
                yield name.replace("_", " ")
            case ast.Call(func=ast.Name(id="Verdict"), args=[ast.JoinedStr(values=parts), *_]):
                yield _template(parts).replace("_", " ")
            case ast.Lambda(body=ast.Dict(keys=keys)):
                yield from (str(key.value).replace("_", " ") for key in keys if isinstance(key, ast.Constant))


def _literals(tree: ast.Module) -> Iterator[str]:
    """The codes of the contract."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                for each in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
                    if isinstance(each, ast.Constant) and str(each.value)[0].isalpha():
                        yield str(each.value).replace("_", " ")


def _said(tree: ast.Module, name: str) -> Iterator[str]:
    calls = CALLS | {"Rejected": 1} if name in REJECTING else CALLS
    if not name.startswith("services/newsroom/web"):
        calls = {called: at for called, at in calls.items() if called not in ("wrong", "refused")}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=args):
                if called in calls and len(args) > calls[called]:
                    yield from _texts(args[calls[called]])
            case ast.Assign(targets=[ast.Attribute(attr="quarantined")], value=value):
                yield from _texts(value)
            case ast.FunctionDef(name=called) if called in FUNCTIONS or name in MODULES:
                yield from _returned(node)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if name in MODULES:
                yield from _texts(value)


def _returned(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                yield from _texts(value)
            case ast.Raise(exc=ast.Call(args=[first, *_])):
                yield from _texts(first)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, not those that are parts of others."""
    match value:
        case ast.Constant(value=str(text)) if _SPEECH.search(text) and "\\" not in text:
            yield text.replace("%", "%%").lstrip(_JOINTS)
        case ast.JoinedStr(values=parts):
            if _SPEECH.search(text := _template(parts)):
                yield text.lstrip(_JOINTS)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.BoolOp(values=some) | ast.Tuple(elts=some) | ast.List(elts=some) | ast.Dict(values=some):
            for each in some:
                yield from _texts(each)
        case ast.Lambda(body=body) | ast.GeneratorExp(elt=body):
            yield from _texts(body)
        case ast.Call(args=some, func=ast.Attribute(attr="get" | "join")):
            for each in some:
                yield from _texts(each)


def _template(parts: list[ast.expr]) -> str:
    """`%(story_id)s is %(state)s`, from an f-string."""
    called_so: list[str] = []
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue):
            called = _called(part.value)
            number = called_so.count(called) + 1
            called_so.append(called)
            text += f"%({called}{number if number > 1 else ''})s"
    return text


def _called(value: ast.expr) -> str:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(args=[first, *_], func=func):
            return _called(
                first if not isinstance(func, ast.Attribute) or func.attr == "join" else func.value
            )
        case ast.Subscript(value=inner) | ast.Starred(value=inner):
            return _called(inner)
    return "value"
