"""Where MCP servers are: how each kind is reached, and what to say when it is not.

No sentence holds a header, a variable of the environment, or more of an address than its host.
"""

from __future__ import annotations

import logging
import os
import shlex
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chatwidget._problems import clip
from chatwidget.errors import ToolError
from chatwidget.mcp.names import name_of_command, name_of_url, server_name
from chatwidget.mcp.stderr import Stderr
from chatwidget.models._secrets import BLOT, blotted_text
from chatwidget.threads import text_of

_SHORTEST_SECRET = 6
_CONNECT_SECONDS = 30.0


class Source:
    """A server to connect to; `name` is what it is called, `status` the HTTP status it refused with last, if any.

    This one is an object in this process.
    """

    def __init__(self, server: Any, name: str | None, secrets: Mapping[str, str]) -> None:
        self.server = server
        self.name = server_name(name or str(getattr(server, "name", "")))
        self.status: int | None = None
        self.garbage = ""
        self._secrets = {word for value in secrets.values() for word in [value, *value.split()]}

    def target(self) -> Any:
        """Return what `mcp.Client` connects to."""
        return self.server

    async def why(self, error: BaseException | None) -> str:
        """Return why it could not be reached, or has ended, in the middle of a sentence; "" where nothing says it."""
        return "" if error is None else f"{type(error).__name__}: {text_of(error)}"

    def blot(self, text: str) -> str:
        """Return a text for the person or a model, without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, BLOT)
        return blotted_text(text)

    def heard(self, error: Exception) -> None:
        """Note what came that is no message of the protocol."""
        errors: list[dict[str, Any]] = getattr(error, "errors", list)()
        self.garbage = clip(" ".join(str(errors[0].get("input", "")).split()), 80) if errors else ""


class Command(Source):
    """A program that speaks over its stdin and stdout."""

    def __init__(self, words: list[str], name: str | None, env: Mapping[str, str]) -> None:
        super().__init__(None, name or name_of_command(words), env)
        self._words = words
        self._env = env
        self._stderr: Stderr | None = None

    def target(self) -> AbstractAsyncContextManager[Any]:
        """Return the two streams of messages."""
        return self._streams()

    @asynccontextmanager
    async def _streams(self) -> AsyncIterator[Any]:
        from mcp import StdioServerParameters, stdio_client

        program = StdioServerParameters(command=self._words[0], args=self._words[1:], env=dict(self._env))
        self._stderr = stderr = Stderr(self.name)
        try:
            async with stdio_client(program, errlog=stderr.file) as streams:
                stderr.close()
                yield streams
        finally:
            stderr.close()

    async def why(self, error: BaseException | None) -> str:
        """Return why, as `Source.why` does, from what the program or the address said."""
        if isinstance(error, FileNotFoundError):
            return f"there is no program {self._words[0]!r:.80}; check the command, or give the program's full path"
        if isinstance(error, OSError | ValueError) and not isinstance(error, TimeoutError):
            return f"{text_of(error)}; check the command"
        said = ["it did not answer in time"] if isinstance(error, TimeoutError) else []
        if self.garbage:
            said.append(f"it wrote to stdout what is no message of MCP: {self.garbage!r}")
        if last := await self._last_words():
            said.append(f"its last words were {clip(last, 300)!r}")
        return "; ".join(said)

    async def _last_words(self) -> str:
        return "" if self._stderr is None else await self._stderr.last_line()


class Address(Source):
    """A server on the web: streamable HTTP, or the older SSE where the address ends in `/sse`."""

    def __init__(self, url: str, name: str | None, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        super().__init__(None, name or name_of_url(url), {**headers, "": parts.password or "", "?": parts.query})
        self._url = url
        self._shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._headers = dict(headers)

    def target(self) -> AbstractAsyncContextManager[Any]:
        """Return the two streams of messages."""
        return self._streams()

    @asynccontextmanager
    async def _streams(self) -> AsyncIterator[Any]:
        from mcp.client.sse import sse_client
        from mcp.client.streamable_http import streamable_http_client

        if urlsplit(self._url).path.rstrip("/").endswith("/sse"):
            async with sse_client(self._url, self._headers, sse_read_timeout=24 * 3600.0) as streams:
                yield streams
        else:
            async with self._client() as client, streamable_http_client(self._url, http_client=client) as streams:
                yield streams

    def _client(self) -> Any:
        import httpx2

        async def note(response: httpx2.Response) -> None:
            self.status = response.status_code if response.status_code >= 400 else None

        # No limit on reading: a tool may take its time, and news of changed tools come when they come.
        limit = httpx2.Timeout(_CONNECT_SECONDS, read=None)
        return httpx2.AsyncClient(headers=self._headers, timeout=limit, event_hooks={"response": [note]})

    async def why(self, error: BaseException | None) -> str:
        """Return why, as `Source.why` does, from what the program or the address said."""
        import httpx2

        if isinstance(error, httpx2.HTTPStatusError):
            self.status = error.response.status_code
        if self.status in (401, 403):
            cure = 'pass what it asks for, as in `headers={"Authorization": "Bearer ..."}`'
            return f"{self._shown} refused it (HTTP {self.status}); {cure}"
        if self.status is not None:
            return f"{self._shown} answered HTTP {self.status}; check the address, it often ends in /mcp"
        if isinstance(error, TimeoutError | httpx2.TimeoutException):
            return f"{self._shown} did not answer in time"
        if isinstance(error, httpx2.TransportError):
            return f"{self._shown} cannot be reached; check that the server runs, and its address"
        return f"{self._shown}: {text_of(error)}" if error is not None else ""


def source_of(
    source: Any, name: str | None, env: Mapping[str, str] | None, headers: Mapping[str, str] | None
) -> Source:
    """Tell what kind of server is meant; raises ToolError for what is none."""
    env = {key: str(value) for key, value in (env or {}).items()}
    headers = {key: str(value) for key, value in (headers or {}).items()}
    if isinstance(source, str) and source.strip().lower().startswith(("http://", "https://")):
        if env:
            raise ToolError("`env=` is for a command; a server with an address has an environment of its own.")
        return Address(source.strip(), name, headers)
    if headers:
        raise ToolError("`headers=` is for a server with an address; pass a command what it needs by `env=`.")
    words = _words(source)
    if words is not None:
        return Command(words, name, env)
    from mcp.server import MCPServer, Server

    if not isinstance(source, MCPServer | Server):
        kinds = 'a command ("npx some-server", or a list of words), the Path of a script, or an http address'
        raise ToolError(f"{source!r:.80} is no MCP server. Give {kinds}.")
    return Source(source, name, {})


def _words(source: Any) -> list[str] | None:
    """Return a command as its words; None for what is none."""
    if isinstance(source, str):
        try:
            words = shlex.split(source, posix=os.name != "nt")
        except ValueError as error:
            raise ToolError(f"This command cannot be read ({error}). Give its words as a list.") from None
    elif isinstance(source, Path):
        words = [str(source)]
    elif isinstance(source, list | tuple) and all(isinstance(word, str | Path) for word in source):
        words = [str(word) for word in source]
    else:
        return None
    if not words or not words[0]:
        raise ToolError("The command of an MCP server is empty. Give its words, as in 'npx some-server'.")
    return [sys.executable, *words] if words[0].endswith(".py") else words


# Both write what they meet to the log, and where no log is set up Python prints that: into a cell.
for _noisy in ("mcp", "client"):
    logging.getLogger(_noisy).addHandler(logging.NullHandler())
