"""The arguments of a function as a pydantic model: their JSON schema, and their validation.

The fields of the model are called `arg_0`, `arg_1`, ...; the parameters' names are aliases only. So a parameter may be
called `self`, `json`, `model_config` or `__proto__`, which pydantic would refuse or warn of.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NoReturn, Optional, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import to_jsonable_python

from chatwidget._signature import hints_of, parameters_of, refuse
from chatwidget._tool_arguments import Arguments
from chatwidget.errors import ToolDefinitionError
from chatwidget.tool_context import ToolContext

_CONFIG = ConfigDict(extra="forbid", allow_inf_nan=False)
_EMPTY = inspect.Parameter.empty


def arguments_of(function: Callable[..., Any], label: str, descriptions: Mapping[str, str]) -> Arguments:
    """Make the arguments model of a function from its signature.

    `label` names the function in errors, `descriptions` are those of its docstring. Raises `ToolDefinitionError` that
    names the parameter and the cure.
    """
    parameters = parameters_of(function, label)
    hints = hints_of(function, label, parameters)
    context = context_parameter(hints)
    parameters = [parameter for parameter in parameters if parameter.name != context]
    names = {f"arg_{number}": parameter.name for number, parameter in enumerate(parameters)}
    fields: dict[str, Any] = {}
    for field, parameter in zip(names, parameters, strict=True):
        fields[field] = _field(parameter, hints[parameter.name], descriptions.get(parameter.name))
    try:
        model = create_model(label, __config__=_CONFIG, **fields)
        schema = model.model_json_schema(schema_generator=_PlainSchema)
    except Exception as error:  # pydantic's own errors share no base, and hints may run code
        _blame(label, parameters, hints, error)
    schema.pop("title", None)
    schema.setdefault("properties", {})
    for parameter in parameters:
        _write_default(schema["properties"][parameter.name], parameter)
    always = frozenset(field for field, own in zip(names, map(_has_own_default, parameters), strict=True) if not own)
    return Arguments(model, schema, names, always, context)


def arguments_of_model(model: type[BaseModel], label: str) -> Arguments:
    """Make the arguments of a pydantic model that stands for a signature: each field is a keyword argument."""
    try:
        schema = model.model_json_schema(schema_generator=_PlainSchema)
    except Exception as error:  # as above
        raise ToolDefinitionError(f"`{label}` cannot become a tool: {str(error).splitlines()[0]}") from error
    schema.setdefault("properties", {})
    schema.pop("title", None)
    schema.pop("description", None)
    names = {name: name for name in model.model_fields}
    return Arguments(model, schema, names, frozenset(names))


def context_parameter(hints: Mapping[str, Any]) -> str | None:
    """Return the name of the parameter that asks for the `ToolContext`, if there is one."""
    return next((name for name, hint in hints.items() if hint is ToolContext), None)


class _PlainSchema(GenerateJsonSchema):
    """JSON schema without the titles made from field names: they are paid for in tokens and say nothing new."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 - as pydantic declares it

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> Any:
        made = super().default_schema(schema)
        if "default" in made and not _is_json(made["default"]):
            del made["default"]
        return made


def _field(parameter: inspect.Parameter, hint: Any, description: str | None) -> tuple[Any, FieldInfo]:
    """Return type and field info. What `Field(...)` says wins over a plain text, and that over the docstring."""
    extras: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
    if parameter.default is None:
        hint = Optional[hint]  # noqa: UP045 - the hint may be a string, which has no `|`
    texts = [extra for extra in extras if isinstance(extra, str)]
    if texts or description:
        extras.insert(0, Field(description=texts[0] if texts else description))
    name, default = parameter.name, parameter.default
    given: dict[str, Any] = {"default": None} if _has_own_default(parameter) else {}
    if isinstance(default, FieldInfo):
        extras.append(default)
    annotation: Any = Annotated[(hint, *extras)] if extras else hint  # type: ignore[valid-type, unused-ignore]
    info = Field(alias=name, validation_alias=name, **given)
    return annotation, info


def _has_own_default(parameter: inspect.Parameter) -> bool:
    return parameter.default is not _EMPTY and not isinstance(parameter.default, FieldInfo)


def _write_default(schema: dict[str, Any], parameter: inspect.Parameter) -> None:
    """Put the function's own default into the schema, where JSON can say it."""
    if not _has_own_default(parameter):
        return
    schema.pop("default", None)
    try:
        value = to_jsonable_python(parameter.default)
    except Exception:  # a default may be any object; then the schema tells no default
        return
    if _is_json(value):
        schema["default"] = value


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _blame(label: str, parameters: list[inspect.Parameter], hints: dict[str, Any], error: Exception) -> NoReturn:
    """Find the parameter whose type pydantic refuses."""
    for parameter in parameters:
        try:
            TypeAdapter(hints[parameter.name]).json_schema(schema_generator=_PlainSchema)
        except Exception as exact:  # as above
            reason = str(exact).split("\n", 1)[0].rstrip(".")
            refuse(
                label,
                f"a model cannot write its parameter `{parameter.name}` ({reason}). Use types that JSON can say: "
                "str, int, float, bool, list, dict, Literal, Enum, dataclasses or pydantic models.",
            )
    reason = str(error).split("\n", 1)[0]
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {reason}") from error
