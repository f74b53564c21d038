"""`.ipynb`: the active branch as a notebook (format 4.5).

What was said is in Markdown cells, each speaker's name over it. Python that the assistant wrote is in code cells, as
it was written and not run. Pictures are attached. As in `.md` there is no HTML of a message's, and nothing of it is
fetched when the notebook is opened: images from elsewhere are links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatwidget.export.markdown import harmless, literal, markdown_part
from chatwidget.export.show import remarks, results_of, shown, speaker
from chatwidget.messages import DisplayPart, ImagePart, Message, Part, TextPart, ToolResultPart

Cell = dict[str, Any]

PYTHON = ("python", "python3", "py", "py3", "ipython", "ipython3")

# A fence in the first column, which is one wherever it stands; one inside of a list stays in the text.
# Possessive: on a line that is none, each of the ways to split it would be tried, a cube of them.
_FENCE = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+([^\s`{]*+)[^`]*+")
_IMAGE_DATA = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]*={0,2})")


def notebook(messages: Sequence[Message]) -> str:
    """Write one branch of a conversation as the text of a notebook."""
    results = results_of(messages)
    cells = [cell for message in shown(messages) for cell in _cells(message, results)]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _cells(message: Message, results: Mapping[str, ToolResultPart]) -> Iterator[Cell]:
    said = [f"### {literal(speaker(message))}"]
    pictures: dict[str, dict[str, str]] = {}
    for part in message.parts:
        if isinstance(part, TextPart):
            for text, is_code in _split(part.text) if message.role == "assistant" else [(part.text, False)]:
                if not is_code:
                    said.append(harmless(text.strip("\n")))
                    continue
                yield from _markdown(said, pictures)
                said, pictures = [], {}
                yield _cell("code", text) | {"execution_count": None, "outputs": []}
        elif (picture := _picture(part)) is not None:
            name = f"picture-{len(pictures) + 1}.{picture[0].removeprefix('image/')}"
            pictures[name] = {picture[0]: picture[1]}
            said.append(f"![{literal(picture[2])}](attachment:{name})")
        else:
            said.append(markdown_part(part, results))
    said += [f"*{literal(sentence)}*" for sentence in remarks(message)]
    yield from _markdown(said, pictures)


def _markdown(blocks: Sequence[str], pictures: Mapping[str, Mapping[str, str]]) -> Iterator[Cell]:
    source = "\n\n".join(block for block in blocks if block.strip())
    if source:
        yield _cell("markdown", source) | ({"attachments": dict(pictures)} if pictures else {})


def _cell(kind: str, source: str) -> Cell:
    return {"cell_type": kind, "id": "", "metadata": {}, "source": source}


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Give a text in pieces, and of each whether it is Python; a block that is not closed stays text."""
    lines = text.split("\n")
    start = place = 0
    while place < len(lines):
        opening = _FENCE.fullmatch(lines[place])
        if opening is None:
            place += 1
            continue
        end = _end_of(lines, place, opening[1])
        if end < len(lines) and opening[2].lower() in PYTHON and (code := "\n".join(lines[place + 1 : end])).strip():
            yield "\n".join(lines[start:place]), False
            yield code, True
            start = end + 1
        place = end + 1
    yield "\n".join(lines[start:]), False


def _end_of(lines: Sequence[str], opening: int, fence: str) -> int:
    closing = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*")
    return next((n for n in range(opening + 1, len(lines)) if closing.fullmatch(lines[n])), len(lines))


def _picture(part: Part) -> tuple[str, str, str] | None:
    """Return the media type of a picture that is here, its data in base64, and what it shows."""
    if isinstance(part, ImagePart) and (data := _IMAGE_DATA.fullmatch(part.url)):
        return data[1], data[2], part.alt or "image"
    if isinstance(part, DisplayPart):
        for kind in ("image/png", "image/jpeg"):
            if isinstance(encoded := part.bundle.get(kind), str):
                return kind, "".join(encoded.split()), str(part.bundle.get("text/plain", "display"))[:200]
    return None
