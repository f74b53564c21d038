"""The best object so far of a type, from the best JSON so far; nothing is validated but what cannot be half there."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from types import UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AliasChoices, BaseModel, RootModel, TypeAdapter
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

# When nothing can be added to a text that is still being written.
_WHOLE = {
    datetime.datetime: re.compile(r".*(Z|[+-]\d\d:\d\d)"),
    datetime.date: re.compile(r"\d{4}-\d\d-\d\d"),
    uuid.UUID: re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
_PLAIN: dict[Any, tuple[type, ...]] = {str: (str,), bool: (bool,), int: (int,), float: (int, float)}


class _Field(NamedTuple):
    name: str
    keys: tuple[str, ...]
    hint: Any


class PartialValue:
    """Makes growing objects of one type.

    `growing` in its methods says that a value is the last one written, so that more of it may come.
    """

    def __init__(self, type_: Any) -> None:
        self._type = type_
        self._known: dict[Any, list[_Field]] = {}
        self._adapters: dict[Any, TypeAdapter[Any]] = {}

    def of(self, value: Any) -> Any:
        """Return the object so far, None while there is none. Never raises."""
        try:
            return self._made(self._type, value, True)
        except (Exception, SystemExit, KeyboardInterrupt):  # of a hook of the type; what is shown early may be missing
            return None

    def _made(self, hint: Any, value: Any, growing: bool) -> Any:
        hint = _bare(hint)
        origin = get_origin(hint)
        kind = hint if origin is None else origin
        if value is None or kind is Any or kind is object or isinstance(kind, TypeVar):
            return value
        if kind is Union or kind is UnionType:
            return self._one_of(get_args(hint), value, growing)
        if kind is Literal:
            return _chosen([(_json(choice), choice) for choice in get_args(hint)], value, growing)
        if kind in _PLAIN:
            fits = isinstance(value, _PLAIN[kind]) and (kind is bool or not isinstance(value, bool))
            return value if fits else None
        if not isinstance(kind, type):
            return None
        if issubclass(kind, Enum):
            return _chosen([(member.value, member) for member in kind], value, growing)
        if issubclass(kind, RootModel):
            root = self._made(kind.model_fields["root"].annotation, value, growing)
            return None if root is None else _model(kind, {"root": root}, {"root"})
        if fields := self._fields(kind):
            return self._object(kind, fields, value, growing) if isinstance(value, dict) else None
        return self._other(kind, hint, value, growing)

    def _other(self, kind: type, hint: Any, value: Any, growing: bool) -> Any:
        args = get_args(hint)
        if issubclass(kind, Mapping):
            inner = args[1] if len(args) == 2 else Any
            return {key: self._made(inner, item, now) for key, item, now in _items(value, growing)}
        if issubclass(kind, Collection | Iterable) and not issubclass(kind, str | bytes) and isinstance(value, list):
            return self._list(kind, args, value, growing)
        return self._leaf(hint, kind, value, growing)

    def _object(self, kind: Any, fields: list[_Field], value: dict[str, Any], growing: bool) -> Any:
        written = {key: (item, now) for key, item, now in _items(value, growing)}
        values: dict[str, Any] = {}
        for field in fields:
            if key := next((key for key in field.keys if key in written), None):
                values[field.name] = self._made(field.hint, *written[key])
        if is_typeddict(kind):
            return values
        every = {field.name: values.get(field.name) for field in fields}
        if issubclass(kind, BaseModel):
            return _model(kind, every, set(values))
        if issubclass(kind, tuple):
            return tuple.__new__(kind, every.values())
        made = object.__new__(kind)
        for name, item in every.items():
            object.__setattr__(made, name, item)
        return made

    def _list(self, kind: type, args: tuple[Any, ...], value: list[Any], growing: bool) -> list[Any]:
        each = issubclass(kind, tuple) and args[1:] != (...,)
        hints = list(args) if each and args else [args[0] if args else Any] * len(value)
        last = min(len(value), len(hints)) - 1
        made = [
            self._made(hint, item, growing and place == last)
            for place, (hint, item) in enumerate(zip(hints, value, strict=False))
        ]
        if growing and made and made[-1] is None and value[last] is not None:
            made.pop()  # it has begun, and cannot be shown yet
        return made

    def _one_of(self, hints: tuple[Any, ...], value: Any, growing: bool) -> Any:
        """Try the types in their order, and of objects only those that the keys and tags so far allow."""
        if value == {} and sum(bool(self._fields(_bare(hint))) for hint in hints) > 1:
            return None
        for hint in hints:
            if self._may_be(hint, value, growing) and (made := self._made(hint, value, growing)) is not None:
                return made
        return None

    def _may_be(self, hint: Any, value: Any, growing: bool) -> bool:
        fields = self._fields(_bare(hint))
        if not fields or not isinstance(value, dict):
            return True
        hints = {key: field.hint for field in fields for key in field.keys}
        return all(
            key in hints and (not _is_tag(hints[key]) or self._made(hints[key], item, now) is not None)
            for key, item, now in _items(value, growing)
        )

    def _leaf(self, hint: Any, kind: type, value: Any, growing: bool) -> Any:
        if growing and not (isinstance(value, str) and kind in _WHOLE and _WHOLE[kind].fullmatch(value)):
            return None
        if hint not in self._adapters:
            self._adapters[hint] = TypeAdapter(hint)
        try:
            return self._adapters[hint].validate_json(json.dumps(value))
        except (Exception, SystemExit, KeyboardInterrupt):  # as above; the fields beside it can be shown
            return None

    def _fields(self, kind: Any) -> list[_Field]:
        """Return the fields of a class that has some, read once."""
        kind = get_origin(kind) or kind
        if not isinstance(kind, type) or issubclass(kind, RootModel):
            return []
        if kind not in self._known:
            self._known[kind] = _read_fields(kind)
        return self._known[kind]


def _bare(hint: Any) -> Any:
    """Return a hint without its annotations and other names."""
    while True:
        name = getattr(get_origin(hint), "__name__", None) or getattr(get_origin(hint), "_name", None)
        if hasattr(hint, "__metadata__"):
            hint = hint.__origin__
        elif hasattr(hint, "__supertype__"):
            hint = hint.__supertype__
        elif name in ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar"):
            hint = get_args(hint)[0]
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        elif type(get_origin(hint)).__name__ == "TypeAliasType":
            hint = get_origin(hint).__value__[get_args(hint)]
        else:
            return hint


def _read_fields(kind: Any) -> list[_Field]:
    infos: Any = getattr(kind, "__pydantic_fields__", None)
    if isinstance(infos, dict):
        return [_Field(name, _keys(name, info), info.annotation) for name, info in infos.items()]
    named = issubclass(kind, tuple) and hasattr(kind, "_fields")
    if not (named or dataclasses.is_dataclass(kind) or is_typeddict(kind)):
        return []
    try:
        hints = get_type_hints(kind, include_extras=True)
    except Exception:  # a hint in a string is code, and may name what is known elsewhere only
        hints = {}
    names = (
        kind._fields if named else [field.name for field in dataclasses.fields(kind)] if not is_typeddict(kind) else ()
    )
    found = []
    for name in names or hints:
        hint = hints.get(name, Any)
        infos = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, FieldInfo)]
        found.append(_Field(name, _keys(name, infos[0]) if infos else (name,), hint))
    return found


def _keys(name: str, info: FieldInfo) -> tuple[str, ...]:
    alias = info.validation_alias or info.alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return (*(choice for choice in choices if isinstance(choice, str)), name)


def _items(value: Any, growing: bool) -> Iterable[tuple[str, Any, bool]]:
    """Yield key, value, and whether more of it may come."""
    if not isinstance(value, dict):
        return
    last = next(reversed(value), None)
    for key, item in value.items():
        yield key, item, growing and key == last


def _chosen(choices: list[tuple[Any, Any]], value: Any, growing: bool) -> Any:
    """Return the choice a value stands for, unless it may still become another one."""
    others = [json.dumps(choice, default=str).strip('"') for choice, _ in choices]
    text = json.dumps(value).strip('"')
    if growing and any(other != text and other.startswith(text) for other in others):
        return None
    return next((made for choice, made in choices if choice == value and type(choice) is type(value)), None)


def _json(choice: Any) -> Any:
    return choice.value if isinstance(choice, Enum) else choice


def _is_tag(hint: Any) -> bool:
    hint = _bare(hint)
    return get_origin(hint) is Literal or (isinstance(hint, type) and issubclass(hint, Enum))


def _model(kind: type[BaseModel], values: dict[str, Any], given: set[str]) -> BaseModel:
    """Make an instance as pydantic does, but run none of its hooks: they expect whole objects."""
    made = kind.__new__(kind)
    object.__setattr__(made, "__dict__", values)
    object.__setattr__(made, "__pydantic_fields_set__", given)
    object.__setattr__(made, "__pydantic_extra__", {} if kind.model_config.get("extra") == "allow" else None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made
