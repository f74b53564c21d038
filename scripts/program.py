"""A program that tests need: found, or installed where that needs no question."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program by its `names`, or the one that the environment's `variable` names; `package` is Debian's.

    `advice` says what to install; `{names}` in it is what was looked for.
    """

    names: tuple[str, ...]
    variable: str
    package: str
    advice: str

    def find(self) -> str | None:
        """Give the path of one that starts, or None."""
        named = os.environ.get(self.variable)
        for name in (named,) if named else self.names:
            path = shutil.which(name)
            if path and starts(path):
                return path
        return None

    def find_or_install(self) -> str | None:
        """Give the path of one, which may be installed for it; None where that cannot be."""
        if self.find() is None and self.variable not in os.environ:
            self._install()
        return self.find()

    def missing(self) -> str:
        """Say what to install."""
        return self.advice.format(names=os.environ.get(self.variable) or ", ".join(self.names))

    def main(self) -> int:
        """Print its path, or say what to install."""
        path = self.find_or_install()
        if path is None:
            print(self.missing(), file=sys.stderr)
            return 1
        print(path)
        return 0

    def _install(self) -> None:
        """Install Debian's package, where there is apt and nobody must be asked for a password."""
        apt = shutil.which("apt-get")
        if apt is None or os.geteuid() != 0:
            return
        print(f"installing {self.package} with apt-get", file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ([apt, "update", "-q"], [apt, "install", "-qy", "--no-install-recommends", self.package]):
            if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
                return


def starts(path: str) -> bool:
    """Tell whether it runs at all: Ubuntu's `chromium-browser` may be a note that asks for snap."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
