"""Readable exports say what was said, and nothing that was said can break out of its place."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatwidget.export import html_page, html_transcript, markdown_transcript
from chatwidget.messages import (
    Assistant,
    DisplayPart,
    FilePart,
    ImagePart,
    Message,
    ReasoningPart,
    System,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    User,
)
from tests.strategies import messages

TALK = [
    System("Be brief."),
    User("What is 2 + 40?"),
    Message(
        role="assistant",
        parts=(ReasoningPart("A sum."), TextPart("I add."), ToolCallPart("c1", "add_up", '{"a": 2, "b": 40}')),
    ),
    Message(role="tool", parts=(ToolResultPart("c1", "add_up", "42", output="adding ```\n"),)),
    replace(Assistant("It is **42**, so `a < b` and a<b.", name="Ada"), status="stopped"),
]


def test_markdown_reads_as_a_talk() -> None:
    assert (
        markdown_transcript(TALK)
        == """\
**You**

> What is 2 + 40?

**Assistant**

<details><summary>Reasoning</summary>

```
A sum.
```

</details>

> I add.

<details><summary>Tool add_up</summary>

```json
{
  "a": 2,
  "b": 40
}
```

````
adding ```
````

```
42
```

</details>

**Ada**

> It is **42**, so `a < b` and a&lt;b.

*Stopped\\.*
"""
    )


def test_html_reads_as_a_talk() -> None:
    seen = Seen.of(html_transcript(TALK))
    assert seen.text.split("\n") == [
        *["You", "What is 2 + 40?"],
        *["Assistant", "Reasoning", "A sum.", "I add."],
        *["Tool add_up", "{", '  "a": 2,', '  "b": 40', "}", "adding ```", "42"],
        *["Ada", "It is **42**, so `a < b` and a<b.", "Stopped."],
    ]


