"""What a mapping says, held against the event contract and its own files, before any row is read."""

from __future__ import annotations

from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from shared.events.catalogue import PAYLOADS
from shared.events.scalars import HINTS, Id, Time
from shared.mapping.columns import Columns, Hop, WrongKeyError
from shared.mapping.leaves import Constant
from shared.mapping.template import Template
from shared.mapping.values import Each, First, If, Items, Map, Object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.mapping.filters import Filter
    from shared.mapping.model import File, MappingFile, Rule
    from shared.mapping.values import Value


_STRICT = ConfigDict(strict=True)


def columns_of(mapping: MappingFile) -> Columns:
    """Check the whole mapping; the columns it reads. Raises WrongKeyError."""
    columns = Columns(mapping.files)
    ways: dict[Hop, set[Hop]] = {}
    for name, file in mapping.files.items():
        _own(name, file, columns)
        _relations(name, file, columns, ways)
    _straight(ways)
    for index, rule in enumerate(mapping.events):
        _rule(f"events.{index}", rule, columns)
        if rule.time is None and mapping.snapshot is None:
            raise WrongKeyError(f"events.{index}", "needs the key `time`; write it")
    _logs(mapping, columns)
    if mapping.snapshot is not None and mapping.snapshot.exported_at is not None:
        where = mapping.snapshot.file or ""
        _known_file("snapshot.file", where, columns.files)
        _references("snapshot.exported_at", mapping.snapshot.exported_at, where, {}, columns)
    return columns


def _logs(mapping: MappingFile, columns: Columns) -> None:
    """What is said of a name that the mapping reads nowhere is a slip."""
    files = {name: file for name, file in mapping.files.items() if file.activities}
    read = {
        "objects": set().union(*(file.lists | columns.used[name].keys() for name, file in files.items())),
        "activities": set().union(*(file.activities for file in files.values())),
    }
    for key, known in read.items():
        for name in getattr(mapping.log, key):
            if name not in known:
                near = get_close_matches(name, known, 1, 0.3) or sorted(known)[:1]
                say = f"write one such as {near[0]}" if near else "take it out"
                raise WrongKeyError(f"log.{key}.{name}", f"the mapping reads nothing of this name; {say}")


def _own(name: str, file: File, columns: Columns) -> None:
    """The columns a file reads of each of its rows, whatever the events do."""
    path = f"files.{name}"
    read = {column.name: f"{path}.{key}" for key, column in file.tested()}
    read |= {column: f"{path}.fill_down.{index}" for index, column in enumerate(file.fill_down)}
    read |= {column: f"{path}.notation.{column}" for column in file.notation}
    for column, where in read.items():
        columns.used[name].setdefault(column, where)


def _relations(name: str, file: File, columns: Columns, ways: dict[Hop, set[Hop]]) -> None:
    path = f"files.{name}"
    for sort, relations in (("one", file.one), ("many", file.many)):
        for relation, spec in relations.items():
            here = f"{path}.{sort}.{relation}"
            if spec.file is None:
                continue
            _known_file(f"{here}.file", spec.file, columns.files)
            for column, template in spec.on.items():
                if not spec.optional:
                    columns.needed[spec.file].add(column)
                    columns.need(template, name)
                columns.used[spec.file].setdefault(column, f"{here}.on")
                hops = (columns.use(f"{here}.on.{column}", each, name, {}) for each in template.columns)
                ways.setdefault((name, relation), set()).update(*hops)
    for relation in file.one.keys() & file.many.keys():
        raise WrongKeyError(f"{path}.many.{relation}", "is a name under `one` too; write another")


def _straight(ways: dict[Hop, set[Hop]]) -> None:
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        file, name = error.args[1][0]
        problem = (
            f"finds its row by way of `{name}` itself; write another name for the relation, or another column"
        )
        raise WrongKeyError(f"files.{file}.one.{name}.on", problem) from None


def _rule(path: str, rule: Rule, columns: Columns) -> None:
    _known_file(f"{path}.from", rule.file, columns.files)
    if rule.type not in PAYLOADS:
        near = get_close_matches(rule.type, PAYLOADS, 1, 0.3) or sorted(PAYLOADS)[:1]
        raise WrongKeyError(f"{path}.type", f"{rule.type!r} is no event type; write one such as {near[0]}")
    _object(f"{path}.data", rule.data, PAYLOADS[rule.type])
    _fits(f"{path}.id", rule.id, Id)
    if rule.time is not None:
        _fits(f"{path}.time", rule.time, Time)
    bound = _bound(f"{path}.for_each", rule.for_each, rule.file, columns) if rule.for_each else {}
    parts = {"id": rule.id, "time": rule.time, "once_per": rule.once_per, "data": rule.data}
    always = rule.for_each is None and not (rule.when or rule.unless)
    for name, value in parts.items():
        if value is not None:
            if always:
                columns.need(value, rule.file)
            _references(f"{path}.{name}", value, rule.file, bound, columns)
    _conditions(path, rule, rule.file, bound, columns)


