"""Find Chromium, or install it where that needs no question; print its path.

    python -m scripts.chromium

The browser tests use the same `find`. `CHROMIUM` names a browser of one's own.
"""

from __future__ import annotations

import sys

from scripts.program import Program

CHROMIUM = Program(
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "CHROMIUM",
    "chromium",
    "The browser tests need Chromium and found none of: {names}. Install it (Debian, Ubuntu: `sudo apt-get install "
    "chromium`; Fedora: `sudo dnf install chromium`; macOS: `brew install --cask chromium`), or set CHROMIUM to the "
    "path of a Chromium or Chrome. Everything but the front end's and the browser tests runs without it.",
)
find, main, missing = CHROMIUM.find, CHROMIUM.main, CHROMIUM.missing

if __name__ == "__main__":
    sys.exit(main())
