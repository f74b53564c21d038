"""Tools: functions a model may call.

    @function_tool
    async def weather(city: str, days: Annotated[int, Field(ge=1, le=7)] = 1) -> str:
        '''Tell the weather of a city.'''
        return await look_up(city, days)

Type hints become the JSON schema, the docstring the descriptions. What a model sends is validated and coerced by
pydantic. Async functions run on the loop; others in a thread of their own, so that they may block.
"""

from __future__ import annotations

import contextvars
import copy
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, ParamSpec, TypeVar, overload

from chatwidget import _tool_call, _tool_definition, host
from chatwidget._signature import is_method
from chatwidget._tool_approval import approval_of
from chatwidget._tool_call import ToolExit
from chatwidget._tool_preview import PartialArguments, Preview
from chatwidget.errors import ToolDefinitionError
from chatwidget.tool_context import ToolContext
from chatwidget.tool_display import Display

__all__ = ["Approve", "Tool", "ToolContext", "ToolExit", "ToolSpec", "function_tool"]

P = ParamSpec("P")
R = TypeVar("R")
RunOn = Literal["thread", "loop", "kernel"]
RequireDoc = bool | Literal["all"]
Approve = bool | Callable[..., Any]

PREVIEW_SECONDS = 5.0
"""How long one call of a preview may take."""

_PLACES = {"thread": _tool_call.in_thread, "loop": _tool_call.on_loop, "kernel": _tool_call.on_kernel}


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What a model is told of a tool: its name, its description and the JSON schema of its arguments.

    `strict`: an endpoint that can shall hold the model to the schema.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    strict: bool = False


