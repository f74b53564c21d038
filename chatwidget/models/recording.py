"""Any model's replies, saved to a file and played again with their timing.

    ChatWidget(model=record("talk.jsonl"))                       # once, online
    ChatWidget(model=replay("talk.jsonl"))                       # ever after, without a network
    ChatWidget(model=replay("talk.jsonl", otherwise="gpt-5"))    # both: asks only for what is not there yet

A request is known by its messages, tools, options and output type, not by ids or times, nor by the model's name. So a
prompt that tells the time, or a tool whose result is another each time, makes a request that is not in the file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any, cast

from chatwidget.errors import ModelError
from chatwidget.models import get_model
from chatwidget.models._recorded_reply import End, How, RecordedReply
from chatwidget.models._recording_file import RecordingFile
from chatwidget.models._replaying import ReplayModel
from chatwidget.models._request_hashes import asked, hashes_of
from chatwidget.models._secrets import blotted_text, without_secrets
from chatwidget.models.base import Finish, Model, ModelDelta, ModelRequest

log = logging.getLogger("chatwidget")


def record(path: str | Path, model: str | Model | None = None) -> Model:
    """Make a model that answers as `model` does (a name, a model, or None for the default) and saves every reply.

    Each reply is a line of JSON, written when its stream ends: in order, with an error, or broken off. A cancelled one
    is kept only when there is no other for the same request. Recording into the same file again adds to it, and of
    each request's replies those of the newest recording are played. Options that hold keys (`api_key`,
    `extra_headers`) are not written; messages are not either, but for the beginning of the last question. The replies
    are written as they are.

    Raises `ModelUnavailable` when the file cannot be written, `FormatError` when it is no recording.
    """
    return RecordingModel(RecordingFile(path, writable=True), get_model(model))


def replay(path: str | Path, speed: float = 1.0, *, otherwise: str | Model | None = None) -> Model:
    """Make a model that plays a recording: deltas, pauses, usage and errors as they came.

    `speed` divides the pauses: 2 is twice as fast, `math.inf` has none. The same request asked again gets the replies
    recorded for it in order, then the last one again. A request that is not in the file raises `ModelError`, which
    says what differs from the nearest one; with `otherwise`, that model (or name) is asked instead and its reply
    recorded. A chat takes `model="replay:PATH"` as well.

    Raises `ModelUnavailable` when the file cannot be read, `FormatError` with the line for one that is no recording.
    """
    if otherwise is None:
        return ReplayModel(RecordingFile(path), speed)
    file = RecordingFile(path, writable=True)
    return ReplayModel(file, speed, RecordingModel(file, get_model(otherwise)))


class RecordingModel:
    """Pass on what a model says and put it on a file; made by `record`."""

    def __init__(self, file: RecordingFile, model: Model) -> None:
        self.model = model
        self.name = model.name
        self.note = f"{model.note} Recorded in {file.path.name}.".strip()
        self.provider = getattr(model, "provider", None)
        self._file = file

    def prepare(self) -> None:
        """Let the model make itself ready, where it can."""
        prepare = getattr(self.model, "prepare", None)
        if prepare is not None:
            prepare()

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        """Stream the model's reply, and save it when the stream ends."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        deltas: list[tuple[float, ModelDelta]] = []
        how: How = "cancelled"
        error: ModelError | None = None
        try:
            async with AsyncExitStack() as stack:
                stream = cast("AsyncGenerator[ModelDelta, None]", self.model.stream(request))
                if hasattr(stream, "aclose"):
                    await stack.enter_async_context(aclosing(stream))
                async for delta in stream:
                    deltas.append((clock() - begun, delta))
                    if isinstance(delta, Finish):
                        how = "finished"  # who has got this need not ask for more
                    yield delta
            how = "finished" if how == "finished" else "broken_off"
        except ModelError as failed:
            how, error = "failed", failed
            raise
        except Exception as failed:
            how, error = "failed", ModelError(f"{self.name} failed with {type(failed).__name__} when it was recorded.")
            raise
        finally:
            self._save(request, tuple(deltas), End(how, clock() - begun, error))

    def _save(self, request: ModelRequest, deltas: tuple[tuple[float, ModelDelta], ...], end: End) -> None:
        told: dict[str, Any] = {"text": asked(request), "model": blotted_text(self.name)}
        told |= {"tools": [tool.name for tool in request.tools], "options": without_secrets(request.options)}
        try:
            self._file.add(RecordedReply(hashes_of(request), self._file.recording, told, deltas, end))
        except Exception as error:
            # The reply has arrived and is worth more than its recording.
            log.warning("a reply was not recorded in %s: %s: %s", self._file.path, type(error).__name__, error)