def _bound(path: str, name: str, file: str, columns: Columns) -> dict[str, str]:
    """The file whose rows `name` stands for; raises WrongKeyError where there is no such relation."""
    many = columns.files[file].many
    if name not in many:
        known = ", ".join(many) or "none yet"
        raise WrongKeyError(path, f"{name!r} is not declared as files.{file}.many ({known})")
    return {name: many[name].file or file}


def _known_file(path: str, name: str, files: Iterable[str]) -> None:
    if name not in files:
        raise WrongKeyError(path, f"no file is declared as {name!r}; write one of {', '.join(files)}")


def _references(path: str, value: Value, file: str, bound: dict[str, str], columns: Columns) -> None:
    if isinstance(value, Template):
        for column in value.columns:
            columns.use(path, column, file, bound)
        return
    if isinstance(value, Each):
        bound = {**bound, **_bound(f"{path}.each", value.each, file, columns)}
    if isinstance(value, Each | If):
        _conditions(path, value, file, bound, columns)
    for name, child in value.children():
        _references(f"{path}.{name}", child, file, bound, columns)


def _conditions(path: str, value: Filter | If, file: str, bound: dict[str, str], columns: Columns) -> None:
    for name, column in value.tested():
        columns.use(f"{path}.{name}", column, file, bound)


def _object(path: str, value: Object, model: type[BaseModel]) -> None:
    fields = model.model_fields
    for name, child in value.children():
        if name not in fields:
            raise WrongKeyError(
                f"{path}.{name}", f"is no field of the contract; write one of {', '.join(fields)}"
            )
        _fits(f"{path}.{name}", child, fields[name].rebuild_annotation())
        if isinstance(child, Each) and fields[name].is_required():
            child.need()
    for name in _required(model):
        if name not in value.root:
            raise WrongKeyError(path, f"needs the field `{name}`; write it")


def _required(model: type[BaseModel]) -> list[str]:
    return [name for name, info in model.model_fields.items() if info.is_required()]


def _fits(path: str, value: Value, annotation: Any) -> None:
    """Check a value against the type its field has in the contract."""
    match value:
        case Object():
            model = _model(path, annotation)
            _object(path, value, model)
            value.need(_required(model))
        case Each() | Items():
            _list(path, value, _item(path, annotation))
        case First() | If():
            for name, child in value.children():
                _fits(f"{path}.{name}", child, annotation)
        case Map():
            for name, child in value.outcomes():
                _fits(f"{path}.{name}", child, annotation)
        case Constant():
            _constant(path, value.root, annotation)
        case Template() if not value.columns:
            _constant(path, value.parts[0], annotation)


def _list(path: str, value: Each | Items, item: Any) -> None:
    for name, child in value.children():
        _fits(f"{path}.{name}", child, item)
        if isinstance(value, Each) and isinstance(child, Object):
            child.need(())  # a related row that lacks something is an error, not an item less


def _constant(path: str, value: Any, annotation: Any) -> None:
    try:
        create_model("Field", __config__=_STRICT, value=(annotation, ...)).model_validate_json(
            orjson.dumps({"value": value})
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        hint = HINTS.get(first.get("ctx", {}).get("pattern", ""))
        raise WrongKeyError(path, f"{value!r} does not fit the contract: {hint or first['msg']}") from None


def _model(path: str, annotation: Any) -> type[BaseModel]:
    for arm in _arms(annotation):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            return arm
    raise WrongKeyError(
        path,
        "is one value in the contract, not a table; write text, or a table with a key such as "
        "`date`, `number` or `map`",
    )


def _item(path: str, annotation: Any) -> Any:
    for arm in _arms(annotation):
        if get_origin(arm) is tuple:
            return get_args(arm)[0]
    raise WrongKeyError(path, "is no list in the contract; write one value")


def _arms(annotation: Any) -> Iterable[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _arms(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for arm in get_args(annotation):
            yield from _arms(arm)
    else:
        yield annotation
