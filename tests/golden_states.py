"""The scenes behind tests/golden/state-*.json: short conversations, and what they show at their end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from chatwidget import (
    Assistant,
    Budget,
    DisplayPart,
    FilePart,
    GetUserInput,
    ImagePart,
    Message,
    ModelError,
    ReasoningPart,
    Session,
    SourcePart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
    app,
)
from chatwidget.models.base import Finish, ReasoningDelta, SourceDelta, TextDelta
from chatwidget.models.scripted import BreakOff, Delay, ToolCall
from tests.core_strategies import make_session, outer, quiet, ticks, turn_clock

FOREVER = Delay(3600)
PIXEL = ImagePart("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", alt="a pixel")
HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![leak](https://example.org/leak?q=secret)",
    "\u202eright to left\u202c, a NUL \x00, \x1b[31mred\x1b[0m, a lone half \ud83d and a \ufeffBOM\u2028line",
    "```html\n</code></pre><script>\n```\n~~~ not closed",
    "__proto__ constructor $1 %s {0} </textarea>",
]

Scene = Callable[[], Awaitable[Session]]
STATES: dict[str, Scene] = {}
ANSWERS: dict[str, Callable[[Session], Awaitable[Any]]] = {}


def state(scene: Scene) -> Scene:
    """Keep what the scene's session shows at its end."""
    STATES[scene.__name__.replace("_", "-")] = scene
    return scene


def canonical(data: Any) -> Any:
    """Replace ids by ones that are the same each time."""
    text, known = json.dumps(data), dict[str, str]()
    text = re.sub(r"\b[0-9a-f]{16}\b", lambda match: known.setdefault(match[0], f"{len(known) + 1:016x}"), text)
    return json.loads(text)


async def play(session: Session, *texts: str) -> Session:
    """Send texts and wait for the end of their turns, a frame interval a turn of the loop."""
    for text in texts:
        session.submit(text)
        while session.status == "running":
            await asyncio.sleep(0)
            turn_clock(session)
    turn_clock(session)
    return session


async def begin(session: Session, text: str, turns_of_the_loop: int = 20) -> Session:
    """Send a text and stay in the middle of its turn."""
    session.submit(text)
    for _ in range(turns_of_the_loop):
        await ticks(1)
        turn_clock(session)
    return session


# States.


@state
async def empty() -> Session:
    return make_session([])


@state
async def plain() -> Session:
    return await play(make_session(["Hello! **How** are you?", "Fine, `thanks`."]), "Hi", "Good. You?")


@state
async def streaming() -> Session:
    return await begin(make_session([["The beginning of", " an answer 😀", FOREVER]]), "Hi")


@state
async def reasoning() -> Session:
    script = [ReasoningDelta("Let me think. "), ReasoningDelta("Yes."), TextDelta("It is 42.")]
    return await play(make_session([script]), "What is it?")


@state
async def tool_writing() -> Session:
    script = [ToolCall("add", '{"a": 1, "b'), FOREVER]
    return await begin(make_session([script]), "Add", 30)


@state
async def tool_running() -> Session:
    async def wait(reason: str) -> None:
        """Wait for ever."""
        print("still waiting")
        await asyncio.Event().wait()

    session = make_session([ToolCall("wait", {"reason": "none"})])
    session.tools.add(wait)
    session.tools_changed()
    return await begin(session, "Wait", 40)


@state
async def tool_ended() -> Session:
    calls = [ToolCall("add", {"a": 1, "b": 2}), ToolCall("boom"), ToolCall("nope"), ToolCall("add", '{"a": oops')]
    return await play(make_session([["Let me see. ", *calls], "One of four."]), "Try all")


@state
async def tool_displays() -> Session:
    session = make_session([["Let me see. ", ToolCall("add", {"a": 1, "b": 2})], "Three."])
    looks = {"header": "Adding", "arguments": {"show_key_as_code": {"key": "a", "language": "python"}}}
    session.display_tools({"add": {**looks, "result": {"type": "json"}}, "boom": "Trying **hard**"})
    return await play(session, "Add")


@state
async def tool_denied() -> Session:
    denied = ToolResultPart("c", "delete", "The person said no.", "output-denied")
    call = ToolCallPart("c", "delete", '{"path": "/tmp/x"}')
    return make_session([], history=[User("Delete it"), Assistant(call), Message(role="tool", parts=(denied,))])


@state
async def verdicts() -> Session:
    replies = [
        ["Half of", ModelError("The connection was lost. Retry, please.")],
        [ModelError("The model is away. Try later.")],
        ["Cut by the limit", Finish("length")],
        ["Withheld", Finish("filtered")],
        ["Broken off", BreakOff()],
        [],
    ]
    return await play(make_session(replies), *"abcdef")


