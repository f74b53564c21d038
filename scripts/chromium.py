"""Find Chromium, or install it where that needs no question; print its path.

    python scripts/chromium.py

The browser tests use the same `find`. `CHROMIUM` names a browser of one's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium and found none of: {names}. Install it (Debian, Ubuntu: `sudo apt-get install "
    "chromium`; Fedora: `sudo dnf install chromium`; macOS: `brew install --cask chromium`), or set CHROMIUM to the "
    "path of a Chromium or Chrome. Everything but the front end's and the browser tests runs without it."
)


def find() -> str | None:
    """Give the path of a Chromium that starts, or None."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    return None


def starts(path: str) -> bool:
    """Tell whether it runs at all: Ubuntu's `chromium-browser` may be a note that asks for snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Install Debian's Chromium, where there is apt and nobody must be asked for a password."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    print("installing Chromium with apt-get", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-q"], [apt, "install", "-qy", "--no-install-recommends", "chromium"]):
        if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
            return


def main() -> int:
    """Print the path of Chromium, or say what to install."""
    if find() is None and "CHROMIUM" not in os.environ:
        install()
    path = find()
    if path is None:
        print(MISSING.format(names=os.environ.get("CHROMIUM") or ", ".join(NAMES)), file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
