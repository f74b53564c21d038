"""The locks: exact, hashed, complete, and of no particular mirror."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON_LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def names(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {match[0].lower() for match in found if match}


def blocks(lock: Path) -> list[str]:
    """One text for each locked package: its line, and the hashes below it."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    return re.split(r"\n(?=\S)", "\n".join(lines))


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.stem)
def test_every_locked_package_has_an_exact_version_and_a_hash(lock: Path) -> None:
    assert [block for block in blocks(lock) if "==" not in block or "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.stem)
def test_a_python_lock_names_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert not re.search(r"^\s*-(i|-index-url|-extra-index-url|-find-links)\b", lock.read_text(), re.MULTILINE)


def test_the_front_ends_lock_has_hashes_and_no_download_address() -> None:
    packages: dict[str, dict[str, Any]] = json.loads((ROOT / "js/package-lock.json").read_text())["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in installed.items() if "resolved" in entry] == []
    assert [name for name, entry in installed.items() if "integrity" not in entry] == []


def test_everything_pyproject_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = names(project["project"]["dependencies"] + project["project"]["optional-dependencies"]["local"])
    assert wanted | names(groups["dev"]) <= names(blocks(ROOT / "requirements/dev.txt"))
    for group in ("model", "old-kernel", "uv"):
        assert names(groups[group]) == names(blocks(ROOT / f"requirements/{group}.txt"))
