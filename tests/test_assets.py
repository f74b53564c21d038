"""Scripts a page asks the kernel for: whole, only known ones, and a sentence where there is none."""

from __future__ import annotations

import gzip
import sys
from base64 import b64decode
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chatwidget import Session
from chatwidget.assets import read_asset
from chatwidget.desk import Desk
from chatwidget.errors import RequestError
from chatwidget.models.scripted import ScriptedModel

SCRIPT = 'window.Plotly = { react() { return "</script> é \N{BAR CHART}"; } };\n'


@pytest.fixture
def plotly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plotly that raises when it is imported, with a script beside it; the folder of the script."""
    folder = tmp_path / "plotly" / "package_data"
    folder.mkdir(parents=True)
    (folder / "plotly.min.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "plotly" / "__init__.py").write_text("raise SystemExit('reading a script imports nothing')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plotly", raising=False)
    return folder


async def ask(desk: Desk, **fields: Any) -> dict[str, Any]:
    return dict(await desk.handle({"kind": "request", "request": "r1", "type": "asset", **fields}))


def desk() -> Desk:
    return Desk(Session(model=ScriptedModel()), lambda: None)


async def test_a_page_gets_the_script_of_the_installed_plotly(plotly: Path) -> None:
    answer = await ask(desk(), name="plotly")
    assert answer["ok"]
    assert gzip.decompress(b64decode(answer["value"])).decode() == SCRIPT


async def test_a_script_asked_for_again_with_the_same_id_comes_again(plotly: Path) -> None:
    same = desk()
    assert await ask(same, name="plotly") == await ask(same, name="plotly")


async def test_a_kernel_without_the_script_says_what_to_install(plotly: Path) -> None:
    (plotly / "plotly.min.js").unlink()
    answer = await ask(desk(), name="plotly")
    assert not answer["ok"]
    assert "Install plotly there" in answer["error"]


def test_a_stand_in_for_the_package_has_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly", ModuleType("plotly"))
    with pytest.raises(RequestError, match="no script of plotly"):
        read_asset("plotly")


@pytest.mark.parametrize("name", ["interface", "highlight", "math", "mermaid"])
async def test_a_page_gets_the_parts_of_its_own_that_come_later(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatwidget.assets._STATIC", tmp_path)
    answer = await ask(desk(), name=name)
    assert not answer["ok"]
    assert f"has no {name}.js. Install it anew" in answer["error"]
    (tmp_path / f"{name}.js").write_text(SCRIPT, encoding="utf-8")
    answer = await ask(desk(), name=name)
    assert gzip.decompress(b64decode(answer["value"])).decode() == SCRIPT


@pytest.mark.parametrize("name", ["../plotly", "numpy", "widget", "../interface", "", None])
async def test_no_other_file_can_be_asked_for(name: Any) -> None:
    answer = await ask(desk(), name=name)
    assert not answer["ok"]
    assert "not valid" in answer["error"]
