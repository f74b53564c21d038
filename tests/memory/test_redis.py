"""`RedisMemory` against a real server."""

from __future__ import annotations

import asyncio
import builtins
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatwidget.errors import FormatError
from chatwidget.memory import MemoryUnavailable, RedisMemory
from chatwidget.messages import DisplayPart, Message, User
from tests.memory.conftest import RedisServer, free_port

pytest.importorskip("redis", reason="the package redis is not installed")
SAID = [User(f"number {number} 😀") for number in range(5)]


@pytest.fixture(params=["url", "asyncio", "sync"])
async def memory(request: pytest.FixtureRequest, redis_server: RedisServer) -> AsyncIterator[RedisMemory]:
    import redis

    client: Any = redis_server.url
    if request.param == "asyncio":
        client = redis.asyncio.Redis.from_url(client)
    elif request.param == "sync":
        client = redis.Redis.from_url(client)
    memory = RedisMemory(client, chat="ada")
    yield memory
    await memory.close()
    if request.param == "asyncio":
        await client.aclose()
    elif request.param == "sync":
        client.close()


async def test_messages_come_back_in_order_each_once_and_chats_are_apart(
    memory: RedisMemory, redis_server: RedisServer
) -> None:
    assert not await memory.load()
    await memory.append(SAID[:3])
    await memory.append([])
    await memory.append(SAID[1:])
    other = RedisMemory(redis_server.url, chat="bob")
    await other.append(SAID[:1])
    assert list(await memory.load()) == list(await memory.since("unknown")) == SAID
    assert list(await memory.since(SAID[3].id)) == SAID[4:]
    assert not await memory.since(SAID[4].id)
    await memory.clear()
    assert not await memory.load()
    await memory.append(SAID[4:])
    assert list(await memory.load()) == SAID[4:]
    assert list(await other.load()) == SAID[:1]
    await other.close()


async def test_two_sessions_see_each_other_s_messages_in_one_order(redis_server: RedisServer) -> None:
    both = [RedisMemory(redis_server.url, chat="ada") for _ in range(2)]
    sent: list[list[Message]] = [[], []]

    async def append(who: int) -> None:
        for _ in range(20):
            sent[who].append(User(f"{who}"))
            await both[who].append(sent[who][-1:])

    await asyncio.gather(append(0), append(1))
    kept = await both[0].load()
    assert list(await both[1].load()) == list(kept)
    assert [[message for message in kept if message in messages] for messages in sent] == sent
    for memory in both:
        await memory.close()


async def test_entries_that_are_no_messages_cost_no_other(
    memory: RedisMemory, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    import redis

    await memory.append(SAID[:2])
    with redis.Redis.from_url(redis_server.url) as client:
        client.rpush("chatwidget:{ada}:messages", "{", b"\xff\x00", "null")
    await memory.append(SAID[2:])
    assert list(await memory.load()) == SAID
    assert [damaged.where for damaged in memory.damaged] == [
        f"chatwidget:{{ada}}:messages, entry {place}" for place in (2, 3, 4)
    ]
    assert "holds no message" in caplog.text


async def test_redis_that_goes_away_is_named_and_when_it_is_back_so_is_the_memory(
    memory: RedisMemory, redis_server: RedisServer
) -> None:
    await memory.append(SAID[:1])
    redis_server.stop()
    for work in (memory.append(SAID), memory.load(), memory.clear()):
        with pytest.raises(MemoryUnavailable, match=rf"Redis at 127\.0\.0\.1:{redis_server.port} cannot be used"):
            await work
    redis_server.start()
    await memory.append(SAID)
    assert list(await memory.load()) == SAID


async def test_redis_that_is_away_at_the_start_is_named_without_the_password() -> None:
    port = free_port()
    memory = RedisMemory(f"redis://ada:hidden-word@127.0.0.1:{port}/0")
    with pytest.raises(MemoryUnavailable, match=f"127.0.0.1:{port}") as caught:
        await memory.load()
    assert "hidden-word" not in str(caught.value)
    await memory.close()


@pytest.mark.parametrize("as_client", [False, True])
async def test_redis_that_takes_connections_and_never_answers_is_given_up(as_client: bool) -> None:
    import redis

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        client = redis.asyncio.Redis.from_url(url, socket_timeout=None) if as_client else None
        memory = RedisMemory(client or url, timeout=0.1)
        with pytest.raises(MemoryUnavailable, match="cannot be used"):
            await memory.append(SAID)
        await memory.close()
        if client is not None:
            await client.aclose()


async def test_a_message_that_json_cannot_say_is_refused_with_its_append(memory: RedisMemory) -> None:
    bad = Message(role="assistant", parts=(DisplayPart({"application/json": object()}),))
    with pytest.raises(FormatError):
        await memory.append([SAID[0], bad])
    assert not await memory.load()


def test_one_memory_serves_several_loops(redis_server: RedisServer) -> None:
    memory = RedisMemory(redis_server.url)

    async def append(message: Message) -> int:
        await memory.append([message])
        count = len(await memory.load())
        await memory.close()
        return count

    assert [asyncio.run(append(message)) for message in SAID] == [1, 2, 3, 4, 5]


def test_without_the_package_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("redis"):
            raise ImportError(name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MemoryUnavailable, match=r"pip install 'chatwidget\[redis\]'"):
        RedisMemory("redis://localhost")
