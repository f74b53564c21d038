"""Messages as a screen shows them: plain JSON data, as `docs/sync.md` describes it. Pure functions of a transcript."""

from __future__ import annotations

from typing import Any

from chatwidget.asks import Ask
from chatwidget.draft import Call, Scope
from chatwidget.errors import ToolArgumentsError
from chatwidget.events import InputRequested
from chatwidget.exact_json import MOST, is_exact, readable, view_bundle
from chatwidget.messages import (
    DisplayPart,
    FilePart,
    ImagePart,
    Message,
    Part,
    ReasoningPart,
    SourcePart,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    ToolState,
)
from chatwidget.partial_json import PartialJSON, parse_complete
from chatwidget.plain import plain
from chatwidget.tool_list import ToolList
from chatwidget.tool_runs import CHANGED
from chatwidget.transcript import Transcript
from chatwidget.usage import Usage

JSON = Any

SHOWN_ROLES = ("user", "assistant")

# What one result may cost a page; the model gets more, Python keeps all of it.
RESULT_LIMIT = 64_000


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of a text, the unit JavaScript measures strings in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def is_shown(message: Message) -> bool:
    """Whether a message is on screen: system and tool messages are not, results show in their call's card."""
    return message.role in SHOWN_ROLES and not message.hidden


def view_messages(transcript: Transcript) -> list[JSON]:
    """Return the active branch as a screen shows it."""
    return [view_message(transcript, message) for message in transcript.path if is_shown(message)]


def view_message(transcript: Transcript, message: Message) -> JSON:
    """Return one message as a screen shows it."""
    siblings = transcript.siblings(message.id)
    return {
        "id": message.id,
        "parent_id": message.parent_id,
        "role": message.role,
        "name": message.name,
        "status": message.status,
        "error": message.error,
        "off_record": message.off_record,
        "scope": message.scope,
        "model": message.model,
        "output": message.output,
        "created": _seconds(message.created),
        "feedback": None if message.feedback is None else message.feedback.value,
        "sibling": {"index": siblings.index(message.id), "count": len(siblings)},
        "parts": [view_part(transcript, part) for part in message.parts],
    }


def _seconds(created: float | None) -> int | None:
    return int(created) if created is not None and abs(created) <= MOST else None


def view_part(transcript: Transcript, part: Part) -> JSON:
    """Return one part as a screen shows it."""
    match part:
        case TextPart() | ReasoningPart():
            return {"type": part.type, "text": part.text}
        case ToolCallPart():
            return _view_call(part, transcript.calls.get(part.id))
        case ImagePart():
            return {"type": "image", "url": part.url, "alt": part.alt}
        case FilePart():
            size = None if part.data is None else len(part.data) * 3 // 4 - part.data[-2:].count("=")
            return {"type": "file", "name": part.name, "media_type": part.media_type, "size": size}
        case DisplayPart():
            return {"type": "display", "bundle": view_bundle(part.bundle)}
        case StepPart():
            return {"type": "step", "name": part.name, "text": clip(part.text), "state": part.state}
        case SourcePart():
            return {"type": "source", "url": part.url, "title": part.title, "text": clip(part.text)}
        case ToolResultPart():  # shown in its call's card; by itself only where an app put it
            return {"type": "text", "text": part.content}


def _view_call(part: ToolCallPart, call: Call | None) -> JSON:
    ended = call is None or call.ended
    value, raw = view_arguments(part.arguments) if ended else (call.input if call else None, None)
    return {"type": "tool_call", "id": part.id, "name": part.name, "input": value, "raw": raw, **view_call(call)}


def view_call(call: Call | None) -> dict[str, JSON]:
    """Return all of a call's view that is not in its part: its state, and what came of it."""
    call = call if call is not None else Call("", 0, ended=True)
    result, approval = call.result, call.approval
    return {
        "state": _state(call),
        "preview": _view_preview(call),
        "approval": None
        if approval is None
        else {
            "allowed": approval.allowed,
            "by": approval.by,
            "reason": approval.reason,
            "arguments": None if approval.arguments is None else clip(approval.arguments),
        },
        "output": result.output if result is not None else "".join(call.output),
        "displays": [view_bundle(part.bundle) for part in (result.displays if result is not None else call.displays)],
        "result": clip(_told(result)) if result is not None else None,
        "seconds": result.seconds if result is not None else None,
    }


