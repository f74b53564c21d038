"""The arguments of a tool whose schema is JSON schema already: one written by hand, or that of an MCP server.

They are checked with the package jsonschema and passed on as they came: JSON schema does not coerce ("3" is no
integer), fills in no `default`, and checks no `format`. Nothing is ever fetched: a schema that refers to another
document is refused.

A schema comes from the developer or from an MCP server, and is trusted with time: a `pattern` that takes Python's `re`
exponentially long for some text, or `uniqueItems` over a huge list, holds the thread that checks it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from chatwidget._problems import clip, listing, path, shown
from chatwidget.errors import ToolArgumentsError, ToolDefinitionError
from chatwidget.partial_json import parse_complete

_MAX_PROBLEMS = 30
_END = "Correct them and call it again."
_REFS = ("$ref", "$dynamicRef", "$recursiveRef")
_SAID = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "pattern": "must match the regular expression {}",
    "const": "must be {}",
    "enum": "must be one of {}",
    "type": "must be of type {}",
}


class SchemaArguments:
    """Arguments that a JSON schema describes; `schema` is what the model is told.

    `label` names the tool in errors. The schema is copied. Raises `ToolDefinitionError` when it is not valid JSON
    schema (2020-12, or the draft its `$schema` names), when its root is not of type `object`, or when it refers to
    anything outside of itself.
    """

    def __init__(self, schema: Mapping[str, Any], label: str) -> None:
        # Here, not above: only tools with a raw schema pay for jsonschema.
        from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]
        from jsonschema.validators import validator_for  # type: ignore[import-untyped, unused-ignore]
        from referencing import Registry

        self.schema = _copied(schema, label)
        if self.schema.get("type") != "object":
            came = json.dumps(self.schema.get("type"))
            _refuse(label, f'its root has the type {came:.80}. Arguments have names: write `"type": "object"`.')
        try:
            kind = validator_for(self.schema, default=Draft202012Validator)
            kind.check_schema(self.schema)
        except Exception as error:  # a schema of a server may be anything, and so may be what it raises
            _refuse(label, _invalid(error))
        _check_references(self.schema, kind, label)
        self.schema.setdefault("properties", {})
        self._validator = kind(self.schema, registry=Registry())  # an empty registry fetches nothing

    def validate(self, text: str, label: str) -> dict[str, Any]:
        """Return the keyword arguments that a model's JSON text stands for; a blank text is no arguments.

        Raises `ToolArgumentsError` that names each place, its problem and what came, in at most 1,000 characters.
        """
        value = parse_complete(text)
        if value is None:  # how some models write "no arguments"
            value = {}
        if not isinstance(value, dict):
            raise ToolArgumentsError(f"The arguments of {label} must be a JSON object, not {shown(value)}.")
        try:
            lines = list(itertools.islice(self._problems(value), _MAX_PROBLEMS + 1))
        except Exception as error:  # a schema that refers to itself without end, a pattern that `re` refuses
            said = clip(f"The arguments of {label} could not be checked: {type(error).__name__}: {error}")
            raise ToolArgumentsError(said) from error
        if lines:
            raise ToolArgumentsError(self._explained(lines, label))
        return value

    def _problems(self, value: dict[str, Any]) -> Iterator[tuple[str, bool]]:
        """Yield each problem as a line, and whether it is that there is no such argument."""
        from jsonschema.exceptions import best_match  # type: ignore[import-untyped, unused-ignore]

        for error in self._validator.iter_errors(value):
            # Of a union this is the branch that came nearest.
            yield from _lines(best_match(iter([error])))

    def _explained(self, lines: list[tuple[str, bool]], label: str) -> str:
        texts = list(dict.fromkeys(text for text, _ in lines))  # each missing name is an error, and tells all of them
        end = _END
        if any(unknown for _, unknown in lines):
            known = ", ".join(self.schema["properties"]) or "none"
            end = f"{clip(f'The arguments are: {known}', 300)}. {end}"
        more = "- and more" if len(lines) > _MAX_PROBLEMS else None
        return listing(f"The arguments of {label} do not fit:", texts[:_MAX_PROBLEMS], end, more=more)


def _refuse(label: str, problem: str) -> NoReturn:
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {problem}")


def _copied(schema: Any, label: str) -> dict[str, Any]:
    """Return the schema as plain JSON data of our own, so that nobody changes it afterwards."""
    if not isinstance(schema, Mapping):
        _refuse(label, f"its schema must be a dict of JSON schema, not {schema!r:.80}.")
    try:
        copy: dict[str, Any] = json.loads(json.dumps(dict(schema), allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        _refuse(label, f"its schema is not JSON ({error!s:.200}). Use dicts, lists, texts, numbers, True, False, None.")
    return copy


def _invalid(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "its schema is nested too deep. Write it flatter, or with `$defs`."
    where = path(getattr(error, "absolute_path", ()), "its root")
    said = str(getattr(error, "message", error)).split("\n", 1)[0]
    return f"its schema is not valid JSON schema, at {where}: {clip(said, 200)}."


def _check_references(schema: dict[str, Any], kind: Any, label: str) -> None:
    from referencing import Registry
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012, specification_with

    specification = specification_with(str(kind.META_SCHEMA.get("$schema", "")), default=DRAFT202012)
    resource = specification.create_resource(schema)
    base = resource.id() or ""
    resolver = Registry().with_resource(base, resource).resolver(base)
    for ref in _references(schema, specification):
        if not ref.startswith("#"):
            _refuse(label, f"its schema refers to {ref!r:.100}, and nothing is fetched. Put it under `$defs` instead.")
        try:
            resolver.lookup(ref)
        except Unresolvable:
            _refuse(label, f"its schema refers to {ref!r:.100}, which is not in it. Define it under `$defs`.")


def _references(schema: dict[str, Any], specification: Any) -> Iterator[str]:
    """Yield all references of a schema; what only looks like one, in an `enum` or a `default`, is none."""
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from (node[key] for key in _REFS if isinstance(node.get(key), str))
            waiting.extend(specification.subresources_of(node))


def _lines(error: Any) -> Iterator[tuple[str, bool]]:
    place, keyword, wanted, got = list(error.absolute_path), error.validator, error.validator_value, error.instance
    if keyword == "required":
        for name in wanted:
            if name not in got:
                yield f"{path([*place, name], 'arguments')}: missing", False
    elif keyword == "additionalProperties" and wanted is False:
        for name in _unknown(error.schema, got):
            yield f"{path([*place, name], 'arguments')}: there is no such argument", not place
    else:
        said = _SAID.get(keyword, f"does not follow `{keyword}`: {{}}").format(clip(_words(wanted), 200))
        yield f"{path(place, 'arguments')}: {said} (got {shown(got)})", False


def _words(wanted: Any) -> str:
    if isinstance(wanted, str):
        return wanted
    if isinstance(wanted, list):
        return ", ".join(json.dumps(item, ensure_ascii=False) for item in wanted)
    return json.dumps(wanted, ensure_ascii=False)


def _unknown(schema: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    patterns = schema.get("patternProperties", {})
    for name in itertools.islice(got, 10_000):
        if name not in schema.get("properties", {}) and not any(re.search(pattern, name) for pattern in patterns):
            yield name
