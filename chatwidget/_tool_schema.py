"""The arguments of a function as a pydantic model: their JSON schema, and their validation.

The fields of the model are called `arg_0`, `arg_1`, ...; the parameters' names are aliases only. So a parameter may be
called `self`, `json`, `model_config` or `__proto__`, which pydantic would refuse or warn of.
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple, NoReturn, Optional, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import to_jsonable_python

from chatwidget.errors import ToolDefinitionError

_CONFIG = ConfigDict(extra="forbid", allow_inf_nan=False)
_EMPTY = inspect.Parameter.empty


class Arguments(NamedTuple):
    """What a function takes: the model that validates it, its JSON schema, and the parameter of each field.

    `always` holds the fields that are passed even when the call left them out, because their default is not the
    function's own but in a `Field(...)`.
    """

    model: type[BaseModel]
    schema: dict[str, Any]
    names: Mapping[str, str]
    always: frozenset[str]

    def keywords(self, values: BaseModel) -> dict[str, Any]:
        """Return what to call the function with. Arguments that were left out keep the function's own default."""
        given = values.model_fields_set | self.always
        return {name: getattr(values, field) for field, name in self.names.items() if field in given}


def arguments_of(function: Callable[..., Any], label: str, descriptions: Mapping[str, str]) -> Arguments:
    """Make the arguments model of a function from its signature.

    `label` names the function in errors, `descriptions` are those of its docstring. Raises `ToolDefinitionError` that
    names the parameter and the cure.
    """
    parameters = _parameters(function, label)
    hints = _hints(function, label, parameters)
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
    return Arguments(model, schema, names, always)


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


def _refuse(label: str, problem: str) -> NoReturn:
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {problem}")


def _parameters(function: Callable[..., Any], label: str) -> list[inspect.Parameter]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError, NameError) as error:
        _refuse(label, f"its signature cannot be read ({error}). Wrap it in a function with type hints.")
    for parameter in parameters:
        name, kind = parameter.name, parameter.kind
        if kind is parameter.VAR_POSITIONAL:
            _refuse(label, f"a model cannot fill `*{name}`. Take a list instead: `{name}: list[str]`.")
        if kind is parameter.VAR_KEYWORD:
            _refuse(label, f"a model cannot fill `**{name}`. Name each parameter, or take `{name}: dict[str, str]`.")
        if kind is parameter.POSITIONAL_ONLY:
            _refuse(label, f"`{name}` is positional-only, and models pass arguments by name. Remove the `/`.")
        if parameter.annotation is _EMPTY:
            cure = f"Write `{name}: str`, or whatever type it takes."
            if name in ("self", "cls"):
                cure = "For a method, make a tool of the bound one: `function_tool(thing.method)`."
            _refuse(label, f"its parameter `{name}` has no type hint. {cure}")
    return parameters


def _hints(function: Callable[..., Any], label: str, parameters: list[inspect.Parameter]) -> dict[str, Any]:
    """Return the hints with their strings evaluated, where the function was written."""
    home = root(function)
    names: dict[str, Any] = dict(getattr(home, "__globals__", {}))
    if inspect.isfunction(home):
        names.update(inspect.getclosurevars(home).nonlocals)

    def holder() -> None: ...

    # One at a time, so that the error can name the parameter; without the return hint, which may be anything.
    hints = {}
    for parameter in parameters:
        holder.__annotations__ = {parameter.name: parameter.annotation}
        try:
            hints.update(get_type_hints(holder, names, include_extras=True))
        except Exception as error:  # a hint in a string is code
            _refuse(
                label,
                f"the type hint of `{parameter.name}`, {parameter.annotation!r:.80}, cannot be read ({error}). "
                "Define its type before the function, at the top level of a module or cell.",
            )
    return hints


def root(function: Callable[..., Any]) -> Any:
    """Return the plain function behind wrappers, partials, bound methods and callable objects."""
    seen: Any = function
    while True:
        if isinstance(seen, functools.partial):
            seen = seen.func
        elif hasattr(seen, "__wrapped__"):
            seen = seen.__wrapped__
        elif inspect.ismethod(seen):
            seen = seen.__func__
        elif inspect.isroutine(seen) or inspect.isclass(seen):
            return seen
        else:
            seen = type(seen).__call__


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
            _refuse(
                label,
                f"a model cannot write its parameter `{parameter.name}` ({reason}). Use types that JSON can say: "
                "str, int, float, bool, list, dict, Literal, Enum, dataclasses or pydantic models.",
            )
    reason = str(error).split("\n", 1)[0]
    raise ToolDefinitionError(f"`{label}` cannot become a tool: {reason}") from error
