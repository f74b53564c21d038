"""Values of libraries that somebody else has imported: recognised without importing anything.

Where there is an instance of a class, its library is in `sys.modules`; importing it here would cost every chat.
"""

from __future__ import annotations

import sys
from typing import Any


def is_a(value: object, module: str, name: str) -> bool:
    """Whether a value is an instance of a class of a module that has been imported."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(value, kind)


def running_shell() -> Any:
    """Return the IPython shell of this process, or None; IPython is not imported for it."""
    shell = getattr(sys.modules.get("IPython.core.interactiveshell"), "InteractiveShell", None)
    return shell.instance() if shell is not None and shell.initialized() else None
