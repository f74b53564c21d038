"""Scripts a page may ask the kernel for: too large to be part of the widget, or of the version that is installed."""

from __future__ import annotations

import gzip
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from chatwidget.errors import RequestError

Chunk = Literal["interface", "highlight", "math", "mermaid"]
"""Parts of our own front end that come when they are first wanted."""

_STATIC = Path(__file__).parent / "static"
_FILES = {"plotly": "package_data/plotly.min.js"}


def read_asset(package: str) -> str:
    """Return the script a package brings, packed as by `packed`: of plotly's 4.8 MB 1.9 MB are left.

    It blocks for about a quarter of a second, so call it off the event loop. Raises RequestError where there is no
    such script.
    """
    for folder in _folders(package):
        path = Path(folder) / _FILES[package]
        if path.is_file():
            return packed(path.read_bytes())
    raise RequestError(f"The kernel has no script of {package} to draw this with. Install {package} there to see it.")


def read_chunk(name: Chunk) -> str:
    """Return a part of the front end, packed; it blocks. Raises RequestError where it was not built."""
    path = _STATIC / f"{name}.js"
    if not path.is_file():
        raise RequestError(f"This installation of chatwidget has no {path.name}. Install it anew to have it.")
    return packed(path.read_bytes())


def packed(script: bytes) -> str:
    """Return a script as it travels: gzipped, in base64."""
    return b64encode(gzip.compress(script, mtime=0)).decode()


def _folders(package: str) -> list[str]:
    try:
        spec = find_spec(package)  # finds it without running it
    except ValueError:  # somebody's stand-in for the module
        return []
    return list((spec.submodule_search_locations if spec is not None else None) or [])