def _told(result: ToolResultPart) -> str:
    """Return what the tool said; that its arguments were changed stands beside it already."""
    changed = result.approval.arguments if result.approval is not None else None
    return result.content if changed is None else result.content.removeprefix(CHANGED.format(changed))


def view_tools(tools: ToolList) -> list[JSON]:
    """Return all tools, those that are off too, as a screen lists them."""
    offered = tools.offered()
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "enabled": tool in offered,
            "source": tool.source,
            "approve": tool.approve is not False,
        }
        for tool in tools
    ]


def view_scope(scope: Scope) -> JSON:
    """Return a run inside another one as a screen shows it."""
    return {"app": scope.app, "parent": scope.parent, "verdict": scope.verdict, "error": scope.error}


def view_scopes(transcript: Transcript) -> JSON:
    """Return all runs inside others, by their scopes."""
    return {name: view_scope(scope) for name, scope in transcript.scopes.items()}


def view_request(request: InputRequested, question: str) -> JSON:
    """Return what the app wants to know as a screen shows it; `question` is empty where it stands in the transcript.

    `choices`, `schema` and `error` are there when there are any: a turn of plain text carries none of them.
    """
    more = {"choices": list(request.choices), "schema": request.schema, "error": request.error}
    given = {key: value for key, value in more.items() if value}
    if request.kind in ("confirm", "file"):  # the others show by what they have
        given["kind"] = request.kind
    return plain({"id": request.request_id, "message": question, **given})


def view_usage(turn: Usage, chat: Usage, fullest: tuple[float, str] | None) -> JSON:
    """Return what was used as a person reads it, None before anything was; `budget` is there where a limit is."""
    if not chat.requests:
        return None
    budget = {} if fullest is None else {"budget": {"text": fullest[1], "share": min(round(fullest[0], 4), 1)}}
    return {"turn": str(turn), "chat": str(chat), **budget}


def view_ask(ask: Ask) -> JSON:
    """Return an open question as a screen shows it."""
    return plain(
        {
            "id": ask.id,
            "kind": ask.kind,
            "message": ask.message,
            "tool_call_id": ask.tool_call_id,
            "name": ask.name,
            "arguments": ask.arguments,
            "raw": None if is_exact(ask.arguments) else readable(ask.arguments),
            "digest": ask.digest,
            "choices": list(ask.choices),
            "schema": ask.schema,
            "error": ask.error,
        }
    )


def _view_preview(call: Call) -> JSON:
    if call.preview is None and call.preview_error is None:
        return None
    return {"bundle": None if call.preview is None else view_bundle(call.preview.bundle), "error": call.preview_error}


def view_arguments(arguments: str) -> tuple[JSON, str | None]:
    """Return the value of a finished argument text and None; or its best value and the text, when it is not JSON.

    The text as well when JavaScript cannot hold a number in it.
    """
    try:
        value = parse_complete(arguments)
        return value, None if is_exact(value) else clip(arguments)
    except ToolArgumentsError:
        return PartialJSON(arguments).value, clip(arguments)


def clip(text: str, limit: int = RESULT_LIMIT) -> str:
    """Cut a text to what a page should carry, with a note in the middle of what was left out."""
    if len(text) <= limit:
        return text
    head, tail = limit * 3 // 4, limit // 4
    return f"{text[:head]}\n… {len(text) - head - tail:,} characters are not shown …\n{text[-tail:]}"


def _state(call: Call) -> ToolState:
    if call.result is not None:
        return call.result.outcome
    if call.asked is not None:
        return "approval-requested"
    if call.approval is not None:
        return "approval-responded"
    return "input-available" if call.ended else "input-streaming"
