"""One connection to an MCP server, from its start to its end, in a task of its own.

The package's contexts must be left in the task that entered them, so that task does nothing else: it opens the
connection, follows news of changed tools, and closes when told to or when the server has ended. Calls are made from
their callers' tasks, many at a time; cancelling one tells the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from chatwidget.errors import ToolError
from chatwidget.mcp.sources import Source

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult, Tool

START_SECONDS = 60.0
"""How long a server may take to start and list its tools: `npx` and the like install it first."""

_AGAIN_SECONDS = 5.0
_MOST_PAGES = 100
_MOST_TOOLS = 1000

log = logging.getLogger("chatwidget")


class ConnectionEnded(Exception):
    """The server ended, or was closed, before it had answered."""


class Connection:
    """A connection that is open from `open` until `close` or the end of the server.

    `listed` is called with the tools, when they are first known and whenever the server says that they have changed.
    """

    def __init__(self, source: Source, listed: Callable[[list[Tool]], None]) -> None:
        self._source = source
        self._listed = listed
        self._client: Client | None = None
        self._over = asyncio.Event()
        self._changed = asyncio.Event()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether calls can be made."""
        return self._client is not None and not self._over.is_set()

    async def open(self) -> None:
        """Connect; raises ToolError that says why it cannot. When cancelled, nothing is left behind."""
        # A context of its own: what is logged later belongs to no tool call, and to no cell.
        self._task = asyncio.get_running_loop().create_task(self._own(), context=contextvars.Context())
        try:
            await asyncio.shield(self._ready)
        except asyncio.CancelledError:
            self._task.cancel()
            await asyncio.wait({self._task})
            raise
        except Exception as error:
            log.debug("cannot connect to the MCP server %s", self._source.name, exc_info=True)
            await asyncio.wait({self._task})
            why = await self._source.why(_root(error)) or "it ended at once; run its command in a terminal to see why"
            said = f"The MCP server {self._source.name} cannot be used: {why}."
            raise ToolError(self._source.blot(said)) from None

    async def close(self) -> None:
        """End the connection and the server's process, and wait until both have."""
        self._over.set()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def call(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        """Call a tool; raises `ConnectionEnded`, or what the package raises."""
        from mcp import MCPError
        from mcp.types import CONNECTION_CLOSED

        if self._client is None:
            raise ConnectionEnded
        try:
            return await self._client.call_tool(tool, arguments)
        except MCPError as error:
            if error.code != CONNECTION_CLOSED and error.message != "Session terminated":
                raise
            await self.close()
            raise ConnectionEnded from None

    async def _own(self) -> None:
        try:
            async with contextlib.AsyncExitStack() as stack:
                async with asyncio.timeout(START_SECONDS):
                    client = await stack.enter_async_context(self._connecting())
                    await self._list(client)
                self._client = client
                self._ready.set_result(None)
                following = asyncio.create_task(self._follow(client))
                try:
                    await self._over.wait()
                finally:
                    self._client = None
                    following.cancel()
                    await asyncio.wait({following})
        except Exception as error:
            if self._ready.done():
                log.debug("the connection to the MCP server %s failed", self._source.name, exc_info=True)
            else:
                self._ready.set_exception(error)
        finally:
            self._over.set()
            self._ready.cancel()

    def _connecting(self) -> Client:
        from mcp import Client
        from mcp.types import Implementation

        target = self._source.target()
        if isinstance(target, AbstractAsyncContextManager):
            target = _until_it_ends(target, self._over.set)
        me = Implementation(name="chatwidget", version="1")
        return Client(target, message_handler=self._hear, client_info=me, cache=None)

    async def _hear(self, message: object) -> None:
        from mcp.types import ToolListChangedNotification

        if isinstance(message, ToolListChangedNotification):
            self._changed.set()
        elif isinstance(message, Exception):
            self._source.heard(message)

    async def _list(self, client: Client) -> None:
        if client.server_capabilities.tools is None:
            self._listed([])
            return
        tools: list[Tool] = []
        cursor = None
        for _ in range(_MOST_PAGES):
            page = await client.list_tools(cursor=cursor)
            tools += page.tools
            cursor = page.next_cursor
            if not cursor or len(tools) > _MOST_TOOLS:
                break
        self._listed(tools[:_MOST_TOOLS])

    async def _follow(self, client: Client) -> None:
        """List the tools again whenever the server says that they have changed."""
        tools = client.server_capabilities.tools
        if tools is None or not tools.list_changed:
            return
        try:
            await self._listen(client)
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._list(client)
        except Exception:
            log.debug("changes of the MCP server %s are not followed any more", self._source.name, exc_info=True)

    async def _listen(self, client: Client) -> None:
        """Ask for the news; servers of before 2026 send them unasked."""
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

        while True:
            try:
                async with client.listen(tools_list_changed=True) as changes:
                    await self._list(client)  # what changed before anybody listened
                    async for _ in changes:
                        await self._list(client)
            except ListenNotSupportedError:
                return
            except SubscriptionLost:
                log.debug("the MCP server %s stopped telling of changes", self._source.name)
            await asyncio.sleep(_AGAIN_SECONDS)


@asynccontextmanager
async def _until_it_ends(target: Any, ended: Callable[[], None]) -> AsyncIterator[Any]:
    async with target as (read, write):
        yield _Watched(read, ended), write


class _Watched:
    """A stream of messages that tells when it has ended: the package tells only those who wait for an answer."""

    def __init__(self, stream: Any, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._ended = ended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __aiter__(self) -> _Watched:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self._stream.__anext__()
        except StopAsyncIteration:
            self._ended()
            raise

    async def __aenter__(self) -> _Watched:
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> Any:
        return await self._stream.__aexit__(*error)


def _root(error: BaseException) -> BaseException:
    """Return what happened: task groups wrap it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
