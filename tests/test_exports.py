"""One public namespace, in order, and every name of it explained."""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path
from typing import Any

import pytest

import chatwidget


def own_docstring(value: Any) -> str:
    """The docstring somebody wrote for this very name: not inherited, not made by `dataclass` or `typing`."""
    if inspect.isclass(value):
        text = value.__dict__.get("__doc__") or ""
        made = dataclasses.is_dataclass(value) and text.startswith(f"{value.__name__}(")
        return "" if made else text
    text = getattr(value, "__doc__", None) or ""
    return "" if text == type(value).__doc__ else text


def test_the_public_names_are_sorted_and_listed_once() -> None:
    assert list(chatwidget.__all__) == sorted(set(chatwidget.__all__))


def test_dir_shows_the_public_names() -> None:
    assert set(chatwidget.__all__) <= set(dir(chatwidget))


@pytest.mark.parametrize("name", getattr(chatwidget, "__all__", ()))
def test_every_public_name_exists_and_has_a_docstring(name: str) -> None:
    assert own_docstring(getattr(chatwidget, name)).strip(), f"chatwidget.{name} has no docstring of its own"


def test_the_package_says_what_it_is() -> None:
    assert (chatwidget.__doc__ or "").strip()


def test_no_public_name_is_that_of_a_module_which_would_hide_it() -> None:
    """`import chatwidget.completions` sets an attribute of the package; a function of that name would be gone."""
    modules = {path.stem for path in Path(chatwidget.__file__).parent.iterdir()}
    assert modules & set(chatwidget.__all__) == set()
