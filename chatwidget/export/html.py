"""`.html`: the active branch as a page without scripts, without requests, with nothing of a message read as HTML."""

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

# Raster images only: an SVG is a document. Anything remote would tell its owner that the page was opened.
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]*={0,2}")
_PLAIN = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0.3em 0"

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ margin: 0 0 1.5rem; }}
pre {{ font: 14px/1.45 ui-monospace, monospace; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def html_page(messages: Sequence[Message], title: str = "Conversation") -> str:
    """Write one branch of a conversation as a page of its own."""
    return PAGE.format(title=_text(title), body=html_transcript(messages))


def html_transcript(messages: Sequence[Message]) -> str:
    """Write one branch of a conversation as a piece of HTML, for a notebook's output.

    Texts are shown as they were written, Markdown and all; the styles are inline, because notebooks drop style sheets.
    """
    results = results_of(messages)
    return "\n".join(_message(message, results) for message in shown(messages))


def _message(message: Message, results: Results) -> str:
    blocks = [block for part in message.parts if (block := _part(part, results))]
    blocks += [f"<p><em>{_text(sentence)}</em></p>" for sentence in remarks(message)]
    body = "\n".join(blocks)
    return f"<article>\n<p><strong>{_text(speaker(message))}</strong></p>\n{body}\n</article>"


def _part(part: Part, results: Results) -> str:
    match part:
        case TextPart():
            return f'<div style="{_PLAIN}">{_text(part.text)}</div>' if part.text else ""
        case ReasoningPart():
            return _details("Reasoning", _block(part.text)) if part.text else ""
        case ToolCallPart():
            result = results.get(part.id)
            return _details(f"Tool {part.name}", _block(arguments_of(part)), *(_result(result) if result else ()))
        case ToolResultPart():
            return _details(f"Result of {part.name}", *_result(part))
        case ImagePart():
            return _image(part.url, part.alt)
        case FilePart():
            return f"<p><em>file: {_text(part.name)}</em></p>"
        case DisplayPart():
            return _display(part.bundle)
        case StepPart():
            return _details(f"{part.name} ({part.state})", *([_block(part.text)] if part.text else ()))
        case SourcePart():
            return _source(part)


def _display(bundle: Mapping[str, object]) -> str:
    for kind in ("image/png", "image/jpeg"):
        data = bundle.get(kind)
        if isinstance(data, str):
            return _image(f"data:{kind};base64,{''.join(data.split())}", str(bundle.get("text/plain", "display")))
    plain = bundle.get("text/plain")
    return _block(plain) if isinstance(plain, str) else "<p><em>display</em></p>"


def _result(result: ToolResultPart) -> Iterator[str]:
    if result.approval is not None:
        yield f"<p><em>{_text(decision(result.approval))}</em></p>"
    if result.output:
        yield _block(result.output)
    yield from (_display(part.bundle) for part in result.displays)
    if result.outcome != "output-available":
        yield f"<p>{'Denied' if result.outcome == 'output-denied' else 'Failed'}:</p>"
    yield _block(result.content)


def _image(url: str, alt: str) -> str:
    words = _text(alt or "without description")
    if _IMAGE_DATA.fullmatch(url):
        return f'<p><img src="{url}" alt="{words}" style="max-width:100%"></p>'
    if re.fullmatch(r"https?://\S+", url):
        return f'<p><a href="{_text(url)}" rel="noopener noreferrer">image: {words}</a></p>'
    return f"<p><em>image: {words}</em></p>"


def _source(part: SourcePart) -> str:
    words = _text(part.title or part.url)
    if re.fullmatch(r"https?://\S+", part.url):
        words = f'<a href="{_text(part.url)}" rel="noopener noreferrer">{words}</a>'
    return f"<p>Source: {words}</p>" + (f"\n{_block(part.text)}" if part.text else "")


def _details(summary: str, *blocks: str) -> str:
    return "\n".join([f"<details><summary>{_text(' '.join(summary.split())[:80])}</summary>", *blocks, "</details>"])


def _block(text: str) -> str:
    return f'<pre style="{_PLAIN}">{_text(text)}</pre>'


def _text(text: str) -> str:
    # NUL and other controls are errors in HTML; each has a picture of its own in Unicode.
    pictured = text.translate({code: 0x2400 + code for code in range(32) if code not in (9, 10, 13)})
    return escape(pictured, quote=True)
