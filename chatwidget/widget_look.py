"""How a chat looks and speaks: the traits its author sets, each checked when it is set."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import traitlets

from chatwidget.catalogue import own_words, words_for
from chatwidget.errors import FormatError

LOOK = (
    "title",
    "placeholder",
    "theme",
    "max_height",
    "starters",
    "language",
    "words",
    "shortcuts",
    "avatars",
    "timestamps",
)

ACTIONS = (
    "new",
    "chats",
    "search",
    "undo",
    "export",
    "keys",
    "stop",
    "menu",
    "steer",
    "interrupt",
    "attach",
    "copy",
    "copyPlain",
    "edit",
    "retry",
    "continue",
    "good",
    "bad",
    "previous",
    "next",
    "compare",
    "delete",
    "nextMessage",
    "previousMessage",
    "latest",
    "write",
    "fullHeight",
    "popOut",
    "toPanel",
    "save",
    "copyCode",
    "insertCell",
    "wrapLines",
    "tools",
    "deny",
    "print",
)
"""What can have a key, as the `actions` of the page (`js/src/actions.ts` and others) name it."""

# An emoji of several signs (a family, a flag of a region) has up to 14 characters; initials have fewer.
SIGN_LENGTH = 16
ADDRESS_LENGTH = 1_000_000
MOST_STARTERS = 50

_HEIGHT = re.compile(r"|none|0|\d+(\.\d+)?(px|r?em|ch|r?lh|%|[sld]?v(h|w|min|max|b|i)|cm|mm|in|pt|pc|Q)", re.IGNORECASE)
_COMPUTED = re.compile(r"(calc|min|max|clamp|var|fit-content)\([^;{}<>\"'\\]*\)", re.IGNORECASE)
_KEY = re.compile(r"((Mod|Ctrl|Alt|Shift|Meta)\+)*(\S|[A-Z][A-Za-z0-9]{1,20})")
_PICTURE = re.compile(r"https://\S+|data:image/[\w.+-]+[;,]\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class WidgetLook(traitlets.HasTraits):
    """The look of a chat; what is not as it should be is refused with a sentence, as TraitError.

    - `title`, `placeholder` (of the composer), `theme`: "auto", "light", "dark" or "contrast"
    - `max_height`: a CSS length
    - `starters`: what to begin with: texts, or pairs of a label and the text it sends
    - `language`: "en", "ar", or any other one with `words`
    - `words`: texts in place of the catalogue's (`chatwidget/words/en.json`), for all languages
    - `shortcuts`: the key of an action by its name, such as {"retry": "Alt+R"}; "" takes it away
    - `avatars`: an emoji, initials, or the https or data: URL of a picture, by the name of who speaks
    - `timestamps`: whether the time of each message is shown
    """

    title = traitlets.Unicode("").tag(sync=True)
    placeholder = traitlets.Unicode("").tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark", "contrast"], "auto").tag(sync=True)
    max_height = traitlets.Unicode("560px").tag(sync=True)
    starters = traitlets.Any().tag(sync=True)  # not List: that takes a text for a list of letters
    language = traitlets.Unicode("en").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    shortcuts = traitlets.Dict().tag(sync=True)  # `keys` means the synced traits to ipywidgets
    avatars = traitlets.Dict().tag(sync=True)
    timestamps = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **look: Any) -> None:
        own = look.get("words")
        self._own_words = dict(own) if isinstance(own, dict) else {}
        super().__init__(**look)

    @traitlets.validate("max_height")
    def _is_length(self, proposal: Any) -> Any:
        given = proposal.value.strip()
        if not (_HEIGHT.fullmatch(given) or _COMPUTED.fullmatch(given)):
            raise traitlets.TraitError(
                f"max_height={given!r:.60} is no CSS length. Give one such as '560px' or '80vh'."
            )
        return given

    @traitlets.default("starters")
    def _no_starters(self) -> Any:
        return []

    @traitlets.validate("starters")
    def _are_starters(self, proposal: Any) -> Any:
        if not isinstance(proposal.value, list | tuple):
            raise traitlets.TraitError(f"starters={proposal.value!r:.60} is no list. Give a list of texts.")
        if len(proposal.value) > MOST_STARTERS:
            raise traitlets.TraitError(f"There are {len(proposal.value)} starters; at most {MOST_STARTERS} are shown.")
        return [_starter(one) for one in proposal.value]

    @traitlets.validate("language")
    def _is_spoken(self, proposal: Any) -> Any:
        _words(proposal.value, self._own_words)
        return proposal.value

    @traitlets.validate("words")
    def _are_words(self, proposal: Any) -> Any:
        words = _words(self.language, proposal.value)
        self._own_words = own_words(self.language, proposal.value)
        return words

    @traitlets.observe("language")
    def _speak(self, change: Any) -> None:
        own = self._own_words
        self.words = own
        self._own_words = own  # also what the new language says in the same words

    @traitlets.validate("shortcuts")
    def _are_shortcuts(self, proposal: Any) -> Any:
        used: dict[str, str] = {}
        for action, key in proposal.value.items():
            _check_shortcut(action, key)
            other = used.setdefault(str(key).lower(), action)
            if key and other != action:
                raise traitlets.TraitError(f"shortcuts: {key!r} is the key of both {other!r} and {action!r}.")
        return dict(proposal.value)

    @traitlets.validate("avatars")
    def _are_avatars(self, proposal: Any) -> Any:
        for name, sign in proposal.value.items():
            _check_avatar(name, sign)
        return dict(proposal.value)


def _words(language: str, own: dict[str, Any]) -> dict[str, Any]:
    try:
        return words_for(language, own)
    except FormatError as error:
        raise traitlets.TraitError(str(error)) from None


def _starter(given: Any) -> dict[str, str]:
    pair = (given, given) if isinstance(given, str) else given
    if isinstance(given, dict) and given.keys() == {"label", "text"}:
        pair = (given["label"], given["text"])
    texts = list(pair) if isinstance(pair, list | tuple) else []
    if len(texts) != 2 or not all(isinstance(text, str) and text.strip() for text in texts):
        raise traitlets.TraitError(f"starters: {given!r:.80} is none. Give a text, or a pair (label, text).")
    return {"label": texts[0], "text": texts[1]}


def _check_shortcut(action: Any, key: Any) -> None:
    if action not in ACTIONS:
        close = get_close_matches(str(action), ACTIONS, 1)
        cure = f"Did you mean {close[0]!r}?" if close else f"The actions are {', '.join(ACTIONS)}."
        raise traitlets.TraitError(f"shortcuts: there is no action {action!r:.60}. {cure}")
    if not isinstance(key, str) or (key and not _KEY.fullmatch(key)):
        raise traitlets.TraitError(
            f"shortcuts: {key!r:.60} is no key for {action!r}. Give one such as 'E', '?', 'F2' or 'Mod+Shift+F' (Mod "
            "is Ctrl, and ⌘ on a Mac), or '' for none."
        )
    if key.rpartition("+")[2] == "Tab":
        raise traitlets.TraitError(f"shortcuts: Tab moves the focus; give {action!r} another key.")


def _check_avatar(name: Any, sign: Any) -> None:
    if not isinstance(name, str) or not isinstance(sign, str) or not sign.strip():
        raise traitlets.TraitError(f"avatars: {name!r:.60}: {sign!r:.60} is none. Give a name and a text.")
    if _ADDRESS.match(sign):
        if not _PICTURE.fullmatch(sign) or len(sign) > ADDRESS_LENGTH:
            raise traitlets.TraitError(
                f"avatars: {sign!r:.60} cannot be the picture of {name!r:.60}. Give an https URL, or a data: URL of an "
                f"image of at most {ADDRESS_LENGTH:,} characters."
            )
    elif len(sign) > SIGN_LENGTH:
        raise traitlets.TraitError(f"avatars: {sign!r:.60} is too long for {name!r:.60}. Give an emoji, or initials.")
