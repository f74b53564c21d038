"""A JSON schema in the dialect of OpenAI's strict mode, which is enforced while the model writes.

Its rules, from the section "Supported schemas" of OpenAI's guide "Structured outputs" as of February 2026: every
object says `additionalProperties: false` and requires all its properties, the root is an object and no `anyOf`, and
there are limits of size. Keywords it does not know are an error there; here they move into the description, so that
the model still reads them: whoever takes the reply checks it in any case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

MAX_PROPERTIES = 5000
MAX_LEVELS = 10
MAX_CHARACTERS = 120_000
MAX_ENUM_VALUES = 1000
LONG_ENUM_VALUES, LONG_ENUM_CHARACTERS = 250, 15_000

_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
_LIMITS = ("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems")
_NOTED = ("default", "examples", "minLength", "maxLength", "minProperties", "maxProperties", "uniqueItems")
_STRUCTURE = ("properties", "items", "anyOf", "enum", "const")  # what cannot stand beside a `$ref`
_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_DEFS = ("$defs", "definitions")


class _Impossible(Exception):
    """Strict mode cannot say it."""


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the variant of a schema that OpenAI's strict mode accepts, or None where there is none.

    None: dictionaries of any keys, `Any`, tuples, objects that allow more properties, a root that is no object, more
    than 10 levels or 5,000 properties. Each value of the strict schema is one of the given schema, as far as types
    and properties go; a property with a default is required too, its default is told in the description.
    """
    try:
        made = _Maker(schema).root()
        return made if _within_limits(made) else None
    except (_Impossible, RecursionError):
        return None
    except (AttributeError, KeyError, TypeError, ValueError):  # of what is no JSON schema at all
        return None


class _Maker:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = dict(schema)
        self._given = {
            f"#/{home}/{name}": (name, definition)
            for home in _DEFS
            if isinstance(schema.get(home), dict)
            for name, definition in schema[home].items()
        }
        self._made: dict[str, Any] = {}

    def root(self) -> dict[str, Any]:
        root = self._schema
        if isinstance(ref := root.get("$ref"), str) and ref in self._given:
            root = {**self._given[ref][1], **{key: value for key, value in root.items() if key != "$ref"}}
        made = self._node(root)
        if made.get("type") != "object":
            raise _Impossible
        return {**made, "$defs": self._made} if self._made else made

    def _node(self, node: Any) -> dict[str, Any]:
        if not isinstance(node, dict):  # `true`: anything
            raise _Impossible
        node = _plain(node)
        if "$ref" in node:
            made = self._ref(node)
        elif "anyOf" in node:
            made = self._union(node)
        else:
            made = self._typed(node)
        words = [node.get("description"), _notes(node)]
        if text := " ".join(word for word in words if isinstance(word, str) and word):
            # Nothing may stand beside a reference.
            made = {"anyOf": [made]} if "$ref" in made else made
            made["description"] = text
        return made

    def _ref(self, node: dict[str, Any]) -> dict[str, Any]:
        ref = node["$ref"]
        if any(key in node for key in _STRUCTURE):
            raise _Impossible
        if ref == "#":
            return {"$ref": "#"}
        if not isinstance(ref, str) or ref not in self._given:
            raise _Impossible
        name, definition = self._given[ref]
        if name not in self._made:
            self._made[name] = {}  # it may refer to itself
            self._made[name] = self._node(definition)
        return {"$ref": f"#/$defs/{name}"}

    def _union(self, node: dict[str, Any]) -> dict[str, Any]:
        branches = node["anyOf"]
        if not isinstance(branches, list) or not branches or "properties" in node:
            raise _Impossible
        return {"anyOf": [self._node(branch) for branch in branches]}

    def _typed(self, node: dict[str, Any]) -> dict[str, Any]:
        kind = _type(node)
        made: dict[str, Any] = {"type": kind}
        kinds = kind if isinstance(kind, list) else [kind]
        if "object" in kinds:
            made.update(self._object(node))
        if "array" in kinds:
            if "prefixItems" in node:
                raise _Impossible
            made["items"] = self._node(node.get("items"))
        made.update((key, node[key]) for key in ("enum", "const", *_LIMITS) if key in node)
        if node.get("format") in _FORMATS:
            made["format"] = node["format"]
        if _is_simple_pattern(node.get("pattern")):
            made["pattern"] = node["pattern"]
        return made

    def _object(self, node: dict[str, Any]) -> dict[str, Any]:
        closed = node.get("additionalProperties")
        properties = node.get("properties", {} if closed is False else None)
        if closed not in (None, False) or not isinstance(properties, dict) or "patternProperties" in node:
            raise _Impossible
        made = {name: self._node(value) for name, value in properties.items()}
        return {"properties": made, "required": list(made), "additionalProperties": False}


