"""What the chunks of an OpenAI Chat Completions stream add up to.

Chunks are dicts or objects of the openai package; what comes back are its objects, each a value of its own. Servers
differ in almost every detail, so whatever is readable is taken: every call of every delta, in any order, with or
without index, id and arguments; `delta: null`, empty lists, chunks without choices, several choices. A text that
never came is None, one that came empty is "".
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, overload

from chatwidget.openai_delta import CallPiece, CallPlaces, Delta, fields_of, read_delta

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion
    from openai.types.chat.chat_completion import Choice

_HEAD = ("id", "created", "model", "service_tier", "system_fingerprint")


class _Call:
    """One tool call as far as it has come."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.name = ""
        self.arguments = ""
        self.legacy = False

    def add(self, piece: CallPiece) -> None:
        self.name = self.name or piece.name
        self.arguments += piece.arguments
        self.legacy = self.legacy or piece.legacy


class _Choice:
    """One choice of a reply as far as it has come."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.finish_reason: str | None = None
        self._role = "assistant"
        self._texts: dict[str, str | None] = {"content": None, "refusal": None}
        self._places = CallPlaces()
        self._legacy = CallPlaces()
        self._calls: list[_Call] = []
        self._function: _Call | None = None
        self._logprobs: dict[str, list[Any]] = {}

    def add(self, choice: Mapping[str, Any]) -> None:
        reason = choice.get("finish_reason")
        self.finish_reason = reason if isinstance(reason, str) and reason else self.finish_reason
        logprobs = choice.get("logprobs")
        for key, values in logprobs.items() if isinstance(logprobs, Mapping) else ():
            if isinstance(values, list):
                self._logprobs.setdefault(key, []).extend(values)
        delta = choice.get("delta")
        self._add_delta(read_delta(choice.get("message") if delta is None else delta))

    def _add_delta(self, delta: Delta) -> None:
        self._role = delta.role or self._role
        for key, text in (
            ("content", delta.content),
            (delta.reasoning_key, delta.reasoning),
            ("refusal", delta.refusal),
        ):
            if text is not None:
                self._texts[key] = (self._texts.get(key) or "") + text
        for piece in delta.calls:
            self._call_of(piece).add(piece)

    def _call_of(self, piece: CallPiece) -> _Call:
        if piece.legacy:
            self._function = self._function or _Call(0)
            return self._function
        place = self._places.place(piece)
        if place == len(self._calls):
            self._calls.append(_Call(place if piece.index is None else piece.index))
        return self._calls[place]

    def fields(self, unfinished: str | None) -> dict[str, Any]:
        message: dict[str, Any] = {"role": self._role, **self._texts}
        if self._calls:
            order = sorted(range(len(self._calls)), key=lambda place: self._calls[place].order)
            message["tool_calls"] = [
                {
                    "id": self._places.id_of(place),
                    "type": "function",
                    "function": {"name": self._calls[place].name, "arguments": self._calls[place].arguments},
                }
                for place in order
            ]
        if self._function is not None:
            message["function_call"] = {"name": self._function.name, "arguments": self._function.arguments}
        return {
            "index": self.index,
            "message": message,
            "finish_reason": self.finish_reason or unfinished,
            "logprobs": {key: list(values) for key, values in self._logprobs.items()} or None,
        }


class StreamSum:
    """Adds up the chunks of one reply. `unfinished` is the finish reason of a choice that has none yet."""

    def __init__(self, unfinished: str | None = None) -> None:
        self._unfinished = unfinished
        self._head: dict[str, Any] = {}
        self._usage: Any = None
        self._choices: dict[int, _Choice] = {}

    def add(self, item: Any) -> None:
        """Add a chunk, or a choice of one; raises FormatError for what is neither dict nor object of openai."""
        fields = fields_of(item, "a chunk")
        if "choices" not in fields and ("delta" in fields or "message" in fields):
            self._add_choice(fields, 0)
            return
        self._head = {**{key: fields[key] for key in _HEAD if fields.get(key) is not None}, **self._head}
        self._usage = fields.get("usage") or self._usage
        choices = fields.get("choices")
        for position, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, Mapping):
                self._add_choice(choice, position)

    def _add_choice(self, choice: Mapping[str, Any], position: int) -> None:
        index = choice.get("index")
        index = index if type(index) is int else position
        self._choices.setdefault(index, _Choice(index)).add(choice)

    @property
    def completion(self) -> ChatCompletion:
        """The reply so far, with all its choices and its usage; later chunks do not change it."""
        from openai.types.chat import ChatCompletion

        choices = [choice.fields(self._unfinished) for _, choice in sorted(self._choices.items())]
        head = {"id": "", "created": 0, "model": "", **self._head, "object": "chat.completion"}
        # Not validated: it is shown as the server wrote it, also where openai's types know no such word.
        return ChatCompletion.construct(**head, choices=choices, usage=self._usage)

    @property
    def choice(self) -> Choice:
        """The first choice so far; an empty one while there is none."""
        if not self._choices:
            self._choices[0] = _Choice(0)
        first: Choice = self.completion.choices[0]
        return first


@overload
def accumulate(stream: AsyncIterable[Any]) -> AsyncIterator[tuple[Any, ChatCompletion]]: ...
@overload
def accumulate(stream: Iterable[Any]) -> Iterator[tuple[Any, ChatCompletion]]: ...
def accumulate(stream: Any) -> Any:
    """Give each chunk of a stream with the reply so far; the stream is closed when it ends or is left.

        for chunk, reply in accumulate(client.chat.completions.create(..., stream=True)):
            print(reply.choices[0].message.content)

    For an async stream it is an async iterator. A finish reason is None until there is one. Raises FormatError for
    what is no chunk, and what the stream raises.
    """
    return _accumulate_async(stream) if hasattr(stream, "__aiter__") else _accumulate(stream)


def concat_stream(items: Iterable[Any]) -> Any:
    """Return what a stream's chunks add up to: a `ChatCompletion`; of choices (`chunk.choices[0]`) a `Choice`.

    With several choices among the latter the first counts. The finish reason of a reply that has none is None.
    """
    total, chunks = StreamSum(), 0
    for item in items:
        total.add(item)
        chunks += "choices" in fields_of(item) or hasattr(item, "choices")
    return total.completion if chunks else total.choice


def _accumulate(stream: Iterable[Any]) -> Iterator[tuple[Any, ChatCompletion]]:
    total = StreamSum()
    try:
        for chunk in stream:
            total.add(chunk)
            yield chunk, total.completion
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()


async def _accumulate_async(stream: AsyncIterable[Any]) -> AsyncIterator[tuple[Any, ChatCompletion]]:
    total = StreamSum()
    try:
        async for chunk in stream:
            total.add(chunk)
            yield chunk, total.completion
    finally:
        await close_async(stream)


async def close_async(stream: Any) -> None:
    """Close an async stream, an async generator or an `AsyncStream` of openai."""
    close = getattr(stream, "aclose", None) or getattr(stream, "close", None)
    if close is not None:
        await close()
