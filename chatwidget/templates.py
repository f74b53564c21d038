"""Templates: texts with variables, checked, so that a prompt never goes out with a hole in it.

    yield System(template("You help {{ name }} with {{ topic }}.", name=name, topic=topic))
    yield System(lambda: template("It is {{ now }}.", now=datetime.now()), label="clock")    # computed for each request

The language is Jinja2's (`pip install 'chatwidget[templates]'`), in its sandbox: no names that begin with `_`, nothing
that changes a value. Values are data: what stands in them is never read as a template.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from chatwidget.errors import AppError
from chatwidget.threads import text_of

_FILE = "<template>"  # what Jinja2 calls a template without a file in tracebacks


class Template:
    """A text with variables, read once and filled in as often as needed.

    The indentation of a docstring is taken off, as are the line break after a block and the blanks before it.
    Raises AppError that names the line when the text is no template.
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise AppError(f"A template is a text, not {text!r:.80}.")
        self.text = inspect.cleandoc(text)
        environment = _environment()
        from jinja2 import TemplateSyntaxError
        from jinja2.meta import find_undeclared_variables

        try:
            tree = environment.parse(self.text)
            self._template = environment.from_string(self.text)
            self._names = frozenset(find_undeclared_variables(tree))
        except TemplateSyntaxError as error:
            raise AppError(f"The template cannot be read at {self._line(error.lineno)}: {error.message}") from None
        self._lines = _lines_of_names(tree)
        self._builtins = _builtins()
        self._optional = frozenset(_optional_names(tree))

    @property
    def names(self) -> frozenset[str]:
        """All variables it uses."""
        return self._names - self._builtins.keys()

    @property
    def variables(self) -> frozenset[str]:
        """The variables it must be given; those it asks `is defined` or gives a `default` may be left out."""
        return self.names - self._optional

    def render(self, /, **variables: Any) -> str:
        """Fill in the variables, values of any type.

        Raises AppError that names the line and the variable when one is missing, when the template does not use one
        (it is misspelt on one of the two sides), or when a value does not have what the template wants of it.
        """
        for name in sorted(self.variables - variables.keys()):
            line = self._line(self._lines.get(name, 0))
            raise AppError(f"The template needs {name!r} at {line}, which it was not given.{_near(name, variables)}")
        for name in sorted(variables.keys() - self._names):
            raise AppError(f"The template does not use {name!r}.{_near(name, self._names) or ' Leave it out.'}")
        try:
            return str(self._template.render(self._builtins | variables))
        except Exception as error:  # values and filters are anybody's code
            kind = "" if type(error).__module__.startswith("jinja2") else f"{type(error).__name__}: "
            raise AppError(
                f"The template failed at {self._line(_line_number(error))}: {kind}{text_of(error):.300}"
            ) from error

    def __repr__(self) -> str:
        return f"<Template {self.text[:40]!r}>"

    def _line(self, number: int) -> str:
        lines = self.text.split("\n")
        return f"line {number} ({lines[number - 1].strip():.80})" if 0 < number <= len(lines) else "a line of it"


def template(text: str, /, **variables: Any) -> str:
    """Fill in a text's variables and return it; see `Template` for the rules and what is raised.

    template("Hello {{ name }}{% if polite %}, how do you do?{% endif %}", name="Ada", polite=True)
    """
    return _read(text).render(**variables)


_read = lru_cache(maxsize=256)(Template)  # a live system message renders its text at each request


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f" Did you mean {near[0]!r}?" if near else ""


@lru_cache(maxsize=1)
def _environment() -> Any:
    try:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise AppError("Templates need Jinja2. Install it: pip install 'chatwidget[templates]'") from None
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.clear()  # they hide variables of the same name from the checks; see _builtins
    environment.filters["tojson"] = _to_json  # Jinja2's own writes JSON for HTML, with \u003c for <
    return environment


def _builtins() -> dict[str, Any]:
    from jinja2.sandbox import safe_range
    from jinja2.utils import Namespace

    return {"range": safe_range, "namespace": Namespace}


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False, default=str)


def _lines_of_names(tree: Any) -> dict[str, int]:
    from jinja2.nodes import Name

    lines: dict[str, int] = {}
    for node in tree.find_all(Name):
        if node.ctx == "load":
            lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    return lines


def _optional_names(tree: Any) -> Iterable[str]:
    from jinja2.nodes import Filter, Name, Test

    for node in tree.find_all((Filter, Test)):
        if node.name in ("default", "d", "defined", "undefined") and isinstance(node.node, Name):
            yield node.node.name


def _line_number(error: BaseException) -> int:
    number, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            number = trace.tb_lineno
        trace = trace.tb_next
    return number
