"""Open JupyterLab on the quickstart notebook, on this machine only and on a free port that Jupyter chooses.

Without a display, or with BROWSER=none, it prints the address and opens nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/quickstart.ipynb"


def has_display() -> bool:
    """Tell whether a browser can open a window here."""
    if os.environ.get("BROWSER") == "none":
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def options() -> list[str]:
    """Choose JupyterLab's options for this machine and this user."""
    # As the default page, the notebook is also in the address that is printed.
    chosen = ["--ip=127.0.0.1", f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{NOTEBOOK}"]
    chosen.append("--Application.log_level=WARN")
    if not has_display():
        chosen.append("--no-browser")
    if os.geteuid() == 0:
        chosen.append("--allow-root")
    return chosen


if __name__ == "__main__":
    os.chdir(ROOT)
    print("starting JupyterLab; press Ctrl+C twice to end it", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options()])
