"""Parts of a message's content, as dicts of the Chat Completions API, and templates that hold them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Literal

ContentDict = dict[str, Any]
AudioData = str | bytes | bytearray | memoryview

_PLACE = re.compile(r"\{\{(?P<literal>[^}]*)\}\}|\{(?P<name>\w+)\}")


def content(
    *,
    text: str | None = None,
    image_url: str | Mapping[str, Any] | None = None,
    detail: Literal["auto", "low", "high"] | None = None,
    input_audio: AudioData | Mapping[str, Any] | None = None,
    format: Literal["wav", "mp3"] | None = None,
) -> ContentDict:
    """Make one part: of a text, of an image's URL, or of a sound (bytes, base64, or a dict that has both).

    Raises ValueError when it is none or several of these, or when `detail` or `format` does not belong there.
    """
    _check(
        [text, image_url, input_audio].count(None) == 2,
        "content() takes exactly one of text=, image_url=, input_audio=.",
    )
    _check(detail is None or isinstance(image_url, str), "detail= goes with image_url= as a text.")
    if image_url is not None:
        _check(format is None, "format= goes with input_audio=.")
        return {"type": "image_url", "image_url": _image(image_url, detail)}
    if input_audio is not None:
        return {"type": "input_audio", "input_audio": _sound(input_audio, format)}
    _check(format is None, "format= goes with input_audio=.")
    return {"type": "text", "text": text}


def _check(right: bool, rule: str) -> None:
    if not right:
        raise ValueError(rule)


def _image(image_url: str | Mapping[str, Any], detail: str | None) -> dict[str, Any]:
    if isinstance(image_url, Mapping):
        return dict(image_url)
    return {"url": image_url} if detail is None else {"url": image_url, "detail": detail}


def _sound(sound: AudioData | Mapping[str, Any], format: str | None) -> dict[str, Any]:
    if isinstance(sound, Mapping):
        _check(format is None, "The dict of a sound has its format; leave format= out.")
        return dict(sound)
    _check(format in ("wav", "mp3"), "A sound needs format='wav' or format='mp3'.")
    data = sound if isinstance(sound, str) else base64.b64encode(sound).decode()
    return {"data": data, "format": format}


def format_contents(
    prompt_template: str, _partial: bool = False, **substitutions: str | list[ContentDict]
) -> list[ContentDict]:
    """Fill a template's `{name}` places with texts or lists of parts; texts that meet become one part.

    `{{name}}` stands for the text `{name}`. Raises ValueError for a place that nothing is given for; with `_partial`
    it stays as it is.
    """
    parts: list[ContentDict] = []
    words: list[str] = []
    end = 0

    def close() -> None:
        if text := "".join(words):
            parts.append(content(text=text))
        words.clear()

    for place in _PLACE.finditer(prompt_template):
        words.append(prompt_template[end : place.start()])
        end = place.end()
        name = place["name"]
        if name is None:
            words.append(f"{{{place['literal']}}}")
        elif name not in substitutions:
            if not _partial:
                raise ValueError(
                    f"The template has a place {{{name}}} and nothing for it. Pass {name}=, or _partial=True."
                )
            words.append(place[0])
        elif isinstance(filling := substitutions[name], list):
            close()
            parts.extend(filling)
        else:
            words.append(str(filling))
    words.append(prompt_template[end:])
    close()
    return parts