class Seen(HTMLParser):
    """What a reader of HTML makes of a text: tags, attributes, words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.others: list[str] = []
        self.words: list[str] = []

    @classmethod
    def of(cls, html: str) -> Seen:
        seen = cls()
        seen.feed(html)
        seen.close()
        return seen

    @property
    def text(self) -> str:
        lines = "".join(self.words).split("\n")
        return "\n".join(line for line in lines if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("img", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] in ("summary", "strong"):
            self.words.append("\n")

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


OURS = {"article", "p", "strong", "em", "div", "pre", "details", "summary", "img", "a"}


@given(st.lists(messages(), max_size=4))
def test_no_message_becomes_html(path: list[Message]) -> None:
    seen = Seen.of(html_transcript(path))
    assert set(seen.tags) <= OURS
    assert not seen.open
    assert not seen.others
    for name, value in seen.attributes:
        assert name in ("style", "src", "alt", "href", "rel")
        if name == "src":
            assert (value or "").startswith("data:image/")
        if name == "href":
            assert (value or "").startswith(("http://", "https://"))


@given(st.lists(messages(), max_size=4))
def test_every_text_can_be_read_in_the_html(path: list[Message]) -> None:
    seen = Seen.of(html_transcript(path))
    for message in path:
        if message.role in ("user", "assistant") and not message.hidden:
            for part in message.parts:
                if isinstance(part, TextPart) and part.text.isprintable():
                    assert part.text in "".join(seen.words)


def test_a_page_forbids_scripts_and_requests() -> None:
    page = html_page(TALK, title="A & B <script>")
    seen = Seen.of(page)
    assert "script" not in seen.tags
    assert ("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'") in seen.attributes
    assert "A & B <script>" in "".join(seen.words)


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", "img"),
        ("https://example.org/cat.png", "a"),
        ("data:image/svg+xml;base64,PHN2Zz4=", "em"),
        ("data:text/html,<script>", "em"),
        ("javascript:alert(1)", "em"),
        ('data:image/png;base64,"onerror="alert(1)', "em"),
    ],
)
def test_images_are_shown_only_when_they_are_pixels_in_place(url: str, tag: str) -> None:
    assert tag in Seen.of(html_transcript([User(ImagePart(url, alt="cat"))])).tags


def test_a_plot_is_shown_as_a_picture() -> None:
    html = html_transcript([Assistant(DisplayPart({"image/png": "iVBORw0K\nGgo=\n", "text/plain": "<Figure>"}))])
    assert ("src", "data:image/png;base64,iVBORw0KGgo=") in Seen.of(html).attributes
    assert "```\n<Figure>\n```" in markdown_transcript([Assistant(DisplayPart({"text/plain": "<Figure>"}))])


def test_failed_and_denied_results_say_so() -> None:
    for outcome, word in (("output-error", "Failed:"), ("output-denied", "Denied:")):
        result = ToolResultPart("c", "f", "why", outcome=outcome)  # type: ignore[arg-type]
        path = [Assistant(ToolCallPart("c", "f")), Message(role="tool", parts=(result,))]
        assert word in markdown_transcript(path)
        assert word in html_transcript(path)


def test_a_result_without_a_call_and_a_file_are_shown() -> None:
    path = [Message(role="tool", parts=(ToolResultPart("gone", "f", "42"),)), User(FilePart(name="a_b.txt"))]
    assert "Result of f" in markdown_transcript(path)
    assert "file: a_b.txt" in Seen.of(html_transcript(path)).text
    assert "file\\: a\\_b\\.txt" in markdown_transcript(path)


PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def flat(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in [token, *flat(token.children or [])]]


def html_in(text: str) -> list[str]:
    return [token.content.strip() for token in flat(PARSER.parse(text)) if token.type.startswith("html")]


def images_in(text: str) -> list[Token]:
    return [token for token in flat(PARSER.parse(text)) if token.type == "image"]


NASTY = ["`", "``", "```", "~~~", "<b>", "</details>", "<!--", "<?x", "<script>", "\\", "|", "---", "x`y", "&lt;"]
STRUCTURE = ["!", "![x](y)", "![a]", "[b](c)", "#", "- ", "> ", "1. ", "[a]: <b>", "(", "]", "**You**", "a"]
SPACES = ["\n", "\n\n", "\r", "\u2028", " ", "  ", "    ", "\t"]
nasty = st.lists(st.sampled_from(NASTY) | st.sampled_from(STRUCTURE) | st.sampled_from(SPACES), max_size=14).map(
    "".join
)


@given(nasty)
@example("`a\n<b>`c")
@example("- a\n  ```\n<script>")
@example("| ` | <b>` |\n|---|---|\n")
@example("\\`<b>`")
@example("```\n``` \n<b>")
@example("~~~\n    ~~~\n~~~\n<b>")
def test_no_text_becomes_html_in_markdown(text: str) -> None:
    assert html_in(markdown_transcript([User(text)])) == []


@given(nasty)
@example("\\\\![x](https://example.org)")
@example("\\![x](https://example.org)")
@example("`![x](y)")
def test_no_text_fetches_an_image_when_its_markdown_is_read(text: str) -> None:
    assert images_in(markdown_transcript([User(text)])) == []


def test_an_image_in_a_text_is_a_link_and_code_stays_as_it_is() -> None:
    made = markdown_transcript([Assistant("See ![a cat](https://example.org/c.png) and `vec![1]`.")])
    assert r"\![a cat](https://example.org/c.png) and `vec![1]`" in made


@given(st.lists(nasty, min_size=2, max_size=3), st.sampled_from(["user", "assistant"]))
def test_no_text_swallows_the_next_or_passes_for_another_speaker(texts: list[str], role: str) -> None:
    parts = tuple(TextPart(text) for text in texts)
    path = [Message(role=role, parts=parts), User("The end")]  # type: ignore[arg-type]
    heads = [token for token in PARSER.parse(markdown_transcript(path)) if token.level == 0]
    kinds = [token.type for token in heads if token.nesting >= 0]
    quotes = ["blockquote_open"] * sum(bool(text) for text in texts)
    assert kinds == ["paragraph_open", *quotes, "paragraph_open", "blockquote_open"]


@given(messages())
def test_whatever_a_message_holds_its_markdown_has_no_html_but_ours(message: Message) -> None:
    for piece in html_in(markdown_transcript([message])):
        inside = piece.removeprefix("<details><summary>").removesuffix("</summary>").removesuffix("</details>")
        assert "<" not in inside


@given(st.text("`~\n ab<", max_size=30))
def test_a_fence_holds_any_content_unchanged(text: str) -> None:
    call = Assistant(ToolCallPart("c", "f", arguments=text or "{}"))
    fences = [token for token in PARSER.parse(markdown_transcript([call])) if token.type == "fence"]
    assert [fence.content.rstrip("\n") for fence in fences] == [(text or "{}").rstrip("\n")]


@given(st.text("`~# ab<*_[]()!", max_size=30))
def test_a_name_is_words_only(name: str) -> None:
    words = " ".join(name.split())[:80] or "You"
    head = PARSER.parse(markdown_transcript([User("Hi", name=name)]))[1]
    kinds = [token.type for token in head.children or []]
    assert head.content.startswith("**")
    assert kinds == ["text", "strong_open", "text", "strong_close", "text"]
    assert "".join(token.content for token in head.children or []) == words
