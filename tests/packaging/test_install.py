"""What a stranger gets: from git without Node, from an sdist, from a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UV = Path(sys.executable).parent / "uv"
BUNDLE = ["chatwidget/static/widget.css", "chatwidget/static/widget.js"]
LOCK = ROOT / "requirements/dev.txt"
NODE_TOOLS = {"corepack", "node", "nodejs", "npm", "npx"}

IMPORT_QUIETLY = """
import sys
events = []
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        events.append(event)
sys.addaudithook(watch)
import chatwidget
assert not events, events
heavy = {"jupyterlab", "notebook", "jupyter_server", "xllamacpp"} & set(sys.modules)
assert not heavy, heavy
print(chatwidget.__file__)
"""


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose PATH has everything but Node."""
    folder = tmp_path_factory.mktemp("path")
    for place in os.environ["PATH"].split(os.pathsep):
        for tool in Path(place).glob("*"):
            link = folder / tool.name
            if tool.name not in NODE_TOOLS and not link.is_symlink():
                link.symlink_to(tool)
    assert shutil.which("node", path=str(folder)) is None
    hidden = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return {**hidden, "PATH": str(folder), "UV_LINK_MODE": "copy"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files git tracks or would add, as they are now: nothing that was built, nothing that is ignored."""
    folder = tmp_path_factory.mktemp("clone") / "chatwidget"
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    assert not (folder / "chatwidget/static").exists()
    assert not (folder / "js/node_modules").exists()
    return folder


@pytest.fixture(scope="module")
def installed(clone: Path, without_node: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment into which the clone was installed, Node being hidden."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=clone)
    locked = ["--constraints", str(LOCK), "--build-constraints", str(LOCK)]
    run(UV, "pip", "install", "--python", home / "bin/python", *locked, clone, cwd=clone, env=without_node)
    return home / "bin/python"


@pytest.fixture(scope="module")
def distributions(clone: Path, installed: Path, without_node: dict[str, str]) -> Path:
    """The folder of the sdist, and of the wheel built from that sdist; the clone has its bundle from `installed`."""
    run(sys.executable, "-m", "build", "--no-isolation", cwd=clone, env=without_node)
    return clone / "dist"


def sdist_names(folder: Path) -> list[str]:
    [path] = folder.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def wheel_names(folder: Path) -> list[str]:
    [path] = folder.glob("*.whl")
    assert path.name.endswith("-py3-none-any.whl")
    return zipfile.ZipFile(path).namelist()


def test_an_install_from_a_bare_clone_without_node_has_the_bundle(installed: Path) -> None:
    site = installed.parent.parent / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    assert [name for name in BUNDLE if not (site / name).is_file()] == []
    assert (site / "chatwidget/py.typed").is_file()
    assert {"ar.json", "en.json"} <= {path.name for path in (site / "chatwidget/words").iterdir()}


def test_importing_the_installed_package_opens_no_socket_and_loads_no_server(installed: Path, tmp_path: Path) -> None:
    assert "site-packages" in run(installed, "-I", "-W", "error", "-c", IMPORT_QUIETLY, cwd=tmp_path)


def test_sdist_and_wheel_both_hold_the_bundle(distributions: Path) -> None:
    assert set(BUNDLE) <= set(sdist_names(distributions))
    assert set(BUNDLE) <= set(wheel_names(distributions))


def test_the_sdist_holds_the_sources_of_its_bundle_and_nothing_installed(distributions: Path) -> None:
    names = sdist_names(distributions)
    assert {"js/package.json", "js/package-lock.json", "hatch_build.py", "LICENSE", "README.md"} <= set(names)
    assert not [name for name in names if "node_modules" in name or name.startswith(".venv")]


def test_the_wheel_runs_nothing_at_python_start_and_carries_only_the_package(distributions: Path) -> None:
    names = wheel_names(distributions)
    assert not [name for name in names if name.endswith(".pth")]
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"chatwidget"}


def test_an_sdist_installs_without_node_and_without_a_registry(
    distributions: Path, without_node: dict[str, str], tmp_path: Path
) -> None:
    [sdist] = distributions.glob("*.tar.gz")
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--no-cache", "--target", str(tmp_path / "site")]
    run(UV, "pip", "install", "--python", sys.executable, *offline, sdist, cwd=tmp_path, env=without_node)
    assert [name for name in BUNDLE if not (tmp_path / "site" / name).is_file()] == []


def test_git_does_not_hold_the_bundle() -> None:
    assert run("git", "ls-files", "chatwidget/static", "js/dist", cwd=ROOT) == ""
