"""Names for MCP servers and their tools that every endpoint takes and that nothing else can have.

A server is called what the person called it, or after what the person wrote to reach it; never what it calls itself.
Its tools are `SERVER__TOOL`: a card shows whose tool it is, no server can put its own in the place of another's, and
adding a server renames nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import urlsplit

_LONGEST = 64
_LONGEST_SERVER = 24
_DIGITS = 6
_LAUNCHERS = re.compile(r"(python[\d.]*|pythonw|uvx|npx|bunx|pipx|node|deno)(\.exe|\.cmd)?", re.IGNORECASE)
_TELLING = re.compile(r"[\w@./\\:-]+")


def server_name(text: str) -> str:
    """Return a text as the name of a server: letters, digits, `-` and single `_`."""
    plain = re.sub(r"_{2,}", "_", re.sub(r"[^a-zA-Z0-9_-]+", "_", text))
    return plain[:_LONGEST_SERVER].strip("_-") or "mcp"


def name_of_url(url: str) -> str:
    """Name a server by its host; the rest of an address may hold a token."""
    return server_name(urlsplit(url).hostname or "")


def name_of_command(words: Sequence[str]) -> str:
    """Name a server by its program, or by what Python, npx and the like are told to run; other words may be secret."""
    program, said = words[0], [word for word in words[1:] if not word.startswith("-")]
    if _LAUNCHERS.fullmatch(PurePath(program).name) and said and "-c" not in words and _TELLING.fullmatch(said[0]):
        program = said[0]
    return server_name(re.sub(r"(@[\d.]+|@latest|\.(py|js|mjs|ts|exe|cmd))$", "", re.split(r"[/\\]", program)[-1]))


def tool_names(server: str, names: Iterable[str]) -> dict[str, str]:
    """Return the tools' own names with those a model is told, whatever order they come in.

    Characters that endpoints refuse become `_`. A name that is too long, or that two would have then, ends in a few
    digits made of the tool's own name.
    """
    plain = {name: re.sub(r"[^a-zA-Z0-9_-]+", "_", name) for name in names}
    taken = Counter(plain.values())
    made = {}
    for name, word in plain.items():
        told = f"{server}__{word}"
        if len(told) > _LONGEST or (taken[word] > 1 and word != name):
            digits = sha256(name.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
            told = f"{told[: _LONGEST - _DIGITS - 1]}_{digits}"
        made[name] = told
    return made
