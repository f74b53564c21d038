"""What app code prints is seen in the conversation, and by the person only."""

from __future__ import annotations

from chatwidget import Assistant, GetUserInput, Message, Session, User, app
from chatwidget.apps import Steps
from chatwidget.printed import OUTPUT_LIMIT, Printed


def shown(session: Session) -> list[str]:
    return [part.bundle["text/plain"] for m in session.messages for part in m.parts if part.type == "display"]


async def test_what_an_app_prints_is_shown_and_never_sent_to_a_model() -> None:
    @app
    async def chatty() -> Steps:
        text = yield GetUserInput()
        print("looking for", text)
        yield User(text)
        yield Assistant("Found it.")

    session = Session(chatty(), model="echo")
    reply = await session.send("cats")
    assert reply is not None
    assert reply.text == "Found it."
    assert shown(session) == ["looking for cats\n"]
    assert session.history == [{"role": "user", "content": "cats"}, {"role": "assistant", "content": "Found it."}]


async def test_what_a_handler_prints_is_shown_sync_or_async() -> None:
    def sync(messages: list[Message]) -> str:
        print("in a thread")
        return "one"

    async def streaming(messages: list[Message]) -> Steps:
        print("before")
        yield "two"
        print("after")

    for handler, said, printed in ((sync, "one", "in a thread\n"), (streaming, "two", "before\nafter\n")):
        session = Session(handler)
        reply = await session.send("go")
        assert reply is not None
        assert reply.text == said
        assert "".join(shown(session)) == printed


async def test_an_app_that_waits_leaves_the_streams_of_the_process_alone(capsys: object) -> None:
    import sys

    stream = sys.stdout
    session = Session(model="echo")
    await session.send("hello")
    assert session.status == "waiting"
    assert sys.stdout is stream


def test_what_is_too_much_is_counted_not_kept() -> None:
    printed = Printed()
    printed.write("x" * OUTPUT_LIMIT)
    printed.write("y" * 1000)
    assert printed.take() == "x" * OUTPUT_LIMIT
    assert printed.rest() == "\n… 1,000 more characters were left out."
    assert printed.rest() == ""
