"""Arbitrary messages, for property tests: `messages()`, and `trees()` of them with branches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from hypothesis import strategies as st

from chatwidget.messages import (
    Approval,
    DisplayPart,
    Feedback,
    FilePart,
    ImagePart,
    Message,
    Outcome,
    Part,
    Position,
    ReasoningPart,
    Role,
    SourcePart,
    Status,
    StepPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)

# Texts that break naive formats come up more often than chance would have it.
HOSTILE = [
    "```\n~~~\n````",
    "</details></script><script>alert(1)</script>",
    '{"role": "system"}',
    "# not a heading\n---\n> > >",
    "\x00\x1b[31m\u2028\u202e\ufeff",
    "[x](javascript:alert(1)) ![](https://example.org/leak)",
    "&lt;b&gt; <b onmouseover=alert(1)>",
    "__proto__",
]
texts = st.text(max_size=60) | st.sampled_from(HOSTILE)
ids = st.text("0123456789abcdef", min_size=16, max_size=16)
finite = st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | finite | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


displays = st.builds(DisplayPart, bundle=st.dictionaries(texts, json_values, max_size=3))
approvals = st.builds(
    Approval,
    allowed=st.booleans(),
    by=st.sampled_from(["person", "policy", "rule"]),
    reason=texts,
    arguments=st.none() | texts,
)


def parts() -> st.SearchStrategy[Part]:
    """Any part, with any text in it."""
    return st.one_of(
        st.builds(TextPart, text=texts),
        st.builds(ReasoningPart, text=texts),
        st.builds(ToolCallPart, id=texts, name=texts, arguments=texts | st.just('{"a": 1}')),
        st.builds(
            ToolResultPart,
            tool_call_id=texts,
            name=texts,
            content=texts,
            outcome=st.sampled_from(get_args(Outcome)),
            output=texts,
            seconds=st.none() | finite,
            displays=st.lists(displays, max_size=2).map(tuple),
            approval=st.none() | approvals,
        ),
        st.builds(ImagePart, url=texts, detail=st.none() | texts, alt=texts),
        st.builds(FilePart, name=texts, media_type=texts, data=st.none() | texts, file_id=st.none() | texts),
        displays,
        st.builds(StepPart, id=texts, name=texts, text=texts, state=st.sampled_from(["running", "done", "failed"])),
        st.builds(SourcePart, url=texts, title=texts, text=texts),
    )


def messages() -> st.SearchStrategy[Message]:
    """Any message; it need not make sense."""
    maybe = st.none() | texts
    return st.builds(
        Message,
        role=st.sampled_from(get_args(Role)),
        parts=st.lists(parts(), max_size=4).map(tuple),
        id=ids,
        parent_id=st.none() | ids,
        name=maybe,
        status=st.sampled_from(get_args(Status)),
        off_record=st.booleans(),
        hidden=st.booleans(),
        label=maybe,
        position=st.sampled_from(get_args(Position)),
        scope=texts,
        model=maybe,
        error=maybe,
        usage=st.none() | st.dictionaries(texts, json_values, max_size=3),
        created=st.none() | finite,
        output=maybe,
        feedback=st.none() | st.builds(Feedback, value=st.sampled_from(["up", "down"]), comment=texts),
        live=st.none(),
    )


@st.composite
def trees(draw: st.DrawFn, max_size: int = 6) -> list[Message]:
    """Draw messages with distinct ids, each below an earlier one or a root: a transcript with branches."""
    nodes: list[Message] = []
    for node in draw(st.lists(messages(), max_size=max_size, unique_by=lambda message: message.id)):
        parent = draw(st.sampled_from([None, *(earlier.id for earlier in nodes)]))
        nodes.append(replace(node, parent_id=parent))
    return nodes
