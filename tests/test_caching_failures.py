"""Whatever is in a cache, and whatever a cache does, a reply comes."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from chatwidget.cache import Cache
from chatwidget.messages import User
from chatwidget.models import _cache_keeper
from chatwidget.models._cache_keeper import CacheKeeper
from chatwidget.models.base import Finish, ModelRequest, TextDelta
from chatwidget.models.caching import cached
from tests.caching import HI, Keeps, Says, ask, say, says


def with_head(**changes: Any) -> Callable[[str], str]:
    def changed(text: str) -> str:
        head, _, line = text.partition("\n")
        return f"{json.dumps(json.loads(head) | changes)}\n{line}"

    return changed


def with_reply(**changes: Any) -> Callable[[str], str]:
    def changed(text: str) -> str:
        head, _, line = text.partition("\n")
        return f"{head}\n{json.dumps(json.loads(line) | changes)}"

    return changed


END = {"type": "finish"}
POISON: dict[str, Callable[[str], object]] = {
    "nothing": lambda text: "",
    "no JSON": lambda text: "Hello",
    "bytes of no text": lambda text: b"\xff\xfe\n\x00",
    "text that is not ASCII": lambda text: text + "\ud83d",
    "cut at the head": lambda text: text[:20],
    "cut in the reply": lambda text: text[:-30],
    "a head alone": lambda text: text.partition("\n")[0],
    "a list for a head": lambda text: "[]" + text[text.index("\n") :],
    "nested without end": lambda text: text.partition("\n")[0] + "\n" + "[" * 100_000,
    "a number": lambda text: 42,
    "a dict": lambda text: json.loads(text.partition("\n")[0]),
    "another version": with_head(version=2),
    "the key of another": with_head(key="0" * 64),
    "no time": with_head(stored="yesterday"),
    "no time at all": with_head(stored=None),
    "a time without end": lambda text: text.replace('"stored": ', '"stored": 1e999, "": ', 1),
    "a time that is true": with_head(stored=True),
    "the reply in another version": with_reply(version=2),
    "a reply that failed": with_reply(end={"type": "failed", "at": 0, "error": "ModelError", "text": "Down."}),
    "a reply that broke off": with_reply(end={"type": "broken_off", "at": 0}),
    "no deltas": with_reply(deltas=[]),
    "no end": with_reply(deltas=[[0, {"type": "text", "text": "Hel"}]]),
    "an end in the middle": with_reply(deltas=[[0, END], [0, {"type": "text", "text": "Hel"}], [0, END]]),
    "deltas behind the end": with_reply(deltas=[[0, END], [0, {"type": "text", "text": "Hel"}]]),
    "nothing said": with_reply(deltas=[[0, END]]),
    "cut by a limit": with_reply(deltas=[[0, {"type": "text", "text": "Hel"}], [0, END | {"reason": "length"}]]),
    "a delta nobody knows": with_reply(deltas=[[0, {"type": "exec", "text": "Hel"}], [0, END]]),
    "a text that is none": with_reply(deltas=[[0, {"type": "text", "text": ["Hel"]}], [0, END]]),
    "a usage that is none": with_reply(deltas=[[0, {"type": "text", "text": "Hel"}], [0, END | {"usage": 5}]]),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_a_poisoned_entry_is_a_miss_is_replaced_and_logged_once(
    poison: Callable[[str], object], caplog: pytest.LogCaptureFixture
) -> None:
    model, cache = says("Asked."), Keeps()
    asked = cached(model, cache)
    await ask(asked)
    (key,) = cache.entries
    good = cache.entries[key]
    assert isinstance(good, str)
    for _ in range(2):
        cache.entries[key] = poison(good)
        assert await say(asked) == "Asked."
    assert model.asked == 3
    assert await say(asked) == "Asked."
    assert model.asked == 3, "it was not replaced"
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.getMessage().startswith("an entry of the cache Keeps is not used and will be replaced: the entry")


async def test_the_entry_of_another_request_is_not_taken_for_this_one() -> None:
    cache = Keeps()
    other = ModelRequest((User("Ho"),))
    await ask(cached(says("Hello"), cache))
    await ask(cached(says("Goodbye"), cache), other)
    first, second = cache.entries
    cache.entries[first], cache.entries[second] = cache.entries[second], cache.entries[first]
    model = says("Asked.")
    assert [await say(cached(model, cache), request) for request in (HI, other)] == ["Asked.", "Asked."]
    head, _, _ = str(cache.entries[first]).partition("\n")
    _, _, line = str(cache.entries[second]).partition("\n")
    cache.entries[first] = f"{head}\n{line}"
    assert await say(cached(model, cache)) == "Asked."
    assert model.asked == 3


async def test_an_entry_may_come_back_as_bytes() -> None:
    cache, model = Keeps(), says()
    asked = cached(model, cache)
    await ask(asked)
    cache.entries = {key: str(text).encode() for key, text in cache.entries.items()}
    assert await say(asked) == "Hello"
    assert model.asked == 1


class Away(Cache):
    """A cache that fails while it is `away`, and counts how often it is asked."""

    def __init__(self, failure: Callable[[], Any]) -> None:
        self.kept = Keeps()
        self.failure = failure
        self.away = True
        self.asked = 0

    async def get(self, key: str) -> str | bytes | None:
        await self._fail()
        return await self.kept.get(key)

    async def set(self, key: str, entry: str, ttl: float | None) -> None:
        await self._fail()
        await self.kept.set(key, entry, ttl)

    async def _fail(self) -> None:
        self.asked += 1
        if self.away and asyncio.iscoroutine(failing := self.failure()):
            await failing


def refuse() -> None:
    raise ConnectionError("nobody at redis://ada:sesame-open@cache:6379")


def exit_at_once() -> None:
    raise SystemExit(3)


async def never() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("failure", [refuse, exit_at_once, never])
async def test_a_cache_that_is_away_costs_one_warning_and_is_asked_again_later(
    failure: Callable[[], Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "chatwidget")
    monkeypatch.setattr(_cache_keeper, "PATIENCE", 0.05)
    now = 0.0
    model, cache = says(), Away(failure)
    CacheKeeper.of(cache).clock = lambda: now
    asked = cached(model, cache)
    for _ in range(3):
        assert await say(asked) == "Hello"
    assert (model.asked, cache.asked) == (3, 1)
    now = _cache_keeper.REST
    assert await say(asked) == "Hello"
    assert cache.asked == 2
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.startswith("the cache Away cannot be used, so models are asked: ")
    assert "sesame" not in warning
    cache.away, now = False, 2 * _cache_keeper.REST
    for _ in range(2):
        assert await say(asked) == "Hello"
    assert model.asked == 5
    assert caplog.messages[-1] == "the cache Away answers again"


async def test_a_cache_that_fails_while_a_reply_is_kept_does_not_harm_the_reply() -> None:
    class ReadOnly(Keeps):
        async def set(self, key: str, entry: str, ttl: float | None) -> None:
            raise PermissionError("read only")

    assert (await ask(cached(says(), ReadOnly())))[-1] == Finish(usage={"input_tokens": 7, "output_tokens": 5})


async def test_a_reply_of_foreign_deltas_is_passed_on_but_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    class Loud(TextDelta):
        pass

    model, cache = Says(Loud("HELLO"), Finish()), Keeps()
    assert await say(cached(model, cache)) == "HELLO"
    assert not cache.entries
    assert "a reply of says cannot be cached" in caplog.text
