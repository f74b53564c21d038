"""A retry that the app does not take leaves the question and its answer where they were."""

from __future__ import annotations

from typing import Any

import pytest

from chatwidget import Assistant, GetUserInput, Session, User, app
from chatwidget.memory import ListMemory


class Fragile:
    """An app that answers "a", until it is `broken`: then it fails before it takes an input."""

    def __init__(self) -> None:
        self.broken: str | None = None

    def app(self) -> Any:
        @app
        async def fragile() -> Any:
            if self.broken == "fails":
                raise ValueError("The file is gone.")
            if self.broken == "ends":
                return
            text = yield GetUserInput()
            yield User(text)
            yield Assistant("a")

        return fragile


NOT_TAKEN = r"file is gone|no `yield GetUserInput"


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


@pytest.mark.parametrize("how", ["fails", "ends"])
async def test_question_and_answer_stay_where_a_retry_was_not_taken(how: str) -> None:
    fragile, memory = Fragile(), ListMemory()
    session = Session(fragile.app(), memory=memory)
    await session.send("1")
    shown = session.messages
    fragile.broken = how
    turn = await session.retry()
    with pytest.raises(Exception, match=NOT_TAKEN):
        await turn.done
    assert texts(session) == ["1", "a"] and session.messages == shown
    fragile.broken = None
    anew = Session(fragile.app(), memory=memory)
    await anew.send("2")
    assert texts(anew) == ["1", "a", "2", "a"]
    await anew.close()


@pytest.mark.parametrize("how", ["fails", "ends"])
async def test_a_retry_of_the_first_of_two_shows_both_again(how: str) -> None:
    fragile = Fragile()
    session = Session(fragile.app())
    await session.send("1")
    await session.send("2")
    first = session.messages[0].id
    fragile.broken = how
    turn = await session.retry(first)
    with pytest.raises(Exception, match=NOT_TAKEN):
        await turn.done
    assert texts(session) == ["1", "a", "2", "a"]
    fragile.broken = None
    assert (await (await session.retry()).done).text == "a"  # type: ignore[union-attr]
    assert texts(session) == ["1", "a", "2", "a"]
    await session.close()
