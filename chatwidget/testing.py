"""The test kit for your own apps.

async def test_the_fortune_teller_answers() -> None:
    model = ScriptedModel("A long journey.")
    played = await play(fortune_teller("Ada"), ["What will be?"], model=model)
    assert played.texts == ["Ada, what do you want to know?", "A long journey."]
    assert model.requests[0].messages[0].text == "You are a fortune teller."
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chatwidget.asking import allow_all, script
from chatwidget.driving import Driver, Outcome
from chatwidget.events import Event
from chatwidget.messages import Message
from chatwidget.models.base import RetryDelta
from chatwidget.models.scripted import BreakOff, Delay, EchoModel, MockedModel, ScriptedModel, ToolCall

__all__ = [
    "BreakOff",
    "Delay",
    "Driver",
    "EchoModel",
    "MockedModel",
    "Outcome",
    "Played",
    "RetryDelta",
    "ScriptedModel",
    "ToolCall",
    "allow_all",
    "play",
    "script",
]


@dataclass(frozen=True, slots=True)
class Played:
    """A conversation that was played to its end.

    `messages` is the transcript, `history` what a model would be sent next, `events` all that happened, `outcome` where
    the app stands: what it asks for, or what it returned.
    """

    messages: tuple[Message, ...]
    history: list[dict[str, Any]]
    events: tuple[Event, ...]
    outcome: Outcome

    @property
    def texts(self) -> list[str]:
        """What the app said, message by message."""
        return [message.text for message in self.messages if message.role == "assistant" and not message.hidden]

    @property
    def value(self) -> Any:
        """What the app returned, if it has ended."""
        return self.outcome.value


async def play(app: object, inputs: Iterable[Any] = (), **options: Any) -> Played:
    """Run an app, give it these inputs one after the other, and return what came of it.

    An input is a text, or where the app asks for it a choice or the dict of a form. `options` are those of `Session`:
    `model`, `tools`, `policy`, ... Raises what the app raises, and `AppExhausted` when it ends before it took all.
    """
    driver = Driver(app, **options)
    events: list[Event] = []
    driver.session.on(Event, events.append)
    try:
        outcome = await driver.step()
        for answer in inputs:
            outcome = await driver.step(answer)
        return Played(driver.session.messages, driver.session.history, tuple(events), outcome)
    finally:
        await driver.aclose()
