"""Messages to and from the dicts of OpenAI's Chat Completions.

Not everything has a place there. Reasoning and displays are for the person and are left out. Names are cut to the
characters that are allowed. A file that is text is sent as text. An image or a file in a message that is not the
user's becomes a word of text.
What is read is read strictly: a value that is not what the format says is refused with the path of its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chatwidget._openai_fields import Field
from chatwidget.errors import FormatError
from chatwidget.messages import (
    FilePart,
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from chatwidget.text_files import told_text

_ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}
_AUDIO = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_FORMAT_OF_AUDIO = {media_type: name for name, media_type in _AUDIO.items()}
_NOT_IN_NAMES = re.compile(r"[\s<|\\/>]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_DATA_URL = re.compile(r"data:([^,;]*)(?:;[^,;]*)*;base64,(.*)", re.DOTALL)


def to_openai(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Write messages as Chat Completions has them; a message with several tool results becomes several.

    What may be sent at all (off the record, unfinished, one result to a call) is decided before, by `history`.
    """
    return [item for message in messages for item in _write(message)]


def from_openai(messages: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Read messages as Chat Completions has them; unknown keys are ignored.

    `developer` is read as system, a refusal as text, and the older `function_call` as a tool call. Raises FormatError
    with the field's path, such as `messages[2].content[0].type`.
    """
    if isinstance(messages, (str, bytes, Mapping)):
        raise FormatError(f"messages: expected a list of dicts, not {type(messages).__name__}")
    read: list[Message] = []
    names: dict[str, str] = {}
    for index, item in enumerate(messages):
        message = _read(Field(f"messages[{index}]", item), index, read, names)
        names.update({call.id: call.name for call in message.tool_calls})
        read.append(message)
    return read


def _write(message: Message) -> list[dict[str, Any]]:
    if message.role == "tool":
        results = [part for part in message.parts if isinstance(part, ToolResultPart)]
        return [{"role": "tool", "tool_call_id": part.tool_call_id, "content": part.content} for part in results]
    written: dict[str, Any] = {"role": message.role, "content": _write_content(message)}
    name = _NOT_IN_NAMES.sub("_", message.name or "")[:64]
    if name:
        written["name"] = name
    if message.role == "assistant" and message.tool_calls:
        written["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
        written["content"] = written["content"] or None
    return [written]


def _write_content(message: Message) -> str | list[dict[str, Any]]:
    if message.role != "user":
        return "".join(_as_text(part) for part in message.parts)
    parts = [_write_part(part) for part in message.parts if isinstance(part, (TextPart, ImagePart, FilePart))]
    if not parts:
        return ""
    return str(parts[0]["text"]) if len(parts) == 1 and "text" in parts[0] else parts


def _write_part(part: TextPart | ImagePart | FilePart) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        image = {"url": part.url} if part.detail is None else {"url": part.url, "detail": part.detail}
        return {"type": "image_url", "image_url": image}
    if isinstance(part, FilePart) and part.data is not None and part.media_type in _FORMAT_OF_AUDIO:
        sound = {"data": part.data, "format": _FORMAT_OF_AUDIO[part.media_type]}
        return {"type": "input_audio", "input_audio": sound}
    if isinstance(part, FilePart) and (text := told_text(part)) is not None:
        return {"type": "text", "text": text}
    if isinstance(part, FilePart) and (part.data is not None or part.file_id is not None):
        file = {"filename": part.name} if part.name else {}
        if part.file_id is not None:
            file["file_id"] = part.file_id
        if part.data is not None:
            media_type = part.media_type if _MEDIA_TYPE.fullmatch(part.media_type) else FilePart().media_type
            file["file_data"] = f"data:{media_type};base64,{part.data}"
        return {"type": "file", "file": file}
    return {"type": "text", "text": _as_text(part)}


def _as_text(part: Part) -> str:
    if isinstance(part, TextPart):
        return part.text
    if isinstance(part, ImagePart):
        return f"[image: {part.alt or 'without description'}]"
    return f"[file: {part.name or 'without name'}]" if isinstance(part, FilePart) else ""


def _read(item: Field, index: int, before: list[Message], names: Mapping[str, str]) -> Message:
    item.mapping()
    role = item.one_of("role", _ROLES)
    name = item.text("name", None)
    if role == "tool":
        return Message(role="tool", parts=(_read_result(item, before, names),))
    parts = _read_parts(item, optional=role == "assistant")
    if role == "assistant":
        thought = item.text("reasoning_content", "")
        head = (ReasoningPart(thought),) if thought else ()
        refusal = item.text("refusal", "")
        parts = [*head, *parts, *([TextPart(refusal)] if refusal else []), *_read_calls(item, index)]
    return Message(role=role, parts=tuple(parts), name=name)


def _read_parts(item: Field, *, optional: bool) -> list[Part]:
    content = item.get("content")
    if content.value is None:
        if optional:
            return []
        raise content.wrong("a text or a list of parts")
    if isinstance(content.value, str):
        return [TextPart(content.value)] if content.value else []
    if not isinstance(content.value, list):
        raise content.wrong("a text or a list of parts")
    return [_read_part(part) for part in content.items()]


def _read_part(part: Field) -> Part:
    part.mapping()
    kind = part.text("type")
    if kind in ("text", "refusal"):
        return TextPart(part.text(kind))
    if kind == "image_url":
        image = part.get("image_url")
        if isinstance(image.value, str):  # not in the format, but many servers' examples have it
            return ImagePart(image.value)
        return ImagePart(image.mapping().text("url"), image.text("detail", None))
    if kind == "input_audio":
        sound = part.get("input_audio").mapping()
        media_type = sound.one_of("format", _AUDIO)
        return FilePart(f"audio.{sound.text('format')}", media_type, sound.text("data"))
    if kind == "file":
        return _read_file(part.get("file").mapping())
    raise part.get("type").wrong("text, refusal, image_url, input_audio or file")


def _read_file(file: Field) -> FilePart:
    name, data, file_id = file.text("filename", ""), file.text("file_data", None), file.text("file_id", None)
    if data is None and file_id is None:
        raise file.wrong("file_data or file_id in it")
    found = _DATA_URL.fullmatch(data) if data is not None else None
    if found is None:
        return FilePart(name, data=data, file_id=file_id)
    return FilePart(name, found[1] or FilePart().media_type, found[2], file_id)


def _read_calls(item: Field, index: int) -> list[ToolCallPart]:
    calls = []
    for call in item.get("tool_calls").items(optional=True):
        call.mapping()
        if call.text("type", "function") != "function":
            raise call.get("type").wrong("function")
        function = call.get("function").mapping()
        calls.append(ToolCallPart(call.text("id"), function.text("name"), function.text("arguments")))
    old = item.get("function_call")
    if old.value is not None:
        old.mapping()
        # The older form has no ids; the place in the list makes one that stays the same.
        calls.append(ToolCallPart(f"function_call_{index}", old.text("name"), old.text("arguments")))
    return calls


def _read_result(item: Field, before: list[Message], names: Mapping[str, str]) -> ToolResultPart:
    content = "".join(part.text for part in _read_parts(item, optional=False) if isinstance(part, TextPart))
    if item.text("role") == "tool":
        call_id = item.text("tool_call_id")
        return ToolResultPart(call_id, names.get(call_id, ""), content)
    name = item.text("name")
    calls = [call for message in before for call in message.tool_calls if call.name == name]
    if not calls:
        raise item.get("name").wrong("the name of a function called before")
    return ToolResultPart(calls[-1].id, name, content)
