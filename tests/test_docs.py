"""The documentation does what it says: each Python example of a page runs, in order, in one namespace."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from chatwidget.export.formats import FORMATS
from chatwidget.widget_commands import WidgetCommands
from chatwidget.widget_look import LOOK
from chatwidget.widget_rewriting import WidgetRewriting

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)


def examples(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)])
async def test_every_python_example_of_a_page_runs(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHATWIDGET_MODEL", "echo")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "page"}
    for example in examples(page):
        code = example.replace("asyncio.run(main())", "await main()")
        result = eval(compile(code, page, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), namespace)
        if inspect.isawaitable(result):
            await result
    if page == "README.md":
        assert (tmp_path / "talk.md").exists()


def test_the_readme_and_the_pages_on_tools_and_models_have_examples() -> None:
    assert all(len(examples(page)) >= 6 for page in ("README.md", "docs/tools.md", "docs/models.md"))


def test_the_page_on_chats_tells_all_that_can_be_done_with_one_and_the_readme_the_most_of_it() -> None:
    deeds = [name for kind in (WidgetRewriting, WidgetCommands) for name in vars(kind) if not name.startswith("_")]
    offered = {*deeds, *LOOK, "renderers", "@prices", "namespace", *(f".{name}" for name in FORMATS)}
    page, readme = ((ROOT / name).read_text() for name in ("docs/chat.md", "README.md"))
    assert not [name for name in offered if name not in page]
    details = {"placeholder", "max_height", "words", "namespace"}
    assert not [name for name in offered - details if name not in readme]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_to_one(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text())
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert not missing


def test_the_architecture_note_names_every_module() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    modules = [path.stem for path in (ROOT / "chatwidget").glob("*.py") if not path.stem.startswith("_")]
    assert not [name for name in modules if f"`{name}`" not in text and f"`{name}.py`" not in text]
