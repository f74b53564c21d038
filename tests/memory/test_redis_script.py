"""`scripts/redis.py`: find a server, install it, or say what to install."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scripts import redis

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="apt-get is a Unix program")


def program(path: Path, text: str = "exit 0") -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def an_empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_SERVER", raising=False)


def test_a_server_that_starts_is_found_and_a_named_one_is_the_only_one_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "redis-server", "exit 1")
    works = program(tmp_path / "valkey-server")
    assert redis.find() == works
    monkeypatch.setenv("REDIS_SERVER", "/no/such/server")
    assert redis.find_or_install() is None


def test_root_gets_a_server_from_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    server = tmp_path / "redis-server"
    program(
        tmp_path / "apt-get",
        f"[ $1 = install ] || exit 0\necho '#!/bin/sh' > {server}\n/bin/chmod 755 {server}",
    )
    assert redis.main() == 0
    assert redis.find() == str(server)


def test_others_are_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(tmp_path / "apt-get")
    assert redis.main() == 1
    assert "sudo apt-get install redis-server" in capsys.readouterr().err
