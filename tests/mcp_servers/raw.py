"""A server written by hand, of the protocol before 2026, that behaves as its first argument says; it starts quickly.

well: two tools, and after a call it announces a third and another schema of the second; odd: tools with wrong schemas;
garbage: prints what is no JSON and ends; silent: reads and never answers; dies: complains and exits; once: starts if
the file named second is not there yet, and makes it; lies: its results are none.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

EMPTY = {"type": "object", "properties": {}}
SCHEMAS: dict[str, Any] = {
    "well": {"greet": EMPTY, "off.on": EMPTY},
    "odd": {
        "fine": EMPTY,
        "far": {"type": "object", "properties": {"a": {"$ref": "https://example.org/schema"}}},
        "wrong": {"type": "object", "properties": {"a": {"type": "no such type"}}},
    },
}


def say(message: dict[str, Any]) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def answer(method: str, tools: dict[str, Any]) -> dict[str, Any] | None:
    match method:
        case "initialize":
            me = {"name": "raw", "version": "1"}
            offers = {"tools": {"listChanged": True}}
            return {"protocolVersion": "2025-11-25", "serverInfo": me, "capabilities": offers}
        case "tools/list":
            return {"tools": [{"name": name, "inputSchema": schema} for name, schema in tools.items()]}
        case "tools/call":
            return {"content": "none" if "lies" in sys.argv else [{"type": "text", "text": "hello"}]}
    return None


def speak(tools: dict[str, Any]) -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        result = answer(message["method"], tools)
        if result is None:
            say({"id": message["id"], "error": {"code": -32601, "message": "no such method"}})
            continue
        if message["method"] == "tools/call" and "later" not in tools:
            tools |= {"later": EMPTY, "off.on": {"type": "object", "properties": {"x": {}}}}
            say({"method": "notifications/tools/list_changed"})
        say({"id": message["id"], "result": result})


def main(kind: str) -> None:
    if kind == "dies" or (kind == "once" and Path(sys.argv[2]).exists()):
        print(f"no database; the token is {os.environ.get('SERVICE_TOKEN')}", file=sys.stderr)
        print("───────", file=sys.stderr)
        sys.exit(1)
    if kind == "once":
        Path(sys.argv[2]).touch()
    if kind == "garbage":
        print("Welcome to my server!", flush=True)
        return
    if kind == "silent":
        sys.stdin.read()
    speak(dict(SCHEMAS.get(kind, SCHEMAS["well"])))


if __name__ == "__main__":
    main(sys.argv[1])
