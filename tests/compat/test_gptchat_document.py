"""The document of gptchat, retold: each kind of program in it runs with only its import line changed."""

from __future__ import annotations

import pytest

from chatwidget.compat.gptchat import chat_app
from chatwidget.errors import AppError
from tests.compat.agentools_endpoint import calls, endpoint, told
from tests.compat.gptchat_program import CLIENT, STREAM, Program, program
from tests.wire.server import GOOD, WireServer, http

__all__ = ["endpoint", "program"]

WHOLE = http("200 OK", {"choices": [{"index": 0, "message": {"role": "assistant", "content": "At once."}}]})


@pytest.mark.parametrize("decorator", ["handle_send_message", "handle_start_generating"])
async def test_a_handler_that_sends_the_whole_answer(endpoint: WireServer, program: Program, decorator: str) -> None:
    endpoint.script(WHOLE)
    program.run(
        CLIENT,
        f"""
        @app.{decorator}
        def message_handler(messages):
            response = openai_client.chat.completions.create(messages=messages, model="gpt-4")
            new_msg = response.choices[0].message
            app.update_message(new_msg)

        app.run_app(debug=True, port=5002)
        """,
    )
    assert program.displayed == [program.chat]
    for count in (1, 2):
        await program.chat.send("Hello")
        assert program.said == ["At once."] * count
    assert [item["content"] for item in endpoint.asked[1].body["messages"]] == ["Hello", "At once.", "Hello"]


async def test_a_handler_that_streams_deltas_under_one_id(endpoint: WireServer, program: Program) -> None:
    endpoint.script(told("Piece by piece."))
    program.run(
        CLIENT,
        STREAM,
        """
        @app.handle_send_message
        def message_handler(messages):
            stream = openai_chat_stream(messages)
            id = app.new_id()
            for chunk in stream:
                app.update_message(chunk.delta, id=id)
        """,
    )
    reply = await program.chat.send("Hello")
    assert reply is not None
    assert (reply.text, reply.status) == ("Piece by piece.", "complete")
    assert program.said == ["Piece by piece."]


@pytest.mark.parametrize("module", ["utils", "util"])
async def test_function_calls_are_put_together_run_and_answered(
    endpoint: WireServer, program: Program, module: str
) -> None:
    endpoint.script(calls("get_stock_price", symbol="ACME"), told("It is 42."))
    program.run(
        CLIENT,
        STREAM,
        f"""
        from chatwidget.compat.gptchat.{module} import concat_stream

        @app.handle_send_message
        def message_handler(messages):
            while True:
                id = app.new_id()
                streamed_chunks = []
                for chunk in openai_chat_stream(messages):
                    app.update_message(chunk.delta, id=id)
                    streamed_chunks.append(chunk)
                full_message = concat_stream(streamed_chunks)
                if full_message.finish_reason != "tool_calls":
                    return
                messages.append(full_message.message)
                for call in full_message.message.tool_calls:
                    result = {{"role": "tool", "tool_call_id": call.id, "content": "42"}}
                    app.set_message(result)
                    messages.append(result)
        """,
    )
    await program.chat.send("ACME?")
    assert program.said == ["", "It is 42."]
    (card,) = program.cards
    assert (card["name"], card["input"], card["state"]) == ("get_stock_price", {"symbol": "ACME"}, "output-available")
    assert [item["role"] for item in endpoint.asked[1].body["messages"]] == ["user", "assistant", "tool"]
    assert [item["role"] for item in program.chat.history] == ["user", "assistant", "tool", "assistant"]


async def test_a_stream_as_a_whole_in_the_last_releases_spelling(endpoint: WireServer, program: Program) -> None:
    endpoint.script(told("Streamed."))
    program.run(
        CLIENT,
        """
        from chatwidget.compat.gptchat.util import iter_stream_choices

        choices = []

        @app.handle_start_generating
        def handler(messages):
            stream = openai_client.chat.completions.create(messages=messages, model="gpt-4", stream=True)
            choices.append(app.stream_updates(iter_stream_choices(stream), delay=0.0))
        """,
    )
    await program.chat.send("Hello")
    assert program.said == ["Streamed."]
    (choice,) = program.names["choices"]
    assert (choice.message.content, choice.finish_reason) == ("Streamed.", "stop")


async def test_an_async_handler_with_the_async_client(endpoint: WireServer, program: Program) -> None:
    endpoint.script(told("Async."))
    program.run(
        """
        from openai import AsyncOpenAI
        from chatwidget.compat.gptchat import app

        @app.handle_send_message
        async def handler(messages):
            async with AsyncOpenAI(api_key="none") as client:
                stream = await client.chat.completions.create(messages=messages, model="gpt-4", stream=True)
                await app.stream_updates(stream)
        """
    )
    await program.chat.send("Hello")
    assert program.said == ["Async."]


async def test_the_configuration_of_the_document(program: Program) -> None:
    program.run(
        """
        from chatwidget.compat.gptchat import app

        app.set_config({"some_option": "some value", "some_option2": "some value"})
        app.set_config({
            "messages": [
                {"role": "user", "content": "Hello, how are you?"},
                {"role": "assistant", "content": "I'm doing great, how can I help you today?"},
            ]
        })
        app.set_config({"functions": {"get_stock_price": "Fetching **stock price**..."}})
        app.run_app()
        """
    )
    assert [message["role"] for message in program.shown] == ["user", "assistant"]
    display = program.chat.get_state("tool_displays")["tool_displays"]["get_stock_price"]
    assert display["headers"] == dict.fromkeys(("progress", "complete", "error"), "Fetching **stock price**...")


async def test_a_failing_endpoint_is_a_sentence_and_what_had_come_is_kept(
    endpoint: WireServer, program: Program
) -> None:
    endpoint.script(http("401 Unauthorized", {"error": {"message": "no"}}), GOOD)
    program.run(
        CLIENT,
        STREAM,
        """
        @app.handle_send_message
        def message_handler(messages):
            app.update_message("Wait ", id="1")
            for chunk in openai_chat_stream(messages):
                app.update_message(chunk.delta, id="2")
        """,
    )
    with pytest.raises(AppError, match="message_handler failed: AuthenticationError"):
        await program.chat.send("Hello")
    assert program.said == ["Wait "]
    assert program.shown[-1]["status"] == "interrupted"
    await program.chat.send("Again")
    assert program.said[-1] == "Good."


def test_outside_of_a_notebook_it_says_what_is_missing_and_what_to_do(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_app, "in_notebook", lambda: False)
    with pytest.raises(AppError, match=r"the extra `server`.*show `app\.chat`"):
        program.run("from chatwidget.compat.gptchat import app\napp.run_app(port=5002)")


async def test_without_a_handler_the_chat_says_so(program: Program) -> None:
    await program.chat.send("Hello")
    assert program.said == [
        "There is no handler yet: decorate a function of the messages with `@app.handle_send_message`."
    ]
