"""`.md`: the active branch, to read.

Nothing a message says can break out of its place or pass for another's words:

- each text of a message is a block quote, which ends where its quote marks end, whatever is left open inside;
- `<` is escaped outside of code, so there is no HTML but ours;
- an image in a text is a link, so that reading it tells nobody;
- what is not Markdown (arguments, results, reasoning) stands in a fence longer than any run of backticks in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from chatwidget.export.show import arguments_of, decision, remarks, results_of, shown, speaker
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
)

Results = Mapping[str, ToolResultPart]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_FENCE = re.compile(r"(`{3,})[^`]*|(~{3,}).*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"(?<!\\)(\\*)!(?=\[)")
_RUNS = re.compile(r"(?<!`)(`+)(?!`)")


def markdown_transcript(messages: Sequence[Message]) -> str:
    """Write one branch of a conversation as Markdown; the same messages always give the same text."""
    results = results_of(messages)
    return "\n".join(_message(message, results) for message in shown(messages))


def _message(message: Message, results: Results) -> str:
    blocks = [f"**{literal(speaker(message))}**", *(markdown_part(part, results) for part in message.parts)]
    blocks += [f"*{literal(sentence)}*" for sentence in remarks(message)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown_part(part: Part, results: Results) -> str:
    """Write one part as a block of Markdown; "" where there is nothing to read."""
    match part:
        case TextPart():
            return _quoted(harmless(part.text)) if part.text else ""
        case ReasoningPart():
            return _details("Reasoning", _fenced(part.text)) if part.text else ""
        case ToolCallPart():
            return _call(part, results.get(part.id))
        case ToolResultPart():
            # A result in its own message has lost its call; those of calls are not asked for here.
            return _details(f"Result of {part.name}", *_result(part))
        case ImagePart():
            return _link(f"image: {part.alt or 'without description'}", part.url)
        case FilePart():
            return f"*{literal(f'file: {part.name}')}*"
        case DisplayPart():
            return _display(part)
        case StepPart():
            return _details(f"{part.name} ({part.state})", *([_fenced(part.text)] if part.text else ()))
        case SourcePart():
            cited = f"\n\n{_fenced(part.text)}" if part.text else ""
            return f"Source: {_link(part.title or part.url, part.url)}{cited}"


def _display(part: DisplayPart) -> str:
    plain = part.bundle.get("text/plain")
    return _fenced(plain) if isinstance(plain, str) else f"*{literal('display')}*"


def _call(call: ToolCallPart, result: ToolResultPart | None) -> str:
    blocks = [_fenced(arguments_of(call), "json"), *(_result(result) if result else ())]
    return _details(f"Tool {call.name}", *blocks)


def _result(result: ToolResultPart) -> Iterator[str]:
    if result.approval is not None:
        yield f"*{literal(decision(result.approval))}*"
    if result.output:
        yield _fenced(result.output)
    yield from map(_display, result.displays)
    if result.outcome != "output-available":
        yield "Denied:" if result.outcome == "output-denied" else "Failed:"
    yield _fenced(result.content)


def _details(summary: str, *blocks: str) -> str:
    line = " ".join(summary.split())[:80]
    # Blank lines around: with them Markdown is read inside the element, without them it is not.
    return "\n\n".join([f"<details><summary>{escape(line)}</summary>", *blocks, "</details>"])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _fenced(text: str, language: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{_lines(text)}\n{fence}"


def _link(words: str, url: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\\`]+", url):
        return f"*{literal(words)}*"
    return f"[{literal(words)}](<{url}>)"


def literal(text: str) -> str:
    """Write words that are no Markdown on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def _lines(text: str) -> str:
    # All that any reader takes for the end of a line becomes one; NUL is forbidden in Markdown.
    return "\n".join(text.replace("\0", "\N{REPLACEMENT CHARACTER}").splitlines())


def harmless(text: str) -> str:
    """Escape what might be read as HTML or fetched as an image; code stays, where it is that beyond doubt."""
    kept: list[str] = []
    chunk: list[str] = []
    fence = ""
    for line in _lines(text).split("\n"):
        if fence:
            kept.append(line)
            closing = line.strip(" \t")
            indent = len(line) - len(line.lstrip(" "))
            if indent < 4 and len(closing) >= len(fence) and not closing.strip(fence[0]):
                fence = ""
            continue
        # A fence in the first column is a fence in every reading; an indented one may end with the list it is in.
        opening = _FENCE.fullmatch(line)
        if opening or not line.strip():
            kept += _escaped(chunk)
            chunk = []
            kept.append(line)
            fence = (opening[1] or opening[2]) if opening else ""
        else:
            chunk.append(line)
    return "\n".join(kept + _escaped(chunk))


def _escaped(chunk: list[str]) -> list[str]:
    """Escape a paragraph. Its code spans are left alone if each begins and ends on its line, in every reading."""
    split = [_spans(line) for line in chunk]
    if any(spans is None for spans in split):
        return [_plain(line) for line in chunk]
    return ["".join(code or _plain(plain) for plain, code in spans or ()) for spans in split]


def _plain(text: str) -> str:
    # An odd number of backslashes has escaped it already; one more would undo that.
    links = _IMAGE.sub(lambda found: found[0] if len(found[1]) % 2 else rf"{found[1]}\!", text)
    return _TAG.sub("&lt;", links)


def _spans(line: str) -> list[tuple[str, str]] | None:
    """Split a line into plain texts and code spans; None where backticks do not pair up, or a table may cut them."""
    if "\\`" in line or ("`" in line and "|" in line):
        return None
    spans: list[tuple[str, str]] = []
    place = 0
    while run := _RUNS.search(line, place):
        close = re.compile(rf"(?<!`){run[1]}(?!`)").search(line, run.end())
        if close is None:
            return None
        spans += [(line[place : run.start()], ""), ("", line[run.start() : close.end()])]
        place = close.end()
    return [*spans, (line[place:], "")]
