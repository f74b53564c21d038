"""How a chat looks and speaks: what its author may set, and how a mistake is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import traitlets

from chatwidget import ChatWidget
from chatwidget.catalogue import catalogue
from chatwidget.widget_look import ACTIONS, LOOK, WidgetLook
from tests.widget.recording_comm import LIMIT_SECONDS

SOURCES = Path(__file__).parents[2] / "js/src"


def test_all_of_it_is_synced_and_has_a_default_that_says_nothing() -> None:
    look = WidgetLook()
    assert sorted(look.traits(sync=True)) == sorted(LOOK)
    assert {key: getattr(look, key) for key in LOOK} == {
        "title": "",
        "placeholder": "",
        "theme": "auto",
        "max_height": "560px",
        "starters": [],
        "language": "en",
        "words": {},
        "shortcuts": {},
        "avatars": {},
        "timestamps": False,
    }


def test_starters_are_texts_or_pairs() -> None:
    given: list[Any] = ["Hi", ("Plot", "Plot the prices, please."), {"label": "A", "text": "B"}]
    assert WidgetLook(starters=given).starters == [
        {"label": "Hi", "text": "Hi"},
        {"label": "Plot", "text": "Plot the prices, please."},
        {"label": "A", "text": "B"},
    ]


def test_a_language_brings_its_words_and_own_ones_stay_when_it_changes() -> None:
    look = WidgetLook(words={"send": "Go"}, language="ar")
    assert look.words == {**catalogue("ar"), "send": "Go"}
    look.language = "en"
    assert look.words == {"send": "Go"}
    look.words = {}
    look.language = "ar-EG"
    assert look.words == catalogue("ar")
    look.words = {"stop": "قف"}
    assert (look.words["stop"], look.words["send"]) == ("قف", catalogue("ar")["send"])


def test_a_mistake_later_changes_nothing() -> None:
    look = WidgetLook(language="ar")
    for name, wrong in (("language", "de"), ("words", {"sned": "x"})):
        with pytest.raises(traitlets.TraitError):
            setattr(look, name, wrong)
        assert (look.language, look.words) == ("ar", catalogue("ar"))
    look.words = {}
    look.language = "en"
    assert look.words == {}


def test_words_that_are_those_of_the_language_are_nobodys_own() -> None:
    look = WidgetLook(language="ar")
    look.words = {**look.words, "send": "Go", "formats": {**look.words["formats"], "json": "J"}}
    assert look.words["stop"] == catalogue("ar")["stop"]
    look.language = "en"
    assert look.words == {"send": "Go", "formats": {"json": "J"}}
    look.language = "ar"
    assert look.words == {**catalogue("ar"), "send": "Go", "formats": {**catalogue("ar")["formats"], "json": "J"}}


def test_own_words_stay_when_a_language_has_the_same_and_another_one_has_not() -> None:
    same = catalogue("ar")["send"]
    look = WidgetLook(words={"send": same})
    look.language = "ar"
    look.language = "en"
    assert look.words == {"send": same}


@pytest.mark.parametrize("height", ["", "none", "0", "400px", "80vh", "50.5%", "30rem", "min(560px, 90vh)", " 20em "])
def test_a_height_is_a_css_length(height: str) -> None:
    assert WidgetLook(max_height=height).max_height == height.strip()


@pytest.mark.parametrize("key", ["E", "?", "+", "Escape", "F2", "ArrowUp", "Alt+N", "Mod+Shift+F", "Ctrl++", ""])
def test_a_key_is_written_as_the_page_reads_it(key: str) -> None:
    assert WidgetLook(shortcuts={"retry": key}).shortcuts == {"retry": key}


@pytest.mark.parametrize(
    "sign", ["🦉", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "AL", "https://example.org/a.png", "data:image/png;base64,AA=="]
)
def test_an_avatar_is_a_sign_or_a_picture(sign: str) -> None:
    assert WidgetLook(avatars={"Ada": sign}).avatars == {"Ada": sign}


@pytest.mark.parametrize(
    ("look", "says"),
    [
        ({"theme": "pink"}, "theme"),
        ({"title": None}, "title"),
        ({"timestamps": "yes"}, "timestamps"),
        ({"max_height": "tall"}, r"max_height='tall' is no CSS length\. Give one such as '560px'"),
        ({"max_height": "calc(1px);color:red"}, "no CSS length"),
        ({"starters": "Hi"}, "starters='Hi' is no list. Give a list of texts"),
        ({"starters": [""]}, "starters: '' is none. Give a text, or a pair"),
        ({"starters": [("a", "b", "c")]}, "is none"),
        ({"starters": [("a", 1)]}, "is none"),
        ({"starters": ["x"] * 51}, "51 starters; at most 50"),
        ({"language": "de"}, "no words for language='de'"),
        ({"words": {"sned": "x"}}, "no word 'sned'"),
        ({"words": "send"}, "words"),
        ({"shortcuts": {"retyr": "R"}}, r"no action 'retyr'\. Did you mean 'retry'\?"),
        ({"shortcuts": {"zzzz": "R"}}, "The actions are new, chats"),
        ({"shortcuts": {"retry": "Strg+R"}}, r"'Strg\+R' is no key for 'retry'\. Give one such as 'E'"),
        ({"shortcuts": {"retry": 7}}, "7 is no key"),
        ({"shortcuts": {"retry": "Shift+Tab"}}, "Tab moves the focus"),
        ({"shortcuts": {"retry": "R", "edit": "r"}}, "'r' is the key of both 'retry' and 'edit'"),
        ({"avatars": {"Ada": ""}}, "Give a name and a text"),
        ({"avatars": {7: "A"}}, "Give a name and a text"),
        ({"avatars": {"Ada": "http://example.org/a.png"}}, "cannot be the picture of 'Ada'. Give an https URL"),
        ({"avatars": {"Ada": "javascript:alert(1)"}}, "cannot be the picture"),
        ({"avatars": {"Ada": "data:text/html,x"}}, "cannot be the picture"),
        ({"avatars": {"Ada": "Ada Lovelace, Countess"}}, "is too long for 'Ada'. Give an emoji, or initials"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence(look: dict[str, Any], says: str) -> None:
    with pytest.raises(traitlets.TraitError, match=says):
        WidgetLook(**look)


def test_the_actions_are_those_of_the_page() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts"))
    entry = r'(?:name: |\b(?:of[A-Z]\w*|move|press)\(\s*)"(\w+)",\s+(?:label: )?"\w+"'
    assert sorted(ACTIONS) == sorted(set(re.findall(entry, text)))


def test_a_chat_takes_all_of_it_and_tells_the_page_what_changes(make: Any) -> None:
    chat = make(title="Parrot", language="ar", starters=["Hi"], shortcuts={"retry": "R"}, timestamps=True)
    state = chat.comm.sent.get_nowait()["state"]
    assert (state["title"], state["language"], state["timestamps"]) == ("Parrot", "ar", True)
    assert state["starters"] == [{"label": "Hi", "text": "Hi"}]
    assert state["words"]["direction"] == "rtl"
    chat.language = "en"
    sent = [chat.comm.sent.get_nowait()["state"] for _ in range(2)]
    assert {key: value for one in sent for key, value in one.items()} == {"language": "en", "words": {}}
    with pytest.raises(TypeError, match=r"no keyword 'keys'\. The look is: .*shortcuts"):
        make(keys={"retry": "R"})


def test_commands_are_registered_from_any_cell(make: Any) -> None:
    chat: ChatWidget = make(namespace={"a": 1})

    @chat.command
    def weather(city: str) -> str:
        """Say how the weather is."""
        return f"It rains in {city}."

    assert weather("Oslo") == "It rains in Oslo."
    chat.command(lambda: None, name="nothing")
    assert [one.name for one in chat.session.composer.commands][-2:] == ["weather", "nothing"]
    assert chat.session.composer.variables.names() == ["a"]
    reply = chat.send("Hi", when_busy="steer").result(LIMIT_SECONDS)
    assert reply is not None
    assert reply.text == "Hi"
