"""The words of the page, by language: `words/<language>.json`, and those a chat's author puts in their place.

English (`en.json`) says which there are. An entry is a text, a group of texts, or the plural forms of one ("one",
"other", …; chosen by a number, as Unicode's CLDR has them). `{name}` in a text is where a value goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from chatwidget.errors import FormatError

FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"
FORMS = ("zero", "one", "two", "few", "many", "other")

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PLACE = re.compile(r"\{(\w+)\}")

Words = dict[str, Any]


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are words of."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def catalogue(language: str) -> Words:
    """Return the words of one of the `languages`; do not change them."""
    words: Words = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return words


def words_for(language: str, own: Mapping[str, Any]) -> Words:
    """Return what a page says in a language, where that is not English: the catalogue, and `own` words in its place.

    `language` is a tag such as "ar" or "ar-EG"; one we have no words of needs words of one's own, the rest stays
    English. Raises FormatError for any other language, and for words that cannot stand where they shall.
    """
    if not _TAG.fullmatch(language):
        raise FormatError(f"language={language!r:.40} is no language. Give a tag such as {_known()}.")
    base = language.partition("-")[0].lower()
    if base not in languages() and not own:
        raise FormatError(
            f"There are no words for language={language!r}, only for {_known()}. Give your own: words={{'send': '…'}}."
        )
    words = {} if base == ENGLISH or base not in languages() else dict(catalogue(base))
    for key, given in own.items():
        original = catalogue(ENGLISH).get(key)
        if original is None:
            raise FormatError(f"There is no word {key!r:.60} in the catalogue.{_meant(key, catalogue(ENGLISH))}")
        words[key] = _checked(str(key), original, given, words.get(key))
    return words


def own_words(language: str, words: Mapping[str, Any]) -> Words:
    """Return what of some words, and of the texts in their groups, is not the language's own."""
    base = language.partition("-")[0].lower()
    return _besides(words, catalogue(base) if base in languages() else {})


def _besides(words: Mapping[str, Any], known: Mapping[str, Any]) -> Words:
    other = {key: given for key, given in words.items() if given != known.get(key)}
    groups = {key: known[key] for key, given in other.items() if isinstance(given, Mapping) and key in known}
    return other | {key: _besides(other[key], group) for key, group in groups.items() if isinstance(group, Mapping)}


def is_plural(entry: Any) -> bool:
    """Whether an entry holds the plural forms of a text."""
    return isinstance(entry, Mapping) and "other" in entry and all(key in FORMS for key in entry)


def places(entry: Any) -> set[str]:
    """Return the names of the values that go into a text, or into any form of a plural."""
    texts = entry.values() if isinstance(entry, Mapping) else [entry]
    return {name for text in texts for name in _PLACE.findall(text)}


def _checked(key: str, original: Any, given: Any, before: Any) -> Any:
    """Return what stands for an entry; raises FormatError where `given` cannot stand there."""
    if isinstance(original, str):
        return _text(key, given, places(original), places(original))
    if is_plural(original):
        forms = given if isinstance(given, Mapping) else dict.fromkeys(original, given)
        if unknown := [form for form in forms if form not in FORMS]:
            raise FormatError(f"words[{key!r}] has no form {unknown[0]!r:.40}. The forms are {', '.join(FORMS)}.")
        may = places(original)
        # "One day" needs no number.
        told = {
            form: _text(f"{key}.{form}", text, may, may if form == "other" else set()) for form, text in forms.items()
        }
        return {**(before or {}), **told}
    if not isinstance(given, Mapping):
        raise FormatError(f"words[{key!r}] is a group: give a dict with some of {', '.join(original)}.")
    for name in given:
        if name not in original:
            raise FormatError(f"There is no word {name!r:.60} in the group {key!r}.{_meant(name, original)}")
    told = {
        name: _text(f"{key}.{name}", text, places(original[name]), places(original[name]))
        for name, text in given.items()
    }
    return {**(before or {}), **told}


def _text(key: str, given: Any, may: set[str], must: set[str]) -> str:
    if not isinstance(given, str) or not given.strip():
        raise FormatError(f"words: {key} is {given!r:.40}. Give a text.")
    if key == "direction" and given not in ("ltr", "rtl"):
        raise FormatError(f"words: direction is {given!r:.40}. Give 'ltr' or 'rtl'.")
    found = places(given)
    if missing := sorted(must - found):
        raise FormatError(f"words: {key} leaves out {{{missing[0]}}}, where a value goes: {given!r:.80}.")
    if unknown := sorted(found - may):
        known = f"It knows {', '.join(f'{{{name}}}' for name in sorted(may))}." if may else "It takes no values."
        raise FormatError(f"words: {key} has {{{unknown[0]}}}, which nothing fills. {known}")
    return given


def _known() -> str:
    return ", ".join(map(repr, languages()))


def _meant(name: object, known: Mapping[str, Any]) -> str:
    close = get_close_matches(str(name), known, 1)
    return f" Did you mean {close[0]!r}?" if close else ""