@state
async def stopped() -> Session:
    session = await begin(make_session([["Half an answer", FOREVER]]), "Hi")
    await session.stop()
    return session


@state
async def siblings() -> Session:
    session = await play(make_session(["one", "two", "three"]), "Hi")
    await session.retry()
    await quiet(session)
    await session.retry()
    await quiet(session)
    await session.select(session.transcript.ids[1], 1)
    return session


@state
async def undo_offered() -> Session:
    session = await play(make_session(["one", "two"]), "Hi", "And?")
    await session.delete(session.transcript.ids[2])
    return session


@state
async def continued() -> Session:
    session = await play(make_session([["The first half", Finish("length")], " and the second."]), "Hi")
    await session.go_on()
    await quiet(session)
    return session


@state
async def feedback() -> Session:
    session = await play(make_session(["It is 42.", "It is 43.", "It is 44."]), *"abc")
    replies = [message.id for message in session.messages if message.role == "assistant"]
    session.feedback("up", replies[0])
    session.feedback("down", replies[1], comment="It was <b>42</b> before.")
    return session


@state
async def sources() -> Session:
    cited = [
        SourceDelta("https://example.org/a?b=c", "The first page", "What it says."),
        TextDelta("The sky is blue ([example.org](https://example.org/a?b=c)), and so is the sea."),
        SourceDelta("https://example.com/"),
    ]
    mine = Assistant(["From a book.", SourcePart("javascript:alert(1)", HOSTILE[0], HOSTILE[1])])
    return await play(make_session([cited], history=[User("Earlier"), mine]), "What is blue?")


@state
async def timestamps() -> Session:
    days = [1735689600.0, 1735689605.0, 1735776000.0, 1767225599.5]
    said = [User("Hi"), Assistant("Hello."), User("It is another day."), Assistant("A year, almost.")]
    history = [replace(message, created=created) for message, created in zip(said, days, strict=True)]
    return await play(make_session(["Yes."], history=history), "And now?")


@state
async def queued() -> Session:
    session = await begin(make_session([["Wait", FOREVER]]), "first")
    session.submit("second")
    session.submit("third")
    return session


@state
async def budget() -> Session:
    used = Finish(usage={"input_tokens": 9_600, "output_tokens": 2_434})
    limit = Budget(tokens=20_000, per="chat")
    return await play(make_session([["It is a long story.", used]], budget=limit), "Tell me")


@state
async def notice() -> Session:
    @app
    async def broken() -> Any:
        yield User((yield GetUserInput()))
        raise ValueError("a <b>bug</b> in the app")

    return await play(make_session([], broken), "Hi")


@state
async def question() -> Session:
    @app
    async def form() -> Any:
        yield GetUserInput("Your name?", record=False)

    session = make_session([], form)
    session.start()
    await ticks(5)
    return session


@state
async def attachments() -> Session:
    files = [FilePart("notes.txt", "text/plain", data="SGVsbG8="), FilePart("far", file_id="f")]
    answer = Assistant([TextPart("Nice."), DisplayPart({"text/plain": "<Figure>", "text/html": "<b>bold</b>"})])
    return make_session([], history=[User(["Look", PIXEL, *files]), answer])


@state
async def off_record_and_names() -> Session:
    history = [Assistant("Welcome.", off_record=True), User("Hi", name="Ada"), Assistant("Hello.", name="Guide")]
    return make_session([], history=[System("Not on screen."), *history])


@state
async def nested() -> Session:
    return await play(make_session(["Outside.", "Inside."], outer), "Go")


@state
async def hostile() -> Session:
    history = [
        message for text in HOSTILE for message in (User(text), Assistant([ReasoningPart(text), TextPart(text)]))
    ]
    call = ToolCallPart(
        "c<b>", "f\u202e<script>", json.dumps({"__proto__": HOSTILE[0], "constructor": {"x": HOSTILE[2]}})
    )
    result = ToolResultPart("c<b>", "f", HOSTILE[0], output="\x1b[31m" + HOSTILE[1])
    return make_session([], history=[*history, Assistant(call), Message(role="tool", parts=(result,))])


async def state_of(name: str) -> dict[str, Any]:
    """Play a scene and return `{name, state}`, with the `answers` to what a page may ask in it."""
    session = await STATES[name]()
    made = {"name": name, "state": session.screen.state()}
    if name in ANSWERS:
        made["answers"] = await ANSWERS[name](session)
    await session.close()
    return made
