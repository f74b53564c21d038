"""The small programs that make calls."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scripts import chromium, demo


def program(path: Path, *, exits: int) -> str:
    path.write_text(f"#!/bin/sh\nexit {exits}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def an_empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)


def test_a_browser_that_starts_is_found(tmp_path: Path) -> None:
    program(tmp_path / "chromium", exits=1)
    works = program(tmp_path / "google-chrome", exits=0)
    assert chromium.find() == works


def test_a_named_browser_is_the_only_one_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", exits=0)
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    assert chromium.find() is None


@pytest.mark.skipif(sys.platform == "win32", reason="apt-get is a Unix program")
def test_root_gets_chromium_from_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    browser = tmp_path / "chromium"
    apt = tmp_path / "apt-get"
    apt.write_text(f"#!/bin/sh\n[ $1 = install ] || exit 0\necho '#!/bin/sh' > {browser}\n/bin/chmod 755 {browser}\n")
    apt.chmod(0o755)
    assert chromium.main() == 0
    assert chromium.find() == str(browser)


def test_others_are_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(tmp_path / "apt-get", exits=0)
    assert chromium.main() == 1
    assert "sudo apt-get install chromium" in capsys.readouterr().err


@pytest.mark.parametrize("browser", ["none", None])
def test_the_demo_opens_no_browser_without_a_display_or_when_told_so(
    browser: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if browser is None:
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("BROWSER", raising=False)
    else:
        monkeypatch.setenv("DISPLAY", ":0")
        monkeypatch.setenv("BROWSER", browser)
    assert "--no-browser" in demo.options()


def test_the_demo_listens_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--ip=127.0.0.1" in demo.options()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--allow-root" in demo.options()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--allow-root" not in demo.options()
