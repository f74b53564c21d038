"""An HTTP server that sends exactly the bytes it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Drip:
    """Send the bytes again and again until the client goes away."""

    data: bytes


# RESET breaks the connection off; HOLD keeps it open, silent, until the client goes away.
RESET: Literal["reset"] = "reset"
HOLD: Literal["hold"] = "hold"
Step = bytes | Drip | Literal["reset", "hold"]
Reply = Sequence[Step]

SSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def data(value: object) -> bytes:
    """One event."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def delta(finish: object = None, *, index: int | None = 0, **fields: Any) -> bytes:
    """One chunk with one choice."""
    choice: dict[str, Any] = {"delta": fields, "finish_reason": finish}
    return data(
        {"object": "chat.completion.chunk", "choices": [choice if index is None else choice | {"index": index}]}
    )


def say(text: str) -> bytes:
    """One chunk of text."""
    return delta(content=text)


def call(**fields: Any) -> bytes:
    """One chunk of a tool call; `name` and `arguments` go where they belong."""
    function = {key: fields.pop(key) for key in ("name", "arguments") if key in fields}
    return delta(tool_calls=[fields | {"function": function}])


STOP = delta("stop")
GOOD: Reply = [SSE + delta(role="assistant", content="") + say("Good.") + STOP + DONE]


def piece(body: bytes) -> bytes:
    """One piece of a chunked body."""
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def http(status: str, body: object = b"", *headers: str, kind: str = "application/json") -> Reply:
    """A whole answer with a length."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(raw)}", *headers]
    return ["\r\n".join(lines).encode() + b"\r\n\r\n" + raw]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    target: str
    headers: dict[str, str]
    body: Any


class WireServer:
    """Answers request number n with reply number n; the last one is repeated."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [GOOD]
        self.asked: list[Asked] = []
        self._unscripted = 0
        self.gone = asyncio.Event()  # a client closed its connection before the script was through
        self.held = asyncio.Event()  # a HOLD or a Drip was reached
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL a client needs."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    def script(self, *replies: Reply | bytes) -> None:
        """Say what to answer; plain bytes are the body of an event stream."""
        self._unscripted = len(self.asked)
        self.replies = [[SSE + reply] if isinstance(reply, bytes) else reply for reply in replies]

    async def __aenter__(self) -> WireServer:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            self.asked.append(await _request(reader))
            number = len(self.asked) - self._unscripted
            reply = self.replies[min(number, len(self.replies)) - 1]
            await self._play(reply, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            self.gone.set()
        finally:
            writer.close()

    async def _play(self, steps: Sequence[Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for step in steps:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
                await asyncio.sleep(0)
            elif step == RESET:
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
            else:
                self.held.set()
                leaves = asyncio.ensure_future(reader.read())
                while isinstance(step, Drip) and not leaves.done():
                    writer.write(step.data)
                    await asyncio.wait([leaves], timeout=0.005)
                await leaves
                self.gone.set()
                return


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(head[0].split()[1], headers, json.loads(body) if body else None)
