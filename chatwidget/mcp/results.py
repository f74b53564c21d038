"""What an MCP server's tool returned, as a text for the model and as something to see for the person."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from chatwidget.pictures import media_type

if TYPE_CHECKING:
    from mcp.types import CallToolResult, ContentBlock

_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class McpResult:
    """A result that is more than a text: `text` is what a model reads, `structured` the value, if the tool gave one.

    `displays` are the MIME bundles of its pictures, sounds, documents and data. A notebook shows them.
    """

    def __init__(self, text: str, displays: tuple[dict[str, Any], ...], structured: Any = None) -> None:
        self.text = text
        self.displays = displays
        self.structured = structured

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Return all there is to see as one bundle."""
        if len(self.displays) == 1:
            return dict(self.displays[0])
        words = "\n".join(str(bundle["text/plain"]) for bundle in self.displays)
        return {"text/html": "\n".join(map(_html, self.displays)), "text/plain": words}


def value_of(result: CallToolResult) -> str | McpResult:
    """Return a tool's result: a text where that says it all, an `McpResult` where there is something to see."""
    pieces = [_piece(block) for block in result.content]
    texts = [text for text, _ in pieces]
    displays = [bundle for _, bundle in pieces if bundle]
    structured = result.structured_content
    if structured is not None and not any(_says(text, structured) for text in [*texts, "\n".join(texts)]):
        data = json.dumps(structured, ensure_ascii=False)
        displays.append({"application/json": structured, "text/plain": data})
        texts = texts or [data]
    text = "\n".join(texts) or "Done; the tool returned nothing."
    return McpResult(text, tuple(displays), structured) if displays else text


def error_text(result: CallToolResult) -> str:
    """Return what a tool says about its failure."""
    return "\n".join(_piece(block)[0] for block in result.content).strip() or "the tool failed without saying why"


def _piece(block: ContentBlock) -> tuple[str, dict[str, Any] | None]:
    """Return one part of a result as a text for the model, and the bundle to show, if the text is not enough."""
    match block.type:
        case "text":
            return block.text, None
        case "image" | "audio":
            return _media(block.data, block.mime_type, block.type)
        case "resource_link":
            said = ": ".join(filter(None, [block.title or block.name, block.description]))
            return f"{said} <{block.uri}>", None
    resource = block.resource
    kind = resource.mime_type or ""
    if not hasattr(resource, "text"):
        return _media(resource.blob, kind, f"resource {resource.uri}")
    shown = {kind: resource.text, "text/plain": resource.text} if kind == "text/markdown" else None
    return f"{resource.uri}:\n{resource.text}", shown


def _media(data: str, kind: str, what: str) -> tuple[str, dict[str, Any]]:
    """Return what is told of binary data and the bundle that shows it; its bytes, not the server, say what it is."""
    try:
        raw = b64decode(data, validate=True)
    except ValueError:
        words = f"[{what} is left out: it is not base64]"
        return words, {"text/plain": words}
    found = media_type(raw[:1000])
    words = f"{what} ({(found or kind)[:80] or 'of no kind'}, {len(raw):,} bytes)"
    words = f"{words[0].upper()}{words[1:]}"
    if found:
        return f"{words} is shown to the user.", {found: raw, "text/plain": words}
    return words, ({kind[:80]: raw} if kind.startswith("audio/") else {}) | {"text/plain": words}


def _says(text: str, structured: Any) -> bool:
    """Whether a text is this value already, in JSON or as it is; the package wraps what is no object as `result`."""
    bare = structured["result"] if isinstance(structured, dict) and structured.keys() == {"result"} else structured
    try:
        return text == bare or json.loads(text) in (structured, bare)
    except (ValueError, RecursionError):
        return False


def _html(bundle: Mapping[str, Any]) -> str:
    return "\n".join(_images(bundle)) or f"<pre>{escape(str(bundle['text/plain']))}</pre>"


def _images(bundle: Mapping[str, Any]) -> Iterator[str]:
    for kind in _IMAGES:
        if kind in bundle:
            words = escape(str(bundle["text/plain"]))
            yield f'<img src="data:{kind};base64,{b64encode(bundle[kind]).decode()}" alt="{words}">'
