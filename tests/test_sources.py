"""What a reply cites is shown behind it, kept, and not sent back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatwidget import Assistant, GetUserInput, Session, SourcePart, TextPart, User, app
from chatwidget.export import html_transcript, markdown_transcript
from chatwidget.export.text import text_transcript
from chatwidget.models._chunks import ChunkReader
from chatwidget.models._citations import SOURCES
from chatwidget.models._sse import Event
from chatwidget.models.base import Finish, ModelDelta, SourceDelta, TextDelta
from chatwidget.models.scripted import BreakOff
from tests.core_strategies import Mirror, make_session
from tests.response_events import DONE, Dict, event, item_done, read, text

PAGE = "https://example.org/page"


def citation(url: Any = PAGE, **fields: Any) -> Dict:
    return {"type": "url_citation", "url": url, "title": "A page", "start_index": 0, "end_index": 4, **fields}


def cited(annotation: Any) -> Dict:
    return event("output_text.annotation.added", annotation=annotation, annotation_index=0, content_index=0)


async def test_sources_stand_behind_the_text_they_came_in_the_middle_of() -> None:
    script = [TextDelta("One **bo"), SourceDelta(PAGE, "A page", "Words."), TextDelta("ld** text."), SourceDelta(PAGE)]
    session = make_session([script])
    mirror = Mirror(session)
    reply = await session.send("Hi")
    assert reply is not None
    assert reply.parts == (TextPart("One **bold** text."), SourcePart(PAGE, "A page", "Words."))
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert mirror.state["messages"][1]["parts"][1] == {
        "type": "source",
        "url": PAGE,
        "title": "A page",
        "text": "Words.",
    }


@pytest.mark.parametrize("ending", [Finish("length"), BreakOff()])
async def test_sources_of_a_reply_that_broke_off_are_kept(ending: Any) -> None:
    session = make_session([[TextDelta("Half"), SourceDelta(PAGE), ending]])
    await asyncio.wait({session.submit("Hi").done})
    assert session.messages[1].parts[1] == SourcePart(PAGE)


async def test_no_model_is_sent_sources() -> None:
    session = make_session([[TextDelta("a"), SourceDelta(PAGE)], "b"])
    await session.send("1")
    await session.send("2")
    assert session.history[1] == {"role": "assistant", "content": "a"}


async def test_an_app_can_say_its_sources() -> None:
    @app
    async def librarian() -> Any:
        while True:
            yield User((yield GetUserInput()))
            yield Assistant(["From a book.", SourcePart(PAGE, "A book")])
            yield Assistant(SourcePart(PAGE))

    session = make_session([], librarian)
    await session.send("Hi")
    assert [item["content"] for item in session.history] == ["Hi", "From a book."]


def test_url_citations_of_the_responses_api_are_sources_each_once() -> None:
    content = [{"type": "output_text", "text": "Blue.", "annotations": [citation(), citation("https://example.com")]}]
    found = read(text("Blue."), cited(citation()), cited(citation()), item_done("message", content=content), DONE)
    assert [delta for delta in found if not isinstance(delta, Finish)] == [
        TextDelta("Blue."),
        SourceDelta(PAGE, "A page"),
        SourceDelta("https://example.com", "A page"),
    ]


@pytest.mark.parametrize(
    "annotation",
    [
        None,
        "x",
        {},
        {"type": "file_citation", "file_id": "f", "filename": "a.pdf", "index": 1},
        citation("javascript:alert(1)"),
        citation("https://example.org/a b"),
        citation("https://example.org/" + "a" * 3000),
        citation(None),
    ],
)
def test_what_is_no_citation_of_a_page_is_passed_over(annotation: Any) -> None:
    assert not [delta for delta in read(text("Hi"), cited(annotation), DONE) if isinstance(delta, SourceDelta)]


def test_a_server_cannot_cite_without_end_nor_at_length() -> None:
    many = [cited(citation(f"{PAGE}/{number}", title="x" * 10_000)) for number in range(SOURCES + 50)]
    found = [delta for delta in read(text("Hi"), *many, DONE) if isinstance(delta, SourceDelta)]
    assert len(found) == SOURCES
    assert max(len(delta.title) for delta in found) == 300


def test_annotations_of_chat_completions_are_sources_too() -> None:
    annotation = {"type": "url_citation", "url_citation": {"url": PAGE, "title": "A page", "content": "Words."}}
    reader = ChunkReader()
    data = '{"choices": [{"index": 0, "delta": {"content": "Hi", "annotations": [%s]}}]}'
    found: list[ModelDelta] = reader.feed(Event("message", data % str(annotation).replace("'", '"')))
    assert found == [TextDelta("Hi"), SourceDelta(PAGE, "A page", "Words.")]


async def test_transcripts_to_read_name_the_sources() -> None:
    said = [Assistant(["Blue.", SourcePart(PAGE, "A [page]", "Words."), SourcePart("javascript:x", "<b>")])]
    markdown, html, plain = markdown_transcript(said), html_transcript(said), text_transcript(said)
    assert rf"Source: [A \[page\]](<{PAGE}>)" in markdown and "javascript" not in markdown
    assert f'<a href="{PAGE}"' in html and "&lt;b&gt;" in html and "javascript" not in html
    assert f"[source: A [page]]\n{PAGE}\nWords." in plain


async def test_sources_survive_a_session_made_of_its_messages() -> None:
    session = make_session([[TextDelta("a"), SourceDelta(PAGE)]])
    await session.send("1")
    assert Session(history=session.messages, model="echo").messages == session.messages