class Tool(Generic[P, R]):
    """A function a model may call; called from Python it is the function it was.

    Made by `function_tool`, which says what the options mean. `spec` is what a model is told, `source` where the tool
    was made (a cell, or a line of a module). With `enabled` False no model is told of it. A tool made of a method is
    bound like a method: each instance has its own, with a flag of its own. One that `streams` begins while its
    arguments are still being written (`streaming_tools.py`).
    """

    streams = False

    def __init__(
        self,
        function: Callable[P, R],
        *,
        name: str | None = None,
        description: str | None = None,
        require_doc: RequireDoc = True,
        schema: Any = None,
        strict: bool = False,
        timeout: float | None = None,
        run_on: RunOn | None = None,
        approve: Approve = False,
        display: Display | None = None,
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.function = function
        self.name = _tool_definition.name_of(function, name)
        _tool_definition.check_kind(self.name, function, isinstance(function, Tool))
        _tool_definition.check_options(self.name, timeout, run_on, approve)
        self._arguments, self.description = _tool_definition.read(
            function, self.name, schema=schema, description=description, require_doc=require_doc
        )
        self._context = _tool_definition.context_of(function, self._arguments)
        self.timeout = timeout
        self.run_on: RunOn = run_on or ("loop" if _tool_definition.is_async(function) else "thread")
        self.approve: Approve = approval_of(approve, function, self.name, self._names)
        self.display = None if display is None else Display.of(display)
        self.enabled = True
        self.source = _tool_definition.source_of(function)
        self._preview: Preview | None = None
        self._partial: PartialArguments | None = None
        self._instance: Any = None
        self._attribute = ""
        parameters = _tool_definition.strict(self._arguments.schema, self.name) if strict else self._arguments.schema
        self.spec = ToolSpec(self.name, self.description, parameters, strict)
        if self.run_on == "kernel":
            host.remember_kernel_loop()

    @property
    def is_method(self) -> bool:
        """Whether it was made of a method and is not bound to an instance yet, so that nothing can call it."""
        return is_method(self.function)

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = name

    def __get__(self, instance: object, owner: type | None = None) -> Tool[..., R]:
        if instance is None or not self.is_method:
            return self
        bound = copy.copy(self)
        bound.function = self.function.__get__(instance, owner)
        bound._instance = instance
        if self._attribute and hasattr(instance, "__dict__"):  # the next access finds the same one
            instance.__dict__[self._attribute] = bound
        return bound

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function itself, without validation, limit or thread."""
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Tool {self.name}{inspect.signature(self.function)}>"

    def preview(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Register what shows the tool's arguments while a model is still writing them; use as a decorator.

            @write.preview
            def show(title: str = "", text: str = ""):
                return Markdown(f"## {title}")

        Sync or async, whatever the tool is. It is called with the arguments that are there so far and fit its type
        hints: the newest ones whenever the last call has ended, and once more, with the validated ones, when they are
        whole (`ToolContext.final`). Not before each of its parameters without a default has come. What it returns, or
        else displays or prints, is shown in the tool's card; what it raises is logged and noted there. Raises
        `ToolDefinitionError` for a parameter that is no argument of the tool.
        """
        self._preview = Preview(function, self.name, self._names, method=is_method(function))
        return function

    @property
    def _names(self) -> tuple[str, ...]:
        known = getattr(self._arguments, "names", None)
        return tuple(self._arguments.schema["properties"] if known is None else known.values())

    @property
    def has_preview(self) -> bool:
        """Whether something shows its arguments while they are written."""
        return self._preview is not None

    def partial(self, value: Any) -> dict[str, Any]:
        """Return the arguments so far that are there and fit, typed, from the best JSON value so far; never raises."""
        if self._partial is None:
            self._partial = PartialArguments(self._arguments)
        return self._partial.of(value)

    async def show(self, arguments: Mapping[str, Any], call: ToolContext) -> Any:
        """Call the preview with arguments so far and return what it returns; None while it needs more of them.

        Raises what it raises, `ToolTimeout` after `PREVIEW_SECONDS`.
        """
        keywords = self._preview.keywords(arguments, call) if self._preview is not None else None
        if self._preview is None or keywords is None:
            return None
        function = self._preview.function
        if self._instance is not None and is_method(function):
            function = function.__get__(self._instance)
        own = "loop" if _tool_definition.is_async(function) else "thread"
        work = _PLACES["kernel" if self.run_on == "kernel" else own](function, keywords)
        label = f"the preview of {self.name}"
        return await _tool_call.settle(work, label, PREVIEW_SECONDS, contextvars.copy_context())

    @property
    def wants_context(self) -> bool:
        """Whether a parameter of it is given the `ToolContext`."""
        return self._context is not None

    def validate(self, arguments: str) -> dict[str, Any]:
        """Turn a model's JSON text into keyword arguments for `call`; a blank text is no arguments.

        Raises `ToolArgumentsError` whose text, of at most 1,000 characters, tells the model what to correct.
        """
        validated: dict[str, Any] = self._arguments.validate(arguments, self.name)
        return validated

    async def call(
        self,
        arguments: Mapping[str, Any],
        *,
        context: contextvars.Context | None = None,
        call: ToolContext | None = None,
        arriving: AsyncIterator[Any] | None = None,
    ) -> Any:
        """Run the tool with validated arguments and return what it returns; `arriving` is for tools that stream.

        Its code sees a copy of `context` (by default the caller's), so that captured output finds its way, and `call`
        where a parameter asks for it. Raises what the tool raises; `ToolTimeout` after `timeout` seconds; `ToolExit`
        for KeyboardInterrupt, SystemExit and a CancelledError of its own. When cancelled or out of time, an async tool
        is cancelled and has a second to clean up; a thread cannot be stopped, it ends by itself and its result is
        dropped.
        """
        context = contextvars.copy_context() if context is None else context.copy()
        if self._context is not None:
            arguments = {**arguments, self._context: call or ToolContext("", self.name)}
        work = _PLACES[self.run_on](self.function, arguments)
        return await _tool_call.settle(work, self.name, self.timeout, context)


@overload
def function_tool(function: Callable[P, R], /) -> Tool[P, R]: ...


@overload
def function_tool(
    *,
    name: str | None = None,
    description: str | None = None,
    require_doc: RequireDoc = True,
    schema: Any = None,
    strict: bool = False,
    timeout: float | None = None,
    run_on: RunOn | None = None,
    approve: Approve = False,
    display: Display | None = None,
) -> Callable[[Callable[P, R]], Tool[P, R]]: ...


def function_tool(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make a tool of a function, bare (`@function_tool`) or with options (`@function_tool(timeout=10)`).

    Every parameter needs a type hint; one of type `ToolContext` is given the call and not shown to the model.

    - `name`, `description`: in place of the function's own name and docstring (Google, NumPy or Sphinx style)
    - `require_doc`: True, the tool must have a description; "all", each parameter too; False, nothing must
    - `schema`: a pydantic model, or a JSON schema of type object, in place of the signature
    - `strict`: ask the endpoint to hold the model to the schema
    - `timeout`: in seconds
    - `run_on`: "loop", "thread" (by default as the function is async or not), or "kernel", the main thread, for code
      that works there only; it waits for a cell that computes
    - `approve`: True, a person must agree to each call; or a function, sync or async, that returns True to ask, False
      to run, or `Allow(...)` or `Deny("reason")`. It takes validated arguments by their names (`lambda path: ...`), or
      all of them as a dict, in one parameter of another name
    - `display`: how its calls look, a `Display`

    Raises `ToolDefinitionError` that names the function, the parameter and the cure.
    """

    def make(function: Callable[..., Any]) -> Tool[..., Any]:
        return Tool(function, **options)

    if unknown := sorted(options.keys() - inspect.signature(Tool.__init__).parameters.keys()):
        raise ToolDefinitionError(f"function_tool has no option {unknown[0]!r}. See help(function_tool) for them.")
    return make if function is None else make(function)
