"""How many tokens a text has, counted offline.

With the package `rs-bpe` (`pip install 'chatwidget[tokens]'`) OpenAI's encodings are counted with: o200k_base, and
cl100k_base for gpt-4, gpt-3.5 and the embeddings. They are compiled into the package; nothing is downloaded. Without
it a token is taken to be four bytes of UTF-8, which is near for English and high for most other languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal

from chatwidget.messages import FilePart, ImagePart, Message, Part, TextPart, ToolCallPart, ToolResultPart, clean_text
from chatwidget.text_files import told_text
from chatwidget.tools import ToolSpec

Encoding = Literal["o200k_base", "cl100k_base"]

BYTES_PER_TOKEN = 4
# The overheads are those of OpenAI's cookbook, "How to count tokens with tiktoken" (gpt-3.5-turbo-0613 and later).
PER_MESSAGE = 3
PER_NAME = 1
PER_REPLY = 3
# OpenAI's guide "Images and vision": gpt-4o at low detail, and at high detail with 1024 x 1024 pixels.
LOW_IMAGE = 85
HIGH_IMAGE = 765

_OLD = re.compile(r"gpt-4(-|$)|gpt-3\.?5|text-embedding-")
_NEW = re.compile(r"gpt-(4o|4\.\d|[5-9]|oss)|chatgpt-|codex-|o\d")
_PREFIX = re.compile(r"^(openai[/:]|ft:)+")


def count_tokens(text: str, model: str | None = None) -> int:
    """Count the tokens of a text as this model (None: a present one of OpenAI) would.

    Text that looks like a special token is counted as the text it is. Never fails; `counts_exactly` says whether the
    figure is exact or about right.
    """
    if not text:
        return 0
    text = clean_text(text)
    count = _counter(_encoding(model) or "o200k_base")
    return _roughly(text) if count is None else count(text)


def counts_exactly(model: str | None = None) -> bool:
    """Tell whether `count_tokens` counts what the model (None: a present one of OpenAI) counts."""
    encoding = _encoding(model)
    return encoding is not None and _counter(encoding) is not None


def estimate(messages: Iterable[Message], tools: Iterable[ToolSpec] = (), model: str | None = None) -> int:
    """Estimate the input tokens of a request.

    Each message costs 3 tokens and its role, a name one more, the beginning of the reply 3 (OpenAI's cookbook, whose
    worked example this counts as OpenAI does). Tools are counted as JSON, nearly as they are sent. An image counts 85
    tokens at low detail, else 765; a text file as its text, any other file as its name, which is too little.
    """
    return TokenCounter(model).request(messages, tools)


class TokenCounter:
    """Count what requests to one model hold, each message and tool once, so that a long history costs nothing again.

    With `rough` a token is four bytes, whatever is installed: for models whose tokens nobody pays for.
    """

    def __init__(self, model: str | None = None, *, rough: bool = False) -> None:
        self._model = model
        self._rough = rough
        self._known: dict[str, tuple[Message | ToolSpec, int]] = {}

    def text(self, text: str) -> int:
        """Count the tokens of a text."""
        return _roughly(text) if self._rough else count_tokens(text, self._model)

    def request(self, messages: Iterable[Message], tools: Iterable[ToolSpec] = ()) -> int:
        """Estimate the input tokens of a request, as `estimate` does."""
        total = PER_REPLY
        for message in messages:
            total += self._once(message.id, message, self._message)
        for tool in tools:
            total += self._once(f"tool {tool.name}", tool, self._tool)
        return total

    def _once(self, key: str, value: Any, count: Callable[[Any], int]) -> int:
        known = self._known.get(key)
        if known is None or known[0] is not value:
            known = self._known[key] = (value, count(value))
        return known[1]

    def _message(self, message: Message) -> int:
        results = sum(isinstance(part, ToolResultPart) for part in message.parts)
        total = max(results, 1) * (PER_MESSAGE + self.text(message.role))
        total += sum(self._part(part) for part in message.parts)
        return total + (PER_NAME + self.text(message.name) if message.name else 0)

    def _part(self, part: Part) -> int:
        match part:
            case TextPart():
                return self.text(part.text)
            case ToolCallPart():
                return self.text(part.name) + self.text(part.arguments)
            case ToolResultPart():
                return self.text(part.content)
            case ImagePart():
                return LOW_IMAGE if part.detail == "low" else HIGH_IMAGE
            case FilePart():
                return self.text(told_text(part) or part.name)
            case _:
                return 0

    def _tool(self, tool: ToolSpec) -> int:
        told = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        return self.text(json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str))


def _roughly(text: str) -> int:
    return -(-len(clean_text(text).encode()) // BYTES_PER_TOKEN)


def _encoding(model: str | None) -> Encoding | None:
    if model is None:
        return "o200k_base"
    name = _PREFIX.sub("", model.lower())
    if _OLD.match(name):
        return "cl100k_base"
    return "o200k_base" if _NEW.match(name) else None


@cache
def _counter(encoding: Encoding) -> Callable[[str], int] | None:
    try:
        from rs_bpe.bpe import openai
    except ImportError:
        return None
    tokenizer: Any = getattr(openai, encoding)()
    count: Callable[[str], int] = tokenizer.count
    return count
