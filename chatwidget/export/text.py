"""`.txt`: the active branch as plain text, to read or to paste."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chatwidget.export.show import arguments_of, decision, remarks, results_of, shown, speaker
from chatwidget.messages import (
    DisplayPart,
    FilePart,
    ImagePart,
    Message,
    Part,
    SourcePart,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)

Results = Mapping[str, ToolResultPart]


def text_transcript(messages: Sequence[Message]) -> str:
    """Write one branch of a conversation as plain text; reasoning is left out."""
    results = results_of(messages)
    return "\n".join(_message(message, results) for message in shown(messages))


def _message(message: Message, results: Results) -> str:
    blocks = [block for part in message.parts for block in _part(part, results)]
    blocks += [f"[{sentence}]" for sentence in remarks(message)]
    return "\n\n".join([f"{speaker(message)}:", *(block.strip("\n") for block in blocks if block.strip())]) + "\n"


def _part(part: Part, results: Results) -> Iterator[str]:
    match part:
        case TextPart():
            yield part.text
        case ToolCallPart():
            yield f"[Tool {part.name}]\n{arguments_of(part)}"
            if (result := results.get(part.id)) is not None:
                yield from _result(result)
        case ToolResultPart():
            yield from _result(part)
        case ImagePart():
            yield f"[image: {part.alt or 'without description'}]"
        case FilePart():
            yield f"[file: {part.name or 'without name'}]"
        case DisplayPart():
            yield _display(part)
        case StepPart():
            yield f"[{part.name}, {part.state}]\n{part.text}"
        case SourcePart():
            yield "\n".join(filter(None, [f"[source: {part.title or part.url}]", part.title and part.url, part.text]))


def _result(result: ToolResultPart) -> Iterator[str]:
    if result.approval is not None:
        yield f"[{decision(result.approval)}]"
    yield result.output
    yield from map(_display, result.displays)
    how = {"output-available": "Result", "output-denied": "Denied"}.get(result.outcome, "Failed")
    yield f"[{how}]\n{result.content}"


def _display(part: DisplayPart) -> str:
    plain = part.bundle.get("text/plain")
    return plain if isinstance(plain, str) else "[display]"
