"""A conversation as a notebook: valid, code where Python was written, nothing fetched; and as plain text."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatwidget.export import export_file
from chatwidget.export.formats import FORMATS, write
from chatwidget.export.notebook import notebook
from chatwidget.export.text import text_transcript
from chatwidget.messages import Assistant, DisplayPart, FilePart, ImagePart, Message, StepPart, User
from tests.strategies import messages
from tests.test_export_readable import TALK

PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def cells(*said: Message) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in json.loads(notebook(said))["cells"]]


def test_each_message_is_a_cell_under_its_speaker_and_python_is_a_code_cell() -> None:
    answer = "Do this:\n\n```python\nprint(1)\nprint(2)\n```\n\nIt prints two lines."
    assert cells(User("How?"), Assistant(answer)) == [
        ("markdown", "### You\n\nHow?"),
        ("markdown", "### Assistant\n\nDo this:"),
        ("code", "print(1)\nprint(2)"),
        ("markdown", "It prints two lines."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```bash\nrm -rf /\n```",
        "```\nplain\n```",
        "- in a list\n  ```python\n  1\n  ```",
        "```python\nnot closed",
        "````text\n```python\n1\n```\n````",
        "```python\n\n```",
    ],
)
def test_other_code_and_what_is_no_whole_block_stays_text(text: str) -> None:
    assert [kind for kind, _ in cells(Assistant(text))] == ["markdown"]


def test_the_person_s_code_stays_in_the_message() -> None:
    assert [kind for kind, _ in cells(User("```python\n1\n```"))] == ["markdown"]


def test_pictures_are_attached_and_images_from_elsewhere_are_links() -> None:
    picture = ImagePart(f"data:image/gif;base64,{PIXEL}", alt="a [dot]")
    figure = DisplayPart({"image/png": "iVBORw0=\n", "text/plain": "<Figure>"})
    cell = json.loads(notebook([Assistant([picture, figure, "![leak](https://example.org/x) vec`![1]`"])]))["cells"][0]
    assert cell["attachments"] == {
        "picture-1.gif": {"image/gif": PIXEL},
        "picture-2.png": {"image/png": "iVBORw0="},
    }
    assert r"![a \[dot\]](attachment:picture-1.gif)" in cell["source"]
    assert r"\![leak](https://example.org/x)" in cell["source"]


def test_exclamations_in_blocks_of_code_stay_as_they_are() -> None:
    assert "```rust\nvec![1]\n```" in cells(Assistant("Rust:\n```rust\nvec![1]\n```"))[0][1]


def test_the_verdict_is_told_and_tool_calls_can_be_unfolded() -> None:
    whole = "\n".join(source for _, source in cells(*TALK))
    assert "*Stopped\\.*" in whole
    assert "<details><summary>Tool add_up</summary>" in whole


@given(st.lists(messages(), max_size=3))
def test_any_conversation_is_a_valid_notebook(said: list[Message]) -> None:
    nbformat.validate(nbformat.reads(notebook(said), as_version=4))
    assert json.loads(notebook(said))["nbformat_minor"] == 5


@given(st.text(alphabet="`~<>![]()abc\n \\", max_size=60))
def test_no_cell_of_text_fetches_an_image_or_holds_html(text: str) -> None:
    for kind, source in cells(Assistant(text)):
        tokens = MarkdownIt("commonmark").parse(source) if kind == "markdown" else []
        inline = [child for token in tokens for child in token.children or ()]
        assert not [token for token in [*tokens, *inline] if token.type in ("image", "html_inline", "html_block")]


def test_plain_text_reads_as_a_talk() -> None:
    said = [User(["What is 2 + 40?", FilePart("a.txt"), ImagePart("https://example.org")]), *TALK[2:4]]
    said.append(replace(Assistant(["It is 42.", StepPart("s", "web search", "cats", "done")]), status="stopped"))
    assert (
        text_transcript(said)
        == """\
You:

What is 2 + 40?

[file: a.txt]

[image: without description]

Assistant:

I add.

[Tool add_up]
{
  "a": 2,
  "b": 40
}

adding ```

[Result]
42

Assistant:

It is 42.

[web search, done]
cats

[Stopped.]
"""
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_holds_what_the_format_writes(name: str, tmp_path: Path) -> None:
    path = export_file(tmp_path / f"talk.{name}", TALK)
    assert path.read_text(encoding="utf-8") == write(name, TALK)


def test_every_format_shows_the_branch_that_is_shown() -> None:
    first, other = User("first"), User("other")
    for name in ("ipynb", "txt", "md", "html"):
        text: Any = write(name, [first, other], first.id)
        assert "first" in text and "other" not in text


@pytest.mark.parametrize("name", ["md", "html", "ipynb", "txt"])
@given(said=st.lists(messages(), max_size=3))
def test_the_same_messages_give_the_same_text(name: str, said: list[Message]) -> None:
    assert write(name, said) == write(name, list(said))