def _plain(node: dict[str, Any]) -> dict[str, Any]:
    """Write an `allOf` of one and a `oneOf` in the words that strict mode has."""
    node = dict(node)
    if "allOf" in node:
        parts = node.pop("allOf")
        if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], dict):
            raise _Impossible
        node = {**parts[0], **node}
    if "oneOf" in node:
        if "anyOf" in node:
            raise _Impossible
        node["anyOf"] = node.pop("oneOf")
    return node


def _type(node: dict[str, Any]) -> Any:
    if "type" in node:
        return node["type"]
    values = node["enum"] if isinstance(node.get("enum"), list) else [node["const"]] if "const" in node else []
    if values:
        kinds = list(dict.fromkeys(_TYPES.get(type(value), "") for value in values))
        if "" in kinds:
            raise _Impossible
        return kinds[0] if len(kinds) == 1 else kinds
    if "properties" in node:
        return "object"
    if "items" in node:
        return "array"
    raise _Impossible


def _is_simple_pattern(pattern: Any) -> bool:
    """Look-around is refused by the endpoint."""
    return isinstance(pattern, str) and not any(sign in pattern for sign in ("(?=", "(?!", "(?<"))


def _notes(node: dict[str, Any]) -> str:
    notes = {key: node[key] for key in _NOTED if node.get(key) is not None}
    if node.get("format") and node["format"] not in _FORMATS:
        notes["format"] = node["format"]
    texts = [f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}" for key, value in notes.items()]
    kept = [text for text in texts if len(text) <= 200]
    return f"({', '.join(kept)})" if kept else ""


def _within_limits(schema: dict[str, Any]) -> bool:
    nodes = list(_nodes(schema))
    names = [name for node in nodes for name in (*node.get("properties", ()), *node.get("$defs", ()))]
    enums = [node.get("enum", [node["const"]] if "const" in node else []) for node in nodes]
    texts = [[str(value) for value in enum] for enum in enums]
    return (
        sum(len(node.get("properties", ())) for node in nodes) <= MAX_PROPERTIES
        and sum(map(len, names)) + sum(len(text) for enum in texts for text in enum) <= MAX_CHARACTERS
        and sum(map(len, enums)) <= MAX_ENUM_VALUES
        and not any(len(enum) > LONG_ENUM_VALUES and sum(map(len, enum)) > LONG_ENUM_CHARACTERS for enum in texts)
        and _levels(schema, schema.get("$defs", {}), {}) <= MAX_LEVELS
    )


def _nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for child in _children(schema):
        yield from _nodes(child)
    for definition in schema.get("$defs", {}).values():
        yield from _nodes(definition)


def _children(node: dict[str, Any]) -> list[dict[str, Any]]:
    items = [node["items"]] if "items" in node else []
    return [*node.get("properties", {}).values(), *node.get("anyOf", ()), *items]


def _levels(node: dict[str, Any], definitions: dict[str, Any], known: dict[str, int]) -> int:
    """Count the objects and lists that lie in each other; a type within itself counts once."""
    if name := node.get("$ref", "").removeprefix("#/$defs/").removeprefix("#"):
        if name not in known:
            known[name] = 0
            known[name] = _levels(definitions[name], definitions, known)
        return known[name]
    deepest = max((_levels(child, definitions, known) for child in _children(node)), default=0)
    return deepest + ("properties" in node or "items" in node)
