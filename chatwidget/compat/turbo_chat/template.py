"""Templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatwidget.templates import Template


def render_template(template_string: str, variables: Mapping[str, Any], check: bool = True) -> str:
    """Fill in a template; variables that it does not use may be among them. Always checked, whatever `check` says.

    Raises AppError that names the line when a variable is missing.
    """
    template = Template(template_string)
    return template.render(**{name: value for name, value in variables.items() if name in template.names})
