"""How the `approve=` of a tool is called: with the arguments it names, or with the dict of all; decided beforehand."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

from chatwidget._signature import refuse

_ALIKE = 0.8  # a parameter this like an argument is taken for that argument misspelt
_CURE = "Take arguments of the tool by their names ({}), or all of them as a dict: `lambda arguments: ...`."


def approval_of(approve: Any, function: Callable[..., Any], label: str, names: Collection[str]) -> Any:
    """Return `approve` as a bool, or as a function of the dict of validated arguments.

    `names` are the tool's arguments. Raises ToolDefinitionError when it is not plain what the function wants: guessed
    wrongly, it would let calls run that it is there to keep back.
    """
    if isinstance(approve, bool):
        return approve
    cure = _CURE.format(", ".join(names) or "it has none")
    try:
        parameters = list(inspect.signature(approve).parameters.values())
    except (TypeError, ValueError):
        refuse(label, f"the parameters of its approve={approve!r:.80} cannot be read. Wrap it in a `def`. {cure}")
    needed = [p for p in parameters if p.default is p.empty] or parameters[:1]
    own = [p.name for p in parameters if p.name in names]
    by_name = all(p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) for p in parameters)
    if by_name and own and all(p.name in names for p in needed):
        defaults = _defaults_of(function)
        return lambda arguments: approve(**_named(own, {**defaults, **arguments}))
    if len(needed) != 1 or own or needed[0].kind not in (inspect.Parameter.POSITIONAL_ONLY, _PLAIN):
        taken = ", ".join(str(p) for p in parameters) or "nothing"
        refuse(label, f"its approve= takes ({taken}), which is not clear. {cure}")
    if alike := difflib.get_close_matches(needed[0].name, names, n=1, cutoff=_ALIKE):
        refuse(label, f"its approve= takes `{needed[0].name}`; did you mean its argument `{alike[0]}`? {cure}")
    return approve


_PLAIN = inspect.Parameter.POSITIONAL_OR_KEYWORD


def _defaults_of(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return what the tool itself takes for arguments that a model leaves out."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def _named(names: Collection[str], arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: arguments[name] for name in names if name in arguments}
