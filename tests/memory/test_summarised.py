"""`Summarised`: a summary in place of what is long past, written while the chat goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.errors import ModelError, ModelUnavailable
from chatwidget.memory import ListMemory, Summarised
from chatwidget.messages import Assistant, Message, System, User
from chatwidget.models.base import Finish, ModelDelta, ModelRequest, TextDelta
from chatwidget.models.scripted import BreakOff, ScriptedModel
from tests.memory.conversations import check_view, histories, run


def talk(number: int, start: int = 0) -> list[Message]:
    return [(User if n % 2 == 0 else Assistant)(f"message {n} of many") for n in range(start, start + number)]


RULES = System("Be brief.")


class NumberingModel:
    """Numbers its summaries."""

    name = "numbering"
    note = ""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        self.asked.append(request.messages[-1].text)
        yield TextDelta(f"notes {len(self.asked)}")
        yield Finish()


async def test_the_request_at_hand_is_not_held_up_and_the_next_has_the_summary() -> None:
    model = ScriptedModel("They counted.")
    memory = Summarised(ListMemory(), model, above=150)
    said = [RULES, *talk(21)]
    assert await memory.view(said, "gpt-4o") == said
    assert not model.requests
    await memory.settle()
    shown = await memory.view(said, "gpt-4o")
    assert shown[0] is RULES and shown[-1] is said[-1]
    assert shown[1].role == "system" and shown[1].text.endswith("They counted.")
    assert 3 < len(shown) < 15 and list(shown[2:]) == said[-len(shown) + 2 :]
    left_out = said[1 : -len(shown) + 2]
    assert all(message.text in model.requests[0].messages[-1].text for message in left_out)


async def test_below_the_threshold_nothing_is_summarised() -> None:
    memory = Summarised(ListMemory(), ScriptedModel(), above=1_000)
    said = talk(21)
    assert await memory.view(said, "gpt-4o") == said
    await memory.settle()
    assert await memory.view(said, "gpt-4o") == said


async def test_a_summary_goes_on_from_the_last_one_which_serves_until_the_new_one_is_there() -> None:
    model = NumberingModel()
    memory = Summarised(ListMemory(), model, above=150)
    said = talk(21)
    await memory.view(said, "gpt-4o")
    await memory.settle()
    said = [*said, *talk(16, start=21)]
    shown = await memory.view(said, "gpt-4o")
    assert shown[0].text.endswith("notes 1") and shown[-1] is said[-1]
    await memory.settle()
    assert "notes 1" in model.asked[1] and "message 0 " not in model.asked[1]
    assert (await memory.view(said, "gpt-4o"))[0].text.endswith(f"notes {len(model.asked)}")


async def test_a_long_history_is_summarised_in_pieces_that_fit() -> None:
    model = NumberingModel()
    memory = Summarised(ListMemory(), model, above=150)
    said = talk(201)
    await memory.view(said, "gpt-4o")
    await memory.settle()
    assert len(model.asked) > 10 and max(map(len, model.asked)) < 1_000
    assert (await memory.view(said, "gpt-4o"))[0].text.endswith(f"notes {len(model.asked)}")


@pytest.mark.parametrize(
    "reply", [ModelError("The model is away."), [BreakOff()], [Finish()], ["Half", Finish("filtered")]]
)
async def test_a_summary_that_fails_is_logged_and_the_next_request_tries_again(
    reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Summarised(ListMemory(), ScriptedModel(reply, "They counted."), above=150)
    said = talk(21)
    await memory.view(said, "gpt-4o")
    await memory.settle()
    assert "could not be summarised" in caplog.text
    assert await memory.view(said, "gpt-4o") == said
    await memory.settle()
    assert len(await memory.view(said, "gpt-4o")) < len(said)


async def test_requests_while_a_summary_is_written_ask_for_no_second_one() -> None:
    model = NumberingModel()
    memory = Summarised(ListMemory(), model, above=150)
    said = talk(21)
    await asyncio.gather(*(memory.view(said, "gpt-4o") for _ in range(5)))
    await memory.settle()
    assert len(model.asked) == 1


async def test_another_branch_does_not_get_the_summary_of_what_it_does_not_hold() -> None:
    memory = Summarised(ListMemory(), NumberingModel(), above=150)
    said = talk(21)
    await memory.view(said, "gpt-4o")
    await memory.settle()
    other = [*said[:3], User("Something else?")]
    assert await memory.view(other, "gpt-4o") == other


async def test_closing_stops_the_summary() -> None:
    began = asyncio.Event()

    class Slow(NumberingModel):
        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
            began.set()
            await asyncio.Event().wait()
            yield Finish()

    memory = Summarised(ListMemory(), Slow(), above=150)
    await memory.view(talk(21), "gpt-4o")
    await began.wait()
    await memory.close()
    assert len(asyncio.all_tasks()) == 1


@given(histories, st.integers(2, 60), st.data())
def test_a_summarised_history_is_valid_and_keeps_the_newest_question(
    messages: tuple[Message, ...], above: int, data: st.DataObject
) -> None:
    keep = data.draw(st.integers(0, above - 1))
    memory = Summarised(ListMemory(), NumberingModel(), above, keep)

    async def twice() -> None:
        for stop in range(1, len(messages) + 1):
            if stop == len(messages) or messages[stop].role != "tool":
                shown = await memory.view(messages[:stop], "gpt-4o")
                check_view(messages[:stop], shown)
                asked = [message for message in messages[:stop] if message.role == "user"]
                assert not asked or asked[-1] in shown
                await memory.settle()

    run(twice)


def test_what_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="fewer to keep"):
        Summarised(ListMemory(), "echo", above=10, keep=10)
    with pytest.raises(ModelUnavailable):
        Summarised(ListMemory(), "no model's name", above=10)
