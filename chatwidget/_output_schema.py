"""A Python type as a pydantic model and as the JSON schema of a reply; the model holds it as its one field `value`."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, create_model

from chatwidget._tool_schema import _PlainSchema
from chatwidget.errors import AppError

_CONFIG = ConfigDict(allow_inf_nan=False)
_KEYWORDS = ("properties", "$defs", "anyOf", "oneOf", "prefixItems", "items", "additionalProperties")


class Reply(NamedTuple):
    """What a reply shall be: the model that validates it, and the JSON schema that the language model is told.

    `wrapped`: the type is no object, so the reply is `{"value": ...}`. `closed`: keys that no type knows are refused;
    not so when one of the types says by its own `extra=` what to do with them.
    """

    model: type[BaseModel]
    schema: dict[str, Any]
    wrapped: bool
    closed: bool


def reply_of(type_: Any, label: str) -> Reply:
    """Make the model and the schema of a type. Raises `AppError` that names the type and the cure."""
    if isinstance(type_, str) or inspect.isroutine(type_):
        raise AppError(f"A reply cannot be {label}, which is no type. Pass the type itself, such as `str` or a class.")
    try:
        model = create_model("Reply", __config__=_CONFIG, value=(type_, ...))
        schema = model.model_json_schema(schema_generator=_OutputSchema)
    except Exception as error:  # pydantic's own errors share no base, and hints may run code
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise AppError(
            f"A reply cannot be {label}: JSON cannot say it ({reason:.200}). Use pydantic models, dataclasses, "
            "TypedDict, str, int, float, bool, list, dict, Literal, Enum or unions of these."
        ) from error
    closed = not any(_own_extras(model.__pydantic_core_schema__))
    if closed:
        _close(schema)
    root = _unwrapped(schema)
    wrapped = root.get("type") != "object"
    if wrapped:
        schema["additionalProperties"] = False
        schema.pop("title", None)
    return Reply(model, schema if wrapped else root, wrapped, closed)


class _OutputSchema(_PlainSchema):
    """A NamedTuple is told as an object: its fields then have names for the model too."""

    def named_tuple_schema(self, schema: Any) -> Any:
        properties, required = {}, []
        for field in schema["fields"]:
            properties[field["name"]] = self.generate_inner(field["schema"])
            if field["schema"]["type"] != "default":
                required.append(field["name"])
        made = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        return _described(schema["cls"], made)

    def call_schema(self, schema: Any) -> Any:  # what a NamedTuple is for a pydantic before 2.14
        return _described(schema["function"], self.generate_inner({**schema["arguments_schema"], "metadata": {}}))


def _described(kind: Any, schema: dict[str, Any]) -> dict[str, Any]:
    words = inspect.cleandoc(kind.__doc__ or "")
    # Without words of its author a NamedTuple has only those of Python: its signature.
    return schema if words.startswith(f"{kind.__name__}(") else {"description": words, **schema}


def _unwrapped(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of `value` as one of its own, with the definitions it needs and without a reference as root."""
    root = dict(schema["properties"]["value"])
    definitions = dict(schema.get("$defs", {}))
    if "$ref" in root:
        name = root.pop("$ref").removeprefix("#/$defs/")
        root = {**definitions[name], **root}
        if f'"#/$defs/{name}"' not in json.dumps([root, definitions]):
            del definitions[name]
    return {**root, "$defs": definitions} if definitions else root


def _close(schema: Any) -> None:
    """Write `additionalProperties: false` where pydantic leaves it out because by itself it would ignore such keys."""
    if not isinstance(schema, dict):
        return
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    for keyword in _KEYWORDS:
        inner = schema.get(keyword, ())
        if keyword in ("properties", "$defs"):
            inner = list(dict(inner).values())
        for child in inner if isinstance(inner, list) else [inner]:
            _close(child)


def _own_extras(core: Any) -> Iterator[bool]:
    """Say for each type in a core schema that tells what to do with unknown keys whether it lets them pass."""
    waiting, seen = [core], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            config = node.get("config")
            if isinstance(config, Mapping) and "extra_fields_behavior" in config:
                yield config["extra_fields_behavior"] != "forbid"
            yield node.get("extra_behavior") == "allow"
            waiting.extend(value for key, value in node.items() if key != "metadata")
        elif isinstance(node, list | tuple):
            waiting.extend(node)
