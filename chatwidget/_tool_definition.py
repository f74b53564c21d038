"""From a function to a tool: its name, its words, its arguments, and what is wrong with it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from typing import Any

from chatwidget._signature import refuse, root
from chatwidget.errors import ToolDefinitionError
from chatwidget.tool_context import ToolContext

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PLACES = (None, "thread", "loop", "kernel")


def name_of(function: Any, name: Any) -> str:
    """Return the tool's name; raises ToolDefinitionError when endpoints would refuse it."""
    if name is None:
        name = getattr(root(function), "__name__", "")
        name = type(function).__name__ if name == "__call__" else name
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    cure = "Pass `name=` with 1 to 64 letters a-z, digits, `_` or `-`."
    raise ToolDefinitionError(f"{function!r:.80} cannot become a tool called {name!r:.80}. {cure}")


def check_kind(label: str, function: Any, is_tool: bool) -> None:
    """Raise for what is no function, or one that yields."""
    if is_tool:
        refuse(label, "it is a tool already. To change its options, wrap its `.function`.")
    if not callable(function) or inspect.isclass(function):
        refuse(label, f"{function!r:.80} is no function. Write a function that uses it.")
    plain = root(function)
    if inspect.isgeneratorfunction(plain) or inspect.isasyncgenfunction(plain):
        refuse(label, "it yields, and a tool has one result. Collect the items and return them.")


def check_options(label: str, timeout: Any, run_on: Any, approve: Any) -> None:
    """Raise for options that mean nothing."""
    if timeout is not None and not (isinstance(timeout, int | float) and timeout > 0):
        refuse(label, f"timeout={timeout!r} is no time limit. Give seconds above 0, or None for no limit.")
    if run_on not in _PLACES:
        refuse(label, f"run_on={run_on!r} is no place to run. Give 'thread', 'loop' or 'kernel'.")
    if not isinstance(approve, bool) and not callable(approve):
        refuse(label, f"approve={approve!r:.80} decides nothing. Give True, False or a function of the arguments.")


def read(function: Any, label: str, *, schema: Any, description: str | None, require_doc: Any) -> tuple[Any, str]:
    """Return the tool's arguments and its description."""
    # Here, not above: a chat without tools does not pay for pydantic, a quarter of a second.
    from chatwidget._docstrings import read_docstring

    words = read_docstring(inspect.getdoc(root(function)))
    arguments = _arguments(function, label, schema, words.parameters)
    told = (words.description or _doc_of(schema)) if description is None else description.strip()
    if require_doc and not told:
        refuse(label, "a model must be told what it does. Write a docstring, or pass `description=`.")
    if require_doc == "all":
        fields = arguments.schema["properties"].items()
        silent = [name for name, field in fields if not (isinstance(field, dict) and "description" in field)]
        if silent:
            refuse(label, f"its parameter `{silent[0]}` has no description. Write one in the docstring's Args section.")
    return arguments, told


def _arguments(function: Any, label: str, schema: Any, descriptions: Mapping[str, str]) -> Any:
    if schema is None:
        from chatwidget._tool_schema import arguments_of

        return arguments_of(function, label, descriptions)
    if isinstance(schema, Mapping):
        from chatwidget._raw_schema import SchemaArguments

        return SchemaArguments(schema, label)
    from pydantic import BaseModel

    if not (inspect.isclass(schema) and issubclass(schema, BaseModel)):
        refuse(label, f"schema={schema!r:.80} is no schema. Give a pydantic model, or a dict with a JSON schema.")
    from chatwidget._tool_schema import arguments_of_model

    return arguments_of_model(schema, label)


def _doc_of(schema: Any) -> str:
    return inspect.cleandoc(schema.__doc__ or "") if inspect.isclass(schema) else ""


def strict(schema: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    """Return the schema as strict mode has it; raises ToolDefinitionError where there is no such form."""
    from chatwidget._strict_schema import strict_schema

    made = strict_schema(schema)
    if made is None:
        refuse(label, "strict=True needs arguments whose keys are all known, no `dict[str, ...]`.")
    return made


def context_of(function: Any, arguments: Any) -> str | None:
    """Return the parameter that is given the `ToolContext`, also where a schema stands for the signature."""
    if (found := getattr(arguments, "context", None)) is not None:
        return str(found)
    parameters = inspect.signature(function).parameters.values()
    return next((p.name for p in parameters if p.annotation in (ToolContext, ToolContext.__name__)), None)


def is_async(function: Any) -> bool:
    """Whether calling it gives a coroutine."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


def source_of(function: Any) -> str:
    """Say where a tool was made: its notebook cell, or the line of its module."""
    code = getattr(root(function), "__code__", None)
    module = str(getattr(function, "__module__", "") or "?")
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and module == "__main__":
        return f"In [{shell.execution_count}]"
    return module if code is None else f"{module}:{code.co_firstlineno}"
