"""Small files, small functions: a reader holds one of them in mind at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("chatwidget", "js/src", "js/test", "tests", "scripts", "bench")
SUFFIXES = {".py", ".ts", ".tsx", ".css"}
FILE_LINES = 300
FUNCTION_LINES = 50


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in SUFFIXES)


def is_built(path: Path) -> bool:
    return path.is_relative_to(ROOT / "chatwidget/static")


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in sources() if not is_built(path)}
    assert lengths, "no source was found: the folders have moved"
    long = [f"{path.relative_to(ROOT)} has {lines}" for path, lines in lengths.items() if lines > FILE_LINES]
    assert not long, f"split these (two nouns in one file?): {', '.join(long)}"


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines}"
        for path in sources()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long, f"split these: {', '.join(long)}"
