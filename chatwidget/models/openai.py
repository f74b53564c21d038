"""Models behind OpenAI's Chat Completions or Responses API, at OpenAI or at any server that speaks it.

The `openai` package does what it is good at: addresses, authentication, proxies, the request. The rest is ours,
because it decides how a turn ends: openai-python takes twelve kinds of broken stream for complete replies.

1. A reply is finished when a finish reason was seen (in the Responses API: `response.completed` or `.incomplete`),
   never because the stream ended. A missing `[DONE]` is no fault.
2. Tries are repeated only before the first delta, and only where a repetition can help.
3. Three clocks run on the loop's time: first token, pause between tokens, whole turn. Keep-alive comments and
   single bytes do not wind them up.
4. One connection a request, closed when the stream is: what is not read is not paid for, and no kept-alive
   connection dies unnoticed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from chatwidget.errors import AuthenticationFailed, ModelError, ModelTimeout, ModelUnavailable, ReplyInterrupted
from chatwidget.models._chunks import ChunkReader
from chatwidget.models._exchange import Exchange
from chatwidget.models._failures import Broken, garbled, late, unfinished
from chatwidget.models._openai_errors import Endpoint
from chatwidget.models._openai_options import Api, check_options, parameters, split_options
from chatwidget.models._retry import delay_before
from chatwidget.models._sse import EventDecoder
from chatwidget.models.base import ModelDelta, ModelRequest, RetryDelta

if TYPE_CHECKING:
    from openai import AsyncAPIResponse, AsyncOpenAI

log = logging.getLogger("chatwidget")

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT = 10.0
# How long a finished reply is held open for its token counts.
USAGE_TIMEOUT = 5.0
# As much of an answer is kept to say what it was, should it be no stream of ours.
SAMPLE_BYTES = 20_000

T = TypeVar("T")


class OpenAIModel:
    """Talk to a model by Chat Completions, or with `api="responses"` by the Responses API.

    `api_key` and `base_url` come from OPENAI_API_KEY and OPENAI_BASE_URL (or OPENAI_API_URL) when they are not given;
    the environment is read here, once. A server of one's own needs no key. The limits are in seconds: to the first
    token of a try, between two tokens, for the whole turn with all its tries. `client` is an `openai.AsyncOpenAI` of
    one's own, for one event loop; its address, key and headers are used. `options` go with every request, such as
    `temperature=0.2`; those of a single request come before them. A misspelt one is refused when it is used; what
    no API of OpenAI has goes into `extra_body={...}`.

    Raises AuthenticationFailed when OpenAI itself is to be asked without a key, ModelUnavailable when the address
    is not one of http, and ModelError when `api` is neither.

        chat = ChatWidget(OpenAIModel("llama3.2", base_url="http://localhost:11434/v1"))
        chat = ChatWidget(OpenAIModel("gpt-5-mini", api="responses", tools=[{"type": "web_search"}]))
    """

    def __init__(
        self,
        model: str = "gpt-4o-mini",
        *,
        api: Api = "chat",
        api_key: str | None = None,
        base_url: str | None = None,
        first_token_timeout: float = 60.0,
        stall_timeout: float = 30.0,
        turn_timeout: float = 600.0,
        max_retries: int = 2,
        client: AsyncOpenAI | None = None,
        **options: Any,
    ) -> None:
        if api not in get_args(Api):
            raise ModelError(f"There is no api {api!r:.40}; it is 'chat' (Chat Completions) or 'responses'.")
        self.name = model
        self.api: Api = api
        self.options = options
        self.first_token_timeout = first_token_timeout
        self.stall_timeout = stall_timeout
        self.turn_timeout = turn_timeout
        self.max_retries = max_retries
        self._given_client = client
        self._base_url = _base_url(base_url) if client is None else str(client.base_url)
        self._endpoint = Endpoint.of(self._base_url, _key(api_key) if client is None else client.api_key)
        if client is None:
            _check_key(self._endpoint)
        self.provider = "openai" if self._endpoint.is_openai else self._base_url
        self.note = "OpenAI" if self._endpoint.is_openai else f"at {self._endpoint.host}"
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI] = WeakKeyDictionary()
        self._refused: frozenset[str] = frozenset()  # what this endpoint does not know and we can do without
        self._garbles = False

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Answer a request as a stream of deltas.

        Raises ModelError (a subclass that says what it was) and nothing else. Closing or cancelling it closes the
        connection at once.
        """
        ends = asyncio.get_running_loop().time() + self.turn_timeout
        tries = 1
        while True:
            exchange = Exchange(self.api, request, self._refused)
            reader = exchange.reader
            try:
                async with aclosing(self._try(request, exchange, ends)) as deltas:
                    async for delta in deltas:
                        yield delta
            except Exception as error:  # whatever it is, a sentence is made of it
                needless = exchange.can_do_without(error)
                if needless is not None:
                    self._refused |= {needless}
                    continue
                most = self.max_retries if request.max_retries is None else request.max_retries
                delay, reason = self._delay_or_raise(error, exchange, tries, most, ends)
            else:
                yield reader.finish()
                return
            yield RetryDelta(reason, delay, tries, most)
            await asyncio.sleep(delay)
            tries += 1

    async def _try(self, request: ModelRequest, exchange: Exchange, ends: float) -> AsyncGenerator[ModelDelta, None]:
        """Make one try; return when the reply is finished, raise whatever prevented it."""
        loop, reader = asyncio.get_running_loop(), exchange.reader
        client = await self._client()
        patience = min(loop.time() + self.first_token_timeout, ends)
        async with AsyncExitStack() as stack:
            response = await self._in_time(self._open(client, request, exchange, stack), patience, reader)
            chunks = await stack.enter_async_context(aclosing(_bytes(response)))
            decoder, sample, data = EventDecoder(), bytearray(), b"-"
            while data and not reader.done:
                try:
                    data = await self._in_time(anext(chunks, b""), patience, reader)
                except (Broken, ModelTimeout):
                    if reader.finished:
                        break
                    raise
                was_finished = reader.finished
                sample += data[: SAMPLE_BYTES - len(sample)]
                for event in decoder.feed(data) if data else decoder.end():
                    for delta in exchange.feed(event):
                        yield delta
                        patience = min(loop.time() + self.stall_timeout, ends)
                    self._refuse_garbled_start(reader)
                if reader.finished and not was_finished:
                    patience = min(loop.time() + min(USAGE_TIMEOUT, self.stall_timeout), ends)
            for delta in exchange.rest():
                yield delta
            if not reader.finished:
                raise unfinished(self._endpoint, reader, response.headers.get("content-type", ""), bytes(sample))
            self._garbles = reader.unreadable > 0

    async def _open(
        self, client: AsyncOpenAI, request: ModelRequest, exchange: Exchange, stack: AsyncExitStack
    ) -> AsyncAPIResponse[Any]:
        given = {**self.options, **request.options}
        check_options(given, self.api, self._endpoint)
        sdk_options, options = split_options({"model": self.name, **given})
        response: AsyncAPIResponse[Any] = await stack.enter_async_context(exchange.open(client, options, sdk_options))
        return response

    async def _in_time(self, awaitable: Awaitable[T], deadline: float, reader: ChunkReader) -> T:
        try:
            async with asyncio.timeout_at(deadline) as limit:
                return await awaitable
        except TimeoutError:
            if limit.expired():
                raise late(self._endpoint, visible=reader.visible, seconds=self.first_token_timeout) from None
            raise

    async def _client(self) -> AsyncOpenAI:
        """Return this loop's client. Importing its package takes a second; a thread does that."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = await asyncio.to_thread(self._make_client)
        return client

    def _make_client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

        parameters(self.api)  # read here once, for reading them takes a while too
        # Reading has no limit here: our own clocks, which keep-alives do not wind up, are stricter.
        timeout = Timeout(None, connect=CONNECT_TIMEOUT)
        if self._given_client is not None:
            return self._given_client.with_options(max_retries=0, timeout=timeout)
        return AsyncOpenAI(
            api_key=self._endpoint.key or "not-needed",
            base_url=self._base_url,
            max_retries=0,
            timeout=timeout,
            default_headers={"Connection": "close"},
            http_client=DefaultAsyncHttpxClient(follow_redirects=False, timeout=timeout),
        )

    def _refuse_garbled_start(self, reader: ChunkReader) -> None:
        """Try again, once, when a reply begins with an unreadable event: its text would be missing.

        An endpoint that did so last time does it always; there the event is skipped, as it is after the first delta.
        """
        if reader.unreadable and not reader.visible and not self._garbles and self.max_retries:
            self._garbles = True
            raise garbled(self._endpoint)

    def _delay_or_raise(
        self, error: Exception, exchange: Exchange, tries: int, most: int, ends: float
    ) -> tuple[float, str]:
        """Return the wait before the next try and the reason for it, or raise what the caller shall see."""
        reader = exchange.reader
        failure = exchange.explain(error, self._endpoint, self.name, tries)
        if failure.retry and not reader.visible and tries <= most:
            delay = delay_before(tries + 1, failure.wait)
            if delay is not None and asyncio.get_running_loop().time() + delay < ends:
                log.info("%s Trying again in %.1f seconds.", failure.error, delay)
                return delay, str(failure.error)
        # A key can be in an exception's text (a header that could not be sent, a server's echo): the chain is cut
        # here, and goes to the log with the key blotted out.
        trace = "".join(traceback.format_exception(error))
        log.warning("%s\n%s", failure.error, self._endpoint.without_key(trace))
        if reader.visible and not isinstance(failure.error, (ReplyInterrupted, ModelTimeout)):
            raise ReplyInterrupted(f"The reply broke off. {failure.error}") from None
        raise failure.error from None


async def _bytes(response: AsyncAPIResponse[Any]) -> AsyncGenerator[bytes, None]:
    try:
        chunks = cast("AsyncGenerator[bytes, None]", response.iter_bytes())
        async with aclosing(chunks):
            async for chunk in chunks:
                if chunk:
                    yield chunk
    except Exception as error:
        raise Broken("the connection broke while the answer was read") from error


def _base_url(given: str | None) -> str:
    for name, url in (
        ("base_url", given),
        ("OPENAI_BASE_URL", os.environ.get("OPENAI_BASE_URL")),
        ("OPENAI_API_URL", os.environ.get("OPENAI_API_URL")),
    ):
        if url and url.strip():
            if not _is_web_address(url.strip()):
                text = f"{name} is {url!r}, which is no web address. It should look like http://localhost:11434/v1."
                raise ModelUnavailable(text)
            return url.strip()
    return OPENAI_URL


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _key(given: str | None) -> str:
    return (given or os.environ.get("OPENAI_API_KEY") or "").strip()


def _check_key(endpoint: Endpoint) -> None:
    if endpoint.is_openai and not endpoint.key:
        raise AuthenticationFailed(
            "There is no key for OpenAI. Set OPENAI_API_KEY, or pass model=OpenAIModel(api_key=...)."
        )
    if not (endpoint.key.isascii() and endpoint.key.isprintable()):
        text = "The key (OPENAI_API_KEY or api_key=) has characters no key has, perhaps from a word processor."
        raise AuthenticationFailed(f"{text} Copy it again.")
