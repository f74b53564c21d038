"""`chat.renderers`: modules that are checked when they are set, and reach pages that are open."""

from __future__ import annotations

import gzip
import json
import threading
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from chatwidget import ChatWidget, DisplayPart, Session
from chatwidget.desk import Desk
from chatwidget.errors import FormatError
from chatwidget.models.scripted import ScriptedModel, ToolCall
from chatwidget.renderers import LIMIT, Renderers
from tests.core_strategies import Mirror

POINT = "application/x-point+json"
ESM = "export default { render({ data, el }) { el.textContent = `(${data.x}, ${data.y})` } }"


def test_renderers_are_a_mapping_of_texts_by_mime_type() -> None:
    changes: list[int] = []
    renderers = Renderers(lambda: changes.append(1))
    renderers[POINT] = ESM
    renderers.update({"x/y": ESM + "\n"})
    assert dict(renderers) == {POINT: ESM, "x/y": ESM + "\n"}
    assert renderers.pop("x/y") and len(renderers) == 1 and repr(renderers) == f"Renderers({POINT})"
    assert len(changes) == 3
    with pytest.raises(KeyError):
        del renderers["x/y"]
    with pytest.raises(KeyError):
        renderers["x/y"]


def test_a_change_of_the_text_changes_the_digest() -> None:
    renderers = Renderers()
    renderers[POINT] = ESM
    before = renderers.view()
    renderers[POINT] = ESM
    assert renderers.view() == before
    renderers[POINT] = ESM + " "
    assert renderers.view()[POINT] != before[POINT]


@pytest.mark.parametrize("kind", [str, Path], ids=["text", "path"])
def test_a_path_is_read_at_once(kind: Any, tmp_path: Path) -> None:
    path = tmp_path / "point.js"
    path.write_text(ESM + " // é", encoding="utf-8")
    renderers = Renderers()
    renderers[POINT] = kind(path)
    path.unlink()
    assert renderers[POINT] == ESM + " // é"


@pytest.mark.parametrize(
    ("esm", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("alert(1)", "exports nothing"),
        ("missing.js", "cannot be read: No such file"),
        ("~/missing.mjs", "cannot be read: No such file"),
        (Path("/"), "cannot be read"),
        ("a\0b.js", "no text in UTF-8"),
        (ESM + "x" * LIMIT, "2.0 MB are too much; 2 MB"),
        (ESM + "\ud83d", "surrogate"),
        (None, "not None"),
        (ESM.encode(), "not b'export"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_module_is_refused_and_changes_nothing(esm: Any, words: str) -> None:
    renderers = Renderers()
    renderers[POINT] = ESM
    with pytest.raises(FormatError, match=rf"^renderers\['{POINT.replace('+', '.')}'\]: .*{words}"):
        renderers[POINT] = esm
    assert renderers[POINT] == ESM


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "point.js"
    path.write_bytes(b"export \xff")
    with pytest.raises(FormatError, match="no text in UTF-8"):
        Renderers()[POINT] = str(path)


@pytest.mark.parametrize(
    "mime", ["", "point", "a/b/c", "a /b", "/b", "a/", "-a/b", "a/" + "b" * 128, "a/b;c=d", 3, None]
)
def test_a_key_that_is_no_mime_type_is_refused(mime: Any) -> None:
    with pytest.raises(FormatError, match="is no MIME type"):
        Renderers()[mime] = ESM


async def test_a_page_that_is_open_sees_the_digest_and_gets_the_text() -> None:
    session = Session(model=ScriptedModel("Hello."))
    mirror = Mirror(session)
    assert mirror.state["renderers"] == {}
    await session.send("Hi")
    session.renderers[POINT] = ESM
    session.screen.flush()
    assert mirror.state["renderers"] == session.renderers.view()
    desk = Desk(session, lambda: None)
    wish = {"kind": "request", "request": "r", "type": "asset", "name": "renderer"}
    answer = await desk.handle({**wish, "mime": POINT})
    assert gzip.decompress(b64decode(answer["value"])).decode() == ESM
    session.renderers[POINT] = ESM + ";"
    answer = await desk.handle({**wish, "mime": POINT})
    assert gzip.decompress(b64decode(answer["value"])).decode() == ESM + ";", "asked again, it comes as it is now"
    del session.renderers[POINT]
    session.screen.flush()
    assert mirror.state["renderers"] == {}
    assert "no renderer of" in (await desk.handle({**wish, "mime": POINT}))["error"]


@pytest.mark.parametrize(
    "fields", [{"name": "renderer"}, {"name": "plotly", "mime": POINT}, {"name": "renderer", "mime": ""}]
)
async def test_a_type_is_asked_for_with_a_renderer_and_nothing_else(fields: dict[str, Any]) -> None:
    desk = Desk(Session(model=ScriptedModel()), lambda: None)
    answer = await desk.handle({"kind": "request", "request": "r", "type": "asset", **fields})
    assert not answer["ok"] and "not valid" in answer["error"]


class Point:
    """Has a form that only a renderer of the user's can draw."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {POINT: {"x": 1, "y": 2}, "text/plain": "(1, 2)"}


@pytest.mark.parametrize("value", [Point(), DisplayPart({POINT: {"x": 1, "y": 2}, "text/plain": "(1, 2)"})])
async def test_an_object_comes_through_in_the_form_that_is_rendered(value: Any) -> None:
    def tool() -> Any:
        """Make a point."""
        return value

    session = Session(model=ScriptedModel(ToolCall("tool", {}), "Done."), tools=[tool])
    await session.send("Go.")
    call = session.screen.state()["messages"][1]["parts"][0]
    assert call["displays"] == [{POINT: {"x": 1, "y": 2}, "text/plain": "(1, 2)"}]


def test_a_widget_has_them_too_and_takes_one_from_any_thread() -> None:
    chat = ChatWidget(model="echo")
    chat.send("Hi").result()
    thread = threading.Thread(target=lambda: chat.renderers.update({POINT: ESM}))
    thread.start()
    thread.join()
    chat.send("Hi").result()
    assert chat.renderers[POINT] == ESM
    assert json.loads(json.dumps(chat.get_state()["renderers"])) == chat.session.renderers.view()
    chat.close()
