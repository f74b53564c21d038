"""What looks like a key, and how it is blotted out before it is written anywhere.

Names decide first (`api_key`, `Authorization`, `extra_headers`), at any depth of any value; then the shapes of keys
in texts. This errs on the side of blotting: a log that lost a word is repaired by reading, a key that got out by
making a new one.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence, Set
from math import isfinite
from typing import Any

BLOT = "[blotted out]"
MAX_DEPTH = 32

_NAME = re.compile(
    r"headers?$|auth(?!or)|authori|bearer|cookie|credential|passw|passphrase|secret|private_?key|signature"
    r"|(^|_)(api|access|secret|subscription|client|x|id|refresh|session)_?(key|token)s?$|^(key|token|sig|sas)s?$"
)
# Every repetition is bounded or starts at a boundary: a text of megabytes must not take more than linear time.
_SHAPES = re.compile(
    r"""
      (?P<named>  (?<![a-z0-9]) (?:[a-z0-9]{1,20}[_-]){0,4}
                  (?:api[_-]?key|authorization|token|secret|password|cookie) \\*["']?\s{0,3}[:=]\s{0,3} )
                  (?: (?P<quote>\\*["']) .{0,500}? (?P=quote)
                    | \\*["']? (?:(?:bearer|basic|digest|token)\s{1,3})? [^\s"',;&}\\]{4,} )
    | (?P<bearer> \bbearer\s{1,3} ) [^\s"',;}]{6,}
    | (?P<basic>  \b(?:basic|digest)\s{1,3} ) (?-i:(?=[a-z]{0,99}[A-Z0-9=+/])) [\w+/=-]{8,}
    | (?P<query>  [?&](?:key|api[_-]?key|token|sig|code)= ) [^&\s"'\#]+
    | (?P<login>  [a-z][a-z0-9+.-]{0,20}:// ) [^\s/@]{1,500} (?=@)
    | (?<![a-z0-9]) (?:sk|pk|rk|gsk|xai|hf|pplx|nvapi|r8)[-_][\w-]{8,}
    | (?<![a-z0-9]) (?:gh[pousr]|github_pat|glpat|xox[abprs])[-_][\w-]{8,}
    | (?<![a-z0-9]) (?: AIza[\w-]{20,} | (?:AKIA|ASIA)[A-Z0-9]{12,} | eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)? )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def is_secret_name(name: str) -> bool:
    """Tell whether an option, a header or a field of this name holds a key."""
    spread = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_").lower()
    return _NAME.search(spread) is not None


def blotted_text(text: str) -> str:
    """Blot out what has the shape of a key; what says that it is one ("Bearer") is kept."""
    return _SHAPES.sub(lambda found: next(filter(None, found.groups()), "") + BLOT, text)


def without_secrets(value: Any, depth: int = 0) -> Any:
    """Return plain JSON data for any value: secret names left out, keys in texts blotted out.

    What JSON cannot say is written as the name of its type, never as its repr, which may show anything.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return blotted_text(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if depth >= MAX_DEPTH:
        return "…"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        kept = {str(name): item for name, item in value.items() if not is_secret_name(str(name))}
        return {blotted_text(name): without_secrets(item, depth + 1) for name, item in kept.items()}
    if isinstance(value, Set):
        return sorted((without_secrets(item, depth + 1) for item in value), key=repr)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        if len(value) == 2 and isinstance(value[0], str) and is_secret_name(value[0]):
            return [value[0], BLOT]  # headers as pairs
        return [without_secrets(item, depth + 1) for item in value]
    kind = value if isinstance(value, type) else type(value)
    return f"<{kind.__module__}.{kind.__qualname__}>"
