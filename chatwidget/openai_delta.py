"""One delta of an OpenAI Chat Completions stream, read as leniently as servers write it.

A delta comes as a dict or as an object of the openai package. What is missing, null or empty adds nothing. Calls of one
reply are told apart by `CallPlaces`: fragments may lack an index, an id, or both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatwidget.errors import FormatError

REASONING = "reasoning_content"


@dataclass(frozen=True, slots=True)
class CallPiece:
    """A fragment of a tool call, "" and None for what it does not say. `legacy`: it came as `function_call`."""

    index: int | None = None
    id: str = ""
    name: str = ""
    arguments: str = ""
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What one delta adds. `reasoning_key` is the name that the server has for it."""

    role: str | None = None
    content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    calls: tuple[CallPiece, ...] = ()
    reasoning_key: str = REASONING


class CallPlaces:
    """Tells the calls of one reply apart: each fragment belongs to a place, numbered from 0 as the calls begin.

    By its index; without one by its id; without either a fragment with a name begins a call, one without goes on with
    the last.
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._by_index: dict[int, int] = {}

    def place(self, piece: CallPiece) -> int:
        """Return the place a fragment belongs to, which may be a new one."""
        if piece.index is not None:
            place = self._by_index.get(piece.index)
            # One index for several whole calls, each with an id and a name of its own: seen at Gemini's endpoint.
            if place is None or (piece.id and piece.name and self._ids[place] not in ("", piece.id)):
                place = self._by_index[piece.index] = self._open(piece.id)
        elif piece.id:
            same = [place for place, known in enumerate(self._ids) if known == piece.id]
            place = same[-1] if same else self._open(piece.id)
        else:
            place = self._open("") if piece.name or not self._ids else len(self._ids) - 1
        self._ids[place] = self._ids[place] or piece.id
        return place

    def id_of(self, place: int) -> str:
        """Return the id of a call as the server wrote it; where it wrote none, one made of the call's number."""
        return self._ids[place] or f"call_{place + 1}"

    def _open(self, sent_id: str) -> int:
        self._ids.append(sent_id)
        return len(self._ids) - 1


def fields_of(value: Any, what: str = "an update") -> Mapping[str, Any]:
    """Return a dict, or an object of the openai package as one; raises FormatError that names anything else."""
    if isinstance(value, Mapping):
        return value
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        fields: Mapping[str, Any] = dump(exclude_unset=True, warnings=False)
        return fields
    raise FormatError(
        f"{value!r:.80} is not {what}. Pass a dict or an object of the openai package: a chunk, a delta, a message."
    )


def read_delta(delta: Any) -> Delta:
    """Read a delta, or a whole message, from a dict or an object; None is an empty one.

    Raises FormatError for what is neither.
    """
    if delta is None:
        return Delta()
    fields = fields_of(delta, "a delta")
    role = fields.get("role")
    # `reasoning_content`: DeepSeek, vLLM, llama.cpp; `reasoning`: OpenRouter, which may send both alike.
    keys = [key for key in (REASONING, "reasoning") if isinstance(fields.get(key), str) and fields[key]]
    key = keys[0] if keys else REASONING
    return Delta(
        role if isinstance(role, str) else None,
        _text(fields.get("content")),
        fields[key] if keys else None,
        _text(fields.get("refusal")),
        tuple(call_pieces(fields)),
        key,
    )


def _text(content: Any) -> str | None:
    """Return a content's text: a string, or the texts of a list of parts."""
    if isinstance(content, Sequence) and not isinstance(content, str | bytes):
        parts = [part.get("text") if isinstance(part, Mapping) else part for part in content]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else None


def call_pieces(fields: Mapping[str, Any]) -> Iterator[CallPiece]:
    """Give the fragments of tool calls in a delta, those of the older form too."""
    calls = fields.get("tool_calls")
    for call in calls if isinstance(calls, list | tuple) else ():
        if isinstance(call, Mapping):
            index = call.get("index")
            yield _piece(call.get("function"), index if type(index) is int and index >= 0 else None, call.get("id"))
    if isinstance(fields.get("function_call"), Mapping):  # the form before tools
        yield _piece(fields["function_call"], 0, None, legacy=True)


def _piece(function: Any, index: int | None, sent_id: Any, *, legacy: bool = False) -> CallPiece:
    function = function if isinstance(function, Mapping) else {}
    arguments = function.get("arguments")
    if arguments is not None and not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)  # some servers send an object
    name = function.get("name")
    return CallPiece(
        index,
        sent_id if isinstance(sent_id, str) else "",
        name if isinstance(name, str) else "",
        arguments or "",
        legacy,
    )
