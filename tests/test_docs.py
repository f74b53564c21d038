"""The README does what it says: each of its Python examples runs, in order, in one namespace."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)


async def test_every_python_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHATWIDGET_MODEL", "echo")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "readme"}
    assert len(EXAMPLES) >= 6
    for example in EXAMPLES:
        if "asyncio.run" in example:
            example = example.replace("asyncio.run(main())", "await main()")
        code = compile(example, "README.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, namespace)
        if inspect.isawaitable(result):
            await result
    assert (tmp_path / "talk.md").exists()


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/sync.md"]
)
def test_every_link_to_a_file_leads_to_one(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text())
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert not missing


def test_the_architecture_note_names_every_module() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    modules = [path.stem for path in (ROOT / "chatwidget").glob("*.py") if not path.stem.startswith("_")]
    assert not [name for name in modules if f"`{name}`" not in text and f"`{name}.py`" not in text]
