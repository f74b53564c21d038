"""When the front end is built again, and when it is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hatch_build


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose bundle was just built."""
    files = {
        "js/package.json": "{}",
        "js/package-lock.json": "{}",
        "js/src/widget.ts": "export default {};",
        "js/src/widget.test.ts": "",
        "chatwidget/words/en.json": "{}",
        "chatwidget/static/widget.js": "built",
        "chatwidget/static/highlight.js": "built",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    hatch_build.write_stamp(tmp_path)
    return tmp_path


def test_a_bundle_of_the_present_sources_is_left_alone(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(hatch_build, "npm", lambda *_: pytest.fail("built a fresh bundle again"))
    hatch_build.build(checkout)


SOURCES = [
    "js/src/widget.ts",
    "js/package-lock.json",
    "js/vite.config.ts",
    "js/src/new.css",
    "chatwidget/words/en.json",
]


@pytest.mark.parametrize("changed", SOURCES)
def test_a_changed_source_makes_the_bundle_stale(checkout: Path, changed: str) -> None:
    (checkout / changed).write_text("something else")
    assert not hatch_build.is_fresh(checkout)


def test_a_removed_source_makes_the_bundle_stale(checkout: Path) -> None:
    (checkout / "js/src/widget.ts").unlink()
    assert not hatch_build.is_fresh(checkout)


def test_a_changed_test_leaves_the_bundle_fresh(checkout: Path) -> None:
    (checkout / "js/src/widget.test.ts").write_text("something else")
    assert hatch_build.is_fresh(checkout)


@pytest.mark.parametrize("lost", ["widget.js", "highlight.js", "sources.sha256"])
def test_a_lost_bundle_or_stamp_makes_the_bundle_stale(checkout: Path, lost: str) -> None:
    (checkout / "chatwidget/static" / lost).unlink()
    assert not hatch_build.is_fresh(checkout)


def test_the_licences_are_those_of_what_may_be_in_the_bundle(tmp_path: Path) -> None:
    packages = {
        "": {"license": "MIT"},
        "node_modules/@a/drawn": {"version": "1.2", "license": "BSD-3-Clause"},
        "node_modules/tool": {"version": "3", "license": "MIT", "dev": True},
    }
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    for place in packages:
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / "LICENSE").write_text(f"Copyright of {place}")
    assert hatch_build.licenses(tmp_path) == "@a/drawn 1.2 (BSD-3-Clause)\n\nCopyright of node_modules/@a/drawn\n"


def test_an_old_node_on_the_path_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("node", "npm"):
        (tmp_path / name).touch(mode=0o755)
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.11.0\n")
    assert hatch_build.npm_on_path() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.12.0\n")
    assert hatch_build.npm_on_path() == [str(tmp_path / "npm")]


def test_without_sources_the_build_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"has no package\.json"):
        hatch_build.build(tmp_path)
