"""Files hold the whole conversation, and what is no conversation is refused by name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwidget.errors import FormatError
from chatwidget.export import Imported, export_file, import_file
from chatwidget.export.json_file import from_json, from_jsonl, to_json, to_jsonl
from chatwidget.export.tree import path_to
from chatwidget.messages import Assistant, Message, User
from tests.strategies import trees


@given(trees(), st.data())
def test_json_and_jsonl_keep_every_branch_of_any_conversation(nodes: list[Message], data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from([None, *(node.id for node in nodes)]))
    assert from_json(to_json(nodes, leaf).encode()) == Imported(tuple(nodes), leaf)
    assert from_jsonl(to_jsonl(nodes, leaf).encode()) == Imported(tuple(nodes), leaf)


@given(trees(), st.data())
def test_a_jsonl_file_cut_anywhere_after_its_header_gives_all_that_came_before(
    nodes: list[Message], data: st.DataObject
) -> None:
    whole = to_jsonl(nodes, nodes[-1].id if nodes else None).encode()
    cut = data.draw(st.integers(whole.index(b"\n"), len(whole)))
    read = from_jsonl(whole[:cut])
    whole_lines = max(whole[:cut].count(b"\n") - 1, 0)
    assert list(read.messages) in (nodes[:whole_lines], nodes[: whole_lines + 1])
    assert (read.warning is None) == (list(read.messages) == nodes)


def test_a_cut_line_is_named_and_the_leaf_moves_to_the_last_message_that_was_read() -> None:
    first, second = User("Hi"), Assistant("Hello")
    nodes = [first, replace(second, parent_id=first.id)]
    read = from_jsonl(to_jsonl(nodes, second.id)[:-10])
    assert (read.messages, read.leaf) == ((first,), first.id)
    assert read.warning == "Line 3, the last one, is cut off and was left out; all before it was read."


def test_a_broken_line_that_is_not_the_last_is_an_error() -> None:
    lines = to_jsonl([User("a"), User("b")], None).split("\n")
    lines[1] = lines[1][:-5]
    with pytest.raises(FormatError, match="line 2: is not JSON"):
        from_jsonl("\n".join(lines))


def test_the_json_file_is_what_its_head_comment_says() -> None:
    message = Message(role="user", id="1")
    assert json.loads(to_json([message], "1")) == {
        "format": "chatwidget",
        "version": 1,
        "leaf": "1",
        "messages": [{"role": "user", "id": "1"}],
    }
    assert to_jsonl([message], "1").split("\n")[1:] == ['{"role": "user", "id": "1"}', ""]


def test_a_piece_cut_out_of_a_conversation_begins_at_a_root() -> None:
    piece = [replace(User("b"), parent_id="gone")]
    read = from_json(to_json(piece, piece[0].id))
    assert read.messages == (replace(piece[0], parent_id=None),)


HEAD: dict[str, Any] = {"format": "chatwidget", "version": 1}
ONE = {"role": "user", "id": "1"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "this is no conversation of chatwidget"),
        ({"format": "other"}, "this is no conversation of chatwidget"),
        (HEAD | {"version": 2}, r"version: the file is of version 2 and this chatwidget reads version 1; install"),
        (HEAD | {"version": "1"}, r"version: the file is of version '1'"),
        (HEAD | {"version": True}, r"version: the file is of version True"),
        (HEAD, "messages: must be a list"),
        (HEAD | {"messages": {}}, "messages: must be a list"),
        (HEAD | {"messages": [], "__proto__": {}}, "__proto__: is not a key"),
        (HEAD | {"messages": [], "leaf": 1}, "leaf: must be a message's id or null, not int"),
        (HEAD | {"messages": [], "leaf": "x"}, "leaf: 'x' is not the id of a message"),
        (HEAD | {"messages": [ONE, {"role": "user"}]}, r"messages\[1\]\.id: is missing"),
        (HEAD | {"messages": [ONE, ONE]}, r"messages\[1\]\.id: '1' is the id of messages\[0\] already"),
        (HEAD | {"messages": [ONE | {"parent_id": "2"}]}, r"messages\[0\]\.parent_id: '2' is no message before"),
        (HEAD | {"messages": [ONE | {"parent_id": "1"}]}, r"messages\[0\]\.parent_id: '1' is no message before"),
        (
            HEAD | {"messages": [ONE | {"parts": [{"type": "text", "text": 1}]}]},
            r"messages\[0\]\.parts\[0\]\.text: must be a string, not int",
        ),
    ],
)
def test_a_wrong_file_is_refused_by_the_name_of_its_field(content: Any, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        from_json(json.dumps(content))


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_any_bytes_are_a_conversation_or_a_format_error(data: bytes | str) -> None:
    for read in (from_json, from_jsonl):
        with pytest.raises(FormatError):
            read(data)


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    first = User("Hi")
    answers = [replace(Assistant(text), parent_id=first.id) for text in ("One", "Two")]
    for name in ("talk.json", "talk.JSONL"):
        path = export_file(tmp_path / name, [first, *answers], answers[0].id)
        assert import_file(path) == Imported((first, *answers), answers[0].id)


def test_messages_without_a_leaf_are_one_branch(tmp_path: Path) -> None:
    path = export_file(tmp_path / "talk.md", [User("Hello"), Assistant("Hi!")])
    assert path.read_text() == "**You**\n\n> Hello\n\n**Assistant**\n\n> Hi\\!\n".replace("\\", "")


def test_readable_formats_show_the_active_branch_only(tmp_path: Path) -> None:
    first = User("Hi")
    shown, other = [replace(Assistant(text), parent_id=first.id) for text in ("shown", "hidden")]
    for name in ("talk.md", "talk.html"):
        text = export_file(tmp_path / name, [first, shown, other], shown.id).read_text()
        assert ("shown" in text, "hidden" in text) == (True, False)
        assert "shown" not in export_file(tmp_path / name, [first, shown, other], None).read_text()


def test_the_branch_of_a_leaf_is_oldest_first() -> None:
    a, b, c = User("a"), User("b"), User("c")
    nodes = [a, replace(b, parent_id=a.id), replace(c, parent_id=b.id)]
    assert path_to(nodes, c.id) == nodes
    assert path_to(nodes, None) == []


def test_a_message_that_was_being_written_comes_back_as_interrupted(tmp_path: Path) -> None:
    path = export_file(tmp_path / "talk.json", [replace(Assistant("Hel"), status="arriving")])
    (message,) = import_file(path).messages
    assert (message.text, message.status) == ("Hel", "interrupted")
    assert message.error


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = export_file(tmp_path / "talk.json", [User("Hi")])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert import_file(path).messages[0].text == "Hi"


@pytest.mark.parametrize("name", ["talk.docx", "talk", ".json"])
def test_an_unknown_ending_is_refused_with_the_known_ones(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"use \.json, \.jsonl, \.md, \.html, \.ipynb or \.txt"):
        export_file(tmp_path / name, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["talk.md", "talk.html", "talk.txt"])
def test_only_json_can_be_read_back(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=rf"{name}: only \.json and \.jsonl"):
        import_file(tmp_path / name)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_text("{}")
    with pytest.raises(FormatError, match=r"^talk\.json: this is no conversation"):
        import_file(path)


def test_an_export_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export_file(tmp_path / "talk.json", [User("old")])

    def full(_: Path, __: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        export_file(path, [User("new")])
    assert [file.name for file in tmp_path.iterdir()] == ["talk.json"]
    assert import_file(path).messages[0].text == "old"


def test_an_export_keeps_the_rights_of_the_file_and_follows_a_link(tmp_path: Path) -> None:
    real = export_file(tmp_path / "real.json", [User("old")])
    real.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(real)
    export_file(link, [User("new")])
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert import_file(real).messages[0].text == "new"
