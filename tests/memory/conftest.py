"""A Redis server of the tests' own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import redis

PATIENCE = 20.0


class RedisServer:
    """A redis-server on loopback that keeps nothing; `start` after `stop` gives an empty one on the same port."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        settings = {
            "--port": str(self.port), "--bind": "127.0.0.1", "--dir": str(self._folder), "--save": "",
            "--appendonly": "no", "--daemonize": "no", "--logfile": str(self._folder / "redis.log"),
        }  # fmt: skip
        command = [self._program, *(word for pair in settings.items() for word in pair)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "redis.log").read_text()
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def redis_program() -> str:
    pytest.importorskip("redis", reason="the package redis is not installed")
    program = redis.find_or_install()
    if program is None:
        pytest.skip(redis.missing())
    return program


@pytest.fixture
def redis_server(redis_program: str, tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(redis_program, tmp_path)
    server.start()
    yield server
    server.stop()
