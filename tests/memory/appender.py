"""`python -m tests.memory.appender KIND PATH`: appends until it is killed, as often as it is told to.

For each line it reads, a child is forked (a fresh interpreter would take most of the test's time). The child prints its
process id, then the id of each message as soon as its append has returned. Behind a dead child `-` is printed.
`line` as the line read is a number: each of the child's 4 tasks ends after so many messages, 0: never.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from chatwidget.memory import JSONLMemory, Memory, SQLiteMemory
from chatwidget.messages import Message, TextPart, new_id

TASKS = 4


def made(kind: str, path: str | Path) -> Memory:
    return SQLiteMemory(path) if kind == "sqlite" else JSONLMemory(path)


async def append(memory: Memory, limit: int) -> None:
    async def one(task: int) -> None:
        for number in count(1):
            message = Message(role="user", id=f"{os.getpid()}-{task}-{number}-{new_id()}", parts=(TextPart("x" * 500),))
            await memory.append([message])
            os.write(1, f"{message.id}\n".encode())
            if number == limit:
                return

    await asyncio.gather(*(one(task) for task in range(TASKS)))


def main() -> None:
    kind, path = sys.argv[1:]
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.write(1, f"{os.getpid()}\n".encode())
            asyncio.run(append(made(kind, path), int(line)))
            os._exit(0)
        os.waitpid(child, 0)
        os.write(1, b"-\n")


if __name__ == "__main__":
    main()
