"""A session on Redis: resumed, and unharmed when the server is away at the start or in the middle."""

from __future__ import annotations

from chatwidget import Session
from chatwidget.events import Noticed
from chatwidget.memory import RedisMemory
from chatwidget.testing import ScriptedModel
from tests.core_strategies import record
from tests.memory.conftest import RedisServer


async def test_a_conversation_goes_on_where_it_was(redis_server: RedisServer) -> None:
    first = Session(model=ScriptedModel("Hello, Ada."), memory=RedisMemory(redis_server.url, chat="ada"))
    await first.send("I am Ada.")
    await first.close()
    model = ScriptedModel("Ada.")
    again = Session(model=model, memory=RedisMemory(redis_server.url, chat="ada"))
    await again.send("Who am I?")
    assert [message.text for message in model.requests[0].messages] == ["I am Ada.", "Hello, Ada.", "Who am I?"]
    await again.close()


async def test_a_server_that_is_away_at_the_start_and_later_takes_nothing_from_the_chat(
    redis_server: RedisServer,
) -> None:
    redis_server.stop()
    memory = RedisMemory(redis_server.url, chat="ada")
    session = Session(model=ScriptedModel("1", "2", "3", "4"), memory=memory)
    events = record(session)
    reply = await session.send("a")
    assert reply is not None and reply.text == "1"
    told = [event.text for event in events if isinstance(event, Noticed)]
    assert any("could not be read" in text for text in told) and any("not saved" in text for text in told)
    redis_server.start()
    await session.send("b")
    assert [message.text for message in await memory.load()] == ["a", "1", "b", "2"]
    redis_server.stop()
    assert (await session.send("c")) is not None
    redis_server.start()  # an empty one: what was there is gone, what was not saved is not
    await session.send("d")
    assert [message.text for message in await memory.load()] == ["c", "3", "d", "4"]
    await session.close()
