"""`RedisCache` against a real server: shared, expiring, and never in the way."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatwidget.cache import RedisCache
from chatwidget.errors import ChatWidgetError
from chatwidget.models._cache_keeper import REST, CacheKeeper
from chatwidget.models.caching import cached
from tests.caching import ask, say, says
from tests.memory.conftest import RedisServer, free_port

pytest.importorskip("redis", reason="the package redis is not installed")


@pytest.fixture(params=["url", "asyncio", "asyncio text", "sync"])
async def cache(request: pytest.FixtureRequest, redis_server: RedisServer) -> AsyncIterator[RedisCache]:
    import redis

    client: Any = redis_server.url
    if request.param.startswith("asyncio"):
        client = redis.asyncio.Redis.from_url(client, decode_responses="text" in request.param)
    elif request.param == "sync":
        client = redis.Redis.from_url(client)
    cache = RedisCache(client)
    yield cache
    await cache.close()


async def test_replies_are_kept_for_other_caches_on_the_server(cache: RedisCache, redis_server: RedisServer) -> None:
    model, other = says(), RedisCache(redis_server.url)
    assert [await say(cached(model, each)) for each in (cache, cache, other)] == ["Hello"] * 3
    assert model.asked == 1
    await other.clear()
    assert await say(cached(model, cache)) == "Hello"
    assert model.asked == 2
    await other.close()


async def test_clear_forgets_what_has_the_prefix_and_nothing_else(cache: RedisCache, redis_server: RedisServer) -> None:
    import redis

    client = redis.Redis.from_url(redis_server.url)
    odd = RedisCache(redis_server.url, prefix="a*[b]?")
    for number in range(1200):
        client.set(f"a*[b]?:{number}", "x")
    for key in ("axb:1", "a*[b]?1", "chatwidget:cacheless", "chatwidget:{ada}:messages"):
        client.set(key, "x")
    await cache.set("1", "x", None)
    await odd.clear()
    assert client.dbsize() == 5
    await cache.clear()
    assert client.dbsize() == 4
    client.close()
    await odd.close()


async def test_redis_itself_throws_away_what_is_too_old(cache: RedisCache, redis_server: RedisServer) -> None:
    import redis

    client = redis.Redis.from_url(redis_server.url)
    await ask(cached(says(), cache, ttl=90))
    await ask(cached(says("Goodbye"), RedisCache(redis_server.url, prefix="other"), ttl=None))
    await cache.set("short", "x", 0.0001)
    told = {key.decode().split(":")[0]: client.pttl(key) for key in client.scan_iter("*:" + "?" * 64)}
    assert 0 < told["chatwidget"] <= 90_000 and told["other"] == -1
    client.close()


@pytest.mark.parametrize("value", ["a list", b"\x00\xff", b"{}"])
async def test_what_somebody_else_put_there_is_a_miss(
    cache: RedisCache, redis_server: RedisServer, value: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    import redis

    model = says()
    await ask(cached(model, cache))
    client = redis.Redis.from_url(redis_server.url)
    (name,) = client.keys()
    client.delete(name)
    client.rpush(name, "x") if value == "a list" else client.set(name, value)
    assert await say(cached(model, cache)) == "Hello"
    assert model.asked == 2
    assert len(caplog.messages) == 1
    client.close()


async def test_redis_away_at_start_and_in_mid_run_costs_one_warning_each_and_is_used_when_it_is_back(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    model, cache = says(), RedisCache(redis_server.url)
    CacheKeeper.of(cache).clock = lambda: now
    asked = cached(model, cache)
    redis_server.stop()
    assert [await say(asked), await say(asked)] == ["Hello", "Hello"]
    assert (model.asked, len(caplog.messages)) == (2, 1)
    redis_server.start()
    now += REST
    assert [await say(asked), await say(asked)] == ["Hello", "Hello"]
    assert model.asked == 3
    redis_server.stop()
    assert [await say(asked), await say(asked)] == ["Hello", "Hello"]
    assert (model.asked, len(caplog.messages)) == (5, 2)
    assert "cannot be used, so models are asked: ConnectionError" in caplog.text
    await cache.close()


async def test_a_server_that_does_not_answer_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = says()
        cache = RedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", timeout=0.05)
        assert [await say(cached(model, cache)), await say(cached(model, cache))] == ["Hello", "Hello"]
        assert model.asked == 2
        assert len(caplog.messages) == 1
        await cache.close()


async def test_nobody_there_needs_no_server_to_be_told(caplog: pytest.LogCaptureFixture) -> None:
    cache = RedisCache(f"redis://ada:sesame@127.0.0.1:{free_port()}/0")
    assert await say(cached(says(), cache)) == "Hello"
    assert "sesame" not in caplog.text
    with pytest.raises(ValueError, match="scheme"):
        RedisCache("http://127.0.0.1")


async def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ChatWidgetError, match=r"pip install 'chatwidget\[redis\]'"):
        RedisCache("redis://127.0.0.1")
