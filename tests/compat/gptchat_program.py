"""A program of gptchat, run as a notebook's cells would, and what its chat shows."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from chatwidget import ChatWidget
from chatwidget.compat import gptchat
from chatwidget.compat.gptchat import chat_app
from tests.widget.recording_comm import settle

CLIENT = """
    from chatwidget.compat.gptchat import app
    from openai import OpenAI

    openai_client = OpenAI(api_key="none")
"""
STREAM = """
    def openai_chat_stream(messages, model: str = "gpt-4", **kwargs):
        stream = openai_client.chat.completions.create(messages=messages, model=model, stream=True, **kwargs)
        for chunk in stream:
            if chunk.choices:
                yield chunk.choices[0]
"""


class Program:
    """Cells in one namespace, and the one chat they make."""

    def __init__(self, displayed: list[Any]) -> None:
        self.names: dict[str, Any] = {"__name__": "program"}
        self.displayed = displayed

    def run(self, *cells: str) -> None:
        for cell in cells:
            exec(compile(inspect.cleandoc(cell), "<cell>", "exec"), self.names)
        settle()

    @property
    def chat(self) -> ChatWidget:
        return gptchat.app.chat

    @property
    def shown(self) -> list[dict[str, Any]]:
        chat = self.chat
        settle()
        messages: list[dict[str, Any]] = chat.get_state("messages")["messages"]
        return messages

    @property
    def said(self) -> list[str]:
        """What the assistant has said."""
        answers = [message for message in self.shown if message["role"] == "assistant"]
        return ["".join(part.get("text", "") for part in message["parts"]) for message in answers]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [part for message in self.shown for part in message["parts"] if part["type"] == "tool_call"]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program with an `app` of its own, in a notebook."""
    displayed: list[Any] = []
    monkeypatch.setattr(gptchat, "app", chat_app.ChatApp())
    monkeypatch.setattr(chat_app, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", displayed.append)
    yield Program(displayed)
    gptchat.app.chat.close()
    settle()
