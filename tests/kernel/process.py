"""A real ipykernel in a process of its own, and all it says on iopub, in the order in which it says it."""

from __future__ import annotations

import ast
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

# A bound on what any one thing is waited for, so that a failure ends; no test asserts a time.
LIMIT_SECONDS = 30

Message = dict[str, Any]


class ThisPython(KernelSpecManager):
    """Only knows the ipykernel of this interpreter, whatever kernels the machine has."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return its spec."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


class Kernel:
    """One kernel process. `said` holds every iopub message since the last `forget`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self.said: list[Message] = []
        self.replied: set[str] = set()
        self.listeners: list[Callable[[Message], None]] = []
        self._by_parent: defaultdict[str, list[Message]] = defaultdict(list)
        self.start()

    def start(self) -> None:
        """Start the process and wait until it is heard."""
        self._folder = tempfile.TemporaryDirectory(prefix="cw-")
        path = Path(self._folder.name)
        # Unix sockets in a short path: no port to race for.
        self.manager = KernelManager(
            transport="ipc", connection_file=str(path / "k.json"), kernel_spec_manager=ThisPython()
        )
        self.manager.start_kernel(env=self._environment | {"IPYTHONDIR": str(path)})
        self._iopub = self.manager.connect_iopub()
        self._shell = self.manager.connect_shell()
        self._control = self.manager.connect_control()
        deadline = time.monotonic() + LIMIT_SECONDS
        asked = {self.send("kernel_info_request", {})}
        while not self._iopub.poll(100):  # what it says before we are subscribed is lost
            assert time.monotonic() < deadline, "the kernel did not start"
            asked.add(self.send("kernel_info_request", {}))
        self.until(lambda: asked <= self.replied)
        self.run("import asyncio, chatwidget, threading, time; from chatwidget import *")
        self.process = psutil.Process(self.value("__import__('os').getpid()"))

    def shut_down(self) -> None:
        """Ask the process to end, as a server does first, and wait until it has."""
        self._request("shutdown_request", {"restart": True})
        self.process.wait(LIMIT_SECONDS)

    def close(self) -> None:
        """End the process, if it has not ended, and leave nothing behind."""
        self.manager.shutdown_kernel(now=True)
        for socket in (self._iopub, self._shell, self._control):
            socket.close(linger=0)
        self._folder.cleanup()

    def forget(self) -> None:
        """Begin a new record."""
        self.said.clear()
        self.replied.clear()
        self.listeners.clear()
        self._by_parent.clear()

    def interrupt(self) -> None:
        """Press the notebook's interrupt button."""
        self.manager.interrupt_kernel()

    def interrupt_cell(self, cell: Cell) -> Cell:
        """Press it until the cell has ended, as a person would: Python drops one that comes inside a destructor."""
        for _ in range(5):
            self.interrupt()
            try:
                self.until(lambda: cell.ended, LIMIT_SECONDS / 5)
            except AssertionError:
                continue
            break
        return cell.wait()

    def create_subshell(self) -> str:
        """Make a subshell, as JupyterLab does for the comms of widgets, and return its id."""
        reply = self._request("create_subshell_request", {})
        return str(reply["content"]["subshell_id"])

    def send(self, kind: str, content: dict[str, Any], subshell: str | None = None) -> str:
        """Send a message on the shell channel; returns its id."""
        session = self.manager.session
        message = session.msg(kind, content)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        session.send(self._shell, message)
        return str(message["header"]["msg_id"])

    def begin(self, code: str) -> Cell:
        """Run a cell without waiting for its end."""
        return Cell(self, self.send("execute_request", {"code": code, "silent": False, "store_history": True}))

    def run(self, code: str) -> Cell:
        """Run a cell that must not fail, to its end."""
        cell = self.begin(code).wait()
        assert cell.error is None, f"{cell.error} in the cell\n{code}\n{cell.traceback}"
        return cell

    def value(self, expression: str) -> Any:
        """Return the value of an expression in the kernel: anything Python writes as a literal."""
        return ast.literal_eval(self.run(expression).bundle["text/plain"])

    def until(self, happened: Callable[[], bool], seconds: float = LIMIT_SECONDS) -> None:
        """Take in what the kernel says until something has happened."""
        deadline = time.monotonic() + seconds
        poller = zmq.Poller()
        for socket in (self._iopub, self._shell):
            poller.register(socket, zmq.POLLIN)
        while not happened():
            ready = dict(poller.poll(max(0, int((deadline - time.monotonic()) * 1000))))
            if not ready or time.monotonic() > deadline:
                latest = "\n".join(f"{m['msg_type']}: {m['content']!s:.300}" for m in self.said[-6:])
                raise AssertionError(f"it did not happen within {seconds} s. The last the kernel said:\n{latest}")
            if self._shell in ready:
                self.replied.add(self._receive(self._shell)["parent_header"]["msg_id"])
            if self._iopub in ready:
                message = self._receive(self._iopub)
                self.said.append(message)
                self._by_parent[message["parent_header"].get("msg_id", "")].append(message)
                for listener in self.listeners:
                    listener(message)

    def _receive(self, socket: zmq.Socket[bytes]) -> Message:
        _, message = self.manager.session.recv(socket, zmq.NOBLOCK)
        assert message is not None
        return dict(message)

    def in_answer_to(self, message_id: str) -> list[Message]:
        """Return what has been said so far because of one message."""
        return self._by_parent[message_id]

    def _request(self, kind: str, content: dict[str, Any]) -> Message:
        self.manager.session.send(self._control, kind, content)
        assert self._control.poll(LIMIT_SECONDS * 1000), f"{kind} was not answered"
        return self._receive(self._control)


class Cell:
    """One execution of a cell."""

    def __init__(self, kernel: Kernel, message_id: str) -> None:
        self._kernel = kernel
        self.id = message_id

    def _contents(self, kind: str) -> list[dict[str, Any]]:
        return [m["content"] for m in self._kernel.in_answer_to(self.id) if m["msg_type"] == kind]

    @property
    def ended(self) -> bool:
        """Whether the kernel has said that it is done with it."""
        return any(content["execution_state"] == "idle" for content in self._contents("status"))

    @property
    def text(self) -> str:
        """What it has printed, or what was printed into it."""
        return "".join(content["text"] for content in self._contents("stream"))

    @property
    def error(self) -> str | None:
        """The name of the exception it ended with."""
        return next((content["ename"] for content in self._contents("error")), None)

    @property
    def traceback(self) -> str:
        """What the notebook shows of that exception."""
        return "\n".join(line for content in self._contents("error") for line in content["traceback"])

    @property
    def bundle(self) -> dict[str, Any]:
        """The MIME bundle of its last expression."""
        [content] = self._contents("execute_result")
        return dict(content["data"])

    def wait(self) -> Cell:
        """Wait for its end and its reply: ipykernel 7.3 goes deaf when a request meets a reply on its way out."""
        self._kernel.until(lambda: self.ended and self.id in self._kernel.replied)
        return self
