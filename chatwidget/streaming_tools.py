"""Tools that work while a model is still writing their arguments.

@streaming_function_tool
async def write(articles: AsyncIterator[Article]) -> str:
    '''Write an article into the editor.'''
    async for article in articles:
        editor.show(article)             # it grows; the last one is whole and validated
    return f"{len(article.text)} characters written."
"""

from __future__ import annotations

import contextvars
import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, get_args, overload

from chatwidget._signature import hints_of, is_method, refuse
from chatwidget.arriving import Arriving
from chatwidget.errors import ToolDefinitionError
from chatwidget.tool_context import ToolContext
from chatwidget.tools import Tool


class StreamingTool(Tool[..., Any]):
    """A tool whose body is given its arguments as they grow; made by `streaming_function_tool`."""

    streams = True
    _grown: Any = None

    def __init__(self, function: Callable[..., Any], *, schema: Any = None, **options: Any) -> None:
        label = str(options.get("name") or getattr(function, "__name__", function))
        if not inspect.iscoroutinefunction(function):
            refuse(label, "a streaming tool is an async function. Write `async def`.")
        parameters = [p for p in _parameters(function) if p.annotation not in (ToolContext, ToolContext.__name__)]
        if len(parameters) != 1:
            refuse(label, "a streaming tool takes the arriving arguments, and a `ToolContext` at most.")
        self._stream = parameters[0].name
        item = schema if schema is not None else _item_of(function, label, parameters[0])
        super().__init__(function, schema=item, run_on="loop", **options)
        self._item = None if isinstance(item, Mapping) else item

    def item(self, value: Any) -> Any:
        """Return what the body is given of the best JSON value so far."""
        if self._item is None:
            return value if isinstance(value, dict) else {}
        if self._grown is None:
            from chatwidget._partial_value import PartialValue

            self._grown = PartialValue(self._item)
        return self._grown.of(value if isinstance(value, dict) else {})

    def whole(self, arguments: Mapping[str, Any]) -> Any:
        """Return the last thing the body is given, from validated arguments."""
        return dict(arguments) if self._item is None else self._item.model_construct(set(arguments), **arguments)

    async def call(
        self,
        arguments: Mapping[str, Any],
        *,
        context: contextvars.Context | None = None,
        call: ToolContext | None = None,
        arriving: AsyncIterator[Any] | None = None,
    ) -> Any:
        """Run the tool: with what is `arriving`, or with the whole arguments as the one thing that arrives."""
        stream = arriving if arriving is not None else Arriving(self.whole(arguments))
        return await super().call({self._stream: stream}, context=context, call=call)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())[int(is_method(function)) :]


def _item_of(function: Callable[..., Any], label: str, parameter: inspect.Parameter) -> Any:
    cure = f"Write `{parameter.name}: AsyncIterator[Article]` with a pydantic model, or pass `schema=`."
    if parameter.annotation is parameter.empty:
        refuse(label, f"nothing says what `{parameter.name}` holds. {cure}")
    found = get_args(hints_of(function, label, [parameter])[parameter.name])
    if not found or not inspect.isclass(found[0]) or not hasattr(found[0], "model_fields"):
        refuse(label, f"its parameter `{parameter.name}` does not say what arrives. {cure}")
    return found[0]


@overload
def streaming_function_tool(function: Callable[..., Any], /) -> StreamingTool: ...


@overload
def streaming_function_tool(**options: Any) -> Callable[[Callable[..., Any]], StreamingTool]: ...


def streaming_function_tool(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a tool of an async function that is given its arguments while the model writes them.

    Bare or with options, those of `function_tool` but `run_on`. Its one parameter is an async iterator: of growing
    objects of a pydantic model (a field that is not there yet is None), or, with a JSON schema as `schema=`, of growing
    dicts. It gives the newest, so a slow body misses some; the last one is whole and validated. From a model that
    does not stream it gets that one only, and so it does with `approve`, which is asked first. When the turn is
    stopped, or the arguments turn out not to fit, it is cancelled.

    Raises `ToolDefinitionError` that names the function and the cure.
    """

    def make(function: Callable[..., Any]) -> StreamingTool:
        return StreamingTool(function, **options)

    allowed = inspect.signature(Tool.__init__).parameters.keys() - {"run_on"}
    if unknown := sorted(options.keys() - allowed):
        raise ToolDefinitionError(f"streaming_function_tool has no option {unknown[0]!r}.")
    return make if function is None else make(function)
