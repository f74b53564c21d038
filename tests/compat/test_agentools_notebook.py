"""The quick-start of AgenTools, retold: each kind of cell it has runs, in order, with only its import line changed."""

from __future__ import annotations

import ast
import inspect
import logging
from typing import Any

import pytest

from tests.compat.agentools_endpoint import calls, endpoint, told
from tests.wire.server import WireServer

__all__ = ["endpoint"]


class Notebook:
    """Runs cells as IPython does: one namespace, awaits at the top level, the last expression is the output."""

    def __init__(self, server: WireServer, capsys: pytest.CaptureFixture[str]) -> None:
        self.server = server
        self.names: dict[str, Any] = {"__name__": "quickstart"}
        self._capsys = capsys
        self.printed = ""

    async def run(self, source: str, *replies: bytes) -> Any:
        asked = len(self.server.asked)
        if replies:
            self.server.script(*replies)
        tree = ast.parse(inspect.cleandoc(source))
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("_", ast.Store())], last.value), last)
        self.names["_"] = None
        code = compile(ast.fix_missing_locations(tree), "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, self.names)
        if inspect.isawaitable(result):
            await result
        self.printed = self._capsys.readouterr().out
        assert len(self.server.asked) - asked == len(replies), "a cell asks the endpoint as often as it was told"
        return self.names["_"]

    @property
    def lines(self) -> list[str]:
        return self.printed.splitlines()


async def test_every_cell_of_the_quick_start_runs(
    endpoint: WireServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    book = Notebook(endpoint, capsys)
    await book.run("from chatwidget.compat.agentools import *")
    await chats(book)
    await translates(book)
    await mocks(book)
    with caplog.at_level(logging.ERROR):
        await defines_tools(book)
    assert "Tool call countdown(-3) failed: start must not be negative" in caplog.text
    await defines_a_toolkit(book)
    await calls_tools(book)
    await previews(book)
    await makes_objects(book)


async def chats(book: Notebook) -> None:
    await book.run("talk = ChatGPT()")
    assert await book.run("await talk('Good morning')", told("And to you.")) == "And to you."
    assert await book.run("await talk('What did I say?')", told("'Good morning'.")) == "'Good morning'."
    assert await book.run("talk.messages.history") == [
        {"role": "user", "content": "Good morning"},
        {"role": "assistant", "content": "And to you."},
        {"role": "user", "content": "What did I say?"},
        {"role": "assistant", "content": "'Good morning'."},
    ]
    assert book.server.asked[-1].body["model"] == "gpt-4o-mini"
    assert len(book.server.asked[-1].body["messages"]) == 3


async def translates(book: Notebook) -> None:
    await book.run(
        """
        to_french = ChatGPT(messages=SimpleHistory.system("Say it in French"))

        print(await to_french("cat"))
        print(await to_french("dog"))
        """,
        told("chat"),
        told("chien"),
    )
    assert book.lines == ["chat", "chien"]
    history = await book.run("to_french.messages.history")
    assert [message["role"] for message in history] == ["system", "user", "assistant", "user", "assistant"]
    forgetful = """
        to_french = GPT(messages=SimpleHistory.system("Say it in French"))

        await to_french("cat")
        await to_french("dog")

        to_french.messages.history
        """
    assert await book.run(forgetful, told("chat"), told("chien")) == [{"role": "system", "content": "Say it in French"}]
    assert len(book.server.asked[-1].body["messages"]) == 2


async def mocks(book: Notebook) -> None:
    source = """
        talk = ChatGPT(model="gpt-4")

        await talk("Hi", model="mocked")
        """
    assert await book.run(source) == "Hello, world!"
    assert await book.run("await talk('Hi', model='mocked:one: two')") == "one: two"
    assert await book.run("await talk('Again!', model='echo', event_logger=print)") == "Again!"
    assert [line.partition(":")[0] for line in book.lines] == [
        "[ResponseStartEvent]",
        "[CompletionStartEvent]",
        "[CompletionEvent]",
        "[FullMessageEvent]",
        "[TextMessageEvent]",
        "[ResponseEndEvent]",
    ]
    assert book.lines[0].startswith("[ResponseStartEvent]: prompt=Again!, tools=None, model=echo, max_function_calls=")
    assert book.lines[-1] == "[ResponseEndEvent]: content=Again!"


async def defines_tools(book: Notebook) -> None:
    source = """
        @function_tool
        def announce(words: str) -> str:
            '''
            Say something to everybody

            Args:
                words: what to say
            '''
            print(words)
            return "said"


        announce("Testing")
        """
    assert await book.run(source) == "said"
    assert book.lines == ["Testing"]
    source = """
        import asyncio
        import logging


        @function_tool(name="Countdown", require_doc=False)
        @fail_with_message("Error", logger=logging.error)
        async def countdown(start: int):
            if start < 0:
                raise ValueError("start must not be negative")
            await asyncio.sleep(0)
            return 0 if start == 0 else 1 + await countdown(start - 1)


        await countdown(-3)
        """
    assert await book.run(source) == "Error: start must not be negative"


async def defines_a_toolkit(book: Notebook) -> None:
    source = """
        @function_tool(check_description=False)
        def now(zone: str):
            return zone

        class Shelf(Toolkit):
            def __init__(self):
                super().__init__()
                self.book = "none"

            @function_tool
            def put(self, title: str):
                '''
                Put a book on the shelf

                Args:
                    title: Its title
                '''
                self.book = title

            @function_tool(require_doc=False)
            def look(self):
                return self.book


        shelf = Shelf()
        shelf.put("Emma")
        shelf.look()
        """
    assert await book.run(source) == "Emma"


async def calls_tools(book: Notebook) -> None:
    source = """
        talk = ChatGPT(tools=announce)
        await talk("Tell them lunch is ready")
        """
    assert await book.run(source, calls("announce", words="Lunch!"), told("I told them.")) == "I told them."
    assert book.lines == ["Lunch!"]
    source = """
        talk = ChatGPT(
            tools=ToolList(shelf, announce, countdown),
        )

        await talk("What is on my shelf?")
        """
    assert await book.run(source, calls("look"), told("Emma.")) == "Emma."
    assert [tool["function"]["name"] for tool in book.server.asked[-1].body["tools"]] == [
        "put",
        "look",
        "announce",
        "Countdown",
    ]
    answer = await book.run(
        """
        await talk(
            "Count down from 4, put the result on the shelf, and announce it",
            event_logger=lambda line: print(line) if line.startswith("[Tool") else None,
        )
        """,
        calls("Countdown", "a", start=4),
        calls("put", "b", title="4"),
        calls("announce", "c", words="4"),
        told("Done."),
    )
    assert answer == "Done."
    assert [line.partition(", tool_call")[0] for line in book.lines if "Calls" not in line] == [
        "[ToolResultEvent]: result=4",
        "[ToolResultEvent]: result=Done; the tool returned nothing.",
        "4",
        "[ToolResultEvent]: result=said",
    ]
    assert sum(line.startswith("[ToolCallsEvent]: tool_calls=[") for line in book.lines) == 3
    assert await book.run("shelf.look()") == "4"


async def previews(book: Notebook) -> None:
    await book.run(
        """
        @function_tool(require_doc=False)
        async def motto(title: str, text: str):
            print(f"final {title}: {text}")
            return "Shown."


        @motto.preview
        async def show(title: str = "", text: str = ""):
            assert isinstance(title, str) and isinstance(text, str)
            print(f"so far {title}: {text}", flush=True)
        """
    )
    source = """
        talk = ChatGPT(tools=motto)
        await talk("A motto for testers", stream=True)
        """
    replies = (calls("motto", title="Test", text="what you ship"), told("There it is."))
    assert await book.run(source, *replies) == "There it is."
    assert book.lines[-2:] == ["so far Test: what you ship", "final Test: what you ship"]
    assert all(line.startswith("so far ") for line in book.lines[:-1])


async def makes_objects(book: Notebook) -> None:
    source = """
        from pydantic import BaseModel, Field


        class Film(BaseModel):
            title: str
            actors: list[str] = Field(description="AT LEAST 2 of them!")
            minutes: float


        Film(title="Vertigo", actors=["James Stewart"], minutes=128)
        """
    film = await book.run(source)
    source = """
        make = StructGPT(Film)

        await make("A film")
        """
    made = await book.run(source, told('{"title": "Vertigo", "actors": ["James Stewart"], "minutes": 128}'))
    assert made == film
