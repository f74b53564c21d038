"""Patches: small JSON operations that lead from one value to another, and notice when they do not fit."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.patches import append, apply_patch, difference, insert, remove, set_
from chatwidget.views import utf16_length
from tests.strategies import json_values

containers = st.dictionaries(st.sampled_from("abc"), json_values, max_size=3) | st.lists(json_values, max_size=3)


@given(containers, containers)
def test_the_difference_of_two_values_leads_from_one_to_the_other(old: Any, new: Any) -> None:
    holder = {"value": copy.deepcopy(old)}
    for patch in difference(("value",), old, new, utf16_length):
        apply_patch(holder, json.loads(json.dumps(patch)))
    assert json.dumps(holder["value"], sort_keys=True) == json.dumps(new, sort_keys=True)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_text_that_grew_costs_what_it_grew_by(old: str, more: str) -> None:
    (patch,) = difference(("text",), old, old + more, utf16_length)
    assert patch == append(("text",), utf16_length(old), more)


def test_equal_values_cost_nothing() -> None:
    assert list(difference((), {"a": [1, "x"]}, {"a": [1, "x"]}, utf16_length)) == []


def test_true_is_not_one() -> None:
    assert list(difference(("a",), 1, True, utf16_length)) == [set_(("a",), True)]


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        (set_(("a", 0), 9), {"a": [9, 2], "t": "x😀"}),
        (insert(("a",), 2, 3), {"a": [1, 2, 3], "t": "x😀"}),
        (insert(("a",), 0, 3), {"a": [3, 1, 2], "t": "x😀"}),
        (remove(("a",), 0, 2), {"a": [], "t": "x😀"}),
        (append(("t",), 3, "y"), {"a": [1, 2], "t": "x😀y"}),
    ],
)
def test_each_operation_does_what_it_says(patch: Any, after: Any) -> None:
    state = {"a": [1, 2], "t": "x😀"}
    apply_patch(state, patch)
    assert state == after


@pytest.mark.parametrize(
    "patch",
    [
        append(("t",), 2, "y"),  # characters, not units
        append(("t",), 4, "y"),
        append(("nowhere",), 0, "y"),
        insert(("a",), 3, 0),
        insert(("a",), -1, 0),
        remove(("a",), 1, 2),
        remove(("a",), -1, 1),
        set_(("a", 2), 0),
        set_(("nowhere", "deep"), 0),
        {"op": "explode", "path": ["t"]},
    ],
)
def test_a_patch_that_does_not_fit_is_noticed_and_changes_nothing(patch: Any) -> None:
    state = {"a": [1, 2], "t": "x😀"}
    with pytest.raises((KeyError, IndexError, ValueError)):
        apply_patch(state, patch)
    assert state == {"a": [1, 2], "t": "x😀"}
