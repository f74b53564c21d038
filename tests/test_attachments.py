"""Images and files as parts of a message: from paths, bytes, figures and URLs."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from chatwidget import FilePart, FormatError, ImagePart, Session, User
from chatwidget.models.base import ImageDelta, TextDelta
from chatwidget.models.scripted import ScriptedModel
from chatwidget.openai_format import to_openai
from tests.core_strategies import Mirror


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, format=kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "bmp"])
def test_an_image_is_read_from_a_file_or_bytes_and_told_by_what_is_in_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "named.txt"
    path.write_bytes(picture(kind))
    url = f"data:image/{kind};base64,{base64.b64encode(picture(kind)).decode()}"
    assert ImagePart.of(path, alt="A dot", detail="low") == ImagePart(url, "low", "A dot")
    assert ImagePart.of(str(path)).url == ImagePart.of(picture(kind)).url == url


def test_an_image_is_made_of_a_figure_or_a_pillow_image() -> None:
    from matplotlib.figure import Figure

    for source in (Image.new("RGB", (2, 2)), Figure()):
        assert ImagePart.of(source).url.startswith("data:image/png;base64,iVBOR")


def test_a_url_stays_a_url() -> None:
    assert ImagePart.of("https://example.org/cat.png").url == "https://example.org/cat.png"


@pytest.mark.parametrize("source", [b"no image", 7, None])
def test_what_is_no_image_is_refused_in_a_sentence(source: object) -> None:
    with pytest.raises(FormatError, match="no image"):
        ImagePart.of(source)


def test_a_missing_file_is_the_usual_error() -> None:
    with pytest.raises(FileNotFoundError):
        ImagePart.of("nowhere.png")
    with pytest.raises(FileNotFoundError):
        FilePart.of("nowhere.pdf")


def test_a_file_keeps_name_kind_and_bytes_and_sound_is_sent_as_sound(tmp_path: Path) -> None:
    path = tmp_path / "note.mp3"
    path.write_bytes(b"sound")
    assert FilePart.of(path) == FilePart("note.mp3", "audio/mpeg", base64.b64encode(b"sound").decode())
    assert FilePart.of(b"a,b", name="table.csv").media_type == "text/csv"
    assert FilePart.of(b"?").media_type == "application/octet-stream"
    [sent] = to_openai([User(["Listen:", FilePart.of(path)])])
    assert sent["content"][1] == {"type": "input_audio", "input_audio": {"data": "c291bmQ=", "format": "mp3"}}


async def test_an_image_that_a_model_makes_is_shown_in_its_reply_and_told_in_words_to_the_next_request() -> None:
    model = ScriptedModel(
        [TextDelta("Here: "), ImageDelta("data:image/png;base64,aGVsbG8=", "A cat.")], "You are welcome."
    )
    session = Session(model=model)
    mirror = Mirror(session)
    reply = await session.send("Draw a cat.")
    assert reply is not None
    assert reply.parts[1] == ImagePart("data:image/png;base64,aGVsbG8=", alt="A cat.")
    session.screen.flush()
    assert mirror.state == session.screen.state()
    assert mirror.state["messages"][1]["parts"][1]["alt"] == "A cat."
    await session.send("Thanks")
    assert "[image: A cat.]" in str(to_openai(model.requests[-1].messages))
