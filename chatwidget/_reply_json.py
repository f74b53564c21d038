"""The JSON in a reply: models wrap it in fences and kind words, even when they are told not to."""

from __future__ import annotations

import json
import re
from typing import Any

from chatwidget.errors import ToolArgumentsError
from chatwidget.partial_json import parse_complete

_FENCED = re.compile(r"\A```[\w-]*[ \t]*\n(.*)\n[ \t]*```\Z", re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')  # and not `{name}`, as words may hold it
# It only finds where an object ends; floats have no limit of digits, integers do.
_SCANNER = json.JSONDecoder(strict=False, parse_int=float)


class NoJSON(ValueError):
    """A reply holds no JSON at all, only words."""


def json_in(reply: str) -> tuple[str, Any]:
    """Return the one JSON value in a reply, as text and as value: all of it, all in a fence, or an object in prose.

    Raises `NoJSON`, or a `ValueError` whose text says what is wrong with the JSON.
    """
    text = reply.strip("\ufeff \t\r\n")
    if fenced := _FENCED.match(text):
        text = fenced[1].strip()
    if not text:
        raise NoJSON("The reply is empty.")
    try:
        return text, parse_complete(text)
    except ToolArgumentsError as error:
        return _one_object(text, error)


def _one_object(text: str, error: ToolArgumentsError) -> tuple[str, Any]:
    found = _OBJECT.search(text)
    if not found:
        if text[0] in '{["':
            raise ValueError(_of_reply(error)) from None
        raise NoJSON("The reply is in words.")
    try:
        _, end = _SCANNER.raw_decode(text, found.start())
    except (ValueError, RecursionError):
        return _parsed(text[found.start() :])
    if _OBJECT.search(text, end):
        raise ValueError("There is more than one JSON object in your reply.")
    return _parsed(text[found.start() : end])


def _parsed(text: str) -> tuple[str, Any]:
    try:
        return text, parse_complete(text)
    except ToolArgumentsError as error:
        raise ValueError(_of_reply(error)) from None


def _of_reply(error: ToolArgumentsError) -> str:
    text = str(error).replace("The arguments", "The contents of your reply", 1)
    return text.replace("in the arguments", "in your reply", 1)
