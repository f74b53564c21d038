"""The scenes of tests/golden/ in which tools display something, and what a page is answered that asks for more of it.

Such a state file has `answers`: a list of `{ask, value}`, or `{ask, script}` where the value is that script, packed.
"""

from __future__ import annotations

import io
import math
import wave
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pandas

from chatwidget import Display, DisplayPart, FilePart, Session
from chatwidget.bundles import TABLE
from chatwidget.desk import Desk
from chatwidget.models.scripted import ToolCall
from chatwidget.table_pages import TablePages
from chatwidget.tools import function_tool
from tests.core_strategies import make_session
from tests.golden_states import ANSWERS, HOSTILE, play, state

POINT = "application/x-point+json"
ESM = """export default {
  render({ data, el, theme }) {
    el.textContent = `(${data.x}, ${data.y}) in ${theme}`;
    return () => el.replaceChildren();
  },
};
"""


async def shown(text: str, *results: Any, **session: Any) -> Session:
    """A turn in which a tool is called for each of the results, which it returns."""
    left = list(results)

    async def load(number: int) -> Any:
        """Load something."""
        return left.pop(0)

    calls = [ToolCall("load", {"number": number}) for number, _ in enumerate(results, 1)]
    made = make_session([calls, "Here you are."], **session)
    made.tools.add(load)
    made.tools_changed()
    return await finished(made, text)


async def finished(session: Session, text: str) -> Session:
    """Send a text and wait for the end of its turn, in which threads are at work."""
    await session.send(text)
    return await play(session)


def displays_of(session: Session) -> list[Mapping[str, Any]]:
    """All bundles that tools displayed, in order."""
    calls = session.transcript.calls.values()
    return [part.bundle for call in calls if call.result for part in call.result.displays]


async def answers(session: Session, asks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a page is answered to each of its requests."""
    desk = Desk(session, lambda: None)
    made = []
    for ask in asks:
        answer = await desk.handle({"kind": "request", "request": "r", **ask})
        made.append({"ask": ask, "value": answer["value"]})
    return made


def answered(name: str) -> Callable[[Any], Any]:
    """Keep what a page may ask in the state of this name."""

    def keep(function: Any) -> Any:
        ANSWERS[name] = function
        return function

    return keep


@state
async def table() -> Session:
    people = pandas.DataFrame(
        {
            "name": ["Ada", "Grace", "كاتب", "<b>Bob</b>", None],
            "born": pandas.to_datetime(["1815-12-10", "1906-12-09", None, "1999-01-01", "2000-02-29"]),
            "score": [0.1 + 0.2, math.nan, 1e-9, -math.inf, 1234567.891],
            "active": [True, False, True, True, False],
            "tags": [["a", 1], [], None, {"k": "v"}, HOSTILE[0]],
        },
        index=pandas.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1)], names=["team", None]),
    )
    return await shown("Who is there?", people, pandas.DataFrame({"empty": []}))


@state
async def table_large() -> Session:
    rows = range(100_000)
    cities = ["Oslo", "Rome", "Bern", "Lima", "الرياض"]
    columns: dict[str, Any] = {
        "city": [cities[row % 5] for row in rows],
        "value": [(row * 7919 % 100_003) / 100 for row in rows],
        "day": pandas.date_range("2020-01-01", periods=len(rows), freq="h"),
    }
    columns |= {f"column {number}": [row * number for row in rows] for number in range(4, 8)}
    return await shown("Load all of it.", pandas.DataFrame(columns))


@state
async def table_wide() -> Session:
    return await shown("Load it.", pandas.DataFrame([range(n, n + 5000) for n in range(3)]).add_prefix("column "))


@answered("table-large")
async def _(session: Session) -> list[dict[str, Any]]:
    head = displays_of(session)[0][TABLE]
    session.calls.tables = TablePages(session.calls.shown, clock=float)  # no search is cut for want of time
    rows = {"type": "rows", "table": head["id"], "start": 0, "count": 3}
    sort = {"column": 2, "descending": True}
    find = {"find": "oslo"}
    return await answers(session, [rows, {**rows, "sort": sort}, {**rows, "sort": sort, **find}, {**rows, "start": 50}])


@state
async def json_result() -> Session:
    data = {
        "name": "Ada",
        "nothing": None,
        "list": [1, 2.5, True, "text", [], {}],
        "deep": {"er": {"and": {"deeper": ["still"]}}},
        "__proto__": {"polluted": HOSTILE[0]},
        "long": "x" * 300,
    }

    @function_tool(display=Display(result="json"))
    async def look_up(name: str) -> dict[str, Any]:
        """Look something up."""
        return data

    session = make_session([[ToolCall("look_up", {"name": "Ada"})], "Found."])
    session.tools.add(look_up)
    session.tools_changed()
    return await finished(session, "Look up Ada.")


@state
async def audio() -> Session:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(128 + round(100 * math.sin(place / 3)) for place in range(800)))
    return await shown("Play it.", buffer.getvalue())


@state
async def file_to_download() -> Session:
    notes = FilePart("notes.txt", "text/plain", b64encode(b"Buy bread.\n").decode())
    hostile = FilePart("../\u202etxt.exe<script>", "text/html", b64encode(b"<script>alert(1)</script>").decode())
    return await shown("Write it down.", notes, hostile, FilePart("far.bin", file_id="f"))


@answered("file-to-download")
async def _(session: Session) -> list[dict[str, Any]]:
    return await answers(session, [{"type": "file", "tool_call_id": next(iter(session.calls)), "index": 0}])


@state
async def own_renderer() -> Session:
    point = DisplayPart({POINT: {"x": 1, "y": 2}, "text/plain": "(1, 2)"})
    other = DisplayPart({"application/x-unknown": {"a": 1}, "text/plain": "nobody draws this"})
    session = await shown("Where?", point, other)
    session.renderers[POINT] = ESM
    return await play(session)


@answered("own-renderer")
async def _(session: Session) -> list[dict[str, Any]]:
    return [{"ask": {"type": "asset", "name": "renderer", "mime": POINT}, "script": session.renderers[POINT]}]
