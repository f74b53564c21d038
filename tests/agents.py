"""What the tests of agents as tools share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from chatwidget import Generate, Session, System, User, app
from chatwidget.models.scripted import ScriptedModel, ToolCall
from tests.core_strategies import Mirror, assert_valid


async def use(tool: Any, arguments: dict[str, Any], *replies: Any, **options: Any) -> Session:
    """A session that has called the tool once."""
    model = ScriptedModel(ToolCall(tool.name, arguments), *replies)
    session = Session(model=model, tools=[tool], **options)
    mirror = Mirror(session) if options.pop("shown", False) else None
    await session.send("Go")
    assert_valid(session.history)
    assert mirror is None or mirror.state == session.screen.state()
    return session


@app
async def shout(text: str, times: Annotated[int, Field(ge=1, le=3)] = 2) -> Any:
    """Shout something.

    Args:
        text: What to shout.
    """
    yield System("Shout.")
    yield User(text * times)
    yield Generate()
