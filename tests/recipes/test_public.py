"""Recipes are examples: short, on the public API alone, and each is an app that says what it does."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import chatwidget
from chatwidget import App
from chatwidget.recipes.prompt_tools import prompt_tools
from chatwidget.recipes.qa import qa
from chatwidget.recipes.self_ask import self_ask
from chatwidget.recipes.subqueries import subqueries
from chatwidget.recipes.summarize import summarize

FILES = sorted((Path(chatwidget.__file__).parent / "recipes").glob("*.py"))
RECIPES: list[App[...]] = [qa, summarize, subqueries, self_ask, prompt_tools]

# What a user's own module would import, too: public modules, and the recipes themselves.
OPEN = ("chatwidget.models", "chatwidget.models.base", "chatwidget.scratchpad", "chatwidget.templates")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_recipe_imports_public_names_only(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "chatwidget":
            assert {alias.name for alias in node.names} <= set(chatwidget.__all__)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chatwidget"):
            assert node.module in OPEN or str(node.module).startswith("chatwidget.recipes.")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_is_a_tool_that_tells_a_model_what_it_does(recipe: Any) -> None:
    tool = recipe.as_tool(require_doc="all")
    assert tool.name == recipe.name
    assert "session" not in tool.spec.parameters["properties"]
