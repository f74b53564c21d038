"""Scripts a page may ask the kernel for: too large to be part of the widget, and of the version that is installed."""

from __future__ import annotations

import gzip
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path

from chatwidget.errors import RequestError

_FILES = {"plotly": "package_data/plotly.min.js"}


def read_asset(package: str) -> str:
    """Return the script a package brings, gzipped, as base64: of plotly's 4.8 MB 1.9 MB are left.

    It blocks for about a quarter of a second, so call it off the event loop. Raises RequestError where there is no
    such script.
    """
    for folder in _folders(package):
        path = Path(folder) / _FILES[package]
        if path.is_file():
            return b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode()
    raise RequestError(f"The kernel has no script of {package} to draw this with. Install {package} there to see it.")


def _folders(package: str) -> list[str]:
    try:
        spec = find_spec(package)  # finds it without running it
    except ValueError:  # somebody's stand-in for the module
        return []
    return list((spec.submodule_search_locations if spec is not None else None) or [])
