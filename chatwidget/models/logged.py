"""A model whose requests and replies are logged, without keys.

logging.basicConfig(level=logging.INFO)          # DEBUG: what was said, too
ChatWidget(model=logged("gpt-5"))

INFO:chatwidget.requests:gpt-5 #1 asked: 3 messages, tools add, options temperature
INFO:chatwidget.requests:gpt-5 #1 complete in 1.25 s: 57 characters, 1 tool call (add), 31 + 12 tokens
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from itertools import count
from typing import Any, cast

from chatwidget.models import get_model
from chatwidget.models._secrets import blotted_text, without_secrets
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest, ReasoningDelta, TextDelta, ToolCallDelta
from chatwidget.openai_format import to_openai

MAX_BODY = 20_000


def logged(model: str | Model | None = None, logger: str | logging.Logger = "chatwidget.requests") -> Model:
    """Make a model that answers as `model` does (a name, a model, or None for the default) and logs what it does.

    INFO has one line for a request and one for its reply, DEBUG what was sent and said, up to 20,000 characters each.
    What looks like a key is blotted out: options and headers by their names (`api_key`, `authorization`,
    `extra_headers`), texts by the shapes of keys. What a person writes is not otherwise hidden.
    """
    return LoggedModel(get_model(model), logging.getLogger(logger) if isinstance(logger, str) else logger)


class LoggedModel:
    """Pass on what a model says and log it; made by `logged`."""

    def __init__(self, model: Model, logger: logging.Logger) -> None:
        self.model = model
        self.name = model.name
        self.note = model.note
        self.provider = getattr(model, "provider", None)
        self._log = logger
        self._numbers = count(1)

    def prepare(self) -> None:
        """Let the model make itself ready, where it can."""
        prepare = getattr(self.model, "prepare", None)
        if prepare is not None:
            prepare()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the model's reply."""
        head = f"{_line(self.name)} #{next(self._numbers)}"
        self._log.info("%s asked: %s", head, _summary(request))
        if self._log.isEnabledFor(logging.DEBUG):
            self._log.debug("%s sent: %s", head, _body(request))
        clock = asyncio.get_running_loop().time
        begun = clock()
        heard = _Heard()
        how = "was stopped"
        try:
            async with AsyncExitStack() as stack:
                stream = cast("AsyncGenerator[ModelDelta, None]", self.model.stream(request))
                if hasattr(stream, "aclose"):
                    await stack.enter_async_context(aclosing(stream))
                async for delta in stream:
                    heard.take(delta)
                    how = heard.finish.reason if heard.finish else how
                    yield delta
            how = heard.finish.reason if heard.finish else "broke off"
        except Exception as error:
            how = f"failed ({type(error).__name__}: {_line(str(error))})"
            raise
        finally:
            self._log.info("%s %s in %.2f s: %s", head, how, clock() - begun, heard.summary())
            if self._log.isEnabledFor(logging.DEBUG):
                self._log.debug("%s said: %s", head, heard.body())


class _Heard:
    """What has arrived of a reply, put together: a key split over two deltas is a key again."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.calls: defaultdict[int, list[str]] = defaultdict(lambda: ["", ""])
        self.finish: Finish | None = None

    def take(self, delta: ModelDelta) -> None:
        match delta:
            case TextDelta():
                self.text.append(delta.text)
            case ReasoningDelta():
                self.reasoning.append(delta.text)
            case ToolCallDelta():
                call = self.calls[delta.index]
                call[0] = delta.name or call[0]
                call[1] += delta.arguments
            case Finish():
                self.finish = delta

    def summary(self) -> str:
        parts = [_many(sum(map(len, self.text)), "character")]
        if self.calls:
            parts.append(
                f"{_many(len(self.calls), 'tool call')} ({', '.join(_line(name) for name, _ in self.calls.values())})"
            )
        usage = (self.finish.usage if self.finish else None) or {}
        told = [usage.get(name) for name in ("input_tokens", "output_tokens")]
        if all(type(tokens) is int for tokens in told):
            parts.append(f"{told[0]} + {told[1]} tokens")
        return ", ".join(parts)

    def body(self) -> str:
        said: dict[str, Any] = {"text": "".join(self.text), "reasoning": "".join(self.reasoning)}
        said["tool_calls"] = [{"name": name, "arguments": arguments} for name, arguments in self.calls.values()]
        if self.finish:
            said["finish"] = dataclasses.asdict(self.finish)
        return _json({name: value for name, value in said.items() if value})


def _summary(request: ModelRequest) -> str:
    parts = [_many(len(request.messages), "message")]
    if request.tools:
        parts.append("tools " + ", ".join(_line(tool.name) for tool in request.tools))
    if request.options:
        parts.append("options " + ", ".join(_line(str(name)) for name in request.options))
    if request.output is not None:
        parts.append(f"output {_line(request.output.name)}")
    return ", ".join(parts)


def _body(request: ModelRequest) -> str:
    sent: dict[str, Any] = {"messages": to_openai(request.messages)}
    if request.tools:
        sent["tools"] = [dataclasses.asdict(tool) for tool in request.tools]
    if request.options:
        sent["options"] = request.options
    if request.output is not None:
        sent["output"] = dataclasses.asdict(request.output)
    return _json(sent)


def _json(value: dict[str, Any]) -> str:
    # Blotted out before it is cut: half a key has no shape. In ASCII: what is logged forges no line of a log.
    text = json.dumps(without_secrets(value), ensure_ascii=True)
    return text if len(text) <= MAX_BODY else f"{text[:MAX_BODY]}… ({len(text):,} characters)"


def _line(text: str) -> str:
    plain = blotted_text(text[:2000])[:300]
    return plain if plain.isprintable() else repr(plain)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
