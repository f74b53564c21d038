"""Functions as tools, with the options and attributes they have in AgenTools.

A program of AgenTools has no cards to show things in: what its tools and previews print goes where prints go.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, cast, overload

from chatwidget._signature import refuse
from chatwidget.capture import uncaptured
from chatwidget.compat.agentools.serving import SERVING, Answered
from chatwidget.errors import ToolArgumentsError, ToolDefinitionError
from chatwidget.models._openai_body import function_fields
from chatwidget.streaming_tools import StreamingTool
from chatwidget.tool_context import ToolContext
from chatwidget.tools import Tool


class FunctionTool(Tool[..., Any]):
    """A function as a tool; called from Python it is the function it was."""

    def __get__(self, instance: object, owner: type | None = None) -> FunctionTool:
        bound: Any = super().__get__(instance, owner)
        return cast("FunctionTool", bound)

    async def call(
        self,
        arguments: Mapping[str, Any],
        *,
        context: contextvars.Context | None = None,
        call: ToolContext | None = None,
        arriving: AsyncIterator[Any] | None = None,
    ) -> Any:
        """Run the tool when its response lets it; what it prints is not captured."""
        serving = SERVING.get()
        if serving is not None and call is not None:
            release = await serving.released(call.tool_call_id)
            if isinstance(release, Answered):
                return release.result
            if release is not None:
                arguments, arriving = self.validate(release), None
        with uncaptured():
            return await super().call(arguments, context=context, call=call, arriving=arriving)

    async def show(self, arguments: Mapping[str, Any], call: ToolContext) -> Any:
        """Call the preview; what it prints is not captured, what it returns is told to the response."""
        with uncaptured():
            value = await super().show(arguments, call)
        serving = SERVING.get()
        if serving is not None:
            serving.previewed(call.tool_call_id, value)
        return value

    @property
    def has_preview(self) -> bool:
        """Whether something shows its arguments while they are written: only where the response is streamed."""
        serving = SERVING.get()
        return super().has_preview and (serving is None or serving.streaming)

    @property
    def tool_enabled(self) -> bool:
        """Whether models are told of it."""
        return self.enabled

    @tool_enabled.setter
    def tool_enabled(self, enabled: bool) -> None:
        self.enabled = enabled

    @property
    def schema(self) -> list[dict[str, Any]]:
        """What a request has under `tools`; empty while it is off."""
        return [{"type": "function", "function": function_fields(self.spec)}] if self.enabled else []

    @property
    def lookup(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        """Its name and `validate_and_call`."""
        return {self.name: self.validate_and_call} if self.enabled else {}

    @property
    def lookup_preview(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        """Its name and its preview, if it has one, as an async function of a dict."""
        return {self.name: self._preview_of} if self.enabled and super().has_preview else {}

    def validator(self, **arguments: Any) -> dict[str, Any]:
        """Return the arguments, validated and coerced; raises ToolArgumentsError."""
        return self.validate(json.dumps(arguments, default=str))

    def validate_and_call(self, arguments: Mapping[str, Any]) -> Any:
        """Call the function with a model's arguments, an async one to be awaited; what does not fit gives a text."""
        try:
            validated = self.validator(**arguments)
        except ToolArgumentsError as error:
            text = f"Invalid Argument: {error}"
            return _answer(text) if inspect.iscoroutinefunction(self.function) else text
        return self.function(**validated)

    async def _preview_of(self, arguments: Mapping[str, Any]) -> Any:
        return await self.show(self.partial(dict(arguments)), ToolContext("", self.name, final=False))


class StreamingFunctionTool(FunctionTool, StreamingTool):
    """A tool whose body is given its arguments as they grow: as dicts where it was made with a `schema`."""

    def __init__(self, function: Callable[..., Any], *, schema: Any = None, **options: Any) -> None:
        super().__init__(function, schema=schema, **options)
        if schema is not None:
            self._item = None


async def _answer(text: str) -> str:
    return text


def as_function_tool(tool: Any) -> FunctionTool:
    """Return a tool of this library, or a plain function, as one of these."""
    if isinstance(tool, FunctionTool):
        return tool
    if not isinstance(tool, Tool):
        return FunctionTool(tool, require_doc=False)
    made: FunctionTool = object.__new__(type(FunctionTool.__name__, (FunctionTool, type(tool)), {}))
    vars(made).update(vars(tool))
    return made


Make = Callable[[Callable[..., Any]], FunctionTool]


