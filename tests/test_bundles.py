"""Promises of `chatwidget.bundles`: whatever code displays is plain JSON data of bounded size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatwidget.bundles import clean_bundle


def test_what_is_too_big_is_left_out_and_said_with_its_size() -> None:
    bundle = clean_bundle({"text/plain": "small", "text/html": "x" * 3_000_000, "x/a": ["y" * 10] * 200_000, "x/b": 1})
    assert bundle["x/b"] == 1 and bundle.keys() == {"x/b", "text/plain"}
    assert bundle["text/plain"].splitlines() == [
        "small",
        "[text/html is left out: its 3.0 MB are too much to show here]",
        "[x/a is left out: more than 1 MB is too much to show here]",
    ]
    together = clean_bundle({"text/html": "x" * 600_000, "text/markdown": "y" * 500_000})
    assert together.keys() == {"text/markdown", "text/plain"}, "each fits, both do not"
    assert len(clean_bundle({"text/plain": "x" * 10_000_000})["text/plain"]) <= 64_000


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@given(st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png", "application/json", "x/y"]), values))
def test_any_bundle_becomes_plain_json_of_the_same_types(bundle: dict[str, Any]) -> None:
    cleaned = clean_bundle(bundle)
    assert cleaned.keys() == bundle.keys()
    assert json.loads(json.dumps(cleaned, allow_nan=False).encode()) == cleaned


def test_cycles_and_broken_mappings_are_no_exception() -> None:
    loop: list[Any] = []
    loop.append(loop)

    class Broken(dict[str, int]):
        def items(self) -> Iterator[Any]:  # type: ignore[override]
            raise RuntimeError("changed")

    bundle = clean_bundle({"x/loop": loop, "x/broken": Broken(), "x/fine": 1})
    assert bundle["x/fine"] == 1
    assert "reading it raised RuntimeError" in bundle["text/plain"]
    json.dumps(bundle)