@overload
def function_tool(function: Callable[..., Any], /) -> FunctionTool: ...
@overload
def function_tool(
    *,
    name: str | None = None,
    require_doc: bool | None = None,
    check_description: bool | None = None,
    schema: Any = None,
    json_schema: Any = None,
    in_thread: bool | None = None,
    include_call_id: bool = False,
    **options: Any,
) -> Make: ...
def function_tool(
    function: Callable[..., Any] | None = None,
    *,
    require_doc: bool | None = None,
    check_description: bool | None = None,
    schema: Any = None,
    json_schema: Any = None,
    in_thread: bool | None = None,
    include_call_id: bool = False,
    **options: Any,
) -> FunctionTool | Make:
    """Make a tool of a function, bare or with options.

    - `name`: in place of the function's own
    - `require_doc`, or `check_description` as older programs have it: by default each parameter must be described
    - `schema`, or `json_schema`: a pydantic model, or a JSON schema of type object, in place of the signature
    - `in_thread`: run it in a thread, or on the loop; by default as it is async or not
    - `include_call_id`: give its parameter `call_id` the id of the call

    All other options are those of `chatwidget.tools.function_tool`. Raises `ToolDefinitionError`.
    """
    documented = require_doc if check_description is None else check_description
    if in_thread is not None:
        options["run_on"] = "thread" if in_thread else "loop"
    settings = {**options, "schema": schema if schema is not None else json_schema}

    def make(function: Callable[..., Any]) -> FunctionTool:
        return _made(FunctionTool, function, documented is not False, include_call_id, settings)

    return make if function is None else make(function)


@overload
def streaming_function_tool(function: Callable[..., Any], /) -> FunctionTool: ...
@overload
def streaming_function_tool(
    *,
    name: str | None = None,
    require_doc: bool | None = None,
    include_call_id: bool = False,
    in_thread: bool | None = None,
    **options: Any,
) -> Make: ...
def streaming_function_tool(
    function: Callable[..., Any] | None = None,
    *,
    require_doc: bool | None = None,
    include_call_id: bool = False,
    in_thread: bool | None = None,
    **options: Any,
) -> FunctionTool | Make:
    """Make a tool of an async function that is given its arguments while the model writes them.

    Its parameter is an async iterator of growing dicts, where `schema=` is a JSON schema, or of growing objects, where
    that or the type hint is a pydantic model; the last one is whole. It works without `stream=True` as well. Options
    are those of `function_tool`; it always runs on the loop.
    """
    if in_thread:
        raise ToolDefinitionError("A streaming tool is async and runs on the loop: leave in_thread= out.")

    def make(function: Callable[..., Any]) -> FunctionTool:
        return _made(StreamingFunctionTool, function, False, include_call_id, options)

    return make if function is None else make(function)


def _made(
    kind: type[FunctionTool], function: Callable[..., Any], documented: bool, with_id: bool, options: dict[str, Any]
) -> FunctionTool:
    if unknown := sorted(options.keys() - inspect.signature(Tool.__init__).parameters.keys()):
        raise ToolDefinitionError(f"function_tool has no option {unknown[0]!r}. See help(function_tool) for them.")
    tool = kind(_with_call_id(function) if with_id else function, require_doc=False, **options)
    if documented and options.get("schema") is None:
        fields = tool.spec.parameters["properties"].items()
        silent = [name for name, field in fields if "description" not in field]
        if silent:
            refuse(
                tool.name, f"its parameter `{silent[0]}` has no description. Write one, or pass `require_doc=False`."
            )
    return tool


def _with_call_id(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with a `call_id` that is filled by the library, whatever its type hint says."""
    signature = inspect.signature(function)
    if "call_id" not in signature.parameters:
        refuse(getattr(function, "__name__", "tool"), "include_call_id=True needs a parameter `call_id`.")

    def told(keywords: dict[str, Any]) -> dict[str, Any]:
        given = keywords.get("call_id")
        return {**keywords, "call_id": given.tool_call_id} if isinstance(given, ToolContext) else keywords

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        return function(*args, **told(keywords))

    @functools.wraps(function)
    async def call_async(*args: Any, **keywords: Any) -> Any:
        return await function(*args, **told(keywords))

    made: Any = call_async if inspect.iscoroutinefunction(function) else call
    parameters = [
        p.replace(annotation=ToolContext, default=p.empty, kind=p.KEYWORD_ONLY) if p.name == "call_id" else p
        for p in sorted(signature.parameters.values(), key=lambda p: p.name == "call_id")
    ]
    made.__signature__ = signature.replace(parameters=parameters)
    return made  # type: ignore[no-any-return]
